"""Posts that a string of HTML names as content systems keep them, before they print the page: dumps of WordPress's
interfaces (`"raw": "<!-- wp:embed {\\"url\\":…} -->"`), and states of pages that take their words from there."""

from __future__ import annotations

import re

from archiver.embeds.flattened import text
from archiver.embeds.places import gathered
from archiver.embeds.reading import readable
from archiver.embeds.reading.page import Page
from archiver.embeds.shortcodes import address, shortcode
from archiver.model.embed import Embed

_EXAMPLES = ("<code", "<pre")
"""Where a page shows how it is written."""
_NAMES_ONE = re.compile(r"\[[A-Za-z]|\{[{%]|[>\s]https?://")
"""Without one of these there is neither a shortcode nor an address that stands alone."""


def read(page: Page, markup: str) -> list[Embed]:
    """The posts in comments of WordPress's editor, in shortcodes, and alone on their lines. `page`: the same markup."""
    found = [*shortcode.read_blocks(page), *address.read_paragraphs(page, "html")]
    if _NAMES_ONE.search(markup) and not any(tag in markup for tag in _EXAMPLES):
        words = readable.of(markup, "html")
        found += [*shortcode.read(words), *address.read(words)]
    return [sighting.embed for sighting in found]


def flattened(page: Page, seen: list[tuple[int, int]]) -> list[Embed]:
    """The posts that are flattened into the words between what was seen of it; nobody else reads these where the
    article is one piece of JSON."""
    parts, at = [], 0
    for start, end in sorted(seen):
        parts.append(page.source[at : max(start, at)])
        at = max(at, end)
    words = readable.of(b"\n".join([*parts, page.source[at:]]).decode("utf-8", "replace"), "html")
    return [place.embed() for place in gathered([*text.read(words)])]
