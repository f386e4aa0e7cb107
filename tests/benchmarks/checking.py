"""Checks against a loopback server, and the bare requests for comparison."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from archiver.archive import Archive
from archiver.clock import SettableClock
from archiver.config import Config
from archiver.demo.far_end import FarEnd
from archiver.demo.scenery import snowflake
from archiver.demo.world import World
from tests.benchmarks.options import Options


def run(options: Options) -> bool:
    count = options.count(20, 400)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "articles"
        folder.mkdir()
        clock = SettableClock(datetime(2026, 3, 1, tzinfo=UTC))
        world = World(clock)
        for number in range(count):
            native_id = snowflake(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number))
            world.account(f"sample_{number}", str(1_000_000 + number), f"Sample {number}")
            world.post(native_id, f"sample_{number}", f"Sample text {number}")
            (folder / f"{number}.txt").write_text(f"https://x.com/sample_{number}/status/{native_id}\n")
        with FarEnd(world) as far_end, Archive(_config(Path(place), folder, far_end.address), clock=clock) as archive:
            archive.scan()
            started = time.perf_counter()
            looks = archive.check().looks
            took = time.perf_counter() - started
            urls = [(request.path, request.host) for request in far_end.log]
            started = time.perf_counter()
            with httpx.Client(base_url=far_end.address, trust_env=False) as client:
                for path, host in urls:
                    client.get(path, headers={"Host": host})
            bare = time.perf_counter() - started
    print(f"\nchecks: {count} posts, {looks} looks on two endpoints, judged and stored, against a loopback server")
    print(f"  archiver check                {looks / took:10,.1f} looks/s")
    print(f"  the same requests, httpx only {len(urls) / bare:10,.1f} requests/s  {took / bare:8.2f} x the time")
    return True


def _config(place: Path, folder: Path, far_end: str) -> Config:
    return Config.model_validate(
        {
            "store": {"path": place / "archive"},
            "sources": {"sample": {"path": folder}},
            "web": {"connect_to": {"*": far_end}, "pace": "1ms"},
        }
    )
