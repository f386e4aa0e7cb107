"""Form "bare_address": a post's address alone on its line, which content systems turn into an embed (WordPress).

In HTML a line's end is but a blank. But what WordPress keeps of a post, and dumps of its database hold, is HTML whose
paragraphs are told by empty lines alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.embeds.reading.page import Page
from archiver.embeds.reading.readable import unescaped
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.permalinks import post_hint
from archiver.urls import unarchived

FORM = "bare_address"

_BESIDE = r"(?<![^\n \t\u00a0<]"
_HTTP = "[hH][tT][tT][pP]"
_ADDRESS = re.compile(
    rf"//(?:{_BESIDE}//)|(?<={_HTTP}://){_BESIDE}{_HTTP}://)|(?<={_HTTP}[sS]://){_BESIDE}{_HTTP}[sS]://))"
    r"[^\s<>\"]{8,600}"
)
"""Behind a blank, a "<" or at the start of a line: most addresses stand in sentences and in Markdown's brackets, and
need not be read to their ends. It begins with plain signs, so that it is sought fast."""
_OF_PAGES = (b"<!doctype", b"<html", b"<head")
_HEAD = 300
"""Bytes at its beginning that tell most pages; to look through all of them takes longer than the rest."""
_WITH_TAGS = (b"<body", b"<BODY")
_IN_FRONT = 3000
"""Bytes in which the tag before an address is sought, and the paragraph that is open there."""
_PLAIN = re.compile(rb"<(?:/|!|br\b|hr\b|img\b|div\b|section\b|article\b)", re.IGNORECASE)
"""What may stand before it: an element that ends, a comment, or one that holds paragraphs."""
_OF_PARAGRAPHS = re.compile(rb"<(/?)p(?=[\s>])", re.IGNORECASE)
_PARAGRAPH = re.compile(
    rb"(?P<address>http(?:(?<=[\s\xa0]http)|(?<=\Ahttp))s?://[^\s<>\"]{8,600})"
    rb"(?:[ \t]|\xc2\xa0){0,9}(?=\r?\n[ \t]{0,9}\r?\n|\s{0,9}\Z)"
)
_EMPTY_LINE = re.compile(rb"(?:\A|\n[ \t\r]{0,9}\n)(?:[ \t]|\xc2\xa0){0,9}\Z")
"""Before such a paragraph."""
_SCHEMES = ("", "http:", "https:")
_INDENT = 60
"""Characters before an address on its line, at most."""
_AFTER = re.compile(r">?[ \t\u00a0\r]{0,40}(?:\n|$)")


def read(text: str) -> Iterator[Sighting]:
    """The posts whose addresses stand alone on a line of the readable text."""
    for found in _ADDRESS.finditer(text):
        if _AFTER.match(text, found.end()) is None:
            continue
        # A line without end must not be looked at from its beginning for each of its addresses.
        low = max(found.start() - _INDENT, 0)
        line = text.rfind("\n", low, found.start())
        begun = text[max(line + 1, low) : found.start()].strip(" \t\u00a0").removeprefix("<")
        if (line < 0 < low) or begun.lower() not in _SCHEMES:
            continue
        address = begun + found[0]
        hint = post_hint(address)
        if hint is not None:
            embed = Embed(0, FORM, hint=hint, address=unarchived(address))
            yield Sighting(found.start() - len(begun), found.end(), embed)


def read_paragraphs(page: Page, markup: str) -> Iterator[Sighting]:
    """The posts whose addresses are paragraphs of HTML without tags of paragraphs, or between those that have them."""
    if markup != "html":
        return
    head = page.source[:_HEAD].lower()
    if any(tag in head for tag in _OF_PAGES) or any(tag in page.source for tag in _WITH_TAGS):
        return
    for found in _PARAGRAPH.finditer(page.source):
        address = unescaped(found["address"].decode("utf-8", "replace"))
        hint = post_hint(address)
        at = found.start("address")
        if hint is not None and not page.is_hidden(at) and _is_between(page.source, at):
            yield Sighting(*found.span("address"), Embed(0, FORM, hint=hint, address=unarchived(address)))


def _is_between(source: bytes, at: int) -> bool:
    """Whether an empty line is before it, no paragraph is open there, and no element that is no place for one."""
    before = source[max(at - _IN_FRONT, 0) : at]
    if _EMPTY_LINE.search(before[-_INDENT:]) is None:
        return False
    opened = before.rfind(b"<")
    if opened >= 0 and _PLAIN.match(before, opened) is None:
        return False
    tags = _OF_PARAGRAPHS.findall(before)
    return not tags or bool(tags[-1])
