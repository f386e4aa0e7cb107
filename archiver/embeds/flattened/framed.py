"""Form "text" in Markdown: posts of X whose frame, or a component in its stead, a crawler turned into Markdown.

    [Sample Name](https://x.com/sample_one/status/ID)

    · [Follow](https://x.com/intent/follow?screen_name=sample_one)

    [View on X](https://x.com/sample_one/status/ID)

    WORDS

    [12:53 PM · Apr 23, 2024](https://x.com/sample_one/status/ID)

    [978](https://x.com/intent/like?tweet_id=ID) [Reply](https://x.com/intent/tweet?in_reply_to=ID)

So X's own frame since 2022 and react-tweet, in any language: right below the button that follows an author stands a
link to a post of that author's, and below its words its hour or its buttons. Some crawlers lose that button, and keep
author and post in one link above the others; others keep the frame's title, "Visit this post on X".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from archiver.embeds.flattened.bounds import post_of_x
from archiver.embeds.flattened.dates import read_day
from archiver.embeds.reading.readable import few_breaks
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.urls import XStatus, x_status

_FOLLOW = "/intent/follow?"
_FOLLOWS = re.compile(
    r"/intent/follow\?(?:[^()\s]{0,600}?&)?screen_name=(?P<handle>\w{1,15})(?:&[^()\s]{0,600})?\)"
    r"(?:[\s·]{0,40}\[[^\[\]]{0,40}\]\([^()\s]{0,60}/intent/follow[^()\s]{0,600}\)){0,2}[\s·]{0,40}"
    r"\[(?P<says>[^\[\]]{0,60})\]\((?P<address>https?://[^()\s]{8,900})\)"
)
"""The button, its copy in another language, and the link below."""
_FRAME_OF = re.compile(r"twterm%5E(\d{5,20})")
"""X's frame says in its links which post it shows; above an answer it shows what that answers."""
_BUTTON = re.compile(r"/intent/(?:like\?tweet_id|retweet\?tweet_id|tweet\?in_reply_to)=(?P<id>\d{5,20})")
_INTENT, _TITLE = "/intent/", "[Visit this post on X]("
_LINK = re.compile(r"\[(?P<says>[^\[\]]{0,80})\]\((?P<address>https?://[^()\s]{8,900})\)")
_AUTHOR = re.compile(r"\[@(?P<handle>\w{1,15})\]\((?P<address>https?://[^()\s]{8,300})\)")
_PROSE = re.compile(r"^[ \t>]{0,20}[^\s\[\]!>·]")
"""Where a line begins with words and no link, it is one of the article's own."""
_VIEW = re.compile(r"^\s{0,9}$|\bX$|Twitter$")
"""What X's link to the post says below the button, in most languages: nothing, or "View on X"."""
_CLOCK = re.compile(r"\d[:.]\d\d")
_SHOW_MORE = re.compile(r" ?\[Show more\]\([^()\s]{8,900}\)$")
_PICTURE = re.compile(r"\[?!\[|\[$|\]$|\]\(")
"""Begins a line of the frame's that is a picture, or the bracket of one."""
_OWN = ("/intent/", "help.x.com/", "help.twitter.com/", "support.twitter.com/", "support.x.com/")
_LOOK_BACK, _LOOK_AHEAD, _BEHIND = 4_000, 8_000, 1_500
_MOST_LINES, _LONGEST_NAME = 60, 60


class _Below(NamedTuple):
    words: str
    day: date | None
    end: int
    is_sure: bool = True
    """Whether the hour or a button of the post stands below its words."""


def read(text: str) -> Iterator[Sighting]:
    """The posts in a readable Markdown text."""
    if _TITLE in text:
        yield from _titled(text)
    if _INTENT not in text:
        return
    taken: set[str] = set()
    for sighting in _followed(text):
        taken.update(filter(None, [_id_of(sighting.embed)]))
        yield sighting
    yield from _answered(text, taken)


def _titled(text: str) -> Iterator[Sighting]:
    """X's own frames, by the link that is their title for those who cannot see them."""
    at = text.find(_TITLE)
    while at >= 0:
        link = _LINK.match(text, at)
        status = x_status(link["address"]) if link else None
        told = _FRAME_OF.search(link["address"]) if link else None
        frame = told[1] if told else None
        is_first = not text[text.rfind("\n", 0, at) + 1 : at].strip(" \t>*-")
        if link is not None and status is not None and is_first and frame in (None, status.native_id):
            yield Sighting(*link.span(), post_of_x(link["address"], status.handle, None, None, ""), marked=False)
        at = text.find(_TITLE, at + 1)


def _id_of(embed: Embed) -> str | None:
    status = x_status(embed.address) if embed.address else None
    return status.native_id if status else None


def _followed(text: str) -> Iterator[Sighting]:
    low = 0
    at = text.find(_FOLLOW)
    while at >= 0:
        found = _FOLLOWS.match(text, at)
        status = x_status(found["address"]) if found else None
        if found and status and status.handle and status.handle.lower() == found["handle"].lower():
            start = _begun(text, low, text.rfind("\n", low, at) + 1 or low, status)
            frame = _FRAME_OF.search(found.group())
            if frame is not None and frame[1] != status.native_id:
                sighting = _of_answer(text, start, found.end(), frame[1])
            else:
                below = _below(text, found.end(), status.native_id)
                if not (below.is_sure or _VIEW.search(found["says"]) or status.native_id in text[start:at]):
                    # A box about the author, with a link to what he wrote last.
                    at = text.find(_FOLLOW, at + 1)
                    continue
                name = _name(text[start:at], status.handle)
                embed = post_of_x(found["address"], status.handle, name, below.day, below.words)
                sighting = Sighting(start, below.end, embed, marked=False)
            yield sighting
            low = sighting.end
        at = text.find(_FOLLOW, max(at + 1, low))


def _of_answer(text: str, start: int, at: int, native_id: str) -> Sighting:
    """The frame of an answer, which stands below the post that it answers."""
    own = next(
        (
            link
            for link in _LINK.finditer(text, max(start - _LOOK_BACK, 0), at + _LOOK_AHEAD)
            if (status := x_status(link["address"])) and status.native_id == native_id
        ),
        None,
    )
    status = x_status(own["address"]) if own else None
    address = own["address"] if own else f"https://x.com/i/status/{native_id}"
    embed = post_of_x(address, status.handle if status else None, None, None, "")
    return Sighting(start, max(at, own.end() if own else 0), embed, marked=False)


def _answered(text: str, taken: set[str]) -> Iterator[Sighting]:
    """What stands above buttons, below a link that is author and post in one."""
    low = 0
    at = text.find(_INTENT)
    while at >= 0:
        button = _BUTTON.match(text, at)
        if button is not None and button["id"] not in taken:
            line = text.rfind("\n", low, at) + 1 or low
            for author in _AUTHOR.finditer(text, max(low, line - _LOOK_BACK), line):
                status = x_status(author["address"])
                handle = status.handle if status and status.native_id == button["id"] else None
                head = text[text.rfind("\n", low, author.start()) + 1 : author.start()]
                if status is None or (handle or "").lower() != author["handle"].lower() or _PROSE.search(head):
                    continue
                start = _begun(text, low, text.rfind("\n", low, author.start()) + 1 or low, status)
                below = _below(text, author.end(), status.native_id)
                name = _name(text[start : author.start()], author["handle"])
                embed = post_of_x(author["address"], author["handle"], name, below.day, below.words)
                yield Sighting(start, below.end, embed, marked=False)
                break
            taken.add(button["id"])
        low = at
        at = text.find(_INTENT, at + 1)


def _begun(text: str, low: int, at: int, status: XStatus) -> int:
    """Where the frame begins that has a place within: above it stand author and picture, in links to either."""
    profile = re.compile(
        rf"(?:twitter|x)\.com/{re.escape(status.handle or '')}(?!\w|/status/(?!{status.native_id}))", re.IGNORECASE
    )
    low = max(low, at - _LOOK_BACK)
    closed = False
    begun = at
    while at > low:
        above = text.rfind("\n", low, at - 1) + 1 or low
        line = text[above : at - 1].strip()
        is_own = profile.search(line) or line in ("[", "]", "·", "Twitter Embed") or line.startswith(("![", "[!["))
        if line and not is_own and not (closed and len(line) <= _LONGEST_NAME):
            break
        closed = line.startswith("](") or (closed and not line)
        begun = above if line else begun
        at = above
    return begun


def _name(head: str, handle: str) -> str | None:
    pattern = rf"\[\s{{0,9}}([^\[\]@!]{{1,{_LONGEST_NAME}}}?)\s{{0,9}}\]\(https?://[^()\s/]{{1,30}}/{handle}(?:[/?][^()\s]{{0,900}})?\)"
    names = [found[1] for found in re.finditer(pattern, head, re.IGNORECASE)]
    return next((name.strip() for name in names if not name.startswith("Visit this post")), None)


def _below(text: str, at: int, native_id: str) -> _Below:
    """The words below a place down to the post's hour or its buttons; without these, those of the first paragraph."""
    words: list[str] = []
    end = at
    for count, written in enumerate(_lines_down(text, at, at + _LOOK_AHEAD)):
        line, behind = written.strip(), at + len(written)
        link = _LINK.match(line)
        if link is not None and native_id in link["address"]:
            if _CLOCK.search(link["says"]) or _INTENT in line:
                return _Below(_joined(words), _day(link["says"]), _end(text, behind, native_id))
            end = behind
        elif _INTENT in line:
            is_own = (button := _BUTTON.search(line)) is not None and button["id"] == native_id
            if is_own:
                return _Below(_joined(words), None, _end(text, behind, native_id))
            break
        elif line.startswith(("# ", "## ", "### ", _TITLE)) or count > _MOST_LINES:
            break
        elif not _PICTURE.match(line):
            words.append(_SHOW_MORE.sub("", line))
            if words[-1] != line:
                return _Below(_joined(words), None, behind)
        at = behind + 1
    first = _joined(words).partition("\n\n")[0]
    end = max(end, text.find(first.rpartition("\n")[2], end) + len(first)) if first else end
    return _Below(first, None, end, is_sure=False)


def _end(text: str, at: int, native_id: str) -> int:
    """Where the frame's own lines end, below its hour or a button."""
    end = at
    for written in _lines_down(text, at, at + _BEHIND):
        line = written.strip()
        at += len(written) + 1
        if line and line not in ("[", "]", "Copy link", "Reply") and native_id not in line and not _is_own(line):
            break
        end = at - 1 if line else end
    return min(end, len(text))


def _is_own(line: str) -> bool:
    return any(own in line for own in _OWN)


def _lines_down(text: str, low: int, high: int) -> Iterator[str]:
    high = min(high, len(text))
    while low < high:
        end = text.find("\n", low, high)
        end = end if end >= 0 else high
        yield text[low:end]
        low = end + 1


def _joined(lines: list[str]) -> str:
    return few_breaks("\n".join(lines)).strip()


def _day(says: str) -> date | None:
    """That of an hour and a day, in any order ("12:53 PM · Apr 23, 2024", "2023 年 6 月 2 日 上午 11:01")."""
    for part in (says, *says.split(" · ")):
        printed = read_day(part.strip())
        if printed is not None and printed.day is not None:
            return printed.day
    return None
