"""Form "text" in Markdown: what crawlers that run a page's scripts make of the frames of YouTube, Instagram and TikTok.

    [TITLE](https://www.youtube.com/watch?v=ID)

    If playback doesn't begin shortly, try restarting your device.

    [Like](https://www.instagram.com/p/CODE/?utm_source=ig_embed) [29 likes](https://www.instagram.com/p/CODE/?utm…) …

    [18.5K](https://www.tiktok.com/@sample_one/video/ID?refer=embed&…) [616](https://www.tiktok.com/@sample_one/video/…

    [iframe](https://www.youtube.com/embed/ID)

The first says on a line of its own what only the player says; the frames of the others are full of links to one post
which tell that they stood in a frame: people copy one such address into prose, not three side by side. The last is how
a crawler writes a frame that it did not enter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from archiver.embeds.flattened.bounds import quotation
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.permalinks import post_address
from archiver.urls import unarchived

FORM = "text"
_WAITING = "If playback doesn't begin shortly, try restarting your device."
_FILM = re.compile(r"\[(?P<title>[^\[\]\n]{1,200})\]\((?P<address>https?://www\.youtube\.com/watch\?v=[\w-]{11})\)")
_WATCH = re.compile(
    r"\[Watch on(?: YouTube)?\]\((?P<address>https?://www\.youtube\.com/watch\?v=[\w-]{11})[^()\n]{0,300}\)"
)
_FRAME = re.compile(r"\[iframe\]\((?P<address>https?://[^()\s]{8,900})\)(?=[ \t\r]{0,9}(?:\n|$))")
_IFRAME = "[iframe]("
_OF_X = re.compile(r"//platform\.(?:twitter|x)\.com/embed/[^()\s]{0,600}?[?&]id=(\d{5,20})")
_FRAMED = re.compile(
    r"(?:\[(?P<says>[^\[\]]{0,400}))?\]\((?P<address>https?://(?:www\.)?"
    r"(?:instagram\.com/(?:p|reel|tv)/[\w-]{5,40}/\?(?:[^()\s]{0,200}&)?utm_source=ig_embed"
    r"|tiktok\.com/@[\w.]{1,30}/video/\d{15,20}\?(?:[^()\s]{0,900}&)?refer=embed)[^()\s]{0,900})\)"
)
_SIGNS = ("utm_source=ig_embed", "refer=embed")
_FEWEST, _NEAR = 3, 2_500
"""Links to one post that make a frame, and characters from one to the next."""
_SHORTEST_CAPTION = 25
_LOOK_BACK, _LOOK_AHEAD, _LOOK_BACK_FRAMED = 1_500, 2_000, 4_000


class _Link(NamedTuple):
    start: int
    end: int
    says: str
    address: str
    post: tuple[str, str]


def read(text: str) -> Iterator[Sighting]:
    """The posts in a readable Markdown text, one platform after the other."""
    if _WAITING in text:
        yield from _films(text)
    if any(sign in text for sign in _SIGNS):
        yield from _framed(text)
    at = text.find(_IFRAME)
    while at >= 0:
        frame = _FRAME.match(text, at)
        post = post_address(frame["address"]) if frame else None
        of_x = _OF_X.search(frame["address"]) if frame else None
        is_first = not text[text.rfind("\n", 0, at) + 1 : at].strip(" \t>*-")
        if frame is not None and is_first and (post is not None or of_x is not None):
            address = f"https://x.com/i/status/{of_x[1]}" if of_x else frame["address"]
            yield Sighting(*frame.span(), _embed(post.platform if post else "x", address, ""), marked=False)
        at = text.find(_IFRAME, at + 1)


def _films(text: str) -> Iterator[Sighting]:
    low = 0
    at = text.find(_WAITING)
    while at >= 0:
        begun, end = text.rfind("\n", low, at) + 1, at + len(_WAITING)
        ended = text.find("\n", end, end + 20)
        alone = not (text[begun:at] + (text[end:ended] if ended >= 0 else text[end : end + 20])).strip(" *_>\r\t")
        films = [*_FILM.finditer(text, max(low, at - _LOOK_BACK), at)] if alone else []
        following = text.find(_WAITING, end, end + _LOOK_AHEAD)
        watches = [*_WATCH.finditer(text, end, following if following >= 0 else end + _LOOK_AHEAD)]
        if watches:
            # The link above may be one of the prose.
            films = [each for each in films if each["address"] == watches[0]["address"]] or watches[:1]
        if films and alone:
            film = films[-1]
            for watch in watches:
                end = watch.end() if watch["address"] == film["address"] else end
            head = film["title"] + " - YouTube" if film.re is _FILM else _WAITING
            title = text.rfind(head, max(low, film.start() - _LOOK_BACK), film.start())
            start = title if title >= 0 else min(film.start(), at)
            yield Sighting(start, end, _embed("youtube", film["address"], ""), marked=False)
        low = end
        at = text.find(_WAITING, end)


def _framed(text: str) -> Iterator[Sighting]:
    group: list[_Link] = []
    low = 0
    for link in [*_links(text), None]:
        if group and (link is None or link.post != group[-1].post or link.start - group[-1].end > _NEAR):
            if len(group) >= _FEWEST:
                yield _of_group(text, low, group)
                low = group[-1].end
            group = []
        group += [link] if link else []


def _links(text: str) -> Iterator[_Link]:
    for found in _FRAMED.finditer(text):
        post = post_address(found["address"])
        if post is not None and post.native_id is not None:
            yield _Link(*found.span(), found["says"] or "", found["address"], (post.platform, post.native_id))


def _of_group(text: str, low: int, group: list[_Link]) -> Sighting:
    platform, first = group[0].post[0], group[0]
    start = first.start
    handle = re.search(r"tiktok\.com/@([\w.]{1,30})", first.address)
    if handle is not None:
        # The blockquote that the script has left above its frame.
        head = text.rfind(
            f"](https://www.tiktok.com/@{handle[1]}?refer=embed", max(low, start - _LOOK_BACK_FRAMED), start
        )
        start = max(text.rfind("[", low, head), low) if head >= 0 else start
    # Instagram's links say what they do, and who shared it.
    words = max((link.says.strip() for link in group), key=len) if platform == "tiktok" else ""
    embed = _embed(platform, first.address, words if len(words) >= _SHORTEST_CAPTION else "")
    return Sighting(start, group[-1].end, embed, marked=False)


def _embed(platform: str, address: str, words: str) -> Embed:
    return Embed(
        position=0,
        form=FORM,
        hint=platform,
        address=unarchived(address),
        **quotation(words, "lines"),
    )
