"""Runs the benchmarks; see the package."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from bs4 import BeautifulSoup

from archiver.archive import Archive
from archiver.articles.directory import Directory
from archiver.clock import SettableClock
from archiver.config import Config
from archiver.demo.far_end import FarEnd
from archiver.demo.scenery import snowflake
from archiver.demo.world import World
from archiver.embeds.find import find
from archiver.model.article import Article
from tests.benchmarks import pages
from tests.benchmarks.timing import side_by_side


def naive(paths: list[Path]) -> int:
    """The ten lines that a user would write: X blockquotes only."""
    found = []
    for path in paths:
        soup = BeautifulSoup(path.read_bytes(), "lxml")
        for quote in soup.find_all("blockquote", class_="twitter-tweet"):
            links = [a["href"] for a in quote.find_all("a", href=True)]
            ids = [m[1] for link in links if (m := re.search(r"twitter\.com/\w+/status/(\d+)", str(link)))]
            if ids:
                found.append((path, ids[-1], quote.get_text()))
    assert found
    return len(paths)


def finding(folder: Path) -> int:
    """Read, decode, describe and find, all forms."""
    count = embeds = 0
    for finding in Directory("sample", folder).read({}):
        assert isinstance(finding, Article)
        count += 1
        embeds += len(find(finding).embeds)
    assert embeds == 2 * ((count + 4) // 5)
    return count


def hashing(paths: list[Path]) -> int:
    """The limit: read the bytes and hash them once."""
    for path in paths:
        hashlib.sha256(path.read_bytes()).digest()
    return len(paths)


def scanning(folder: Path) -> int:
    """A scan into a new archive."""
    with tempfile.TemporaryDirectory() as place, Archive(_config(Path(place), folder)) as archive:
        return archive.scan().read


def scanning_again(archive: Archive) -> int:
    """A scan of a tree that has not changed since the last."""
    return archive.scan().unchanged


def checking(count: int) -> None:
    """Checks against a loopback server, and the bare requests for comparison."""
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
        with (
            FarEnd(world) as far_end,
            Archive(_config(Path(place) / "a", folder, far_end.address), clock=clock) as archive,
        ):
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


def starting(folder: Path) -> None:
    """Start-up of --help and of a query, against a bare interpreter."""
    place = folder.parent / "query"
    config = folder.parent / "config.toml"
    config.write_text(f'[store]\npath = "{place}"\n[sources.sample]\npath = "{folder}"\n')
    program = [sys.executable, "-m", "archiver", "--config", str(config)]
    subprocess.run([*program, "scan"], check=True, capture_output=True)

    def run(*command: str) -> int:
        subprocess.run(command, check=True, capture_output=True)
        return 1

    side_by_side(
        "start-up",
        {
            "python -c pass": lambda: run(sys.executable, "-c", "pass"),
            "archiver --help": lambda: run(*program, "--help"),
            "archiver posts --limit 1": lambda: run(*program, "posts", "--limit", "1"),
        },
        "starts",
        rounds=7,
    )


def _config(place: Path, folder: Path, far_end: str | None = None) -> Config:
    web = {"connect_to": {"*": far_end}, "pace": "1ms"} if far_end else {}
    return Config.model_validate(
        {"store": {"path": place / "archive"}, "sources": {"sample": {"path": folder}}, "web": web}
    )


def main() -> None:
    count, posts = (50, 20) if "--small" in sys.argv else (1000, 400)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "articles"
        paths = pages.write(folder, count)
        scanned = Archive(_config(Path(place), folder))
        scanned.scan()
        side_by_side(
            f"scan of {count} articles of 40 kB, one in five with two embeds",
            {
                "ten lines of BeautifulSoup and lxml, X blockquotes only": lambda: naive(paths),
                "archiver: find, all forms, in memory": lambda: finding(folder),
                "archiver scan into a new archive": lambda: scanning(folder),
                "archiver scan of the unchanged tree": lambda: scanning_again(scanned),
                "limit: read and SHA-256": lambda: hashing(paths),
            },
            "articles",
        )
        scanned.close()
        starting(folder)
    checking(posts)


main()
