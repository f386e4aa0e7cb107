"""Which controls stand round a batch: taken in turn from the configuration, another pair in every round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from archiver.check.batch import CLASSES, NO_CONTROLS, Controls, Subject, misreads
from archiver.model.observation import Batch, Look, SubjectKind
from archiver.model.outcome import UNREACHABLE, Outcome, Reason
from archiver.model.post import AuthorRef, PostRef

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ControlIds:
    """The controls of a platform."""

    present: tuple[PostRef, ...] = ()
    """Posts known to be alive."""
    absent: tuple[PostRef, ...] = ()
    """Posts that never existed."""
    absent_author: str = ""
    """Id of an account that never existed."""
    restricted: tuple[tuple[str, PostRef], ...] = ()
    """Live posts of a restricted kind: ("age_gated" or "withheld", post)."""
    retired_authors: frozenset[str] = frozenset()
    """Ids of accounts that are asked for no more."""

    @property
    def configured(self) -> bool:
        """Whether posts can be controlled: both kinds are needed."""
        return bool(self.present and self.absent)

    def at(self, host: str | None) -> ControlIds:
        """Those at one server of a federated platform: what another one answers tells nothing of it."""

        def here(refs: tuple[PostRef, ...]) -> tuple[PostRef, ...]:
            return tuple(ref for ref in refs if ref.host == host)

        restricted = tuple((kind, ref) for kind, ref in self.restricted if ref.host == host)
        return replace(self, present=here(self.present), absent=here(self.absent), restricted=restricted)


@dataclass(frozen=True, slots=True)
class ControlReading:
    """What one look at a control showed, when a person asked whether the controls hold."""

    platform: str
    name: str
    """Its id, behind its host where it has one."""
    kind: str
    """"present", "absent", "age_gated" or "withheld"."""
    endpoint: str
    outcome: Outcome
    reason: Reason
    holds: bool | None
    """Whether it read as it must; of a restricted post, whether it was seen to be one, or to be alive. None where
    nothing could be asked."""


def everyone(ids: ControlIds) -> list[Subject]:
    """Every control of posts, to be looked at by itself."""
    named = [("present", ref) for ref in ids.present] + [("absent", ref) for ref in ids.absent] + [*ids.restricted]
    return [Subject(SubjectKind.CONTROL, f"{kind}:{key(ref)}", ref) for kind, ref in named]


def readings(batch: Batch) -> list[ControlReading]:
    """What a batch of controls showed, the last attempt at each."""
    last = {look.subject_key: look for look in batch.looks if look.subject_kind is SubjectKind.CONTROL}
    return [_reading(batch, look) for look in last.values()]


def _reading(batch: Batch, look: Look) -> ControlReading:
    kind, _, name = look.subject_key.partition(":")
    outcome, reason = look.reading.outcome, look.reading.reason
    holds: bool | None = not misreads(look.subject_key, look.native_id, outcome)
    if kind in CLASSES:
        holds = outcome in (kind, Outcome.PRESENT)
    if reason in (*UNREACHABLE, Reason.SKIPPED_PAUSED, Reason.INTERRUPTED):
        holds = None
    return ControlReading(batch.platform, name, kind, batch.endpoint, outcome, reason, holds)


def for_posts(ids: ControlIds, round: int) -> Controls:
    """A known-alive post and a never-existing one before the looks, and another pair after them."""
    if not ids.configured:
        return NO_CONTROLS

    def pair(turn: int) -> tuple[Subject, ...]:
        present, absent = _turn(ids.present, turn), _turn(ids.absent, turn)
        return (
            Subject(SubjectKind.CONTROL, f"present:{key(present)}", present),
            Subject(SubjectKind.CONTROL, f"absent:{key(absent)}", absent),
        )

    return Controls(True, pair(2 * round), pair(2 * round + 1), of_classes=_of_classes(ids, round))


def _of_classes(ids: ControlIds, round: int) -> tuple[Subject, ...]:
    """One post of each restricted kind, taken in turn."""
    kinds: dict[str, list[PostRef]] = {}
    for kind, ref in ids.restricted:
        kinds.setdefault(kind, []).append(ref)
    turns = ((kind, _turn(refs, round)) for kind, refs in kinds.items())
    return tuple(Subject(SubjectKind.CONTROL, f"{kind}:{key(ref)}", ref) for kind, ref in turns)


def for_authors(ids: ControlIds, platform: str, host: str | None, round: int, known: Mapping[str, str]) -> Controls:
    """The authors of the positive controls, and an account that never existed.

    `known` has the author id of each positive control that was ever seen, by `key`.
    """
    if not ids.configured:
        return NO_CONTROLS
    authors = sorted({known[key(each)] for each in ids.present if key(each) in known} - ids.retired_authors)
    if not authors or not ids.absent_author:
        lacks = "no author of a positive control is known yet" if ids.absent_author else "absent_author is not set"
        return Controls(True, missing=f"the account controls cannot run: {lacks}")

    def pair(turn: int) -> tuple[Subject, ...]:
        present = _turn(authors, turn)
        return (
            Subject(SubjectKind.CONTROL, f"present:author {present}", AuthorRef(platform, host, present, None)),
            Subject(
                SubjectKind.CONTROL,
                f"absent:author {ids.absent_author}",
                AuthorRef(platform, host, ids.absent_author, None),
            ),
        )

    return Controls(True, pair(2 * round), pair(2 * round + 1))


def key(ref: PostRef) -> str:
    """Names a control: its id, behind its host where it has one."""
    return f"{ref.host}/{ref.native_id}" if ref.host else ref.native_id


def _turn(ids: Sequence[T], turn: int) -> T:
    return ids[turn % len(ids)]
