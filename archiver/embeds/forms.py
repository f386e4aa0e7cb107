"""The forms that are tried, each a function of its module. A new form is one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archiver.embeds.elements import (
    blockquote,
    boxed,
    credited,
    custom_element,
    escaped,
    iframe,
    named,
    other,
    rendered,
    stripped,
)
from archiver.embeds.flattened import (
    avatars,
    framed,
    headed,
    linked_posts,
    listed,
    placeholders,
    players,
    posted,
    skipped,
    sounds,
    text,
    titled,
    widget,
    withheld,
)
from archiver.embeds.reading.page import Element
from archiver.embeds.shortcodes import address, component, directive, shortcode, wiki
from archiver.embeds.sighting import Sighting

ElementForm = Callable[[Element], Sighting | None]
TextForm = Callable[[str], Iterator[Sighting]]

ELEMENT_FORMS: tuple[ElementForm, ...] = (
    blockquote.read,
    escaped.read,
    iframe.read,
    rendered.read,
    boxed.read,
    custom_element.read,
    other.read,
    named.read,
    stripped.read,
    credited.read,
    blockquote.read_unidentified,
)
TEXT_FORMS: tuple[TextForm, ...] = (shortcode.read, address.read, listed.read, widget.read, text.read)
PLAIN_FORMS: tuple[TextForm, ...] = (sounds.read, placeholders.read, skipped.read, headed.read, *TEXT_FORMS)
MARKDOWN_FORMS: tuple[TextForm, ...] = (
    component.read,
    directive.read,
    avatars.read,
    framed.read,
    listed.read_viewed,
    players.read,
    linked_posts.read,
    titled.read,
    posted.read_linked,
    headed.read_linked,
    *PLAIN_FORMS,
)


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms that are tried, the most telling first: the first that sees an element takes it."""

    of_elements: tuple[ElementForm, ...] = ELEMENT_FORMS
    of_text: tuple[TextForm, ...] = TEXT_FORMS
    """In HTML."""
    of_plain: tuple[TextForm, ...] = (posted.read, withheld.read, wiki.read, *PLAIN_FORMS)
    of_markdown: tuple[TextForm, ...] = MARKDOWN_FORMS

    def of(self, markup: str) -> tuple[TextForm, ...]:
        """Those of running text in an article of that markup."""
        return {"markdown": self.of_markdown, "text": self.of_plain}.get(markup, self.of_text)
