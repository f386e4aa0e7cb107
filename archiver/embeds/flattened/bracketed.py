"""Addresses that stand in brackets behind the words that were a link: texts as html-to-text (and so the plain half of
many newsletters) or mail programs write them.

    View this post on Instagram [https://www.instagram.com/p/CODE/]
    — Sample Name (@sample.example <https://bsky.app/profile/…>) April 21, 2024 <https://bsky.app/profile/…/post/…>

They tear what is left of a post: the forms read the text without them, and get the address of the post that they saw
from those which stood in it. X's stay, which the forms know how to read. One alone on its line between "<" and ">"
which no form saw is an embed, as any address there.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from archiver.embeds.reading import marked_quotes
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.permalinks import post_hint
from archiver.urls import unarchived

_BRACKETED = re.compile(
    r"(?<=[^\s>\[<])(?:[ \t]{0,3}|[ \t]{0,3}(?P<line>\r?\n)[ \t>]{0,9})"
    r"(?:\[(?P<square>https?://[^\s\[\]<>]{5,900})\]|<(?P<pointed>https?://[^\s\[\]<>]{5,900})>)"
)
_LINE_ENDS = re.compile(r"(?<=>)[ \t]{0,9}(?:\r?\n|\Z)")
_BEHIND = 3
"""Characters between the end of what a form saw and a bracket that stood there."""


@dataclass(frozen=True, slots=True)
class Unbracketed:
    """A text without the addresses that stood in brackets behind words."""

    text: str
    places: tuple[int, ...] = ()
    """Where these stood, in order, in the text as it is now."""
    addresses: tuple[str, ...] = ()
    alone: tuple[int, ...] = ()
    """Which of them are posts' and stood alone on their lines."""

    def addressed(self, seen: list[Sighting]) -> list[Sighting]:
        """What forms saw in the text, with the addresses of the posts, and those that stood alone and none saw."""
        if not self.places:
            return seen
        seen = [self._addressed(each) for each in seen]
        told = {each.embed.address for each in seen}
        alone = ((self.places[each], self.addresses[each]) for each in self.alone)
        return seen + [
            Sighting(at, at, Embed(0, "bare_address", hint=post_hint(address), address=unarchived(address)))
            for at, address in alone
            if address not in told
        ]

    def _addressed(self, seen: Sighting) -> Sighting:
        embed = seen.embed
        if embed.address is not None or embed.native_id is not None or embed.hint in (None, "x"):
            return seen
        low, high = bisect_left(self.places, seen.start), bisect_left(self.places, seen.end + _BEHIND)
        posts = [each for each in self.addresses[low:high] if post_hint(each) == embed.hint]
        if not posts:
            return seen
        # Reddit's title is the link to the post; the others name it last, behind links among its words.
        return seen._replace(embed=replace(embed, address=posts[0 if embed.hint == "reddit" else -1]))


def unbracketed(text: str) -> Unbracketed:
    """A text without them; as it is where it has none."""
    if ("[http" not in text and "<http" not in text) or _BRACKETED.search(text) is None:
        return Unbracketed(text)
    # Such texts mark quotations as Markdown does, which tells where a post begins.
    text = marked_quotes.marked(text)
    parts: list[str] = []
    places: list[int] = []
    addresses: list[str] = []
    alone: list[int] = []
    at = length = 0
    for found in _BRACKETED.finditer(text):
        address = found["square"] or found["pointed"]
        hint = post_hint(address)
        if hint == "x":
            continue
        if hint and found["line"] and _LINE_ENDS.match(text, found.end()):
            alone.append(len(places))
        parts.append(text[at : found.start()])
        length += len(parts[-1])
        places.append(length)
        addresses.append(address)
        at = found.end()
    return Unbracketed("".join((*parts, text[at:])), tuple(places), tuple(addresses), tuple(alone))
