"""A newsletter saved as a message (.eml): its HTML, or its words where it has none, with what its headers say of it."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.message import Message

from archiver.articles.describe import clean_title, moment
from archiver.articles.mhtml import decoded
from archiver.articles.names import SENT
from archiver.model.article import Markup, StoredArticle

_LONGEST_WORDS = 5_000
"""Of a header: to undo its encoding takes the square of its length."""
_BODIES: dict[str, Markup] = {"text/html": "html", "text/plain": "text"}


def read_letter(stored: StoredArticle) -> StoredArticle | None:
    """The article that a letter is; None for what is none, or has neither HTML nor words."""
    try:
        message = message_from_bytes(stored.payload)
        parts = [part for part in message.walk() if not part.is_multipart() and not _is_attached(part)]
    except (RecursionError, MessageError, LookupError, ValueError):
        return None
    was_sent = stored.location.lower().endswith(".eml") or any(name in message for name in SENT)
    if not was_sent or any("Content-Location" in part for part in parts):
        return None
    bodies = [(part.get_content_type().lower(), part.get_content_charset(), decoded(part)) for part in parts]
    bodies = [body for body in bodies if body[0] in _BODIES and body[2].strip()]
    best = next((body for kind in _BODIES for body in bodies if body[0] == kind), None)
    if best is None:
        return None
    kind, charset, _ = best
    return replace(
        stored,
        # Mail programs part the words where a picture stands among them.
        payload=b"\n".join(payload for *alike, payload in bodies if alike == [kind, charset]),
        markup=_BODIES[kind],
        charset=charset,
        title=stored.title or clean_title(_words(message, "Subject")),
        published_at=stored.published_at or moment(_words(message, "Date")),
    )


def _is_attached(part: Message) -> bool:
    named = part.get_param("filename", header="content-disposition")
    return part.get_content_disposition() == "attachment" or named is not None


def _words(message: Message, name: str) -> str:
    said = str(message.get(name, ""))[:_LONGEST_WORDS]
    try:
        return str(make_header(decode_header(said)))
    except (HeaderParseError, LookupError, ValueError):
        return said
