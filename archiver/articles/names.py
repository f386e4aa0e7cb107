"""What the name of a file says of it: an article and its markup, JSON Lines with many, or nothing to us."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from archiver.articles.walk import SIDECAR
from archiver.model.article import Markup, PassedOver

MARKUPS: dict[bytes, Markup] = {
    b".html": "html",
    b".htm": "html",
    b".txt": "text",
    b".md": "markdown",
    b".markdown": "markdown",
    b".mdx": "markdown",
    b".xhtml": "html",
    b".shtml": "html",
    b".php": "html",
    b".asp": "html",
    b".aspx": "html",
    b".jsp": "html",
    b".cfm": "html",
}
"""How a file is read, by the end of its name in any case."""
BOXES = (".mhtml", ".mht", ".eml")
"""Names of files that have an article's HTML packed in a MIME message, a saved page or a letter; without a telling name
its headers tell."""
SENT = ("message-id", "received", "delivered-to", "to")
"""Headers that a message which was sent has, and hardly a page that was saved."""
LINES = (b".jsonl", b".ndjson", b".jsonl.gz", b".ndjson.gz")
"""Names of JSON Lines."""
WEB_ARCHIVES = (b".warc", b".warc.gz", b".warc.zst", b".wacz")
FEEDS = (b".xml", b".rss", b".atom", b".rdf")
"""Names of files that hold many articles in other ways; an export of WordPress is called as a feed may be."""
GZIP = b".gz"

_ENDINGS = (*MARKUPS, *(ending.encode() for ending in BOXES), *(ending + GZIP for ending in MARKUPS))
# What is saved of a server's programs is what they wrote; they themselves are no articles.
_PROGRAMS: dict[bytes, re.Pattern[bytes]] = {
    b".php": re.compile(rb"<\?(?:php\b|=)", re.IGNORECASE),
    **{ending: re.compile(rb"\A\s{0,99}<%") for ending in (b".asp", b".aspx", b".jsp")},
    b".cfm": re.compile(rb"<cf(?:set|query|output|include)\b", re.IGNORECASE),
}
_ENDINGS_OF_PROGRAMS = tuple(_PROGRAMS)
_ENDING = re.compile(rb"(?:\.[a-z0-9]{1,8})?\.(?:gz|bz2|xz|zst|br)\Z|\.[a-z][a-z0-9_-]{0,9}\Z")
_DIFFERENT_ENDINGS = 100
_OTHERS = "other endings"


def is_article(name: bytes) -> bool:
    """Whether a file of this name is one to read."""
    lowered = name.lower()
    return lowered.endswith(_ENDINGS) or (b"?" in lowered and _bare(lowered).endswith(_ENDINGS))


def is_lines(name: bytes) -> bool:
    """Whether a file of this name holds an article in each line."""
    return name.lower().endswith(LINES)


def is_compressed(name: bytes) -> bool:
    """Whether a file of this name is an article that is to be unpacked first."""
    return _bare(name.lower()).endswith(GZIP) and markup_of(name) is not None


def markup_of(name: bytes) -> Markup | None:
    """The markup that a file's name promises; None for other names."""
    bare = _bare(name.lower()).removesuffix(GZIP)
    return MARKUPS.get(bare[bare.rfind(b".") :]) if b"." in bare else None


def is_program(name: bytes, payload: bytes) -> bool:
    """Whether a file named as a server's program is one, not a page that it wrote."""
    bare = _bare(name.lower())
    if not bare.endswith(_ENDINGS_OF_PROGRAMS):
        return False
    return any(bare.endswith(ending) and bool(code.search(payload)) for ending, code in _PROGRAMS.items())


class Names:
    """Chooses files by their names, and counts by their endings those that are passed over."""

    def __init__(self) -> None:
        self.passed_over: Counter[str] = Counter()

    def wanted(self, name: bytes) -> bool:
        """Whether a file of this name is to be opened."""
        # This is asked of every file at every scan.
        if name.endswith(_ENDINGS) or is_article(name) or is_lines(name):
            return True
        if not name.endswith(SIDECAR):
            self.pass_over(name)
        return False

    def is_container(self, name: bytes, endings: tuple[bytes, ...]) -> bool:
        """The same where files of these endings are sought, that hold many articles each."""
        if name.lower().endswith(endings):
            return True
        self.pass_over(name)
        return False

    def pass_over(self, name: bytes, why: str = "") -> None:
        """Count a file that is not read."""
        ending = _ENDING.search(_bare(name.lower()))
        self._count(f"{ending[0].decode() if ending else 'no ending'}{why}")

    def pass_over_hidden(self, is_folder: bool) -> None:
        """Count a name that begins with a dot; what a folder of such a name holds is not looked at."""
        self._count("hidden (a folder)" if is_folder else "hidden")

    def told(self) -> Iterator[PassedOver]:
        """All that was passed over, if anything was."""
        if self.passed_over:
            yield PassedOver(dict(self.passed_over))

    def _count(self, told: str) -> None:
        if told not in self.passed_over and len(self.passed_over) >= _DIFFERENT_ENDINGS:
            told = _OTHERS
        self.passed_over[told] += 1


def _bare(lowered: bytes) -> bytes:
    """A name without the query that mirroring programs leave in it: "story.php?id=7"."""
    return lowered.partition(b"?")[0]
