"""Which character set a stored article is written in.

In this order: a byte-order mark; UTF-16 that its source states or that is plain from its NULs; strict UTF-8; what the
source states (a header of HTTP or MIME); what the markup declares, as the HTML standard reads it; UTF-8 with a few
broken places; what faust-cchardet thinks; windows-1252.
Strict UTF-8 goes before the declarations, because text of another charset almost never is valid UTF-8 by chance, while
a page that was once converted often still declares what it was converted from.
"""

from __future__ import annotations

import codecs
import re

import cchardet

from archiver.model.article import Markup

PRESCAN_BYTES = 4096
GUESS_BYTES = 1_000_000
PIECE_BYTES = 8_192
"""Small enough for what is decoded, and thrown away at once, to stay in the processor's own memory."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_COMMENT = re.compile(rb"<!--(?:[^-]++|-(?!->))*+(?:-->)?")
_DECLARATION = re.compile(
    rb"""<meta\b[^>]{0,1000}?\bcharset\s{0,20}=\s{0,20}["']?\s{0,20}([A-Za-z0-9][A-Za-z0-9_:.+-]{0,40})"""
    rb"""|<\?xml\b[^>]{0,200}?\bencoding\s{0,20}=\s{0,20}["']([A-Za-z0-9][A-Za-z0-9_:.+-]{0,40})""",
    re.IGNORECASE,
)

_NOT_ASCII = re.compile(rb"[\x80-\xff]")

# As a header may state it; "utf-16" without a mark is little-endian on the web.
_WIDE = {"utf-16": "utf-16-le", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be"}

# Python's codec → the one that decodes it as browsers do (encoding.spec.whatwg.org). Nothing else may be declared:
# Python also knows "idna", "unicode_escape", UTF-7 and other things that no page is written in.
_AS_BROWSERS_DO = {
    **{name: name for name in ("utf-8", "cp866", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp874")},
    **{name: name for name in ("euc_jp", "iso2022_jp", "cp932", "cp949", "gb18030", "big5hkscs")},
    **{f"iso8859-{part}": f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **{f"cp125{part}": f"cp125{part}" for part in range(9)},
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    # A declaration that can be read as ASCII cannot be right about these.
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}


def charset_of(payload: bytes, markup: Markup, stated: str | None = None) -> tuple[str, bool]:
    """The character set, as Python names it, and whether it had to be guessed.

    `stated` is the label that the source gives, as written there. Any payload gets a charset that Article.text can
    read it with; only HTML is asked what it declares.
    """
    for mark, charset in _MARKS:
        if payload.startswith(mark) and _is_plausible(payload, charset):
            return charset, False
    if stated and (wide := _stated_wide(payload, stated)):
        return wide, False
    if wide := _wide(payload):
        return wide, True
    declared = browsers_charset(stated) if stated else None
    agreed = declared == "utf-8"
    if declared in (None, "utf-8") and markup == "html":
        declared = _declared(payload)
    is_ascii = payload.isascii()
    if is_ascii or _is_read_by(payload, "utf-8"):
        if declared == "iso2022_jp" and is_ascii:
            return declared, False
        overruled = declared not in (None, "utf-8") and not agreed and not is_ascii
        return "utf-8", overruled
    if declared and declared != "utf-8":
        return declared, False
    return _guessed(payload), True


def _is_plausible(payload: bytes, charset: str) -> bool:
    if charset.startswith("utf-16"):
        return not _is_latin_prose(payload[2:PRESCAN_BYTES])
    # The mark of UTF-32-LE is also UTF-16-LE's mark and a NUL.
    return not charset.startswith("utf-32") or _is_read_by(payload, charset)


def _is_latin_prose(sample: bytes) -> bool:
    """Whether it is text of one byte a letter, before which a mark of UTF-16 went astray."""
    letters = sum(ord("a") <= each <= ord("z") for each in sample)
    return sample.isascii() and b"\0" not in sample and 2 * letters > len(sample) < 60 * sample.count(b" ")


def _stated_wide(payload: bytes, stated: str) -> str | None:
    """UTF-16 on its source's word: without Latin letters its bytes may all be ASCII, but its spaces have NULs."""
    charset = _WIDE.get(_bare(stated))
    if charset and b"\0" in payload[:PRESCAN_BYTES] and _is_read_by(payload, charset):
        return charset
    return None


def _wide(payload: bytes) -> str | None:
    """UTF-16 without a mark: in markup nearly every second byte is NUL."""
    sample = payload[:PRESCAN_BYTES]
    half = len(sample) // 2
    if half < 4 or len(payload) % 2 or b"\0" not in sample:
        return None
    high, low = sample[1::2].count(0), sample[0::2].count(0)
    if high > 0.6 * half and low < 0.1 * half:
        return "utf-16-le"
    if low > 0.6 * half and high < 0.1 * half:
        return "utf-16-be"
    return None


def _declared(payload: bytes) -> str | None:
    sample = payload[:PRESCAN_BYTES]
    match, comment = _DECLARATION.search(sample), sample.find(b"<!--")
    if comment >= 0 and (match is None or match.end() >= comment):
        match = _DECLARATION.search(_COMMENT.sub(b"", sample))
    return browsers_charset((match[1] or match[2]).decode("ascii")) if match else None


def browsers_charset(label: str) -> str | None:
    """What a browser decodes this label with, as Python names it; None for a label that pages do not use."""
    label = _bare(label).removeprefix("x-")
    label = {"unicode-1-1-utf-8": "utf-8", "windows-874": "cp874", "iso-8859-8-i": "iso8859-8"}.get(label, label)
    try:
        return _AS_BROWSERS_DO.get(codecs.lookup(label).name)
    except (LookupError, ValueError):
        return None


def _bare(label: str) -> str:
    return label.strip().strip("\"'").strip().lower()


def _is_read_by(payload: bytes, charset: str) -> bool:
    """Piece by piece: the whole as text, which nobody wants yet, may be four times as long."""
    if charset == "utf-8":
        return _is_utf8(payload)
    decoder = codecs.getincrementaldecoder(charset)()
    try:
        for at in range(0, len(payload), PIECE_BYTES):
            decoder.decode(payload[at : at + PIECE_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_utf8(payload: bytes) -> bool:
    """The same, without the decoder's copies: this is asked of nearly every article."""
    view, at, end = memoryview(payload), 0, len(payload)
    try:
        while at < end:
            at += codecs.utf_8_decode(view[at : at + PIECE_BYTES], "strict", at + PIECE_BYTES >= end)[1]
    except UnicodeDecodeError:
        return False
    return True


def _guessed(payload: bytes) -> str:
    # Only what is not ASCII tells one charset from another; a long page may have none in its first megabyte.
    first = _NOT_ASCII.search(payload)
    sample = payload[first.start() if first else 0 :][:GUESS_BYTES]
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    read = len(text) - len(text.encode("ascii", "ignore")) - broken
    if read >= 10 * broken:
        return "utf-8"
    label = cchardet.detect(sample)["encoding"]
    charset = browsers_charset(label) if label else None
    return charset if charset and charset != "utf-8" else "cp1252"
