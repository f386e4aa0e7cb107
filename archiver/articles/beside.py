"""Frames that a browser saved beside a page, in a folder: `<iframe src="./Sample page_files/saved_resource.html">`.

Of an embed in a frame the page then keeps no address; the frame's own file notes the one that it was saved from. The
article is the page alone: its bytes stay what they are, and only while embeds are sought its frames have addresses.
"""

from __future__ import annotations

import html
import os
import re
from urllib.parse import unquote_to_bytes

from archiver.articles.describe import describe
from archiver.articles.saved import LOOKED_AT, saved_from
from archiver.articles.walk import FLAGS, is_regular

Frames = tuple[tuple[bytes, str], ...]
"""What the page has as a frame's source, as it is written there, and the address that this was saved from."""

MOST_FRAMES = 300
_FRAME = re.compile(
    rb"(<i?frame\b[^<>]{0,2000}?\ssrc\s{0,3}=\s{0,3}([\"']))((?:\./)?[^\"'<>:?#]{1,600}\.html?)(?=\2)", re.IGNORECASE
)
_NOTE, _NOTED = b"saved from url=", 2_048


def frames_beside(page: bytes, folder: int | None, name: bytes, *, saved: bool) -> Frames:
    """The frames of a page that have a file beside it. `folder` is open and holds the page; None: `name` is its path.
    `saved`: a folder is beside it that is called as browsers call it; else the page must note that it was saved.

    Whoever can write there can tell which address a frame has, as in the page itself; no link is followed.
    """
    if not saved and page.find(_NOTE, 0, _NOTED) < 0:
        return ()
    found: dict[bytes, str] = {}
    for frame in _FRAME.finditer(page):
        if frame[3] not in found and len(found) < MOST_FRAMES:
            found[frame[3]] = _saved_from(frame[3], folder, os.path.dirname(name))
    return tuple((written, address) for written, address in found.items() if address)


def with_addresses(page: bytes, frames: Frames) -> bytes:
    """A page with its frames at the addresses that they were saved from."""
    addresses = dict(frames)

    def addressed(frame: re.Match[bytes]) -> bytes:
        address = addresses.get(frame[3])
        return frame[1] + html.escape(address).encode("ascii", "xmlcharrefreplace") if address else frame[0]

    return _FRAME.sub(addressed, page) if frames else page


def _saved_from(written: bytes, folder: int | None, path: bytes) -> str:
    """The address that a frame's file notes, or else calls its own; "" where there is no such file."""
    beside, _, name = unquote_to_bytes(html.unescape(written.decode("utf-8", "replace"))).rpartition(b"/")
    beside = beside.removeprefix(b"./")
    if not (_is_name(beside) and _is_name(name)):
        return ""
    try:
        within = os.open(os.path.join(path, beside), FLAGS | os.O_DIRECTORY, dir_fd=folder)
        try:
            page = _beginning(name, within)
        finally:
            os.close(within)
    except OSError:
        return ""
    return saved_from(page) or describe(page, "html").address or ""


def _beginning(name: bytes, folder: int) -> bytes:
    file = os.open(name, FLAGS, dir_fd=folder)
    try:
        return os.read(file, LOOKED_AT) if is_regular(os.fstat(file)) else b""
    finally:
        os.close(file)


def _is_name(name: bytes) -> bool:
    return name not in (b"", b".", b"..") and b"/" not in name and b"\0" not in name
