"""Form "text": what stands in the place of a post that a page did not load, where nothing else of it is left.

    View this post on Instagram

    An dieser Stelle hat unsere Redaktion Inhalte von X integriert.

Neither author nor words nor address can be told, only that a post stands there, and of which platform. Only texts are
read so: elsewhere the post's own markup, or a link, stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.embeds.flattened.attribution import attributions
from archiver.embeds.flattened.shared_by import opens
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed

FORM = "text"
_SITE = r"(?P<site>Twitter(?: ?/ ?X)?|X(?: Corp\.)?|Instagram|Facebook|YouTube|Youtube|TikTok)\b"
_CONSENT = re.compile(
    r"(?:An dieser Stelle hat unsere Redaktion Inhalte von"
    r"|An dieser Stelle finden Sie (?:einen externen Inhalt von|Inhalte (?:von|aus))"
    rf"|Sie sehen gerade einen Platzhalterinhalt von) {_SITE}"
)
_SIGNS = ("nstagram", "dieser Stelle", "Platzhalterinhalt")
_CAPTION = 2_600
"""Characters behind Instagram's placeholder in which the line can stand that tells the author."""
_TELLS_MORE = re.compile(r"\(@\w|pic\.(?:twitter|x)\.com/|https?://\S{8}|^@\w|♬|^— ", re.MULTILINE)
_NEAR = 600
"""Characters behind a question for consent in which the post itself may stand."""


def read(text: str) -> Iterator[Sighting]:
    """The posts in a plain text that are told by their placeholders alone."""
    if not any(sign in text for sign in _SIGNS):
        return
    places = [*_lines(text)]
    for number, (at, end, site) in enumerate(places):
        following = places[number + 1][0] if number + 1 < len(places) else len(text)
        if site != "instagram" or _CONSENT.match(text, at):
            alone = _TELLS_MORE.search(text, end, min(following, end + _NEAR)) is None
        else:
            alone = not (_is_addressed(text, at, end) or _is_signed(text[end : min(following, end + _CAPTION)]))
        if alone:
            yield Sighting(at, end, Embed(position=0, form=FORM, hint=site), marked=False)


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Where the placeholders begin and end, and of which platform they are."""
    at = 0
    for line in text.split("\n"):
        begun = at + len(line) - len(line.lstrip())
        asked = _CONSENT.match(text, begun)
        if asked is not None:
            yield begun, asked.end(), _platform(asked["site"])
        elif "nstagram" in line and opens(line.strip()):
            yield begun, at + len(line.rstrip()), "instagram"
        at += len(line) + 1


def _platform(site: str) -> str:
    name = site.lower().partition("/")[0].split()[0]
    return {"twitter": "x"}.get(name, name)


def _is_addressed(text: str, start: int, end: int) -> bool:
    """Whether an address stands right before it, or behind."""
    before = text[max(start - _NEAR, 0) : start].rstrip().rpartition("\n")[2]
    return "://" in before.partition(" ")[0] or text[end : end + _NEAR].lstrip(" \t\n(").startswith("http")


def _is_signed(text: str) -> bool:
    """Whether the line that Instagram prints below a post stands there."""
    return any(found.platform == "instagram" for found in attributions(text))
