"""Files that hold many articles, and what reading one hands over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

from archiver import digest
from archiver.articles.walk import printable
from archiver.model.article import Finding, Reached, Stamp, StoredArticle, Unchanged, Unread

SIZE_CAP_BYTES = 50_000_000

REACHED_EVERY = 200
"""Findings between two Reached; a scan that is killed reads so many again at most."""
QUIET_STEPS = 5_000
"""The same for parts of a container that hold no article."""
KEY_CHARACTERS = 500
"""A longer key is cut in a location, with a digest of the whole behind it."""
UNREAD_CAP = 1_000
"""So many unreadable parts of one container are told one by one; then it is left until the next scan."""


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a container: what it is, and where reading goes on after it."""

    finding: StoredArticle | Unchanged | Unread | None
    """None for a part that is no article. `Unread` with the container's own location ends the reading of it."""
    position: str
    """As in Reached."""
    covered: int | None = None
    """Everything up to `position` stands in so many first bytes of the file, and if these stay as they are, reading can
    go on there when the file has grown; None where it cannot."""
    again: bool = False
    """True for a later version of an article that stands further up in the same container."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A container, opened."""

    location: str
    file: BinaryIO
    stamp: Stamp
    """The stamp for its articles: the container's own when it was last read from its beginning."""
    position: str
    """Where to go on; "" is the beginning."""
    size: int = 0
    """Its length in bytes now."""
    grown: bool = False
    """Whether it has grown since: then the part that `position` follows on may only now be whole, and counts too."""


Reader = Callable[[Opened], Iterator[Step]]
"""Reads the steps of a container from its position on. What it raises as OSError makes the container unread."""


def followed(
    location: str,
    stamp: Stamp,
    steps: Iterator[Step],
    stamps: Mapping[str, Stamp],
    written: Callable[[Step, bool], str] = lambda step, _: step.position,
) -> Iterator[Finding]:
    """What a container's steps hand over, with Reached between them. An article that is on file is not handed over.

    `written` makes what a Reached keeps of a step; True beside it at the container's end.
    """
    findings, quiet, failures = 0, 0, 0
    step = Step(None, "")
    for step in steps:
        finding = step.finding
        if finding is None:
            quiet += 1
        else:
            if isinstance(finding, StoredArticle) and _is_on_file(finding, stamps) and not step.again:
                finding = Unchanged(finding.location)
            findings += 1
            # What only lies elsewhere is no sign of a broken file.
            failures += isinstance(finding, Unread) and finding.reason != "missing"
            yield finding
            if isinstance(finding, Unread) and finding.location == location:
                return
        if failures > UNREAD_CAP:
            yield Unread(location, "unparsed", f"more than {UNREAD_CAP} of its parts cannot be read; the rest waits")
            return
        if findings >= REACHED_EVERY or quiet >= QUIET_STEPS:
            yield Reached(location, stamp, written(step, False), complete=False)
            findings = quiet = 0
    yield Reached(location, stamp, written(step, True), complete=True)


def by_content(article: StoredArticle) -> StoredArticle:
    """The article with a stamp of what it says, for a container that is always written as a whole: what stayed the
    same in it is then neither looked through nor written."""
    said = "\0".join(map(str, (article.address, article.title, article.published_at, article.markup)))
    number = digest_number(said.encode("utf-8", "surrogatepass") + b"\0" + article.payload)
    return replace(article, stamp=Stamp(len(article.payload), 0, number))


def counted(finding: StoredArticle | Unread | None, met: set[str]) -> Step:
    """A step of a container whose articles have stamps of what they say; `met` holds the places of those before it."""
    if not isinstance(finding, StoredArticle):
        return Step(finding, str(len(met)))
    again = finding.location in met
    met.add(finding.location)
    return Step(finding, str(len(met)), again=again)


def named(container: str, key: str) -> str:
    """The location of an article in a container, by a key that anybody may have written."""
    shown = printable(key.encode("utf-8", "surrogatepass"))
    if len(shown) > KEY_CHARACTERS:
        shown = f"{shown[: KEY_CHARACTERS - 64]}~{digest.of_bytes(shown.encode()).removeprefix('sha256:')[:32]}"
    return f"{container}/{shown}" if container else shown


def digest_number(payload: bytes) -> int:
    """The first 63 bits of a digest: what stands in a stamp where a file would have its number."""
    return int(digest.of_bytes(payload).removeprefix("sha256:")[:16], 16) >> 1


def _is_on_file(article: StoredArticle, stamps: Mapping[str, Stamp]) -> bool:
    return stamps.get(article.location) == article.stamp
