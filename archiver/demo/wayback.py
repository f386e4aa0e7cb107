"""What the simulated Wayback Machine answers: its index and its replay, out of what a `World` holds as captured."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urlsplit

from archiver.demo.scenery import ArchivedPage
from archiver.demo.shapes import HTML, TEXT, Answer, Asked, json_answer
from archiver.demo.world import World

HOST = "web.archive.org"
_REPLAY = re.compile(r"/web/([0-9]{14})id_/(.+)")
_SCHEME = re.compile(r"^https?://(?:www\.)?")


def wayback(world: World, asked: Asked) -> Answer:
    """What the archive says to this now."""
    if asked.path == "/cdx/search/cdx":
        return _index(world, asked)
    found = _REPLAY.fullmatch(asked.target)
    page = _captured(world, found[1], found[2]) if found else None
    if page is None:
        return Answer(404, HTML, b"<html><body><p>The Wayback Machine has not archived that URL.</p></body></html>")
    dated = ("memento-datetime", format_datetime(page.captured_at, usegmt=True))
    return Answer(page.status_code, page.content_type, page.body, (dated, *page.headers))


def _index(world: World, asked: Asked) -> Answer:
    url, is_prefix = _plain(asked.query("url") or ""), asked.query("matchType") == "prefix"
    if any(url.startswith(_plain(excluded)) for excluded in world.excluded):
        blocked = "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error"
        return Answer(403, TEXT, blocked.encode(), (("x-archive-wayback-runtime-error", blocked),))
    failed = (asked.query("filter") or "").removeprefix("!statuscode:")
    rows = [
        [
            _stamp(page.captured_at),
            page.address,
            page.content_type.partition(";")[0],
            str(page.status_code),
            page.digest,
        ]
        for page in sorted(world.archived, key=lambda page: (_plain(page.address), page.captured_at))
        if _matches(_plain(page.address), url, is_prefix=is_prefix)
        and page.captured_at <= world.clock.now()
        and not re.fullmatch(failed, str(page.status_code))
    ]
    return json_answer(200, [["timestamp", "original", "mimetype", "statuscode", "digest"], *rows] if rows else [])


def _matches(address: str, url: str, *, is_prefix: bool) -> bool:
    return address.startswith(url) if is_prefix else address == url


def _captured(world: World, stamp: str, address: str) -> ArchivedPage | None:
    return next((p for p in world.archived if (_stamp(p.captured_at), p.address) == (stamp, address)), None)


def _plain(address: str) -> str:
    """As the index sorts addresses: without scheme, "www." and case."""
    return _SCHEME.sub("", address).lower() if urlsplit(address).scheme else address.lower()


def _stamp(at: datetime) -> str:
    return f"{at:%Y%m%d%H%M%S}"
