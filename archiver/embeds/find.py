"""Find the embeds of an article.

    bytes ─hints→ nothing: no embed, and nothing was decoded or parsed
      └ a page ─locate→ elements ─element forms→ sightings ─gathered→ places
             ├ its scripts ─script→ embeds of the page's state: copies of a place, or places of their own
             └ what stands between the places ─windows→ readable text ─text forms→ sightings ─gathered→ places
    all in order ─joined where copies stand side by side→ embeds, each with the text either side of it

A form sees one element or one stretch of text, knows nothing of the others, and may fail: then the article is marked
"unparsed", and what the other forms found stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from archiver.embeds import readers_comments
from archiver.embeds.flattened import bracketed, quoted
from archiver.embeds.forms import Forms
from archiver.embeds.places import Place, gathered, joins, merged, post_key, with_own, without_caches
from archiver.embeds.prefilter.hints import WIDE, hints_in, in_utf8, no_hints
from archiver.embeds.reading import inlined, marked_quotes, readable, stretches
from archiver.embeds.reading.lightened import lightened
from archiver.embeds.reading.page import Element, Page, locate, zone_around
from archiver.embeds.shortcodes import address, shortcode
from archiver.embeds.sighting import Sighting
from archiver.embeds.state import held, script
from archiver.embeds.statuses import LinkedPosts, address_at, names_post, with_link
from archiver.model.article import Article
from archiver.model.embed import CONTEXT_CHARACTERS, Embed

MOST_SURROUNDED = 2_000
"""Embeds of an article; text of pictograms takes four bytes a character."""
_BESIDE = CONTEXT_CHARACTERS + 1000
"""Characters beside an embed: as many as are kept, and blanks that are cut off."""


@dataclass(frozen=True, slots=True)
class Found:
    """What an article holds."""

    embeds: tuple[Embed, ...]
    """In the order of the article, `position` from 0."""
    doubts: tuple[str, ...] = ()
    """"unparsed": a form failed, or there was too much to look at; "parser_disagreement": a parser lost a link that
    the source has; "id_rejected": in X's own markup stands an id that X cannot have given, or at another's host;
    "in_comment": the markup of an embed stands in a comment, where no reader sees it; "more_in_script": the page's
    scripts hold posts that the page does not show, which may be those of other articles."""


NO_PAGE = Page(b"", no_hints(b""))
"""Of plain text, which is one window and no page."""


def find(article: Article, forms: Forms = Forms(), *, surroundings: bool = True, whole: bool = False) -> Found:
    """The embeds of an article. Never raises for what an article holds.

    Without `surroundings` their `before` and `after` stay empty, which is faster, and those behind the first
    MOST_SURROUNDED have none, which would take kilobytes for each; with `whole` nothing is skipped
    that could hold no embed, which is slower and finds the same.
    """
    search = _Search(article, forms, whole=whole)
    places = search.places()
    near = MOST_SURROUNDED if surroundings else 0
    embeds = [search.surrounded(place.embed(), place, at) for at, place in enumerate(places[:near])]
    embeds += [place.embed().at(position) for position, place in enumerate(places[near:], len(embeds))]
    return Found(tuple(embeds), tuple(dict.fromkeys(search.doubts)))


class _Search:
    """One article, searched."""

    def __init__(self, article: Article, forms: Forms, *, whole: bool) -> None:
        self.article = article
        self.markup = article.markup
        self.forms = forms
        self.width = stretches.WHOLE if whole else stretches.BEFORE
        self.doubts: list[str] = []
        self.page: Page | None = None
        self.around: stretches.Surroundings | None = None
        self.hides_others = False
        self.comments: list[tuple[int, int]] | None = None
        self.links: LinkedPosts | None = None
        self.own: list[Sighting] = []
        self.states: list[list[Sighting]] = []
        """What attributes hold in JSON, of the elements themselves and of the page's state."""

    def places(self) -> list[Place]:
        """The places of embeds, in order; copies of one embed joined."""
        if self.markup == "text":
            words = readable.of(self.article.text.replace("\0", ""), "text")
            if words.lstrip()[:1] in ("{", "["):  # an article that is one piece of JSON (Apple News)
                source = words.encode("utf-8", "replace")
                groups = list(self._in_script(source, 0, len(words), is_article=True))
                if any(groups):
                    return merged([], groups)[0]
            spoken, found = bracketed.unbracketed(words), list[Place]()
            for place in self._in_text(stretches.Window(0, len(spoken.text), spoken.text), spoken):
                self._keep(NO_PAGE, found, place)
            return found
        payload, is_wide = self.article.payload, self.article.charset.startswith(WIDE)
        hints = None
        if self.markup == "html":
            hints = hints_in(in_utf8(self.article) if is_wide else payload)
            if hints is None:
                return []
        source = held.escaped(inlined.links(lightened(in_utf8(self.article)), self.markup), hints)
        hints = hints_in(source) if source is not payload or self.markup == "markdown" else hints
        is_mdx = self.article.location.lower().endswith(".mdx")
        self.page = locate(source, hints or no_hints(source), self.markup, is_mdx=is_mdx)
        return self._in_page(self.page)

    def _in_page(self, page: Page) -> list[Place]:
        if page.crowded:
            self.doubts.append("unparsed")
        if any(shortcode.is_comment(page, zone) for zone in page.hinted(page.hidden)):
            self.doubts.append("in_comment")
        in_source = (
            *shortcode.read_blocks(page),
            *quoted.read(page, self.markup),
            *address.read_paragraphs(page, self.markup),
        )
        found = gathered([*self._in_elements(page), *in_source])
        found = self._between(page, found)
        if self._is_silent(page, found):
            self.doubts.append("parser_disagreement")
        found = readers_comments.without_own_account(page.hints.lower, found)
        found = without_caches(page.hints.lower, with_own(found, self.own))
        places, left_out = merged(found, [*self.states, *self._in_scripts(page)])
        if left_out:
            self.doubts.append("more_in_script")
        return places

    def _in_elements(self, page: Page) -> Iterator[Sighting]:
        for element in page.elements:
            sighting = self._in_element(page, element)
            held_there = self._in_attributes(element, sighting)
            if sighting is not None and not held_there:
                yield sighting

    def _in_element(self, page: Page, element: Element) -> Sighting | None:
        for form in self.forms.of_elements:
            try:
                sighting = form(element)
            except Exception:  # a form that fails must not take the others' embeds with it
                self.doubts.append("unparsed")
                continue
            if sighting is not None:
                self.doubts.extend(sighting.doubts)
                is_of_others = not sighting.marked and zone_around(self._comments(page), sighting.start)
                return None if is_of_others else sighting
        return None

    def _in_attributes(self, element: Element, seen: Sighting | None) -> bool:
        """Keep what the element's attributes hold in JSON, but for what was seen there; returns whether that is to be
        left: it stands in the page's state, or the JSON tells of which post it was a part."""
        try:
            own, states = held.read(element, self.doubts)
        except Exception:  # as above
            self.doubts.append("unparsed")
            return False
        if not own and not states:
            return False
        key = post_key(seen.embed) if seen else None
        self.states += states
        if key is None or key[0] == "words":
            self.own += own
            return True
        self.own += (each for each in own if post_key(each.embed) != key)
        return any(post_key(each.embed) == key for group in states for each in group)

    def _links(self, page: Page) -> LinkedPosts:
        if self.links is None:
            self.links = LinkedPosts(page)
        return self.links

    def _comments(self, page: Page) -> list[tuple[int, int]]:
        """Where the page's readers write; sought only for a page that has something to find there."""
        if self.comments is None:
            last = max(page.hints.spoken[-1:] + [element.start for element in page.elements[-1:]], default=0)
            self.comments = readers_comments.sections(page.hints.lower, last)
        return self.comments

    def _hide_others_words(self, page: Page) -> None:
        """Hide what stands beside the article's own text; sought only for a page whose text is to be read."""
        if page.hints.spoken and not self.hides_others:
            lower = page.hints.lower
            own = (*readers_comments.own_boxes(lower), *readers_comments.own_copies(lower, page.hints.spoken))
            beside = [*self._comments(page), *own, *shortcode.examples(page)]
            if beside or self.markup == "markdown":
                page.hidden = readers_comments.without_inner(sorted([*page.hidden, *beside]))
        self.hides_others = True

    def _is_silent(self, page: Page, found: list[Place]) -> bool:
        """Whether the bytes name a post of X in a tag that is no link, and nothing came of it: the raw scan that holds
        the forms to account."""
        if page.hints.stated:
            self._hide_others_words(page)
        places = [(place.start, place.end) for place in found if place.window is None]
        places += ((each.start, each.end) for group in (self.own, *self.states) for each in group)
        places.sort()
        # A component of Markdown looks like a tag and is read as text.
        read = {place.seen[0].embed.address for place in found if place.window is not None}
        return any(
            not page.is_hidden(at)
            and zone_around(places, at) is None
            and names_post(page, at)
            and address_at(page, at) not in read
            for at in page.hints.stated
        )

    def _between(self, page: Page, found: list[Place]) -> list[Place]:
        """The places in order, with those of the text between them; neighbouring copies of one embed joined."""
        kept: list[Place] = []
        at = 0
        if self.markup == "markdown" or stretches.may_speak(page, self.width):
            self._hide_others_words(page)
        for place in [*sorted(found, key=lambda p: (p.start, -p.end)), None]:
            low, high = at, len(page.source) if place is None else place.start
            for window in stretches.windows(page, low, high, self.markup, self.width):
                for spoken in self._in_text(window):
                    self._keep(page, kept, with_link(spoken, self._links(page), window))
            if place is not None:
                self._keep(page, kept, place)
                at = max(at, place.end)
        return kept

    def _keep(self, page: Page, kept: list[Place], place: Place) -> None:
        """Add a place; a copy of the embed before it, with nothing said between them, joins that."""
        last = kept[-1] if kept else None
        if last is None or not joins(last, place, None):
            kept.append(place)
            return
        words = self._words_between(page, last, place)
        if words is None or not joins(last, place, words):
            kept.append(place)
            return
        last.seen.extend(place.seen)
        if last.window is place.window:
            last.end = max(last.end, place.end)
        elif place.window is None:
            last.start = place.start if last.window is not None else last.start
            last.end, last.window = place.end, None

    def _words_between(self, page: Page, last: Place, place: Place) -> str | None:
        if last.window is not None and last.window is place.window:
            return last.window.text[last.end : place.start]
        left = last.window.text[last.end :] if last.window else ""
        right = place.window.text[: place.start] if place.window else ""
        low = last.window.end if last.window else last.end
        high = place.window.start if place.window else place.start
        self._hide_others_words(page)
        middle = stretches.between(page, low, high, self.markup) if high > low else ""
        return None if middle is None else left + middle + right

    def _in_text(self, window: stretches.Window, spoken: bracketed.Unbracketed | None = None) -> list[Place]:
        sightings: list[Sighting] = []
        for form in self.forms.of(self.markup):
            try:
                sightings.extend(form(window.text))
            except Exception:  # as above
                self.doubts.append("unparsed")
        found = gathered(spoken.addressed(sightings) if spoken else sightings)
        for place in found:
            place.window = window
        return found

    def _in_scripts(self, page: Page) -> Iterator[list[Sighting]]:
        for start, end in page.hinted(page.scripts):
            # Behind its own tag, if that ends.
            at = page.source.find(b">", start, end) + 1 or start
            if not page.hints.any_within(at, end):
                # Only its own tag names a platform: it is the platform's program.
                continue
            yield from self._in_script(page.source[at:end], start, end)

    def _in_script(self, source: bytes, start: int, end: int, *, is_article: bool = False) -> Iterator[list[Sighting]]:
        try:
            yield from script.read(source, start, end, self.doubts, is_article=is_article)
        except Exception:  # as above
            self.doubts.append("unparsed")

    def surrounded(self, embed: Embed, place: Place, position: int) -> Embed:
        """The embed at its position, with the text either side of it."""
        window, start, end = place.window, place.start, place.end
        before = after = ""
        if window is not None:
            # Copying all of a long text for each of its embeds would take the square of its length.
            before, after = window.text[max(start - _BESIDE, 0) : start], window.text[end : end + _BESIDE]
            start, end = window.start, window.end
        if self.page is None:
            before, after = marked_quotes.unmarked(before), marked_quotes.unmarked(after)
        else:
            self._hide_others_words(self.page)
            self.around = self.around or stretches.Surroundings(self.page, self.markup)
            before, after = self.around.before(start, before), self.around.after(end, after)
        before, after = before[-CONTEXT_CHARACTERS:].strip(), after[:CONTEXT_CHARACTERS].strip()
        return replace(embed, position=position, before=before, after=after)
