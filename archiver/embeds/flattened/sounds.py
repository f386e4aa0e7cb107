"""Form "text": posts of TikTok as its embed leaves them when it is flattened.

    @sample.one
    The caption #sample
    ♬ original sound - Sample Name

The line of the sound ends it, the author's handle, which begins a line, begins it; no date and no address is left, but
Markdown keeps their links. Where the handle is lost, hashtags in the line above tell a caption from a song's title.
Only texts and Markdown are read so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.embeds.flattened.bounds import quotation
from archiver.embeds.flattened.lines import Line, lines_up
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed

FORM = "text"
LOOK_BACK = 2600
"""Characters above the sound: a caption has 2,200 at most."""
MOST_LINES = 12

_SOUND = re.compile(r"\[?♬[ \u00a0][^\n♬\[\]]{2,150}(?:\]\([^()\s]{1,400}\))?")
_SONG = re.compile(r"\S [-–] \S")
_HASHTAG = re.compile(r"#\w{2}")
LEAST_HASHTAGS = 2
_INDENT = 60
"""Characters before a sound on its line that are looked at."""
_LINKED = r"(?:\]\((?P<address>[^()\s]{1,300})\))?"
_AUTHOR = re.compile(rf"\[?@(?P<handle>[A-Za-z0-9_.]{{2,24}}){_LINKED}(?P<rest>\s|$)")


def read(text: str) -> Iterator[Sighting]:
    """The posts in a text, in order."""
    low = 0
    for sound in _SOUND.finditer(text) if "♬" in text else ():
        found = _author(text, low, sound.start())
        line, author = found or (_caption(text, low, sound), None)
        if line is None:
            continue
        words = text[line.start + (author.end() if author else 0) : sound.start()].strip()
        embed = Embed(
            position=0,
            form=FORM,
            hint="tiktok",
            author_handle=author["handle"] if author else None,
            **quotation(words, "quoted"),
        )
        yield Sighting(line.start, sound.end(), embed, marked=False)
        low = sound.end()


def _caption(text: str, low: int, sound: re.Match[str]) -> Line | None:
    """The line above a sound that has its line for itself, if there are hashtags in it."""
    begun = max(text.rfind("\n", low, sound.start()) + 1, low, sound.start() - _INDENT)
    if text[begun : sound.start()].strip() or _SONG.search(sound.group()) is None:
        return None
    line = next(lines_up(text, max(low, sound.start() - LOOK_BACK), sound.start()), None)
    return line if line is not None and len(_HASHTAG.findall(line.text)) >= LEAST_HASHTAGS else None


def _author(text: str, low: int, high: int) -> tuple[Line, re.Match[str]] | None:
    """The line above a sound that is an author's handle and no more, or else the last one that begins with one."""
    begins = None
    lines = lines_up(text, max(low, high - LOOK_BACK), high)
    for line, _ in zip(lines, range(MOST_LINES), strict=False):
        author = _AUTHOR.match(line.text)
        if author is not None and author.end() >= len(line.text):
            return line, author
        begins = begins or ((line, author) if author is not None else None)
    return begins
