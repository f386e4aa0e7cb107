"""What many posts tell together: after each valid batch, whether an incident begins or ends (`breaker.py` decides)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from archiver import breaker
from archiver.model.observation import Batch
from archiver.store import incidents, states
from archiver.store.transaction import Transaction


@dataclass(slots=True)
class Crowds:
    """Who vanishes together. It is kept as long as looks are made, for it remembers how many authors are followed."""

    _followed: dict[str, int] = field(default_factory=dict)
    """How many there were when they were last counted, by platform. There may be more by now, not fewer."""

    def weigh(self, transaction: Transaction, batch: Batch) -> list[str]:
        """Begin or end incidents of the batch's platform, if it is time: a line for a person for each."""
        told = [*self._weigh_outage(transaction, batch), *self._weigh_wave(transaction, batch)]
        told += _weigh_ended(transaction, batch)
        if told:
            # Only where the clock was set back does it cover looks that were folded before.
            states.forget_folds(transaction.connection, batch.platform, batch.closed_at)
        return told

    def _weigh_outage(self, transaction: Transaction, batch: Batch) -> list[str]:
        connection, platform, at = transaction.connection, batch.platform, batch.closed_at
        going_on = incidents.find_open(connection, platform, "outage")
        if going_on is not None:
            how = breaker.ending(going_on, at)
            if how is None:
                return []
            if how == "expired" and not breaker.trips(*incidents.weighed(connection, going_on.number)):
                how = "caught_up"
            incidents.end(transaction, going_on, at, how)
            told = f"{platform}: incident {going_on.number} has {how}: verdicts are given again"
            waits = "what vanished in it is held until its authors are back or a person accepts it"
            return [f"{told}; {waits}" if how == "expired" else told]
        vanished = {post: author for post, (author, _) in incidents.vanished(connection, platform, at - breaker.WINDOW)}
        authors = len(set(vanished.values()))
        tripped, followed = self._is_crowd(transaction, platform, authors, breaker.trips)
        if not tripped:
            return []
        number = incidents.open_one(transaction, "outage", platform, at, vanished, followed)
        told = f"posts of {authors} authors, of {followed}, vanished in a day: no verdicts while that goes on"
        return [f"{platform}: incident {number} began: {told}"]

    def _weigh_wave(self, transaction: Transaction, batch: Batch) -> list[str]:
        connection, platform, at = transaction.connection, batch.platform, batch.closed_at
        going_on = incidents.find_open(connection, platform, "wave")
        missed = dict(incidents.missed(connection, platform, at - breaker.WAVE_WINDOW))
        authors = breaker.weight(missed.values())
        swells, followed = self._is_crowd(transaction, platform, authors, breaker.swells)
        if swells == (going_on is not None):
            return []
        if going_on is not None:
            incidents.end(transaction, going_on, at, "ebbed")
            return [f"{platform}: incident {going_on.number} has ebbed: what vanished in it is held for a month"]
        struck = {post: author for post, (author, _) in missed.items()}
        number = incidents.open_one(transaction, "wave", platform, at, struck, followed)
        told = f"posts of {len(set(struck.values()))} authors, of {followed}, are missed in five days"
        return [f"{platform}: incident {number} began: {told}: what vanished in it is held for a month"]

    def _is_crowd(
        self, transaction: Transaction, platform: str, authors: float, rule: Callable[[float, int], bool]
    ) -> tuple[bool, int]:
        """Whether so many are a crowd, and among how many. To count these takes the longer, the more posts there are:
        it is done only where among so few as there are at least it would be one."""
        followed = self._followed.get(platform, 0)
        if rule(authors, followed):
            followed = self._followed[platform] = incidents.followed_authors(transaction.connection, platform)
        return rule(authors, followed), followed


def _weigh_ended(transaction: Transaction, batch: Batch) -> list[str]:
    """Those that ended with hardly anybody back: once half are, what is still gone is judged, counted from then on."""
    back = [k for k in incidents.holding(transaction.connection, batch.platform) if breaker.has_recovered(k)]
    for each in back:
        incidents.recover(transaction, each, batch.closed_at)
    return [f"{batch.platform}: incident {each.number} has recovered after its end: it holds nothing" for each in back]
