"""Form "text" in Markdown: posts of X in the boxes of Substack and of DEV (dev.to), known by what these programs call
the picture of the author:

    [![X avatar for @sample_one](https://substackcdn.com/…)

    Sample Name@sample_one

    WORDS

    11:30 PM · Mar 5, 2026 · 584K Views

    332 Replies · 555 Reposts](https://x.com/sample_one/status/ID)

    > ![Sample Name profile image](…)Sample Name@ sample_one![twitter logo](…)WORDS 09:21 AM - 09 Apr 2020[![Twitter
    > reply action](…)](https://twitter.com/intent/tweet?in_reply_to=ID)…

Of Substack's some converters keep the picture alone: then that is all that is known of the post. A picture within a box
is that of a post quoted there. DEV's are also read of translations, whose programs break handles ("@ sample _ one").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.embeds.flattened.bounds import post_of_x
from archiver.embeds.flattened.dates import read_day
from archiver.embeds.reading.readable import few_breaks
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.urls import x_status

_AVATAR = re.compile(r"!\[(?:X|Twitter) avatar for @(?P<handle>\w{1,15})\]\([^()\s]{0,600}\)")
_OPENED = re.compile(r"\[\s{0,11}$")
_AVATAR_FOR = " avatar for @"
_CLOSED = re.compile(r"\]\((?P<address>https?://(?:www\.)?(?:twitter|x)\.com/[^()\s]{8,300})\)")
_TRACKED = re.compile(
    r"\]\((?P<address>https?://(?:email\.mg\d\.substack\.com/c|substack\.com/redirect)/[^()\s]{8,2000})\)"
)
"""How Substack's letters link: that hides the post's own address."""
_GOES_ON = re.compile(r"\s{0,9}\[(?P<says>[^\[\]]{1,700})\]\((?P<address>https?://[^()\s]{8,2000})\)")
_CARD = re.compile(r"\s{0,9}\[(?:!\[[^\[\]]{0,100}\]\([^()\s]{0,600}\))?[^\[\]]{0,700}\]\([^()\s]{8,600}\)")
_STAMP = re.compile(r"[-*•\s]{0,9}\d{1,2}:\d\d ?[AP]M ?[·∙•] ?(?P<day>[A-Z][a-z]{2,8} \d{1,2}, \d{4})")
_OF_QUOTED = re.compile(r"!\[[^\[\]]{0,100}\]\([^()\s]{0,600}profile_images[^()\s]{0,300}\)")
_PICTURE = re.compile(r"\[?!\[[^\[\]]{0,300}\]\([^()\s]{0,600}\)")
_DEV = "[![Twitter reply action]("
_ANSWERED = re.compile(r"[^()\s]{0,900}\)\]\(https?://(?:twitter|x)\.com/intent/tweet\?in_reply_to=(\d{5,20})\)")
_ACTION = re.compile(
    r"\d{0,9}\s{0,3}\[!\[Twitter (?:retweet|like) action\]\([^()\s]{0,900}\)\]\([^()\s]{8,200}\)\d{0,9}"
)
_OF_AUTHOR, _LOGO = " profile image](", "twitter logo]("
_DEV_HANDLE = re.compile(r"\(https://dev\.to/(\w{1,15})\)|@ ?(\w{1,15})\s{0,9}!?\[?$", re.ASCII)
_DEV_STAMP = re.compile(
    r"(?:\d{1,2}:\d\d ?(?:[AP]M)?|[上下]午 ?\d{1,2}:\d\d) ?- ?(?P<day>\d[^\n-]{5,20})$"
    r"|(?P<first>\d{4} 年 \d{1,2} 月 \d{1,2} 日)(?:[上下]午)? ?\d{1,2}:\d\d$"
)
_LOOK_BACK, _LOOK_AHEAD, _LONGEST_HEAD = 6_000, 8_000, 150


def read(text: str) -> Iterator[Sighting]:
    """The posts in a readable Markdown text, in order."""
    if _AVATAR_FOR in text:
        yield from _of_substack(text)
    if _DEV in text:
        yield from _of_dev(text)


def _of_substack(text: str) -> Iterator[Sighting]:
    low = 0
    for avatar in _AVATAR.finditer(text):
        if avatar.start() < low:
            continue
        handle = avatar["handle"]
        opened = _OPENED.search(text, max(avatar.start() - 12, low), avatar.start())
        closed = _closed(text, avatar.end(), handle) if opened else None
        if opened is None or closed is None:
            low = avatar.end()
            yield Sighting(avatar.start(), low, post_of_x(None, handle, None, None, ""), marked=False)
            continue
        address = closed["address"]
        is_tracked = closed.re is _TRACKED
        inner = text[avatar.end() : closed.start()]
        low = closed.end()
        while (more := _gone_on(text, low, address, is_tracked)) is not None:
            inner += more["says"]
            low = more.end()
        name, words = _headed(inner, handle)
        stamp = _STAMP.search(words)
        printed = read_day(stamp["day"]) if stamp else None
        words = words[: stamp.start()] if stamp else words
        shown = None if is_tracked else address
        embed = post_of_x(shown, handle, name, printed.day if printed else None, _without_quoted(words))
        yield Sighting(opened.start(), low, embed, marked=False)


def _closed(text: str, at: int, handle: str) -> re.Match[str] | None:
    """Where the link ends that a box is, at a post of its author's; there is no other link within it."""
    link = None
    for link in _CLOSED.finditer(text, at, at + _LOOK_AHEAD):
        status = x_status(link["address"])
        if status is not None and (status.handle or handle).lower() == handle.lower():
            break
    else:
        link = _TRACKED.search(text, at, at + _LOOK_AHEAD)
    return link if link is not None and "](" not in _PICTURE.sub("", text[at : link.start()]) else None


def _gone_on(text: str, at: int, address: str, is_tracked: bool) -> re.Match[str] | None:
    """What else of the box is there, linked to the same post: perhaps behind the card of a page."""
    card = _CARD.match(text, at)
    for begun in (at, card.end() if card else at):
        more = _GOES_ON.match(text, begun)
        if more is not None and (more["address"] == address or (is_tracked and _STAMP.match(more["says"]))):
            return more
    return None


def _headed(inner: str, handle: str) -> tuple[str | None, str]:
    """Name and words; the handle may be glued to either."""
    at = inner.lower().find("@" + handle.lower(), 0, _LONGEST_HEAD)
    if at < 0:
        return None, inner
    return inner[:at].strip(" *\n") or None, inner[at + 1 + len(handle) :]


def _without_quoted(words: str) -> str:
    """Without a post quoted in the box, and without pictures."""
    quoted = _AVATAR.search(words) or _OF_QUOTED.search(words)
    words = words[: quoted.start()] if quoted else words
    return few_breaks(_PICTURE.sub("", words)).strip(" -*\n[]")


def _of_dev(text: str) -> Iterator[Sighting]:
    low = 0
    at = text.find(_DEV)
    while at >= 0:
        answered = _ANSWERED.match(text, at + len(_DEV))
        if answered is not None:
            end = answered.end()
            while (action := _ACTION.match(text, end)) is not None:
                end = action.end()
            yield Sighting(*_dev_box(text, low, at, end, answered[1]), marked=False)
            low = end
        at = text.find(_DEV, at + 1)


def _dev_box(text: str, low: int, at: int, end: int, native_id: str) -> tuple[int, int, Embed]:
    """Where the box begins above its buttons, where it ends, and the post."""
    picture = text.rfind(_OF_AUTHOR, max(low, at - _LOOK_BACK), at)
    if picture < 0:
        return at, end, post_of_x(f"https://x.com/i/status/{native_id}", None, None, None, "")
    logo = text.find(_LOGO, picture, at)
    head = text[text.find(")", picture) + 1 : logo] if logo >= 0 else ""
    words = text[text.find(")", max(logo, picture)) + 1 : at].strip()
    opened = text.rfind("![", low, picture)
    name = text[opened + 2 : picture].strip() if opened >= 0 else None
    found = _DEV_HANDLE.search(head)
    handle = (found[1] or found[2]) if found else None
    stamp = _DEV_STAMP.search(words)
    printed = read_day((stamp["day"] or stamp["first"]).strip()) if stamp else None
    words = words[: stamp.start()] if stamp else words
    address = f"https://x.com/{handle or 'i'}/status/{native_id}"
    begun = text.rfind("\n", low, max(opened, low)) + 1 or low
    return begun, end, post_of_x(address, handle, name, printed.day if printed else None, few_breaks(words).strip())
