"""Outcome, strength and reason: the words for what one look showed."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What one look showed. Never a conclusion: that is a verdict."""

    PRESENT = "present"
    ABSENT = "absent"
    PROTECTED = "protected"
    SUSPENDED = "suspended"
    ACCOUNT_GONE = "account_gone"
    ACCOUNT_OK = "account_ok"
    WITHHELD = "withheld"
    AGE_GATED = "age_gated"
    UNKNOWN = "unknown"


class Strength(StrEnum):
    """How much an absent proves."""

    STRONG = "strong"
    """Only a post that is gone, or never was, is answered so."""
    WEAK = "weak"
    """A live but restricted post may be answered so too."""


class Reason(StrEnum):
    """Why a look came out as it did."""

    # what a readable answer said
    SERVED = "served"
    NOT_FOUND = "not_found"
    TOMBSTONE = "tombstone"
    NOT_AUTHORIZED = "not_authorized"
    SUSPENDED = "suspended"
    ACCOUNT_GONE = "account_gone"
    PROTECTED = "protected"
    WITHHELD = "withheld"
    AGE_GATE = "age_gate"
    TIMELINE = "timeline"
    SIBLING = "sibling"
    # what a platform's stream told by itself
    ANNOUNCED = "announced"
    # a short link that was asked for the id (the outcome of such a look is always unknown)
    RESOLVED = "resolved"
    OTHER_AUTHOR = "other_author"
    OUTSIDE_WINDOW = "outside_window"
    NO_REDIRECT = "no_redirect"
    # a web archive that was asked about a post (the outcome of such a look is always unknown)
    CAPTURED = "captured"
    NOT_ARCHIVED = "not_archived"
    NO_WORDS = "captures_without_words"
    EXCLUDED = "excluded_from_archive"
    NO_MATCH = "no_match"
    AMBIGUOUS = "ambiguous"
    # a web archive that was asked to save a page (likewise)
    SAVE_BEGUN = "save_begun"
    SAVE_PENDING = "save_pending"
    SAVED = "saved"
    SAVE_FAILED = "save_failed"
    # answers that tell nothing about the post
    EMPTY_ANSWER = "empty_answer"
    UNEXPECTED_SHAPE = "unexpected_shape"
    UNKNOWN_TOMBSTONE = "unknown_tombstone"
    WRONG_ID = "wrong_id"
    WRONG_AUTHOR = "wrong_author"
    LOGIN_WALL = "login_wall"
    REDIRECTED = "redirected"
    RATE_LIMITED = "rate_limited"
    REFUSED = "refused"
    SERVER_ERROR = "server_error"
    UNEXPECTED_STATUS = "unexpected_status"
    # no answer that can be read
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    DEADLINE = "deadline"
    PROTOCOL = "protocol"
    TOO_LARGE = "too_large"
    UNDECODABLE = "undecodable"
    BLOCKED_ADDRESS = "blocked_address"
    HOST_NOT_ALLOWED = "host_not_allowed"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    # the look itself
    NOT_ASKED = "not_asked"
    SKIPPED_HOST_DOWN = "skipped_host_down"
    SKIPPED_PAUSED = "skipped_paused"
    INTERRUPTED = "interrupted"
    ADAPTER_ERROR = "adapter_error"


UNREACHABLE = frozenset(
    {Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.TIMEOUT, Reason.DEADLINE, Reason.SKIPPED_HOST_DOWN}
)
"""Reasons that say the platform could not be reached at all."""
