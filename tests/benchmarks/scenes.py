"""Every scene of tests/test_scenarios.py, played, and judged by our rules and by the two simpler policies.

Each is one of the real ways to be fooled, some weeks long, with posts whose fate is written down; the looks are those
that the real checker stored, of a platform on loopback.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import pytest

from archiver.model.observation import SubjectKind
from archiver.model.outcome import Outcome
from tests.benchmarks.options import Options
from tests.benchmarks.policies import OURS, SETTLED, SIMPLE, Strikes
from tests.scenarios import Fate, Scene, Span, is_within

SCENES = Path(__file__).parents[1] / "test_scenarios.py"
SOME = "wall or session"


def run(options: Options) -> bool:
    """True if every scene ended as it should, and our rules made no false claim."""
    Scene.audience = []
    # What the tests are made of has been imported by now, which pytest would warn of.
    told = ["-q", "-o", "filterwarnings=ignore::pytest.PytestAssertRewriteWarning", "-p", "no:cacheprovider"]
    told += ["-k", SOME] if options.small else []
    code = pytest.main([*told, str(SCENES)])
    fates = [fate for _, scene in Scene.audience for fate in scene]
    print(f"\nscenes: {len(Scene.audience)} played, {len(fates)} posts of X; a post and a policy count once")
    wrong = _table(fates)
    for name, scene in Scene.audience:
        missed = sum(not _delay(_claims(fate, OURS), span) for fate in scene for span in _could_be_seen(fate))
        if missed:
            print(f"  not found by ours: {missed}, in {name}")
    Scene.audience = None
    return code == 0 and wrong == 0


def _table(fates: Sequence[Fate]) -> int:
    """Print a line a policy. Returns how many false claims our rules made."""
    settled = [(fate, span) for fate in fates for span in _could_be_seen(fate)]
    false = {}
    print(f"  {'policy':16}{'false':>8}{'found of those older than 14 d':>34}{'median delay':>16}{'longest':>10}")
    for policy in (*SIMPLE, OURS):
        claims = [_claims(fate, policy) for fate in fates]
        false[policy] = sum(any(not is_within(f.gone, at) for at in c) for f, c in zip(fates, claims, strict=True))
        delays = sorted(delay for fate, span in settled for delay in _delay(_claims(fate, policy), span))
        share = f"{len(delays)} of {len(settled)}, {len(delays) / max(len(settled), 1):.1%}"
        days = [f"{each:.1f} d" for each in (median(delays), delays[-1])] if delays else ["-", "-"]
        print(f"  {policy:16}{false[policy]:>8,}{share:>34}{days[0]:>16}{days[1]:>10}")
    print("  (aim for ours: 0 false; most deletions here fall into weeks in which nobody could see them: see policies)")
    return false[OURS]


def _could_be_seen(fate: Fate) -> Iterator[Span]:
    """Deletions of a post that had been seen alive, older than two weeks at the end, or until it was back."""
    for since, back in fate.gone:
        seen = any(look.valid and look.outcome is Outcome.PRESENT and look.sent_at < since for look in fate.looks)
        if seen and (back or fate.ended_at) - since >= SETTLED:
            yield since, back


def _claims(fate: Fate, policy: str) -> tuple[datetime, ...]:
    if policy == OURS:
        return fate.deleted_at
    strikes = Strikes({})
    for look in sorted(fate.looks, key=lambda each: (each.closed_at, each.id)):
        if look.subject_kind is SubjectKind.POST:
            strikes.note(look.outcome, look.closed_at)
    return tuple(at for name, at in strikes.claims.items() if name == policy)


def _delay(claims: Sequence[datetime], span: Span) -> list[float]:
    """Days from the deletion to the first claim within it; empty if there was none."""
    return [(at - span[0]) / timedelta(days=1) for at in claims if is_within([span], at)][:1]
