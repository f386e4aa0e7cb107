"""The words of a verdict, as reports print them: what was seen, when, and what is not claimed."""

from __future__ import annotations

from datetime import datetime

from archiver.model.listing import PostListing
from archiver.model.outcome import UNREACHABLE, Reason
from archiver.model.verdict import State

WORDS = {
    State.UNKNOWN: "not yet seen",
    State.ALIVE: "alive",
    State.GONE_UNCONFIRMED: "gone, not confirmed",
    State.DELETED: "deleted",
    State.ABSENT_ON_FIRST_CHECK: "absent on first check, not confirmed",
    State.GONE_BEFORE_FIRST_LOOK: "gone before the first look",
    State.ACCOUNT_SUSPENDED: "account suspended",
    State.ACCOUNT_GONE: "account gone",
    State.PROTECTED: "account protected",
    State.WITHHELD: "withheld",
    State.AGE_GATED: "age-gated",
    State.GONE_UNATTRIBUTED: "gone, cause not known",
}


SITES = {"x": "x.com"}
"""The site that a reader knows a platform by, where that is not the host that was asked."""


def moment(at: datetime | None) -> str:
    """A time as reports print it."""
    return at.strftime("%Y-%m-%d %H:%M:%S UTC") if at else "?"


def brief(post: PostListing) -> str:
    """The verdict in a few words, with the reason where nothing was seen yet."""
    words = WORDS[post.state]
    if post.state is State.UNKNOWN:
        return f"{words}: {_why_unseen(post)}"
    flags = "".join(f" ({flag})" for flag in post.flags)
    rounded = post.state is State.ABSENT_ON_FIRST_CHECK and "id_rounded" in post.doubts
    return words + flags + _held(post) + (" (its id may be a rounded one)" if rounded else "")


def disappearance(post: PostListing, checks: int, endpoints: int, sighting: int | None) -> str:
    """The sentence of a record of a disappearance."""
    after, by = moment(post.gone_after), moment(post.gone_by)
    until = moment(post.decided_at)
    looks = f"{checks} checks on {endpoints} endpoint{'s' if endpoints != 1 else ''}"
    if post.state is State.DELETED:
        return (
            f"Post p{post.number}, seen publicly at {after} (observation {sighting}). From {by} on it was not served "
            f"in {looks} up to {until}, while control posts on the same endpoints were served and the author's "
            f"account was public. Consistent with deletion in ({after}, {by}]. Who removed it was not observed."
        )
    if post.state is State.GONE_BEFORE_FIRST_LOOK:
        by_capture = any(each.speaks_for == post.gone_after for each in post.captures)
        known = "a capture of the Wayback Machine" if by_capture else "its own id or the article that quotes it"
        return (
            f"Post p{post.number} was never seen by us. From {by} on it was not served in {looks} up to {until}, while "
            f"control posts on the same endpoints were served and the author's account was public. It existed at "
            f"{after} or later, by {known}. Who removed it was not observed."
        )
    return f"Post p{post.number}: {brief(post)}."


def captured(post: PostListing) -> str:
    """When a web archive captured a post; "" where none did."""
    if not post.captures:
        return ""
    first, last = post.captures[0], post.captures[-1]
    when = f"at {moment(first.captured_at)}" + (f" and at {moment(last.captured_at)}" if len(post.captures) > 1 else "")
    return f"by the Wayback Machine {when}; not seen by us"


def _held(post: PostListing) -> str:
    if post.held_in is None:
        return ""
    waits = "waits for a person" if post.held_in == "outage" else "holds for a month what vanished with many others"
    return f" (held: incident {post.held_by} {waits})"


def whose_words(post: PostListing) -> str:
    """Whose capture the words are; "" where they are our own snapshot's, or the article's."""
    return "" if post.text_from in (None, "snapshot", "article") else f"as captured: {post.text_from}"


def _why_unseen(post: PostListing) -> str:
    if post.last_reason is None:
        if "not_looked_at" in post.doubts:
            return f"this archive does not look at {post.platform} posts"
        if "id_implausible" in post.doubts:
            return "its id cannot be right (it lies in the future), so it is not looked at"
        if post.native_id is None:
            return "its id is still sought" if post.short_links else "the article tells no id and no short link"
        return "not looked at yet" if post.next_check_at else "its id cannot be right, so it is not looked at"
    host = SITES.get(post.platform, post.last_host or post.platform)
    reason = Reason(post.last_reason)
    if reason in UNREACHABLE:
        return f"{host} could not be reached"
    return _UNSEEN.get(reason, f"{host} answered nothing that tells ({reason})")


_UNSEEN = {
    Reason.RESOLVED: "identified, not looked at yet",
    Reason.NO_REDIRECT: "its short link leads nowhere",
    Reason.OTHER_AUTHOR: "its short link leads to another author's post",
    Reason.OUTSIDE_WINDOW: "its short link leads to a post of another day",
    Reason.NOT_AUTHORIZED: "served to nobody who is not logged in",
    Reason.RATE_LIMITED: "the platform asked us to wait",
    Reason.SKIPPED_PAUSED: "the platform asked us to wait",
    Reason.INTERRUPTED: "the look was interrupted",
    Reason.ADAPTER_ERROR: "the answer broke our adapter (a bug: please report it)",
}
