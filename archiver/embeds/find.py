"""Find the embeds of an article.

    source ─locate→ elements ─element forms→ sightings ─gathered→ places
       └ what stands between the places ─readable→ text ─text forms→ sightings
    all in order ─joined where copies stand side by side→ embeds, each with the text either side of it

A form sees one element or one stretch of text, knows nothing of the others, and may fail: then the article is marked
"unparsed", and what the other forms found stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from archiver.embeds import address, blockquote, custom_element, escaped, iframe, other, readable, shortcode, text
from archiver.embeds.page import Element, Page, locate
from archiver.embeds.places import Place, gathered, joins
from archiver.embeds.sighting import Sighting
from archiver.model.article import Article
from archiver.model.embed import CONTEXT_CHARACTERS, Embed

ElementForm = Callable[[Element], Sighting | None]
TextForm = Callable[[str], Iterator[Sighting]]
ReadText = Callable[[str], list[Sighting]]

ELEMENT_FORMS: tuple[ElementForm, ...] = (
    blockquote.read,
    iframe.read,
    escaped.read,
    custom_element.read,
    other.read,
    blockquote.read_unidentified,
)
TEXT_FORMS: tuple[TextForm, ...] = (shortcode.read, address.read, text.read)

LONG_STRETCH = 1_000_000
"""Characters of source between two embeds; of a longer stretch without a hint only the ends are made readable."""
_ENOUGH = 2 * CONTEXT_CHARACTERS
_BLANK_LINES = re.compile(r"[ \t]{0,60}\n[ \t]{0,60}\n[ \t\n]{0,200}")
_HINTS = ("(@", "([@", "pic.", "/status", "[", "{%", "{{")


@dataclass(frozen=True, slots=True)
class Found:
    """What an article holds."""

    embeds: tuple[Embed, ...]
    """In the order of the article, `position` from 0."""
    doubts: tuple[str, ...] = ()
    """"unparsed": a form failed, or there was too much to look at; "parser_disagreement": a parser lost a link that
    the source has; "id_rejected": in X's own markup stands an id that X cannot have given, or at another's host."""


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms that are tried, the most telling first: the first that sees an element takes it."""

    of_elements: tuple[ElementForm, ...] = ELEMENT_FORMS
    of_text: tuple[TextForm, ...] = TEXT_FORMS


def find(article: Article, forms: Forms = Forms()) -> Found:
    """The embeds of an article. Never raises for what an article holds."""
    doubts: list[str] = []
    source = article.text.replace("\0", "")
    page = locate(source, article.markup)
    if page.crowded:
        doubts.append("unparsed")
    places = gathered([*_elements(page, forms, doubts), *shortcode.read_blocks(source)])
    parts = _parts(page, article.markup, places, lambda words: list(_in_text(words, forms, doubts)))
    embeds = _with_surroundings(_joined(parts))
    return Found(tuple(embeds), tuple(dict.fromkeys(doubts)))


def _elements(page: Page, forms: Forms, doubts: list[str]) -> Iterator[Sighting]:
    for element in page.elements:
        for form in forms.of_elements:
            try:
                sighting = form(element)
            except Exception:  # a form that fails must not take the others' embeds with it
                doubts.append("unparsed")
                continue
            if sighting is not None:
                doubts.extend(sighting.doubts)
                yield sighting
                break


@dataclass(slots=True)
class _Part:
    """A piece of the readable article: an embed with its own text, or text between embeds (`place` None)."""

    text: str
    place: Place | None = None


def _parts(page: Page, markup: str, places: list[Place], read: ReadText) -> list[_Part]:
    parts: list[_Part] = []
    at = 0
    for place in sorted(places, key=lambda p: (p.start, -p.end)):
        if place.start >= at:
            parts.extend(_stretch(page, markup, at, place.start, read))
            parts.append(_Part(readable.of("".join(page.visible(place.start, place.end)), markup), place))
        else:
            parts.append(_Part("", place))
        at = max(at, place.end)
    parts.extend(_stretch(page, markup, at, len(page.source), read))
    return parts


def _stretch(page: Page, markup: str, start: int, end: int, read: ReadText) -> Iterator[_Part]:
    """The text between two embeds of the markup, split at the embeds that the text itself holds."""
    source = "\n".join(page.visible(start, end)) if markup == "markdown" else "".join(page.visible(start, end))
    if len(source) > LONG_STRETCH and not any(hint in source for hint in _HINTS):
        source = source[:100_000] + "\n" + source[-100_000:]
    words = readable.of(source, markup)
    at = 0
    for place in gathered(read(words)):
        start = max(place.start, at)
        yield _Part(words[at:start])
        yield _Part(words[start : place.end], place)
        at = max(at, place.end)
    yield _Part(words[at:])


def _in_text(words: str, forms: Forms, doubts: list[str]) -> Iterator[Sighting]:
    for form in forms.of_text:
        try:
            yield from form(words)
        except Exception:  # as above
            doubts.append("unparsed")


def _joined(parts: list[_Part]) -> list[_Part]:
    """Neighbouring copies of one embed become one; what stood between them stays in the text."""
    kept: list[_Part] = []
    last: _Part | None = None
    between: list[str] = []
    for part in parts:
        if part.place is None:
            kept.append(part)
            between.append(part.text)
        elif last is not None and last.place and joins(last.place, part.place, "".join(between)):
            last.place.seen.extend(part.place.seen)
            kept.append(_Part(part.text))
            between = []
        else:
            kept.append(part)
            last, between = part, []
    return kept


def _with_surroundings(parts: list[_Part]) -> Iterator[Embed]:
    position = 0
    for index, part in enumerate(parts):
        if part.place is None:
            continue
        before = _collect(parts, range(index - 1, -1, -1))
        after = _collect(parts, range(index + 1, len(parts)))
        yield replace(
            part.place.embed(),
            position=position,
            before=_tidy("".join(reversed(before)))[-CONTEXT_CHARACTERS:].strip(),
            after=_tidy("".join(after))[:CONTEXT_CHARACTERS].strip(),
        )
        position += 1


def _tidy(words: str) -> str:
    """One blank line at most where pieces of text met."""
    return _BLANK_LINES.sub("\n\n", words)


def _collect(parts: list[_Part], order: range) -> list[str]:
    texts: list[str] = []
    length = 0
    for index in order:
        text_here = parts[index].text
        texts.append(text_here[-_ENOUGH:] if order.step < 0 else text_here[:_ENOUGH])
        length += len(parts[index].text)
        if length >= CONTEXT_CHARACTERS:
            break
    return texts
