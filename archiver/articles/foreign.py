"""What a person names as one article and is none: files that hold many, and files that must be unpacked first."""

from __future__ import annotations

import re

from archiver.model.article import Unread

_AS_SOURCE = 'configure it as a source of kind "{}"'
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"WARC/", f"a WARC file: {_AS_SOURCE.format('warc')}"),
    (
        b"\x1f\x8b",
        'a gzip file: unpack it; a WARC file or JSON Lines are read so as a source of kind "warc" or "jsonl"',
    ),
    (b"PK\x03\x04", 'a zip file: unpack it; a WACZ file is read so as a source of kind "warc"'),
    (b"\x28\xb5\x2f\xfd", 'a zstd file: unpack it; a WARC file is read so as a source of kind "warc"'),
    # The dictionary that a .warc.zst may begin with.
    (b"\x5d\x2a\x4d\x18", f"a WARC file in zstd: {_AS_SOURCE.format('warc')}"),
    (b"%PDF-", "a PDF file: save the page as HTML, or its words as a text (pdftotext)"),
    (b"{\\rtf", "a file in RTF: convert it to HTML"),
    (b"\x89PNG\r\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3\0", f"a SQLite database: {_AS_SOURCE.format('database')}, with a query"),
)
_MAILBOX = re.compile(
    rb"From [^\s\n]{1,200} [^\n]{5,40} \d\d:\d\d[^\n]{0,20} \d{4}[^\n]{0,10}\r?\n>?[A-Z][A-Za-z-]{1,60}:"
)
"""With the time: a byline has a day at most (`From Sample Name in Berlin, 6 May 2024`)."""


def foreign(location: str, payload: bytes) -> Unread | None:
    """The refusal of what cannot be read as one article, by how its bytes begin, with what to do instead."""
    what = next((words for beginning, words in _BEGINNINGS if payload.startswith(beginning)), None)
    if what is None and _MAILBOX.match(payload):
        what = "a mailbox of many letters: save each as a file of its own (.eml)"
    return Unread(location, "undecodable", what) if what else None
