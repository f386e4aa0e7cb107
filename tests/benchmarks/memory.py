"""The peak of each process of a scan: over many files, and over a large web archive. Read from /proc, as it goes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks import trees, webarchive
from tests.benchmarks.options import Options

AIM_MEGABYTES = 200
_LOOK_EVERY_SECONDS = 0.05


def run(options: Options) -> bool:
    if not Path("/proc/self/status").exists():
        print("\nmemory: told by /proc, which is not here")
        return True
    with trees.articles(options, 50, 500) as some, tempfile.TemporaryDirectory() as place:
        kept = trees.copies(some, Path(place, "kept"), len(some.paths))
        folder = Path(place, "articles")
        tree = trees.links(kept, folder, options.count(300, 100_000))
        _measure(f"a scan of {tree}", Path(place, "files"), f'path = "{folder}"')
        if find_spec("fastwarc") is None:
            print("\nmemory, web archives: pip install 'embed-archiver[warc]'")
            return True
        packed = Path(place, "crawl.warc.gz")
        size = options.count(5_000_000, 5_000_000_000 if options.full else 200_000_000)
        count, unpacked = webarchive.write(packed, kept, size)
        title = f"a scan of a web archive of {size / 1e6:,.0f} MB: {count:,} records, {unpacked / 1e6:,.0f} MB unpacked"
        _measure(title, Path(place, "packed"), f'kind = "warc"\npath = "{packed}"')
    return True


def _measure(title: str, place: Path, source: str) -> None:
    place.mkdir()
    config = place / "config.toml"
    config.write_text(f'[store]\npath = "{place}/archive"\n[sources.sample]\n{source}\n')
    print(f"\nmemory: {title}")
    started = time.perf_counter()
    command = [sys.executable, "-m", "archiver", "--config", str(config), "scan", "--format", "jsonl"]
    with (place / "told").open("wb+") as told:
        # A session of its own: by it all that the scan starts is known.
        scan = subprocess.Popen(command, stdout=told, stderr=subprocess.STDOUT, start_new_session=True)
        peaks: dict[str, int] = {}
        while scan.poll() is None:
            for role, peak in _peaks(scan.pid):
                peaks[role] = max(peak, peaks.get(role, 0))
            time.sleep(_LOOK_EVERY_SECONDS)
        told.seek(0)
        last = told.read().decode().splitlines()[-1:]
    print(f"  {time.perf_counter() - started:.1f} s, exit code {scan.returncode}: {''.join(last)[:200]}")
    for role, peak in sorted(peaks.items()):
        print(f"  {role:30} {peak / 1e6:8,.0f} MB at its peak (aim <= {AIM_MEGABYTES})")


def _peaks(session: int) -> Iterator[tuple[str, int]]:
    """Role and greatest resident memory so far, in bytes, of each process of a session."""
    for place in Path("/proc").iterdir():
        if not place.name.isdigit():
            continue
        try:
            fields = (place / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) != session:
                continue
            status = (place / "status").read_text()
        except (OSError, IndexError):
            continue  # it has ended meanwhile
        kilobytes = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
        if kilobytes:
            yield _role(int(place.name), int(fields[1]), session), int(kilobytes[0]) * 1024


def _role(number: int, parent: int, session: int) -> str:
    if number == session:
        return "1 reads and writes"
    if parent == session:
        return "2 starts the workers" if _is_fork_server(number) else "4 keeps count of resources"
    return "3 look through, the greatest"


def _is_fork_server(number: int) -> bool:
    try:
        return b"forkserver" in Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return False
