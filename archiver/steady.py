"""What a look leaves as it was: a verdict that needs no fold to be carried on.

`verdicts.judge` folds a post's whole history, which grows for years; most looks only see a live post once more. From
the rules follows what such a look makes of the verdict before it (a test compares both over histories made up):

    looks that tell nothing, and all looks of a void batch → the verdict stands
    `present`, or `account_ok`, of a post that is alive    → it stands, and the post was last seen now
                                                             (unless an endpoint says, or lately said, absent)

That holds where the looks are the newest, of the facts and by the rules by which the verdict before was folded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archiver.episodes import seen_at
from archiver.model.observation import Observation
from archiver.model.outcome import Outcome, Reason
from archiver.model.verdict import State, Verdict


def carried_on(before: Verdict, looks: Sequence[Observation]) -> Verdict | None:
    """The verdict after a batch that closed later than all before it; None where the whole history must be folded.

    `looks` are those of the batch at the post or at its author; `before` is what is on file of the verdict, without
    the observations that it rests on and the beginning of its episode.
    """
    telling = [look for look in looks if not _tells_nothing(look)]
    if not telling:
        return before
    if before.state is not State.ALIVE or "disputed" in before.flags or before.missed_at is not None:
        return None
    if any(look.outcome not in (Outcome.PRESENT, Outcome.ACCOUNT_OK) for look in telling):
        return None
    seen = [look for look in telling if look.outcome is Outcome.PRESENT]
    if not seen:
        return before
    newest = max(seen, key=lambda k: (k.received_at, k.id, k.endpoint, k.attempt))
    return replace(before, last_seen_at=seen_at(newest), vanished_at=None)


def _tells_nothing(look: Observation) -> bool:
    """Whether no rule reads it. "Not authorized" is unknown too, and holds a verdict back."""
    return not look.valid or (look.outcome is Outcome.UNKNOWN and look.reason is not Reason.NOT_AUTHORIZED)
