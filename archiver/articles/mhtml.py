"""A page saved as MHTML (.mhtml, .mht): one message that holds the page and all it shows."""

from __future__ import annotations

import html
import re
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message

from archiver.articles.describe import http_address

_CID = re.compile(rb"cid:([^\"'\s<>)]{1,300})", re.IGNORECASE)
_FRAME = re.compile(rb"(?<=[\s\"'])src=([\"'])cid:([^\"'\s<>)]{1,300})\1", re.IGNORECASE)
_PAGES = frozenset({"text/html", "application/xhtml+xml"})


def unpacked(payload: bytes) -> tuple[bytes, str | None, str | None]:
    """The page itself: its bytes with the transfer encoding undone, the charset its header states, its address.

    Frames are saved as parts of their own, and the page then points at "cid:…": these are written as the addresses
    that they were saved from, by which an embedded post is known. A frame without one ("about:blank", which scripts
    write into, or "about:srcdoc") stands in the page as its `srcdoc`, once. Raises ValueError for what is no MHTML.
    """
    try:
        message = message_from_bytes(payload)
        parts = [part for part in message.walk() if not part.is_multipart()]
    except (RecursionError, MessageError, LookupError) as error:
        raise ValueError(f"no MHTML: {error}") from None
    pages = [part for part in parts if part.get_content_type().lower() in _PAGES and "Content-Type" in part]
    if not pages:
        raise ValueError("no MHTML: there is no page in it")
    start = _text(message.get_param("start")).strip("<>")
    root = next((page for page in pages if start and _id(page) == start), pages[0])
    addresses = {_id(page): address for page in pages if (address := _address(page))}
    written = {_id(page): page for page in pages if page is not root and _id(page) not in addresses}
    whole = _FRAME.sub(lambda match: _inside(match, written), decoded(root)) if written else decoded(root)
    return (
        _CID.sub(lambda match: _shown(match, addresses), whole),
        _text(root.get_param("charset")) or None,
        _address(root) or _address(message) or http_address(_text(message["Snapshot-Content-Location"])),
    )


def _inside(match: re.Match[bytes], written: dict[str, Message]) -> bytes:
    page = written.pop(match[2].decode("utf-8", "replace"), None)
    if page is None:
        return match[0]
    # Browsers save frames in UTF-8; what they do not write in ASCII can stand in a page of any charset.
    within = html.escape(decoded(page).decode("utf-8", "replace"))
    return b'srcdoc="' + within.encode("ascii", "xmlcharrefreplace") + b'"'


def decoded(part: Message) -> bytes:
    """What a part of a message holds, its transfer encoding undone."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _shown(match: re.Match[bytes], addresses: dict[str, str]) -> bytes:
    address = addresses.get(match[1].decode("utf-8", "replace"))
    return html.escape(address).encode() if address else match[0]


def _id(part: Message) -> str:
    return _text(part["Content-ID"]).strip().strip("<>")


def _address(part: Message) -> str | None:
    # A long address is folded over lines.
    return http_address(re.sub(r"\s+", "", _text(part["Content-Location"])))


def _text(said: object) -> str:
    """A header or a parameter of one, which may be given in three parts."""
    if isinstance(said, tuple):
        said = said[2]
    return "" if said is None else str(said)
