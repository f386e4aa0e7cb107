"""From stored bytes to an Article: which markup, which charset, what it says of itself, what its source says instead.

Pure, and all that costs processor time in reading articles: a worker calls it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from archiver import digest
from archiver.articles.decode import charset_of
from archiver.articles.describe import describe
from archiver.articles.names import BOXES, SENT
from archiver.articles.saved import lost_player
from archiver.model.article import Article, Markup, StoredArticle

_LOOKED_AT = 1_000_000
# Elements that stand in articles; "a < b" and "<3" are no markup.
_ELEMENT = re.compile(
    rb"<(?:!doctype|html|head|body|meta|title|p|div|span|a|br|blockquote|iframe|script|article|section|figure|img|"
    rb"ul|ol|li|table|h[1-6]|amp-[a-z-]{1,40})[\s/>]",
    re.IGNORECASE,
)
_BEGINS_AS_HTML = re.compile(
    rb"\s*+<(?:!doctype\s+html|!-- wp:|(?:html|head|body|p|div|span|blockquote|iframe|article|section|figure|h[1-6]|a|"
    rb"strong|em|b|i|ul|ol|table)[\s>])",
    re.IGNORECASE,
)
_BEGINS_AS_JSON = re.compile(rb"\s*+(?:\{\s*+\"[^\"\\\n]{0,200}+\"\s*+:|\[\s*+\{\s*+\"[^\"\\\n]{0,200}+\"\s*+:)")
_OF_A_POST = re.compile(rb'<p lang="[A-Za-z-]{2,8}" dir="(?:ltr|rtl)">')
"""As X marks up the words of a post: some programs take the tags round it away and leave these."""
_TAG_BEGINS = re.compile(rb"<(?:[a-z/!]|\Z)", re.IGNORECASE)
_CLOSING = re.compile(rb"</[a-z]", re.IGNORECASE)
_MARK = "\ufeff".encode()
_HEAD, _TAIL = 4096, 100_000
_ZEROS = b"\0" * 16
_BLANKS = b"\0 \t\r\n\f"
_BEGUN = re.compile(rb"<html[\s>]", re.IGNORECASE)
_BODY = re.compile(rb"<(?:body|main|article|header|div|h1|p)[\s>]", re.IGNORECASE)
_OF_HEAD = re.compile(rb"<(?:title|meta)[\s>]", re.IGNORECASE)
_HEAD_ENDED = re.compile(rb"</head[\s>]", re.IGNORECASE)
_ENDED = re.compile(rb"</(?:html|body)[\s>]", re.IGNORECASE)
_FIELD = re.compile(rb"[A-Za-z][\w-]{1,60}:")
_IS_MESSAGE = re.compile(rb"^mime-version:", re.IGNORECASE | re.MULTILINE)
_HAS_PARTS = re.compile(rb"^content-type:\s{0,99}multipart/related", re.IGNORECASE | re.MULTILINE)
_WAS_SENT = re.compile(rf"^(?:{'|'.join(SENT)}):".encode(), re.IGNORECASE | re.MULTILINE)
_LONGEST_HEADERS = 65_536
"""Those of a letter name every server that it passed."""


def compose(stored: StoredArticle) -> Article:
    """The article that these bytes are. Where the source says something of it, that wins. Never raises.

    Of a MIME message the article is the HTML within, or a letter's words: its payload, digest and size are of that.
    One that cannot be unpacked is taken as it is, with the doubt "unparsed".
    """
    if stored.markup is None and (stored.location.lower().endswith(BOXES) or _begins_as_message(stored.payload)):
        stored = _unboxed(stored)
    payload, doubts = stored.payload, stored.doubts
    charset, guessed = charset_of(payload, stored.markup or "html", stored.charset)
    utf8 = _in_utf8(payload, charset)
    markup = stored.markup or _sniffed(utf8)
    if markup == "text" and (_BEGINS_AS_HTML.match(utf8) or _OF_A_POST.search(utf8)) and _CLOSING.search(utf8):
        # A field or a file may be called a text and be HTML all the same.
        markup = "html"
    said = describe(utf8, markup)
    if guessed:
        doubts = (*doubts, "charset_guessed")
    doubts = (*doubts, *_doubts(utf8, markup, doubts))
    return Article(
        source=stored.source,
        location=stored.location,
        markup=markup,
        payload=payload,
        charset=charset,
        digest=digest.of_bytes(payload),
        size=len(payload),
        stamp=stored.stamp,
        address=stored.address or said.address,
        title=stored.title or said.title,
        published_at=stored.published_at or said.published_at,
        doubts=doubts,
    )


def _unboxed(stored: StoredArticle) -> StoredArticle:
    # Its parsers are slow to import, and few sources need them.
    from archiver.articles.letter import read_letter
    from archiver.articles.mhtml import unpacked

    letter = read_letter(stored)
    if letter is not None:
        return letter
    try:
        payload, charset, address = unpacked(stored.payload)
    except ValueError:
        return replace(stored, markup="html", doubts=(*stored.doubts, "unparsed"))
    return replace(stored, payload=payload, markup="html", charset=charset, address=stored.address or address)


def _begins_as_message(payload: bytes) -> bool:
    """Whether its headers, before the first empty line, are those of a saved page or of a letter."""
    if not _FIELD.match(payload):
        return False
    head = payload[:_LONGEST_HEADERS].replace(b"\r\n", b"\n").split(b"\n\n", 1)[0]
    return bool(_IS_MESSAGE.search(head) and (_HAS_PARTS.search(head) or _WAS_SENT.search(head)))


def _doubts(utf8: bytes, markup: Markup, known: tuple[str, ...]) -> Iterator[str]:
    """What speaks for words that are missing: a file that was emptied, one that a crash or a full disk cut off or
    filled up with zeros; or a film, in a page of which the program that saved it has lost a player."""
    if not utf8[:_HEAD].strip(_BLANKS) and not utf8.strip(_BLANKS):
        yield "empty"
    elif b"\0" in utf8 and _ZEROS in utf8:
        yield "nul_bytes"
    if markup == "html" and "truncated" not in known and (_ends_within_a_tag(utf8) or _has_no_end(utf8)):
        yield "truncated"
    if markup == "html" and lost_player(utf8):
        yield "player_lost"


def _has_no_end(page: bytes) -> bool:
    """Whether a page that says where it begins does not say where it ends: of 345 real pages none was so. Programs that
    leave out what HTML need not have (SingleFile, minifiers) say nowhere where anything ends, so the head neither."""
    if _BEGUN.search(page, 0, _HEAD) is None:
        return False
    # Nearly all end right there.
    if any(_ENDED.search(page, max(len(page) - tail, 0)) for tail in (_HEAD, _TAIL)):
        return False
    body = _BODY.search(page)
    before = body.start() if body else 0
    return _OF_HEAD.search(page, 0, before) is None or _HEAD_ENDED.search(page, 0, before) is not None


def _ends_within_a_tag(page: bytes) -> bool:
    """Whether what stood behind is missing: a page may end without `</html>`, but no program ends it so."""
    tag = page.rfind(b"<")
    return tag > page.rfind(b">") and _TAG_BEGINS.match(page, tag) is not None


def _in_utf8(payload: bytes, charset: str) -> bytes:
    if charset != "utf-8":
        payload = payload.decode(charset, "replace").encode()
    return payload.removeprefix(_MARK)


def _sniffed(utf8: bytes) -> Markup:
    """The markup of a text without a telling name: HTML if it has an element of HTML, else plain text. What JSON holds
    of HTML is not the article's own: it is read string by string. Where it does not end as it began, it is JSON above a
    page (Hugo's front matter), or was cut off."""
    if _BEGINS_AS_JSON.match(utf8) and utf8.rstrip().endswith((b"}", b"]")):
        return "text"
    return "html" if _ELEMENT.search(utf8, 0, _LOOKED_AT) else "text"
