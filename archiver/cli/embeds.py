"""`archiver embeds PATH…`: what a scan would find, without an archive."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.options import example, format_option
from archiver.cli.terminal import complain

if TYPE_CHECKING:
    from archiver.cli.shapes import Sighted
    from archiver.model.article import PassedOver, StoredArticle, Unread

STANDARD_INPUT = "-"


@click.command(
    "embeds",
    epilog=example("archiver embeds article.html stories/", "cat article.html | archiver embeds --format jsonl -"),
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.UNPROCESSED)
@format_option
@click.pass_obj
def command(door: Door, paths: Sequence[str], asked: str | None) -> int:
    """Print the embeds of articles. Needs no archive and no configuration.

    A PATH is a file, a folder (its articles, and those of the folders below it) or "-" for standard input. A file may
    hold many articles: JSON Lines, WARC, WACZ, a WordPress export, a feed.
    """
    return execute(door, paths, asked)


def execute(door: Door, paths: Sequence[str], asked: str | None) -> int:
    from archiver.cli.shapes import EMBEDS

    seen = _Reading()
    output.write(seen.embeds(paths), EMBEDS, asked, colour=door.colour)
    return 1 if seen.failed else 0


class _Reading:
    """Reads articles one after the other, and remembers whether one could not be read."""

    def __init__(self) -> None:
        self.failed = False

    def embeds(self, paths: Sequence[str]) -> Iterator[Sighted]:
        from archiver.cli.summaries import complain_of_unparsed, complain_of_unread, passed_over
        from archiver.clock import SystemClock
        from archiver.model.article import PassedOver, Unread
        from archiver.scan.look import look_through

        clock = SystemClock()
        for finding in _findings(paths):
            if isinstance(finding, PassedOver):
                complain(passed_over(Counter(finding.endings)))
                continue
            if isinstance(finding, Unread):
                self.failed |= not finding.harmless
                complain_of_unread([finding])
                continue
            scanned = look_through(finding, clock.now(), surroundings=False)
            self.failed |= "unparsed" in scanned.doubts
            complain_of_unparsed([(finding.location, scanned.doubts)])
            for embed, identification in scanned.found:
                yield scanned.article, embed, identification


def _findings(paths: Sequence[str]) -> Iterator[StoredArticle | Unread | PassedOver]:
    from archiver.articles.directory import SIZE_CAP_BYTES, read_paths, read_stream
    from archiver.model.article import Unread

    for path in paths:
        if path != STANDARD_INPUT:
            yield from read_paths([path])
            continue
        payload = sys.stdin.buffer.read(SIZE_CAP_BYTES + 1)
        if len(payload) > SIZE_CAP_BYTES:
            yield Unread(STANDARD_INPUT, "too_large", f"more than the cap of {SIZE_CAP_BYTES} bytes")
        else:
            yield read_stream(payload)
