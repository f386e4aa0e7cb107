"""What a scan or a check did, in a few lines for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from archiver.audit import wording
from archiver.cli.output import Record
from archiver.cli.terminal import complain, say
from archiver.model.listing import PostFilter
from archiver.model.outcome import UNREACHABLE
from archiver.model.verdict import State

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.check.judging import Given
    from archiver.check.summary import CheckSummary
    from archiver.model.article import Unread
    from archiver.scan.sources import ScanSummary

ENDINGS = 12
"""So many endings of names are told of the files that a scan passed over."""


def count(number: int, noun: str) -> str:
    """ "1 article", "2 articles"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def complain_of_unread(unread: Iterable[Unread]) -> None:
    """A line on standard error for each place that could not be read, those skipped by rule too."""
    for each in unread:
        place = each.location or "the whole source"
        complain(f"{each.source + ': ' if each.source else ''}{place}: {each.message}")


def complain_of_unparsed(doubtful: Iterable[tuple[str, tuple[str, ...]]]) -> None:
    """A line on standard error for each article that no parser could read through."""
    for location, doubts in doubtful:
        if "unparsed" in doubts:
            complain(f"{location}: could not be parsed to its end; what was found is kept")


def complain_of_alarms(alarms: Iterable[str]) -> None:
    """A line on standard error for each answer that a person should look at."""
    for alarm in alarms:
        complain(alarm)


def passed_over(endings: Counter[str]) -> str:
    """How many files were not opened, and what their names end with."""
    most = endings.most_common(ENDINGS)
    told = [f"{number} {ending}" for ending, number in most]
    rest = endings.total() - sum(number for _, number in most)
    told += [f"{rest} others"] if rest else []
    return f"{count(endings.total(), 'file')} passed over by name: {', '.join(told)}"


def figures(summary: ScanSummary | CheckSummary) -> Iterator[Record]:
    """What a scan or a check counted, as the one record that a program reads."""
    # Imported when asked for: it brings the scheduler along, which no person at a terminal needs to wait for.
    from archiver import daemon

    yield daemon.figures(summary)


def scanned(summary: ScanSummary) -> Iterator[str]:
    """The summary of a scan."""
    unread = sum(not each.harmless for each in summary.unread)
    yield (
        f"{count(summary.read, 'article')} read, {summary.unchanged} unchanged, {summary.vanished} vanished; "
        f"{count(summary.embeds, 'embed')}, {summary.unidentified} unidentified; {unread} unread"
    )
    if summary.passed_over:
        yield passed_over(summary.passed_over)
    if summary.still_unread:
        yield f"{count(summary.still_unread, 'place')} on file could not be read before: archiver articles --unread"
    if summary.suspicious:
        yield f"{count(summary.suspicious, 'article')} to look at: archiver articles --suspicious"
    if summary.interrupted:
        yield "stopped early: the next scan reads the rest"


def checked(archive: Archive, summary: CheckSummary) -> Iterator[str]:
    """The summary of a check: what was looked at, what was concluded, what counts for nothing."""
    yield (
        f"{count(summary.posts, 'post')} looked at in {count(summary.looks, 'look')}, {summary.identified} identified; "
        f"{count(len(summary.given), 'verdict')} given"
    )
    if summary.saved:
        yield f"{count(summary.saved, 'page')} saved by the Wayback Machine"
    if summary.captured:
        yield f"{count(summary.captured, 'capture')} of the Wayback Machine read, of posts never seen by us"
    if summary.pictures:
        yield f"{count(summary.pictures, 'picture')} kept"
    yield from summary.not_kept
    yield from given(summary.given)
    for why, times in Counter(summary.void).items():
        yield f"{count(times, 'batch').replace('batchs', 'batches')} void: {why}"
    yield from _unreachable(archive, summary)
    if summary.errors:
        yield f"{count(summary.errors, 'look')} broke an adapter: a bug, please report it"
    if summary.interrupted:
        yield "stopped early: the rest stays due"


def given(verdicts: Iterable[Given]) -> Iterator[str]:
    """A line for each verdict that was given."""
    for each in verdicts:
        grade = f" (grade {each.verdict.grade})" if each.verdict.grade else ""
        yield f"p{each.post}: {wording.WORDS[each.before]} → {wording.WORDS[each.verdict.state]}{grade}"


def not_looked_at(archive: Archive) -> Iterator[str]:
    """The line about posts that are kept and never looked at; nothing where there are none."""
    if waiting := archive.not_looked_at():
        yield "not looked at: " + "; ".join(
            f"{count(posts, platform + ' post')} ({why_not(archive, platform)})" for platform, posts in waiting.items()
        )


def why_not(archive: Archive, platform: str) -> str:
    """Why this archive does not look at posts of a platform."""
    if archive.config.platforms[platform].enabled:
        return f"[platforms.{platform}.credentials] are needed"
    return f"[platforms.{platform}] says enabled = false"


def _unreachable(archive: Archive, summary: CheckSummary) -> Iterator[str]:
    if not summary.unreachable:
        return
    unseen: Counter[str] = Counter()
    for post in archive.posts(PostFilter(verdict=(State.UNKNOWN,))):
        if post.last_reason in UNREACHABLE:
            unseen[wording.SITES.get(post.platform, post.last_host or post.platform)] += 1
    for site, posts in sorted(unseen.items()):
        yield f"{site} could not be reached: {count(posts, 'post')} not yet seen"
    if not unseen:
        yield f"{', '.join(sorted(summary.unreachable))} could not be reached: no verdict changes by that"


def warn_of_held_posts(archive: Archive) -> None:
    """A line for each incident that holds posts back."""
    for each in archive.incidents():
        if each.held:
            waits = "for a month" if each.kind == "wave" else "until its authors are back or a person accepts it"
            say(f"{each.platform}: incident {each.number} holds {count(each.held, 'post')} {waits}: archiver incidents")


def warn_of_missing_controls(archive: Archive) -> None:
    """The banner for platforms that are looked at without controls."""
    for name, missing in archive.uncontrolled().items():
        told = (
            "the account controls cannot run, so nothing is ever concluded"
            if missing == "absent_author"
            else "without controls posts are looked at and kept, but absent never goes past unconfirmed"
        )
        say(f"{name}: {told}: set {missing} in [platforms.{name}.controls]")
