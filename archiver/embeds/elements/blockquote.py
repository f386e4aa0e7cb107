"""Form "blockquote": X's official markup and its kin.

`<blockquote class="twitter-tweet"><p lang dir>TEXT</p>— NAME (@HANDLE) <a href="…/status/ID">Month D, YYYY</a>`
and what content systems make of it (platforms.md 1.a.1): other classes or none, paragraphs added, the text lost,
only a link left. The last status link is the post's own: a quoted post comes first. Where X's own marker stands and
nothing tells the post, the embed is kept all the same (`read_unidentified`).
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote

from archiver.embeds.elements.copied import Byline, behind, byline_above, day_of
from archiver.embeds.elements.custom_element import ID_NAMES
from archiver.embeds.flattened.attribution import Attribution, last_attribution
from archiver.embeds.flattened.links import links_in
from archiver.embeds.reading.page import Element
from archiver.embeds.reading.pieces import Anchor, Attributes, Enter, Piece, Running, parse, parse_again, running
from archiver.embeds.reading.pieces import attributes as attributes_of
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed, Link
from archiver.urls import host, within, x_id, x_status

FORM = "blockquote"

# Sought in lower-case text: to fold the case of each letter makes a search several times slower.
_MARKED = re.compile(r"twitter-(?:tweet|video)(?![\w-])|data-(?:twitter-)?tweet-?id")
_WIDGET = re.compile(
    rf"{_MARKED.pattern}|(?:react-tweet-theme|twitter-detail-tweet|andropov_tweet)(?![\w-])|class=.bbpbox"
    r"|twitter2todom|tweet-link-top|kg-twitter-card|onebox twitterstatus|data-onebox-src"
    r"|<div class=.?(?:tweet-embed|[^\"<>]{0,40}(?:twitter-embed|embed--?twitter))"
)
"""What a quotation without a marker holds where it is a person's, around posts that other elements show."""
_CLASS = re.compile(r"twitter-(?:tweet|video)(?![\w-])")
_USUAL = re.compile(r"<\w{1,10} class=\"[^\"]{0,100}(?<![\w-])twitter-(?:tweet|video)[ \"]")
_STATUS = re.compile(r"/status(?:es)?/-?\d")
_SAYS_WHO = re.compile(r"\(@|data-(?:twitter-)?tweet-?id")
_HOLDERS = ("blockquote", "div", "section", "figure", "p", "article", "aside")
_TRAILING = 3
"""Characters that may follow the last link of a quotation without a marker (a bracket, a full stop)."""
_CREDIT = 60
"""The same where the link's words are a date ("via Twitter", counts of likes)."""
_MID_SENTENCE = re.compile(
    r"(?:^|\s)(?:on|of|from|since|until|by|in|the|before|after|dated|am|vom|le|du|el|del|em|op)\s*$", re.I
)
_OTHER_WIDGET = re.compile(r"twitter-(?:timeline|follow-button|share-button|hashtag-button|mention-button)")
_SAYS_SO = ("class", "id", "data-class")
_PART_OF_NAME = re.compile(r"[\w-]twitter-(?:tweet|video)", re.IGNORECASE)
"""A content system's own name ("site-twitter-tweet"), often a share counter's."""
_OWN_EMBED = re.compile(r"<(?:iframe|object|embed|amp-|twitter-widget|twitterwidget)", re.IGNORECASE)
_WITHIN = re.compile(
    r"(?:^|[^\w.-])(?:https?:)?/{1,3}(?P<host>(?:www\.|mobile\.|m\.)?(?:twitter|x)\.com)/@?(?P<path>\w{1,20}/status(?:es)?/\d{1,19})(?![\w-])",
    re.IGNORECASE,
)
_PRINTED = re.compile(r"https?://[^\s<>()\[\]\"']{1,500}", re.IGNORECASE)


def read(element: Element) -> Sighting | None:
    """The post that the element shows; None if it shows none of X."""
    marked = element.name in _HOLDERS and _is_marked(element)
    if not (marked or element.name == "blockquote"):
        return None
    # Mostly it is written so, and to lower all of it takes longer than to look.
    names_status = _STATUS.search(element.source) is not None or _names_status(element.source)
    if not names_status and not (marked and _SAYS_WHO.search(element.source.lower())):
        return None
    if not marked and _WIDGET.search(element.source.lower()):
        return None
    return _parsed(element, marked, names_status)


def read_unidentified(element: Element) -> Sighting | None:
    """The post that X's own marker announces where no form could tell which: its words and its last address, raw.

    To be asked after all other forms. None for X's other widgets and for what holds an embed of its own.
    """
    inner = element.source[len(element.tag) :]
    if element.name not in _HOLDERS or not _is_marked(element) or _PART_OF_NAME.search(element.tag):
        return None
    if not inner.strip() or _OWN_EMBED.search(inner) or _MARKED.search(inner.lower()):
        return None
    piece = None if _OTHER_WIDGET.search(element.source) else parse(element)
    if piece is None:
        return None
    flow, stated = running(piece), piece.attributes
    printed = [each for each in (*stated.values(), *_PRINTED.findall(flow.text)) if x_status(each)]
    last = flow.anchors[-1] if flow.anchors else None
    refused = last if last is not None and _names_status(last.href) else None
    start, end = _quotation(flow.text, refused, None)
    words = flow.text[start:end]
    if element.name != "blockquote" and (not (words or last) or _leads_elsewhere(flow)):
        return None
    if words in printed:
        start, words = end, ""
    embed = Embed(
        position=0,
        form=FORM,
        hint="x",
        address=printed[-1] if printed else last.href or None if last else None,
        quotation=words or None,
        links=_links(flow, start, end, refused),
        language=_language(piece),
    )
    return Sighting(element.start, element.end, embed, False, _rejected(flow, stated))


_FEW_WORDS = 4
"""More are a post's own, whatever shortened link leads to it."""


def _leads_elsewhere(flow: Running) -> bool:
    """Whether all it says are a link's words that leads to neither X nor its short links ("Read more")."""
    only = flow.anchors[0] if len(flow.anchors) == 1 else None
    if only is None or flow.text[only.start : only.end].strip() != flow.text.strip():
        return False
    elsewhere = host(only.href) if len(flow.text.split()) <= _FEW_WORDS else None
    return elsewhere is not None and not any(within(elsewhere, each) for each in ("twitter.com", "x.com", "t.co"))


def _is_marked(element: Element) -> bool:
    marker = _MARKED if element.name == "blockquote" else _CLASS
    if marker.search(element.lowered) is None or _OTHER_WIDGET.search(element.tag):
        return False
    if _USUAL.match(element.tag):
        return True
    # In another attribute than these it stands in markup that waits there (srcdoc, JSON): other forms decode that.
    return any(
        marker.search(name) or (name in _SAYS_SO and marker.search(stated.lower()))
        for name, stated in attributes_of(element).items()
    )


def _parsed(element: Element, marked: bool, names_status: bool) -> Sighting | None:
    piece = parse(element)
    doubts: tuple[str, ...] = ()
    if names_status and (piece is None or not _has_status(piece)):
        piece = parse_again(element) or piece
        if piece is None or not _has_status(piece):
            doubts = ("parser_disagreement",)
    if piece is None:
        return None
    quoted = "blockquote" if piece.first("blockquote") is not None and piece.has_child("p") else None
    flow, stated = running(piece, without=quoted), piece.attributes
    if marked:
        flow.anchors = [_mended_anchor(each) for each in flow.anchors]
    embed = _embed(flow, stated, marked, _language(piece))
    if embed is None:
        return None
    doubts += _rejected(flow, stated) if marked else ()
    return Sighting(element.start, element.end, embed, marked, doubts)


def _mended_anchor(anchor: Anchor) -> Anchor:
    mended = _mended(anchor.href)
    return anchor if mended is anchor.href else anchor._replace(href=mended)


def _mended(href: str) -> str:
    """The address of a post within one that broke: in typographic quotation marks, behind a redirect or a mail filter,
    rewritten by an archive of another shape, with an "@" before the handle."""
    if x_status(href):
        return href
    plain = unquote(unquote(href)) if "%" in href else href
    found = _WITHIN.search(plain) if _names_status(plain) else None
    return f"https://{found['host']}/{found['path']}" if found else plain


def _names_status(text: str) -> bool:
    lowered = text.lower()
    return "/status" in lowered and _STATUS.search(lowered) is not None


def _has_status(piece: Piece) -> bool:
    # Mostly it is the last link.
    return any(
        type(each) is Enter and each.name == "a" and _names_status(each.attributes.get("href", ""))
        for each in reversed(piece.inside)
    )


def _embed(flow: Running, attributes: Attributes, marked: bool, language: str | None) -> Embed | None:
    text = flow.text
    last = _last_status(flow)
    anchor = last if last is not None and x_status(last.href) else None
    attribution = last_attribution(text, last.start if last else None)
    if not marked and (anchor is None or not _is_source(flow, anchor, attribution)):
        return None
    if anchor is not None and attribution is not None and _is_of_another(anchor, attribution):
        last = anchor = None
    native_id = x_id(_attribute_id(attributes))
    if anchor is None and native_id is None and attribution is None:
        return None
    above = _byline(flow, anchor, attribution)
    quotation = _quotation(text, last, attribution, above)
    by = attribution or above
    return Embed(
        position=0,
        form=FORM,
        hint="x",
        address=last.href if last else None,
        native_id=native_id,
        author_handle=by.handle if by else None,
        author_name=by.name if by else None,
        published_on=_day(text, anchor, attribution),
        quotation=text[slice(*quotation)] or None,
        links=_links(flow, *quotation, last),
        language=language,
    )


def _last_status(flow: Running) -> Anchor | None:
    """The link that stands where the post's own does, be its id good or refused: another's is no substitute."""
    return next((a for a in reversed(flow.anchors) if x_status(a.href) or _names_status(a.href)), None)


def _attribute_id(attributes: Attributes) -> str:
    return next((attributes[name] for name in ID_NAMES if attributes.get(name)), "")


def _rejected(flow: Running, attributes: Attributes) -> tuple[str, ...]:
    """The doubt that what looks like the post's id is none that X can have given, or not at X."""
    last, printed = _last_status(flow), _attribute_id(attributes)
    refused = last is not None and x_status(last.href) is None
    refused = refused or (any(c.isdigit() for c in printed) and x_id(printed) is None)
    return ("id_rejected",) if refused else ()


def _is_source(flow: Running, anchor: Anchor, attribution: Attribution | None) -> bool:
    """Whether a quotation without a marker is the post that its last status link leads to, not prose with a link."""
    text, trailing = flow.text, len(behind(flow, anchor))
    if trailing <= _TRAILING:
        return True
    if attribution is not None and attribution.day is not None and attribution.start <= anchor.start:
        return not text[attribution.end : anchor.start].strip()
    dated = day_of(text[anchor.start : anchor.end]) is not None
    return dated and trailing <= _CREDIT and _MID_SENTENCE.search(text[: anchor.start][-20:]) is None


def _is_of_another(anchor: Anchor, attribution: Attribution) -> bool:
    """A status link among the post's words, by another author, where the attribution has lost its own link."""
    status = x_status(anchor.href)
    other = status is not None and (status.handle or "").lower() not in ("", attribution.handle.lower())
    return other and anchor.end <= attribution.start


def _byline(flow: Running, anchor: Anchor | None, attribution: Attribution | None) -> Byline | None:
    status = x_status(anchor.href) if anchor is not None and attribution is None else None
    return byline_above(flow, status.handle) if status is not None and status.handle else None


def _quotation(
    text: str, anchor: Anchor | None, attribution: Attribution | None, above: Byline | None = None
) -> tuple[int, int]:
    """Bounds of the post's words: behind the author's name above them, if it stands there, and before the attribution;
    without one, before the link that leads to the post."""
    by = attribution or anchor
    words = text[: by.start].rstrip() if by is not None else text.rstrip()
    begun = above.end if above else 0
    return min(len(words), len(words) - len(words[begun:].lstrip())), len(words)


def _links(flow: Running, start: int, end: int, own: Anchor | None) -> tuple[Link, ...]:
    """The links among the post's words, as anchors or, where markup has lost these, as printed; not its own."""
    text = flow.text
    inside = [a for a in flow.anchors if start <= a.start and a.end <= end and a.href and a is not own]
    return tuple(Link(a.href, text[a.start : a.end].strip()) for a in inside) or links_in(text[start:end])


def _day(text: str, anchor: Anchor | None, attribution: Attribution | None) -> date | None:
    if attribution is not None and attribution.day is not None:
        return attribution.day
    if anchor is None:
        return None
    try:
        return date.fromisoformat(anchor.attributes.get("data-datetime", "")[:10])
    except ValueError:
        return day_of(text[anchor.start : anchor.end])


def _language(piece: Piece) -> str | None:
    paragraph = piece.first("p", lambda attributes: bool(attributes.get("lang")))
    return paragraph.attributes["lang"] if paragraph else None
