"""Reading a source as a scan does: what it handed over, what is on file afterwards, and what has vanished."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from archiver.articles.source import Known, Source
from archiver.model.article import Finding, PassedOver, Reached, StoredArticle, Unchanged, Unread


def read(source: Source, known: Known | None = None) -> list[Finding]:
    return list(source.read(known or Known()))


def articles(findings: Iterable[Finding]) -> list[StoredArticle]:
    return [found for found in findings if isinstance(found, StoredArticle)]


def places(findings: Iterable[Finding]) -> list[str]:
    return [article.location for article in articles(findings)]


def refusals(findings: Iterable[Finding]) -> dict[str, str]:
    return {found.location: found.reason for found in findings if isinstance(found, Unread)}


def remembered(findings: Iterable[Finding], before: Known | None = None) -> Known:
    """What an archive has on file after a scan."""
    findings = list(findings)
    gone = vanished(before, findings) if before else set()
    stamps = {place: stamp for place, stamp in (before.stamps if before else {}).items() if place not in gone}
    stamps |= {article.location: article.stamp for article in articles(findings)}
    reached = dict(before.reached) if before else {}
    reached |= {found.location: found for found in findings if isinstance(found, Reached)}
    return Known(stamps, reached)


def vanished(known: Known, findings: Iterable[Finding]) -> set[str]:
    """By the rule of the contract."""
    told = [found for found in findings if not isinstance(found, Reached | PassedOver)]
    met = {found.location for found in told}
    above = [
        found.location for found in told if isinstance(found, Unread) or (isinstance(found, Unchanged) and found.below)
    ]
    return {
        place
        for place in known.stamps
        if place not in met and not any(not top or place.startswith(top + "/") for top in above)
    }


def assert_resumes(source: Source, stops: Iterable[int]) -> None:
    """A reading that is cut short anywhere and begun again hands over each article once, and loses none."""
    everything = places(source.read(Known()))
    assert everything
    assert len(set(everything)) == len(everything)
    for stop in stops:
        first = list(islice(source.read(Known()), stop))
        known = remembered(first)
        second = read(source, known)
        assert places(first) + places(second) == everything, stop
        assert not vanished(known, second), stop
        again = read(source, remembered(second, known))
        assert not places(again), stop
