"""Short links that an article prints as the address of a post: one hop, read and never followed.

Unlike the pictures of X, such a link leads to its own post and to no other. Where an author's handle is known and the
target names another, the link is not believed all the same: an author was renamed, or an article mixed two posts up.
"""

from __future__ import annotations

from archiver.model.exchange import Exchange, Get
from archiver.model.outcome import Reason
from archiver.model.post import Post, Resolution
from archiver.permalinks import PostAddress, post_address
from archiver.platforms.answers import by_status, without_answer
from archiver.urls import host

_REDIRECTS = (301, 302, 303, 307, 308)
_NEXT = frozenset({Reason.NO_REDIRECT, Reason.OTHER_AUTHOR})
"""After these another link of the same post may still lead to it; after others there is nobody to ask just now."""


def resolve(post: Post, get: Get, hosts: tuple[str, ...]) -> Resolution:
    """Ask the post's short links at these hosts in turn until one leads to its id; the last answer where none does."""
    last = Resolution(Reason.NO_REDIRECT, None, None, None, "the post has no short link")
    for link in post.short_links:
        if host(link) not in hosts:
            continue
        exchange = get(link, accept="text/html")
        last = _judged(post, exchange)
        if last.reason not in _NEXT:
            return last
    return last


def _judged(post: Post, exchange: Exchange) -> Resolution:
    down = without_answer(exchange)
    if down is not None:
        return Resolution(down.reason, None, None, exchange, down.message)
    target = exchange.header("location") if exchange.status_code in _REDIRECTS else None
    if target is None:
        return _dead(exchange)
    told = "leads to " + "".join(c if c.isprintable() else " " for c in target[:200])
    found = post_address(target)
    if found is None or found.platform != post.platform or found.native_id is None:
        return Resolution(Reason.NO_REDIRECT, None, None, exchange, told)
    if not _agrees(post, found):
        return Resolution(Reason.OTHER_AUTHOR, None, found.handle, exchange, told)
    return Resolution(Reason.RESOLVED, found.native_id, found.handle, exchange, told)


def _agrees(post: Post, found: PostAddress) -> bool:
    """Whether the target names an author that is known, or either side names none."""
    known = {handle.lower() for handle in (post.author_handle, post.cited_handle) if handle}
    return not known or found.handle is None or found.handle.lower() in known


def _dead(exchange: Exchange) -> Resolution:
    """A refusal or an outage says so; any other answer is a link that leads nowhere."""
    status = by_status(exchange)
    if status and status.reason in (Reason.RATE_LIMITED, Reason.REFUSED, Reason.SERVER_ERROR):
        return Resolution(status.reason, None, None, exchange, status.message)
    return Resolution(Reason.NO_REDIRECT, None, None, exchange, f"status {exchange.status_code}, leads nowhere")
