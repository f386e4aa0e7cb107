"""An archive whose ledger tells of nearly everything that can happen: pictures, holds, removals, incidents, gaps."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from archiver.breaker import Ending, OpenIncident
from archiver.demo.scenery import Picture
from archiver.demo.shapes import Answer, Asked
from archiver.model.incident import Kind
from archiver.model.stream import StreamGap
from archiver.store import controls, incidents, streams
from tests.newsroom import CONTROL_POSTS, Newsroom, born, day

TABLES = (
    '[media]\nkeep = "images"\n[retention]\nthin_after = "5d"\n[evidence.sinks.keeper]\nkind = "file"\npath = "kept"\n'
)
PNG = b"\x89PNG\r\n\x1a\nsample picture"
INCIDENTS: tuple[tuple[Kind, str, Ending], ...] = (
    ("outage", "x", "expired"),
    ("wave", "x", "ebbed"),
    ("wave", "x", "ebbed"),
    ("outage", "bluesky", "expired"),
)
SHOWN, REDACTED, HELD = born(10, 1), born(10, 2), born(10, 3)


@contextlib.contextmanager
def told_archive(folder: Path) -> Iterator[Newsroom]:
    """Three weeks, in which one post was deleted; another was redacted after all, and a third is held."""
    with Newsroom(folder, tables=TABLES) as room:
        (folder / "kept").mkdir()
        room.far_end.between = _with_pictures
        pictures = (Picture("SmplPict01", alternative_text="A sample chart"), Picture("SmplPict02"))
        room.post(SHOWN, "sample_desk", media=pictures)
        room.post(REDACTED, "lantern_keeper", "Sample words of the lantern keeper.", media=(Picture("SmplPict03"),))
        room.post(HELD, "third_desk")
        room.world.at(day(4)).delete(SHOWN)
        room.article("a.html", *map(room.quote, (SHOWN, REDACTED, HELD)))
        room.live(day(16), timedelta(hours=8))
        numbers = {native_id: room.listed(native_id).number for native_id in (SHOWN, REDACTED, HELD)}
        _trouble(room, numbers[SHOWN])
        room.archive.redact(numbers[REDACTED], reason="court_order", authority="Sample Court, 12 C 34/26", by="J. Doe")
        room.archive.hold(numbers[HELD], reason="Sample proceedings 7/26", by="J. Doe")
        room.archive.hold(numbers[SHOWN], reason="Sample proceedings 8/26", by="J. Doe")
        room.archive.release(numbers[SHOWN], reason="settled", by="J. Doe")
        room.archive.retain()
        yield room


def _with_pictures(asked: Asked, answered: Answer) -> Answer:
    """The media host serves one picture, and does not know the other."""
    if asked.host != "pbs.twimg.com":
        return answered
    return Answer(404, "text/plain", b"none") if "SmplPict02" in asked.path else Answer(200, "image/png", PNG)


def _trouble(room: Newsroom, post: int) -> None:
    """Incidents that ended before anybody looked, so that they bear on no verdict; a gap; a control that went."""
    with room.store.run("check") as run, room.store.writing(run.id) as transaction:
        for kind, platform, how in INCIDENTS:
            number = incidents.open_one(transaction, kind, platform, day(-9), {post: "sample_desk"}, 40)
            incidents.end(transaction, OpenIncident(number, day(-9), 1, 0), day(-8), how)
        incidents.recover(transaction, OpenIncident(3, day(-9), 1, 1), day(-7.5))
        incidents.accept(transaction, 1, "The sample desk closed for good.", "J. Doe")
        gap = StreamGap("x", "sample_stream", None, day(-7), "begun")
        streams.append_gap(transaction, gap)
        controls.append(transaction, "x", None, CONTROL_POSTS[0], "retired", "not_found", day(-6))
