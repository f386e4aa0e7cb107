"""Save Page Now: the Wayback Machine is asked to capture a page, and how that went (platforms.md 12.6). Pure.

    begin   POST of a form            → the number of a job, or why not
    follow  the job's state           → saved, or failed, or not yet

What is saved is what tells most of a post: of one of X its JSON, which the archive's pages of X do not hold; of all
others the post's own page. Keys are the caller's: adapters know none. All outcomes are unknown: that an archive could
or could not capture a page tells nothing of the post.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from archiver.model.exchange import Exchange, Get, Send
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import Post, PostRef
from archiver.platforms import wayback, x_syndication
from archiver.platforms.answers import by_status, json_or_none, not_json, unknown, without_answer, words

NAME = "save_page_now"
VERSION = "1"
PLACE = f"{wayback.HOST}/save"
"""What stands below it is asked with keys, and at a pace of its own."""
GAP_SECONDS = 10.0
"""Least time between two requests there: 6 a minute, where the archive allows 7 captures; and few at once."""
_NOT_WITHIN = "3650d"
"""A capture of the last ten years is good enough: the archive then names it, and makes no other."""
_FORM = "application/x-www-form-urlencoded"
_JOB = re.compile(r"[A-Za-z0-9-]{8,100}")
_TIMESTAMP = re.compile(r"[0-9]{14}")
_LIMITS = frozenset(
    {
        *("error:user-session-limit", "error:too-many-daily-captures", "error:too-many-requests"),
        *("error:max-daily-bandwidth", "error:max-daily-bandwidth-host", "error:bandwidth-limit-exceeded"),
    }
)
"""What the archive says where it is asked for too much, by us or by all."""


def address_of(post: Post) -> str | None:
    """The address that is to be saved; None of a post that has none."""
    if post.platform == "x" and post.native_id is not None:
        return x_syndication.address(PostRef("x", None, post.native_id))
    return post.permalink


def begin(address: str, send: Send) -> Reading:
    """Ask for a capture. The message of a job that has begun is its number."""
    form = {"url": address, "if_not_archived_within": _NOT_WITHIN, "skip_first_archive": "1"}
    exchange = send(f"https://{PLACE}", content=urlencode(form).encode(), content_type=_FORM, accept="application/json")
    noun = _noun(exchange)
    if isinstance(noun, Reading):
        return noun
    job = words(noun, "job_id")
    if words(noun, "status") == "error" or job is None:
        return _failed(noun, exchange)
    if not _JOB.fullmatch(job):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "a job without a number")
    return Reading(Outcome.UNKNOWN, Reason.SAVE_BEGUN, exchange, message=job)


def follow(job: str, get: Get) -> Reading:
    """Ask what became of a job. The message of one that goes on is its number, of one that is done the capture."""
    exchange = get(f"https://{PLACE}/status/{job}", accept="application/json")
    noun = _noun(exchange)
    if isinstance(noun, Reading):
        return noun
    status, timestamp = words(noun, "status"), words(noun, "timestamp")
    if status == "pending":
        return Reading(Outcome.UNKNOWN, Reason.SAVE_PENDING, exchange, message=job)
    if status == "success" and timestamp and _TIMESTAMP.fullmatch(timestamp):
        told = f"{wayback.NAME}/{timestamp} {words(noun, 'original_url') or ''}".strip()
        return Reading(Outcome.UNKNOWN, Reason.SAVED, exchange, message=told[:1000])
    if status == "error":
        return _failed(noun, exchange)
    return unknown(exchange, Reason.UNEXPECTED_SHAPE, f"a job that is {status!r}"[:200])


def _noun(exchange: Exchange) -> dict[str, Any] | Reading:
    """The JSON object of an answer; a reading where there is none."""
    down = without_answer(exchange) or by_status(exchange)
    if down is not None:
        # However long it says, and where it says nothing.
        wait = max(down.retry_after_seconds or 0, wayback.LEAST_WAIT_SECONDS)
        return replace(down, retry_after_seconds=wait) if down.reason is Reason.RATE_LIMITED else down
    noun = json_or_none(exchange.body)
    return noun if isinstance(noun, dict) else not_json(exchange)


def _failed(noun: dict[str, Any], exchange: Exchange) -> Reading:
    said = words(noun, "status_ext") or words(noun, "message") or "no reason given"
    if said in _LIMITS:
        wait = wayback.LEAST_WAIT_SECONDS
        return replace(unknown(exchange, Reason.RATE_LIMITED, said), retry_after_seconds=wait)
    return Reading(Outcome.UNKNOWN, Reason.SAVE_FAILED, exchange, message=said[:300])
