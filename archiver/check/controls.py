"""Which controls stand round a batch: taken in turn from the configuration, another pair in every round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archiver.check.batch import NO_CONTROLS, Controls, Subject
from archiver.model.observation import SubjectKind
from archiver.model.post import AuthorRef, PostRef


@dataclass(frozen=True, slots=True)
class ControlIds:
    """The controls of a platform, as configured."""

    present: tuple[str, ...] = ()
    """Ids of posts known to be alive."""
    absent: tuple[str, ...] = ()
    """Ids that never existed."""
    absent_author: str = ""
    """Id of an account that never existed."""

    @property
    def configured(self) -> bool:
        """Whether posts can be controlled: both kinds are needed."""
        return bool(self.present and self.absent)


def for_posts(ids: ControlIds, platform: str, round: int) -> Controls:
    """A known-alive post and a never-existing one before the looks, and another pair after them."""
    if not ids.configured:
        return NO_CONTROLS

    def pair(turn: int) -> tuple[Subject, ...]:
        present, absent = _turn(ids.present, turn), _turn(ids.absent, turn)
        return (
            Subject(SubjectKind.CONTROL, f"present:{present}", PostRef(platform, None, present)),
            Subject(SubjectKind.CONTROL, f"absent:{absent}", PostRef(platform, None, absent)),
        )

    return Controls(True, pair(2 * round), pair(2 * round + 1))


def for_authors(ids: ControlIds, platform: str, round: int, known: Mapping[str, str]) -> Controls:
    """The authors of the positive controls, and an account that never existed.

    `known` has the author id of each positive control that was ever seen, by post id.
    """
    if not ids.configured:
        return NO_CONTROLS
    authors = sorted({known[each] for each in ids.present if each in known})
    if not authors or not ids.absent_author:
        lacks = "no author of a positive control is known yet" if ids.absent_author else "absent_author is not set"
        return Controls(True, missing=f"the account controls cannot run: {lacks}")

    def pair(turn: int) -> tuple[Subject, ...]:
        present = _turn(authors, turn)
        return (
            Subject(SubjectKind.CONTROL, f"present:author {present}", AuthorRef(platform, None, present, None)),
            Subject(
                SubjectKind.CONTROL,
                f"absent:author {ids.absent_author}",
                AuthorRef(platform, None, ids.absent_author, None),
            ),
        )

    return Controls(True, pair(2 * round), pair(2 * round + 1))


def _turn(ids: Sequence[str], turn: int) -> str:
    return ids[turn % len(ids)]
