"""Posts in JSON that an attribute holds, as programs keep there what they are to show.

A short one is what one part of the article is made of: `<astro-island props="{&quot;block&quot;:[0,{…}]}">`, React on
Rails' `data-props` and `data-react-props`, Vue's `:props`, Stimulus' `data-…-value`, Alpine's `x-data="show({…})"`. A
long one is the page's state, as a script has it: Inertia's `data-page`, Livewire's `wire:snapshot`. Escaped once or
twice, or in Base64.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from archiver.embeds.elements.custom_element import NO_EMBED
from archiver.embeds.elements.other import LISTS
from archiver.embeds.prefilter import in_base64
from archiver.embeds.prefilter.hints import Hints
from archiver.embeds.reading.page import Element
from archiver.embeds.reading.pieces import Attributes, attributes
from archiver.embeds.reading.readable import unescaped
from archiver.embeds.sighting import Sighting
from archiver.embeds.state import packed, script
from archiver.embeds.state.around import is_elsewhere

_BEGINS = r"\s{0,9}(?:[\w.$]{1,60}\(\s{0,9}){0,2}['\"]?(?:[\[{]|%7[bB]|ey[IJ]|W3si|W1t7)"
"""JSON, or what a function is called with: `show({…})`, `JSON.parse('{…}')`."""
_VALUE = re.compile(_BEGINS)
_ENCODED = re.compile(r"[\"'](?:%7[bB]|ey[IJ]|W3si|W1t7)")
_BASE64 = re.compile(r"\s*((?:ey[IJ]|W3si|W1t7)[A-Za-z0-9+/\s]{20,}+)={0,2}\s*")
_ESCAPED = re.compile(r"[^&]{0,120}[\[{,]\s{0,9}&")
_NO_HOLDERS = ("a", "article", "button", "li", "object", "blockquote", "iframe", "embed", "script")
"""What leads to something, or stands for it in a list; and what other forms read."""
_NOT_SHOWN = re.compile(rf"{NO_EMBED.pattern}|track|click|beacon|gtm|evt", re.IGNORECASE)
"""Attributes of what counts the readers, or lets them share."""
_NAMES = re.compile(r"data-(?:[a-z]{1,20}-)?(?:class|component|component-name|controller|module|widget)|component-url")
_QUOTED = (b"\\&quot;", b'\\"', b"\\&#34;")
"""Before a marker in markup in JSON."""
_BEFORE_HOST = 40
"""Bytes, in which an attribute of a frame that stands in an attribute begins."""
_SCRIPT = re.compile(rb"(<script[\s>](?:.*?</script|.*))", re.IGNORECASE | re.DOTALL)
_SPELT_OUT = re.compile(
    rb"=\"(?:[\[{]{1,2}&|<iframe\s)[^\"]{0,1000000}\"|='[\[{]{1,2}\"[^']{0,1000000}'",
    re.IGNORECASE,
)
_SCRIPT_NEAR = 60_000
_NEAR = 200
_LONGEST_OWN = 8_000
"""Characters of what one part of an article is made of; with the answer of an oEmbed server they are 3,000."""


def escaped(source: bytes, hints: Hints | None) -> bytes:
    """The source with the tags escaped that stand in JSON, or as a frame, in its attributes: browsers write them there
    as they are, and so do those who save what a browser shows, and programs that make pages small."""
    quoted = [at for at in hints.marked if _is_quoted(hints.lower, at)] if hints else []
    # The first and the last tell of all: to ask that of each would be to read the page again for each.
    if hints is None or not any(_is_outside(hints.lower, at) for at in {*quoted[:1], *quoted[-1:]}):
        return source
    parts = _SCRIPT.split(source)
    parts[::2] = (_SPELT_OUT.sub(_escaped_there, part) for part in parts[::2])
    joined = b"".join(parts)
    return source if joined == source else joined


def _is_quoted(lower: bytes, at: int) -> bool:
    """Whether a marker stands in markup within quotation marks that are escaped."""
    return lower.endswith(_QUOTED, max(at - 7, 0), at) or b"=&quot;" in lower[max(at - _BEFORE_HOST, 0) : at]


def _is_outside(lower: bytes, at: int) -> bool:
    """Whether a place lies in no script."""
    low = max(at - _SCRIPT_NEAR, 0)
    closed, begun = lower.rfind(b"</script", low, at), lower.rfind(b"<script", low, at)
    # Where neither stands near, it is mostly a long script.
    return closed > begun or (low == 0 and closed == begun)


def _escaped_there(attribute: re.Match[bytes]) -> bytes:
    return attribute[0].replace(b"<", b"&lt;").replace(b">", b"&gt;")


def read(element: Element, doubts: list[str]) -> tuple[list[Sighting], list[list[Sighting]]]:
    """The posts that the element itself shows, and those of the page's state, those of one text together.

    What is more than is looked at adds "unparsed" to `doubts`.
    """
    own: list[Sighting] = []
    states: list[list[Sighting]] = []
    tag = element.tag
    if element.name in _NO_HOLDERS or not ("{" in tag or "[" in tag or _ENCODED.search(tag)):
        return own, states
    found = attributes(element)
    about, classes = _is_about(element, found), found.get("class", "")
    for name, stated in found.items():
        if not _VALUE.match(stated) or _NOT_SHOWN.search(name):
            continue
        is_short = len(stated) <= _LONGEST_OWN
        if is_short and about:
            continue
        elsewhere = any(
            is_elsewhere(found[each])
            for each in found
            if _NAMES.fullmatch(each) or (is_short and each in ("class", "id"))
        )
        for group in script.read(_json(stated).encode("utf-8", "replace"), element.start, element.end, doubts):
            if elsewhere or not is_short or any(each.elsewhere for each in group):
                states.append([each._replace(elsewhere=elsewhere or each.elsewhere) for each in group])
            else:
                own += (each for each in group if each.embed.hint == "x" or not LISTS.search(classes))
    return own, [group for group in states if group]


def _is_about(element: Element, found: Attributes) -> bool:
    """Whether the element is about a post or a person and shows none."""
    classes = found.get("class", "")
    return "embed" not in classes and NO_EMBED.search(f"{element.name} {classes} {found.get('id', '')}") is not None


def _json(stated: str) -> str:
    encoded = _BASE64.fullmatch(stated)
    if encoded is not None:
        return in_base64.decoded(encoded[1].encode()).decode("utf-8", "replace")
    if stated.lstrip()[:1] == "%":
        return unquote(stated)
    if "\\u0022" in stated[:_NEAR]:
        # Laravel's `JSON.parse('{\u0022type\u0022:…}')`.
        return packed.unescaped(stated)
    return unescaped(stated) if _ESCAPED.match(stated) else stated
