"""Form "shortcode" in Markdown: directives that name a post, as converters of their own sites read them.

Zenn and markdown-it-video `@[tweet](ADDRESS)`, `@[youtube](ID)`; Hashnode `%[ADDRESS]`; Nuxt and remark-directive
`::tweet{id="ID"}`, `::tweet[ID]`, `::youtube{#ID}`; Logseq `{{tweet ADDRESS}}`; Grav `[plugin:youtube](ADDRESS)`;
DocFX `> [!VIDEO ADDRESS]`; `[!oembed](ADDRESS)`; Kirby `(tweet: ADDRESS)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.embeds.elements.named import named
from archiver.embeds.shortcodes.component import FORM, before_on_line, is_shown
from archiver.embeds.shortcodes.wiki import KIRBY
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.permalinks import post_hint
from archiver.urls import unarchived

_ADDRESS = r"https?://[^\s\[\]{}()<>]{8,600}"
_KEYED = r"(?P<site>[a-z]{1,20})\]\((?P<key>[^()\s]{5,600})\)"
_DIRECTIVES = (
    ("@", re.compile(rf"@\[{_KEYED}")),
    ("[plugin:", re.compile(rf"\[plugin:{_KEYED}")),
    (
        "[",
        re.compile(rf"\[!(?:(?:VIDEO|Video|video)\s{{1,3}}|o?embed\]\()(?P<address>{_ADDRESS})\s{{0,3}}[\])]"),
    ),
    (": http", KIRBY),
    ("%", re.compile(rf"%\[(?P<address>{_ADDRESS})\]")),
    ("{", re.compile(rf"\{{\{{(?:tweet|twitter|video|youtube)\s{{1,3}}(?P<address>{_ADDRESS})\s{{0,3}}\}}\}}")),
    (
        ":",
        re.compile(
            r":(?P<site>[a-z]{1,20})(?=[\[{])(?:\[(?P<inside>[^\[\]\n]{0,600})\])?"
            r"(?:\{(?P<words>[^{}\n]{1,600})\})?"
        ),
    ),
)
"""With the sign that each needs: to ask for a single one first takes a twentieth of the time of a search."""
_WORD = re.compile(r"(?:(?<![\w-])(?:id|url|src|href|tweet-?id|video-?id)\s{0,3}=\s{0,3}[\"']?|#)([^\s\"'{}]{5,600})")
_BEFORE = ("", "-", "*", "+", ">")
"""What may stand before a directive on its line: nothing, or the sign of a list's entry or a quotation."""


def read(text: str) -> Iterator[Sighting]:
    """The posts that directives in a Markdown source name."""
    for sign, directive in _DIRECTIVES:
        for found in directive.finditer(text) if sign in text else ():
            before = before_on_line(text, found.start())
            if before is not None and before.rstrip(": \t") in _BEFORE and is_shown(text, found.start()):
                embed = _embed(found.groupdict())
                if embed is not None:
                    yield Sighting(found.start(), found.end(), embed)


def _embed(said: dict[str, str | None]) -> Embed | None:
    if address := said.get("address"):
        hint = post_hint(address)
        return Embed(0, FORM, hint=hint, address=unarchived(address)) if hint else None
    stated = [said.get("key"), said.get("inside"), *(word[1] for word in _WORD.finditer(said.get("words") or ""))]
    return next((embed for key in stated if key and (embed := named(FORM, said["site"] or "", key))), None)
