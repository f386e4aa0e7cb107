"""Form "text" in Markdown: Instagram's embed, whose placeholder, caption and last line are links to the post.

    > [View this post on Instagram](https://www.instagram.com/p/CODE/?utm_source=ig_embed)
    >
    > [WORDS](https://www.instagram.com/p/CODE/?utm_source=ig_embed)
    >
    > A post shared by [Sample Name](https://www.instagram.com/sample_one/) (@sample_one) on Apr 3, 2020 at 7:16am PDT

Converters keep some of these links and lose others; the placeholder may be plain, and the last line a link with the
name in it. A link to a post with any other words is one in prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from archiver.embeds.flattened import shared_by
from archiver.embeds.flattened.bounds import quotation
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.permalinks import post_address
from archiver.urls import unarchived

FORM = "text"
LONGEST_CAPTION = 2_400
"""Instagram allows 2,200 characters."""
_LOOK_AHEAD, _LOOK_BACK = 600, 100
_MOST_BRACKETS = 20

_BEHIND_WORDS = re.compile(r"\]\((?P<address>https?://(?:www\.)?instagram\.com/[^()\s]{5,400})\)")
_PICTURE = re.compile(r"\[!\[[^\[\]\n]{0,200}\]\([^()\s]{0,900}\)\]\([^()\s]{0,400}\)")
_LINKED = re.compile(r"!?\[([^\[\]\n]{0,200})\]\([^()\s]{0,400}\)")
_HOUR = re.compile(r"[^\n]{0,60}?P[DS]T")


class _Link(NamedTuple):
    start: int
    end: int
    says: str
    address: str
    native_id: str


def read(text: str) -> Iterator[Sighting]:
    """The posts in a text, in order."""
    if "instagram.com/" not in text or "](" not in text:
        return
    low = 0
    for links in _in_a_row(text):
        sighting = _sighting(text, links, low)
        if sighting is not None:
            yield sighting
            low = sighting.end


def _in_a_row(text: str) -> Iterator[list[_Link]]:
    """Links to one post with nothing between them."""
    row: list[_Link] = []
    for link in _links(text):
        if row and (row[-1].native_id != link.native_id or text[row[-1].end : link.start].strip()):
            yield row
            row = []
        row.append(link)
    if row:
        yield row


def _links(text: str) -> Iterator[_Link]:
    for found in _BEHIND_WORDS.finditer(text):
        post = post_address(found["address"])
        if post is None or post.native_id is None:
            continue
        start = _opened(text, found.start())
        says = text[start + 1 : found.start()] if start >= 0 else "]("
        if "](" in says:
            # Its words are markup: a picture, or what else.
            picture = _PICTURE.search(text, max(found.start() - LONGEST_CAPTION, 0), found.end())
            start, says = picture.start() if picture else found.start(), ""
        yield _Link(start, found.end(), says.strip(), found["address"], post.native_id)


def _opened(text: str, at: int) -> int:
    """Where the bracket opens that closes at a place, brackets within it passed over ("[[Sample]]"); -1 if it is not
    near."""
    low, deep = max(at - LONGEST_CAPTION, 0), 0
    for _ in range(_MOST_BRACKETS):
        at = max(text.rfind("[", low, at), text.rfind("]", low, at))
        if at < 0:
            return -1
        if text[at] == "]":
            deep += 1
        elif deep == 0:
            return at
        else:
            deep -= 1
    return -1


def _sighting(text: str, links: list[_Link], low: int) -> Sighting | None:
    start, end = links[0].start, links[-1].end
    above = _placeholder_above(text, low, start)
    shared = next(filter(None, (shared_by.whose(link.says) for link in links)), None)
    if shared is None and (behind := _shared_behind(text, end)) is not None:
        shared, end = behind
    if shared is None and above is None and not any(shared_by.shows_this(link.says) for link in links):
        return None
    words = next((link.says for link in links if _is_caption(link.says)), None)
    embed = Embed(
        position=0,
        form=FORM,
        hint="instagram",
        address=unarchived(links[0].address),
        author_handle=shared[0] if shared else None,
        author_name=shared[1].name if shared else None,
        published_on=shared[1].day if shared else None,
        **quotation(words, "quoted"),
    )
    return Sighting(start if above is None else above, end, embed, marked=False)


def _is_caption(words: str) -> bool:
    return bool(words) and not shared_by.shows_this(words) and shared_by.whose(words) is None


def _placeholder_above(text: str, low: int, start: int) -> int | None:
    """Where a placeholder begins that stands on the line above, and is no link."""
    begun = max(low, start - _LOOK_BACK)
    before = text[begun:start].rstrip()
    line = before.rpartition("\n")[2]
    return begun + len(before) - len(line) if shared_by.shows_this(line) else None


def _shared_behind(text: str, at: int) -> tuple[tuple[str, shared_by.Shared], int] | None:
    """The same of the line below, which is no link, and where it ends."""
    rest = text[at : at + _LOOK_AHEAD]
    line = rest.lstrip().partition("\n")[0]
    shared = shared_by.whose(_LINKED.sub(r"\1", line))
    if shared is None:
        return None
    handle = shared_by.HANDLE.search(line)
    hour = _HOUR.match(line, handle.end()) if handle else None
    ending = hour.end() if hour else handle.end() if handle else len(line)
    return shared, at + len(rest) - len(rest.lstrip()) + ending
