"""Form "shortcode" of wikis and of text formats beside Markdown.

DokuWiki `{{youtube>ID?large}}`; MediaWiki `{{#ev:youtube|ID|640}}`, `{{#widget:Tweet|id=ID}}`, `<youtube>ID</youtube>`;
reStructuredText `.. youtube:: ID`, `.. tweet:: ADDRESS`; AsciiDoc `video::ID[youtube]`; Kirby's text
`(tweet: ADDRESS)`, on a line of its own, as in brackets within a sentence an address may just be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.embeds.elements.named import named
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.permalinks import post_hint
from archiver.urls import x_id

FORM = "shortcode"

_FILM = r"[\w-]{10}[AEIMQUYcgkosw048](?![\w-])"
_FILM_ID = re.compile(_FILM)
_IN_BRACES = re.compile(
    rf"\{{\{{\s?(?:youtube>|#evt?:\s?(?:service=)?youtube\s?\|\s?(?:id=)?|#widget:YouTube\|(?:[^{{}}\n]{{1,60}}\|)?id=)(?P<film>{_FILM})"
    r"[^{}\n]{0,200}\}\}"
    r"|\{\{#widget:(?:Tweet|Twitter)\|(?:[^{}\n]{1,60}\|)?id=(?P<tweet>\d{1,19})(?!\d)[^{}\n]{0,200}\}\}"
)
_TAG = re.compile(rf"<youtube(?:\s[^<>\n]{{1,100}})?>(?P<film>{_FILM})(?:\|[^<>\n]{{0,60}})?</youtube>")
_MACRO = re.compile(rf"(?:^|(?<=\n))video::(?P<film>{_FILM})\[youtube[^\[\]\n]{{0,200}}\]")
_DIRECTIVE = re.compile(
    r"\.\. (?<![^\n].{3})(?P<site>youtube|tweet|twitter):: {1,9}(?P<key>[^\s<>\"]{5,300})[ \t\r]{0,9}(?=\n|$)"
)
KIRBY = re.compile(
    r"\((?<![^\n].)(?P<site>youtube|tweet|twitter|instagram|video): (?P<key>https?://[^\s()<>\"]{8,300})"
    r"(?: [^()\n]{1,200})?\)[ \t\r]{0,9}(?=\n|$)"
)
_PATTERNS = (
    ("{", (_IN_BRACES,)),
    ("youtube", (_TAG, _MACRO, _DIRECTIVE, KIRBY)),
    (": http", (_DIRECTIVE, KIRBY)),
)
"""With what they need: to ask for that first is several times as fast."""
_EXAMPLES = ("`", "<code>", "<nowiki>", "<pre>")
"""Right before what shows how it is written."""


def read(text: str) -> Iterator[Sighting]:
    """The posts that a text names in such ways."""
    sought = dict.fromkeys(pattern for sign, some in _PATTERNS if sign in text for pattern in some)
    for pattern in sought:
        for found in pattern.finditer(text):
            embed = _embed(found.groupdict())
            if embed is not None and not text[max(found.start() - 8, 0) : found.start()].endswith(_EXAMPLES):
                yield Sighting(found.start(), found.end(), embed)


def _embed(stated: dict[str, str | None]) -> Embed | None:
    if film := stated.get("film"):
        return named(FORM, "youtube", film)
    if tweet := stated.get("tweet"):
        return named(FORM, "x", tweet) if x_id(tweet) else None
    site, key = stated["site"] or "", stated["key"] or ""
    if "//" not in key and _FILM_ID.fullmatch(key) is None:
        return None
    return named(FORM, (post_hint(key) or "") if site == "video" else site, key)
