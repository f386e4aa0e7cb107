"""Ways of reading articles and finding embeds, from the bare bytes up."""

from __future__ import annotations

import hashlib
import multiprocessing
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bs4 import BeautifulSoup

from archiver.articles.decode import charset_of
from archiver.articles.directory import Directory
from archiver.articles.source import Known
from archiver.embeds.find import find
from archiver.embeds.prefilter.hints import hints_in
from archiver.model.article import Article, PassedOver, StoredArticle
from archiver.platforms import registry
from archiver.scan.look import look_through
from tests.benchmarks import trees
from tests.benchmarks.timing import Done, Watch
from tests.benchmarks.trees import Tree

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def reading(tree: Tree) -> Done:
    """The limit: the bytes."""
    return Done(len(tree.paths), sum(len(_bytes(path)) for path in tree.paths))


def hashing(tree: Tree) -> Done:
    """The limit: the bytes, hashed once."""
    for path in tree.paths:
        hashlib.sha256(_bytes(path)).digest()
    return Done(len(tree.paths), tree.size)


def naive(tree: Tree) -> Done:
    """The ten lines that a user would write: X blockquotes only."""
    found = []
    for path in tree.paths:
        soup = BeautifulSoup(path.read_bytes(), "lxml")
        for quote in soup.find_all("blockquote", class_="twitter-tweet"):
            links = [a["href"] for a in quote.find_all("a", href=True)]
            ids = [m[1] for link in links if (m := re.search(r"twitter\.com/\w+/status/(\d+)", str(link)))]
            if ids:
                found.append((path, ids[-1], quote.get_text()))
    return Done(len(tree.paths), tree.size, len(found))


def finding(tree: Tree) -> Done:
    """From files to embeds of all platforms: read, decoded, found. Nothing is described, hashed or stored."""
    embeds = sum(len(find(_article(stored), surroundings=False).embeds) for stored in stored_in(tree))
    return Done(len(tree.paths), tree.size, embeds)


def finding_at_once(shares: Sequence[Tree]) -> Done:
    """The same by as many processes as there are shares. Their start does not count."""
    with multiprocessing.get_context("fork").Pool(len(shares)) as pool:
        with Watch() as watch:
            done = pool.map(_finding_timed, shares, chunksize=1)
        watch.processor = sum(processor for _, processor in done)
    found = sum(each.found or 0 for each, _ in done)
    return Done(sum(len(share.paths) for share in shares), sum(share.size for share in shares), found, watch)


def _finding_timed(tree: Tree) -> tuple[Done, float]:
    with Watch() as watch:
        done = finding(tree)
    return done, watch.processor


def looking_through(tree: Tree, *, surroundings: bool = True) -> Done:
    """All that a worker does: found with the text around, identified, the article described and hashed. Without
    `surroundings` it is what the command `embeds` does."""
    embeds = sum(len(look_through(stored, NOW, surroundings=surroundings).found) for stored in stored_in(tree))
    return Done(len(tree.paths), tree.size, embeds)


def shows(stored: StoredArticle) -> bool:
    """Whether an article holds an embed."""
    return bool(find(_article(stored), surroundings=False).embeds)


def one_in_five(some: Tree, place: Path, count: int) -> Tree:
    """Articles of a tree as newsrooms hold them: sorted by looking, and mixed so that one in five shows embeds."""
    showing: list[Path] = []
    plain: list[Path] = []
    for stored in stored_in(some):
        kind = showing if shows(stored) else plain
        kind.append(some.folder / stored.location)
    return trees.mixed(showing, plain, place, count)


def one_in_five_hinted(some: Tree, place: Path, count: int) -> Tree:
    """HTML as in the collection that the aims were set on: one page in five hints at an embed of any platform, whether
    it holds one or not, and the bytes of the others name none."""
    hinted: list[Path] = []
    others: list[Path] = []
    for stored in stored_in(some):
        if stored.markup == "html":
            kind = others if hints_in(stored.payload) is None else hinted
            kind.append(some.folder / stored.location)
    return trees.mixed(hinted, others, place, count)


def of_x(tree: Tree) -> int:
    """How many of the embeds are of X."""
    found = (embed for stored in stored_in(tree) for embed in find(_article(stored), surroundings=False).embeds)
    return sum(known is not None and known.platform == "x" for known in (registry.identify(e, NOW) for e in found))


def stored_in(tree: Tree) -> Iterator[StoredArticle]:
    """What the directory source hands over."""
    for stored in Directory("sample", tree.folder).read(Known()):
        if isinstance(stored, PassedOver):
            continue
        assert isinstance(stored, StoredArticle), stored
        yield stored


def _article(stored: StoredArticle) -> Article:
    markup = stored.markup or "html"
    charset, _ = charset_of(stored.payload, markup, stored.charset)
    size = len(stored.payload)
    return Article(stored.source, stored.location, markup, stored.payload, charset, "", size, stored.stamp)


def _bytes(path: Path) -> bytes:
    with path.open("rb", buffering=0) as file:
        return file.read()
