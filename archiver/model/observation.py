"""Observation: the record of one look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archiver.model.exchange import Exchange
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.snapshot import Snapshot


class SubjectKind(StrEnum):
    POST = "post"
    AUTHOR = "author"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Reading:
    """What an adapter read out of one answer."""

    outcome: Outcome
    reason: Reason
    exchange: Exchange | None = None
    """The answer it was read from, with its hops; None where nothing was asked."""
    strength: Strength | None = None
    """For `absent` only."""
    snapshot: Snapshot | None = None
    """For `present` only."""
    author_id: str | None = None
    """The author id that the answer gave."""
    author_handle: str | None = None
    """The handle that the answer gave, without "@"."""
    edit_chain: tuple[str, ...] = ()
    """Ids of all versions that the answer named, oldest first."""
    known_as: tuple[str, str] | None = None
    """Id and address by which the post is to be known from now on, for a `present` that was asked for by a name that
    may change; else None."""
    retry_after_seconds: int | None = None
    """What the platform asked us to wait, cleaned and capped; None if it did not ask."""
    age_seconds: int = 0
    """The HTTP `Age` of the answer: how old a cached `present` may be."""
    message: str | None = None
    """One line for a person: what was odd."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One look, as stored. `judge` reads nothing else."""

    id: int
    """Row number in the archive; 0 before it is stored."""
    round: int
    """The round of looks it belongs to; looks of one round count once."""
    batch: int
    """The batch of looks that closed together and is valid or void as one."""
    subject_kind: SubjectKind
    subject_key: str
    """The post's or author's number, or the control's "present:ID" / "absent:ID"."""
    endpoint: str
    """The adapter's name of the endpoint."""
    attempt: int
    """1 for the first try in its round."""
    outcome: Outcome
    reason: Reason
    strength: Strength | None
    valid: bool
    """False where the batch's controls misread, did not run, or its deadline passed: inert for ever."""
    controlled: bool
    """Whether controls stood round the batch: without them an absent never goes past unconfirmed."""
    sent_at: datetime
    received_at: datetime
    closed_at: datetime
    """When its batch closed: the time at which it is judged."""
    boot_id: str
    sent_monotonic: float
    received_monotonic: float
    age_seconds: int = 0
    native_id: str | None = None
    """The post id that was asked for."""
    author_id: str | None = None
    """The author id that the answer gave."""
    edit_chain: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    """Outcomes of restricted posts ("age_gated", "withheld") of which a control was seen alive in its batch."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look within a batch, before it is stored."""

    subject_kind: SubjectKind
    subject_key: str
    """As in Observation."""
    native_id: str | None
    """The post id that was asked for; None for an author or an unresolved post."""
    attempt: int
    reading: Reading
    exchanges: tuple[Exchange, ...]
    """Everything that was asked and answered for it, first to last; empty where nothing was asked."""
    sent_at: datetime
    received_at: datetime
    sent_monotonic: float
    received_monotonic: float
    basis: int | None = None
    """The observation that it follows from, for `account_ok` by a sibling post, or whose answer it was read from too,
    where one request asked for several; else None."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Looks that were made together on one endpoint, between the same controls, and are valid or void as one."""

    platform: str
    round: int
    endpoint: str
    adapter: str
    adapter_version: str
    started_at: datetime
    closed_at: datetime
    boot_id: str
    started_monotonic: float
    closed_monotonic: float
    egress: str
    """How the looks left: "direct", or the proxy or detour that was configured."""
    valid: bool
    controlled: bool
    void_because: str | None
    """One line: which control misread, or which deadline passed; None for a valid batch."""
    looks: tuple[Look, ...]
    classes: tuple[str, ...] = ()
    """As in Observation."""
