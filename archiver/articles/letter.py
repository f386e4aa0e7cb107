"""A newsletter saved as a message (.eml): its HTML, or its words where it has none, with what its headers say of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.message import Message

from archiver.articles.describe import clean_title, moment
from archiver.model.article import Markup, StoredArticle

_SENT = ("Message-ID", "To", "Received", "Delivered-To")
"""Headers that a message which was sent has, and a page that a browser saved does not."""
_BODIES: dict[str, Markup] = {"text/html": "html", "text/plain": "text"}


def read_letter(stored: StoredArticle) -> StoredArticle | None:
    """The article that a letter is; None for what is none, or has neither HTML nor words."""
    try:
        message = message_from_bytes(stored.payload)
        parts = [part for part in message.walk() if not part.is_multipart() and not part.get_filename()]
    except (RecursionError, MessageError, LookupError, ValueError):
        return None
    if not any(name in message for name in _SENT):
        return None
    bodies = {kind: part for part in reversed(parts) if (kind := part.get_content_type().lower()) in _BODIES}
    best = next((name for name in _BODIES if name in bodies), None)
    payload = bodies[best].get_payload(decode=True) if best else None
    if best is None or not isinstance(payload, bytes):
        return None
    return replace(
        stored,
        payload=payload,
        markup=_BODIES[best],
        charset=bodies[best].get_content_charset(),
        title=stored.title or clean_title(_words(message, "Subject")),
        published_at=stored.published_at or _sent_at(message),
    )


def _sent_at(message: Message) -> datetime | None:
    return moment(_words(message, "Date"))


def _words(message: Message, name: str) -> str:
    said = str(message.get(name, ""))
    try:
        return str(make_header(decode_header(said)))
    except (HeaderParseError, LookupError, ValueError):
        return said
