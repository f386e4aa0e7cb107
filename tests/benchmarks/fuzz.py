"""Fuzzing: pages that nobody wrote are looked through, in processes that may die of it.

    seeds ─mutations→ page ─written down→ look_through ─┬ raised, or swallowed what a form raised
                                                        ├ took longer than its length allows
                                                        ├ found what cannot be stored
                                                        └ the process grew beyond bounds, or died

Each of these fails, once for each cause, and the page is kept in a file that is named.
"""

from __future__ import annotations

import cProfile
import faulthandler
import multiprocessing
import os
import pstats
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from archiver.embeds import find as finder
from archiver.model.article import Markup, Stamp, StoredArticle
from archiver.scan.look import Scanned, look_through
from archiver.scan.workers import processes_here
from tests.benchmarks import trees
from tests.benchmarks.mutations import Mutant, Seed, mutant
from tests.benchmarks.options import Options

SECONDS_A_MEGABYTE = 2.0
"""Of processor time; a shorter page has as much."""
GROWTH_BYTES = 300_000_000
"""How much a process may grow by all the pages that it sees."""
STUCK_SECONDS = 20
"""Of processor time over one page: then the process is ended."""
MOST_FAILURES = 20
NOW = datetime(2026, 3, 1, tzinfo=UTC)

_MARKUP = Path(__file__).resolve().parent.parent / "markup"
_ENDINGS: dict[Markup | None, str] = {"html": ".html", "text": ".txt", "markdown": ".md", None: ".page"}
_MARKUPS = {ending: markup for markup, ending in _ENDINGS.items()}


def run(options: Options) -> bool:
    """True if nothing failed."""
    seconds = 3.0 if options.small else options.minutes * 60
    processes = 1 if options.small else processes_here()
    with tempfile.TemporaryDirectory() as place:
        children = [_Child(Path(place, str(number)), options, number, seconds) for number in range(processes)]
        while any([child.goes_on() for child in children]):
            time.sleep(0.1)
        pages = sum(child.pages for child in children)
        size = sum(child.size for child in children)
        failures = {_key(cause): (cause, kept) for child in children for cause, kept in child.failures}
    looked = f"{pages:,} pages, {size / 1e6:,.0f} MB in {seconds:,.0f} s on {processes} processes"
    print(f"\nfuzz: {looked}, seed {options.seed}; {len(failures)} failures")
    for cause, kept in failures.values():
        print(f"  FAILED: {cause}\n    the page is kept: {kept}")
    return not failures


class _Child:
    """A process that looks pages through, and its heirs when it dies."""

    def __init__(self, place: Path, options: Options, number: int, seconds: float) -> None:
        self.place = place
        self.options = options
        self.ends_at = time.monotonic() + seconds
        self.pages = self.size = 0
        self.failures: list[tuple[str, Path]] = []
        self._numbers = count(number, 1000)
        place.mkdir()
        _write(place, Mutant(b"", None, None))
        self._start()

    def _start(self) -> None:
        seconds = self.ends_at - time.monotonic()
        seed = f"{self.options.seed}/{next(self._numbers)}"
        self._process = multiprocessing.get_context("spawn").Process(
            target=_look_at_many, args=(self.place, self.options.corpus, seed, seconds)
        )
        self._process.start()

    def goes_on(self) -> bool:
        """Whether it still looks; if it died, what it died of is put down, and another goes on."""
        if self._process.is_alive():
            return True
        self._process.join()
        self._take()
        died = self._process.exitcode
        if died:
            self.failures.append((self._cause_of_death(died), _keep(self.place / "page", _written(self.place))))
        if self.ends_at - time.monotonic() < 2 or len(self.failures) >= MOST_FAILURES:
            return False
        self._start()
        return True

    def _cause_of_death(self, code: int) -> str:
        """With where it was when its time was over, as the fault handler wrote it down."""
        if code != -signal.SIGXCPU:
            return f"the process ended with {code}"
        places = re.findall(r'File "([^"]+)", line (\d+) in (\S+)', (self.place / "stuck").read_text())
        ours = [f"in {name} {Path(file).name}:{line}" for file, line, name in places if "archiver" in file]
        return f"stuck {ours[0] if ours else 'in nothing of ours'} | more than {STUCK_SECONDS} s of processor time"

    def _take(self) -> None:
        told = self.place / "told"
        if told.exists():
            pages, size, *failures = told.read_text().splitlines()
            self.pages += int(pages)
            self.size += int(size)
            self.failures += [(cause, Path(kept)) for kept, _, cause in (line.partition("\t") for line in failures)]
            told.unlink()


@dataclass(slots=True)
class _Campaign:
    """What one process has done."""

    place: Path
    pages: int = 0
    size: int = 0
    causes: dict[str, Path] = field(default_factory=dict)

    def fail(self, cause: str, page: Mutant) -> None:
        """Keep the page, if the cause is new."""
        cause = " ".join(cause.split()) + (f" (stated charset: {page.charset!r})" if page.charset else "")
        if _key(cause) not in map(_key, self.causes):
            self.causes[cause] = _keep(self.place / "page", page.markup)

    def tell(self) -> None:
        lines = [str(self.pages), str(self.size), *(f"{kept}\t{cause}" for cause, kept in self.causes.items())]
        (self.place / "told").write_text("\n".join(lines) + "\n")


def _look_at_many(place: Path, corpus: Path | None, seed: str, seconds: float) -> None:
    """In a process of its own, until the time is over, or it has grown too large."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    stuck = (place / "stuck").open("w")
    faulthandler.register(signal.SIGXCPU, file=stuck, all_threads=False, chain=True)
    chance = Random(seed)
    seeds = [*_cases(), *_pages(corpus)]
    campaign = _Campaign(place)
    ends_at = time.monotonic() + seconds
    _cause(mutant(Random(0), seeds))
    grown = _peak() + GROWTH_BYTES
    while time.monotonic() < ends_at and len(campaign.causes) < MOST_FAILURES:
        page = mutant(chance, seeds)
        _write(place, page)
        _limit(STUCK_SECONDS)
        cause = _cause(page)
        campaign.pages += 1
        campaign.size += len(page.payload)
        if cause is not None:
            campaign.fail(cause, page)
        if _peak() > grown:
            campaign.fail(f"the process grew by {GROWTH_BYTES / 1e6:,.0f} MB | {len(page.payload)} bytes", page)
            break
        if cause is not None or campaign.pages % 50 == 0:
            campaign.tell()
    campaign.tell()


def _cause(page: Mutant) -> str | None:
    """Why a page fails; None if it does not."""
    stored = StoredArticle("fuzz", "page", page.payload, Stamp(len(page.payload), 0, 0), page.markup, page.charset)
    started = time.process_time()
    try:
        looked = look_through(stored, NOW)
    except Exception as error:  # whatever it is, it is a failure
        return f"raised {_where(error)} | {error}"
    took = time.process_time() - started
    allowed = SECONDS_A_MEGABYTE * max(1.0, len(page.payload) / 1e6)
    if took > allowed and (took := min(took, _again(stored))) > allowed:
        return (
            f"too slow {_slowest(stored)} | {took:.1f} s for {len(page.payload):,} bytes, {allowed:.1f} s are allowed"
        )
    if "unparsed" in looked.doubts and (errors := _swallowed(stored)):
        return f"swallowed {_where(errors[0])} | {errors[0]}"
    return _unstorable(looked)


def _key(cause: str) -> str:
    """What tells one cause from another."""
    return cause.partition(" | ")[0]


def _unstorable(looked: Scanned) -> str | None:
    try:
        for embed, identification in looked.found:
            repr(astuple(embed)).encode()
            for words in (embed.quotation, embed.before, embed.after, embed.address, embed.author_name):
                (words or "").encode()
            if identification is not None and identification.native_id is not None:
                identification.native_id.encode("ascii")
        for words in (looked.article.title, looked.article.address):
            (words or "").encode()
    except UnicodeEncodeError as error:
        return f"cannot be stored {error.reason} | {error}"
    return None


def _again(stored: StoredArticle) -> float:
    """The same once more, for a machine may have been busy."""
    _limit(STUCK_SECONDS)
    started = time.process_time()
    look_through(stored, NOW)
    return time.process_time() - started


def _slowest(stored: StoredArticle) -> str:
    """The innermost function of ours in which most of the time is spent."""
    _limit(5 * STUCK_SECONDS)
    profile = cProfile.Profile()
    profile.runcall(look_through, stored, NOW)
    stats: dict[tuple[str, int, str], tuple[int, int, float, float, Any]] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    whole = max(spent[3] for spent in stats.values())
    ours = [(spent[3], place) for place, spent in stats.items() if "archiver" in place[0] and spent[3] > whole / 2]
    _, (file, line, name) = min(ours, default=(0.0, ("", 0, "nothing of ours")))
    return f"in {name} {Path(file).name}:{line}"


def _swallowed(stored: StoredArticle) -> list[BaseException]:
    """What forms raised that the finder caught: it is told there as a doubt only."""
    errors: list[BaseException] = []

    def within(frame: FrameType, event: str, told: Any) -> Any:
        if event == "exception" and not issubclass(told[0], StopIteration | GeneratorExit):
            errors.append(told[1])
        return within

    def entering(frame: FrameType, event: str, told: Any) -> Any:
        return within if frame.f_code.co_filename == finder.__file__ else None

    sys.settrace(entering)
    try:
        look_through(stored, NOW)
    finally:
        sys.settrace(None)
    return errors


def _where(error: BaseException) -> str:
    """What was raised, and our line that it came from."""
    ours = [each for each in traceback.extract_tb(error.__traceback__) if "archiver" in each.filename]
    return f"{type(error).__name__} " + "".join(f"{Path(each.filename).name}:{each.lineno}" for each in ours[-1:])


def _cases() -> Iterator[Seed]:
    for path in sorted(_MARKUP.glob("*/*/input.*")):
        yield Seed(path.read_bytes(), _MARKUPS.get(path.suffix))


def _pages(corpus: Path | None) -> Iterator[Seed]:
    for path in trees.below(corpus).paths if corpus is not None else ():
        yield Seed(path.read_bytes(), _MARKUPS.get(path.suffix))


def _write(place: Path, page: Mutant) -> None:
    (place / "page").write_bytes(page.payload)
    (place / "kind").write_text(page.markup or "")


def _written(place: Path) -> Markup | None:
    said = (place / "kind").read_text()
    return next(markup for markup in _ENDINGS if (markup or "") == said)


def _keep(page: Path, markup: Markup | None) -> Path:
    file, name = tempfile.mkstemp(prefix="fuzz-", suffix=_ENDINGS[markup])
    with os.fdopen(file, "wb") as kept:
        kept.write(page.read_bytes())
    return Path(name)


def _limit(seconds: int) -> None:
    """End this process when it has used so much more processor time."""
    used = int(time.process_time()) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _peak() -> int:
    """The greatest resident memory of this process so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
