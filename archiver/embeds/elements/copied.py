"""What pages print around a post's words that copy X's own page by hand: the author's name and handle as links above
them, the hour and the day as a link below, and X's buttons ("Reply", "Retweet") behind that.

Seen: BuzzFeed's placeholders, which stand until X's script has rendered the post; react-tweet.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from archiver.embeds.flattened.dates import read_day
from archiver.embeds.reading.pieces import Anchor, Running

_HOST = r"(?:https?:)?//(?:www\.|mobile\.|m\.)?(?:twitter|x)\.com/"
_INTENT = re.compile(_HOST + r"intent/", re.IGNORECASE)
_PROFILE = re.compile(_HOST + r"@?(?P<handle>[A-Za-z0-9_]{1,15})/?(?:[?#].*)?", re.IGNORECASE)
_HOUR_BEFORE = re.compile(r"\d{1,2}[:.]\d{2}(?: ?[AaPp]\.?[Mm]\.?)?(?: [-–—·•]|,)? ?")


class Byline(NamedTuple):
    """The author above a post's words."""

    name: str
    handle: str
    end: int
    """Where the words begin."""


def profile_of(address: str) -> str | None:
    """The handle of the profile at X that an address leads to; None if it leads elsewhere."""
    found = _PROFILE.fullmatch(address)
    return found["handle"] if found and found["handle"].lower() not in ("intent", "share", "search", "home") else None


def behind(flow: Running, anchor: Anchor) -> str:
    """What is said behind the link to a post, but for X's buttons."""
    text, at, said = flow.text, anchor.end, []
    for button in flow.anchors:
        if button.start >= at and _INTENT.match(button.href):
            said.append(text[at : button.start])
            at = button.end
    return "".join([*said, text[at:]]).strip()


def byline_above(flow: Running, handle: str) -> Byline | None:
    """The links to an author's profile with which a text begins, if a name is among them: a reply to oneself begins
    with the handle alone."""
    text, end, names = flow.text, 0, [""]
    for anchor in flow.anchors:
        if text[end : anchor.start].strip() or (profile_of(anchor.href) or "").lower() != handle.lower():
            break
        names.append(text[anchor.start : anchor.end].strip())
        end = anchor.end
    name = next((name for name in names if name and not name.startswith("@")), None)
    return Byline(name, handle, end) if name else None


def day_of(words: str) -> date | None:
    """The day that a link's words are, also behind the hour ("9:34 PM - 13 May 2019"); None if they are none."""
    words = words.strip()
    hour = _HOUR_BEFORE.match(words)
    printed = read_day(words[hour.end() :] if hour else words)
    return printed.day if printed else None
