"""Finding a post's id by its short links: one hop of t.co, read and never followed (platforms.md 1.a.2, 1.c.5).

The link of a picture leads to its post, but a re-used picture leads to somebody else's: an id is accepted only if the
handle agrees and the id lies in the day that the attribution prints.
"""

from __future__ import annotations

import html
import json
import re

from archiver.model.embed import Link
from archiver.model.exchange import Exchange, Get
from archiver.model.outcome import Reason
from archiver.model.post import Post, Resolution
from archiver.platforms.answers import by_status, without_answer
from archiver.platforms.x_ids import within
from archiver.urls import XStatus, split, x_status

HOST = "t.co"
_PICTURE_HOSTS = ("pic.twitter.com", "pic.x.com")
_CODE = re.compile(r"/([A-Za-z0-9]{1,20})/?")
_REFRESH = re.compile(
    r"<meta\s[^<>]{0,100}\brefresh\b[^<>]{0,50}\bcontent\s?=\s?[\"']\s{0,5}\d{1,5}\s{0,5};\s{0,5}url\s?=\s?([^\"'<>]{1,2000})",
    re.IGNORECASE,
)
_REPLACE = re.compile(r"location\.replace\((\"[^\"\n]{1,2000}\")\)")
_NEXT = frozenset({Reason.NO_REDIRECT, Reason.OTHER_AUTHOR, Reason.OUTSIDE_WINDOW})
"""After these another link of the same post may still lead to it; after others there is nobody to ask just now."""


def short_links(links: tuple[Link, ...]) -> tuple[str, ...]:
    """`https://t.co/CODE` for the pictures of a quotation, the likeliest to lead to the post first.

    The code of `pic.twitter.com/CODE` is the t.co code. Pictures stand at the end of a post, so the last one leads.
    Other short links are left out: they lead to pages, or to posts that this one quotes, perhaps of the same author
    and day.
    """
    pictures = []
    for link in reversed(links):
        parts = split(link.url)
        code = _CODE.fullmatch(parts.path) if parts else None
        if parts is None or code is None:
            continue
        shown = link.text.strip().lower().removeprefix("https://").startswith(_PICTURE_HOSTS)
        if parts.netloc in _PICTURE_HOSTS or (parts.netloc == HOST and shown):
            pictures.append(f"https://{HOST}/{code[1]}")
    return tuple(dict.fromkeys(pictures))


def resolve(post: Post, get: Get) -> Resolution:
    """Ask the post's short links in turn until one leads to its id; the last answer where none does.

    An address without a handle (`/i/web/status/ID`) is never accepted: it names no author to agree with.
    """
    last = Resolution(Reason.NO_REDIRECT, None, None, None, "the post has no short link")
    for link in post.short_links:
        if not link.startswith(f"https://{HOST}/"):
            continue
        exchange = get(link, accept="text/html")
        down = without_answer(exchange)
        if down is not None:
            return Resolution(down.reason, None, None, exchange, down.message)
        target = target_of(exchange)
        last = judged(post, target, exchange) if target is not None else _dead(exchange)
        if last.reason not in _NEXT:
            return last
    return last


def target_of(exchange: Exchange) -> str | None:
    """Where the short link leads, by its `Location` or by the page that browsers get."""
    if exchange.status_code in (301, 302, 303, 307, 308):
        return exchange.header("location")
    if exchange.status_code != 200:
        return None
    text = exchange.body[:65536].decode("utf-8", "replace")
    refresh = _REFRESH.search(text)
    if refresh:
        return html.unescape(refresh[1]).strip()
    replace = _REPLACE.search(text)
    try:
        return str(json.loads(replace[1])) if replace else None
    except ValueError:
        return None


def _dead(exchange: Exchange) -> Resolution:
    """A refusal or an outage says so; any other answer is a link that leads nowhere."""
    status = by_status(exchange)
    if status and status.reason in (Reason.RATE_LIMITED, Reason.REFUSED, Reason.SERVER_ERROR):
        return Resolution(status.reason, None, None, exchange, status.message)
    return Resolution(Reason.NO_REDIRECT, None, None, exchange, f"status {exchange.status_code}, leads nowhere")


def judged(post: Post, target: str, exchange: Exchange) -> Resolution:
    """Whether what a short link leads to is accepted as the post: handle and id window must agree."""
    status = x_status(target)
    told = "leads to " + "".join(c if c.isprintable() else " " for c in target[:200])
    if status is None:
        return Resolution(Reason.NO_REDIRECT, None, None, exchange, told)
    if not _agrees(post, status):
        return Resolution(Reason.OTHER_AUTHOR, None, status.handle, exchange, told)
    if post.id_window is None or not within(status.native_id, post.id_window):
        return Resolution(Reason.OUTSIDE_WINDOW, None, status.handle, exchange, told)
    return Resolution(Reason.RESOLVED, status.native_id, status.handle, exchange, told)


def _agrees(post: Post, status: XStatus) -> bool:
    known = {handle.lower() for handle in (post.author_handle, post.cited_handle) if handle}
    return status.handle is not None and status.handle.lower() in known
