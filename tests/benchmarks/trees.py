"""Folders of articles to measure on."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archiver.articles.names import is_article
from tests.benchmarks import pages
from tests.benchmarks.options import Options

_LONG_NUMBER = re.compile(rb"(?<!\d)(\d{12,16})\d{3}(?!\d)")


@dataclass(frozen=True, slots=True)
class Tree:
    """Articles below a folder."""

    folder: Path
    paths: tuple[Path, ...]
    size: int
    """Of all together, in bytes."""

    def __str__(self) -> str:
        return f"{len(self.paths):,} files, {self.size / 1e6:,.1f} MB"


def below(folder: Path) -> Tree:
    """The articles below a folder, by the names that the directory source reads."""
    paths = sorted(
        Path(place, name) for place, _, names in os.walk(folder) for name in names if is_article(os.fsencode(name))
    )
    if not paths:
        raise SystemExit(f"{folder}: no HTML, text or Markdown file below it")
    return Tree(folder, tuple(paths), sum(path.stat().st_size for path in paths))


@contextmanager
def articles(options: Options, small: int = 50, usual: int = 1000) -> Iterator[Tree]:
    """The corpus, or generated pages for as long as they are needed."""
    if options.corpus is not None:
        yield below(options.corpus)
        return
    with tempfile.TemporaryDirectory() as place:
        pages.write(Path(place, "articles"), options.count(small, usual))
        yield below(Path(place, "articles"))


def copies(tree: Tree, place: Path, count: int) -> Tree:
    """So many copies of a tree's files, in turn, as files of their own."""
    for number in range(count):
        path = _path(place, number, tree.paths[number % len(tree.paths)])
        path.write_bytes(tree.paths[number % len(tree.paths)].read_bytes())
    return below(place)


def links(tree: Tree, place: Path, count: int) -> Tree:
    """So many hard links to a tree's files: many articles of a usual size that need no room."""
    for number in range(count):
        path = tree.paths[number % len(tree.paths)]
        _path(place, number, path).hardlink_to(path)
    return below(place)


def mixed(showing: list[Path], plain: list[Path], place: Path, count: int) -> Tree:
    """So many articles, one in five showing embeds: copies of the files given, with ids of their own.

    The last three digits of long numbers are the copy's, so that other copies show other posts.
    """
    for number in range(count):
        kind = showing if number % 5 == 0 else plain
        turn, at = divmod(number // 5 if number % 5 == 0 else number - number // 5 - 1, len(kind))
        payload = kind[at].read_bytes()
        own = _LONG_NUMBER.sub(rb"\g<1>%03d" % (turn % 1000), payload)
        _path(place, number, kind[at]).write_bytes(own)
    return below(place)


def tiny(place: Path, folders: int, files: int) -> None:
    """So many small articles in each of so many folders; one in five shows a post."""
    for number in range(folders):
        folder = place / f"{number:04}"
        folder.mkdir(parents=True)
        for name in range(files):
            embed = pages.embed(number * files + name) if name % 5 == 0 else ""
            folder.joinpath(f"{name:03}.html").write_text(f"<title>Sample {name}</title><p>Sample sentence.</p>{embed}")


def _path(place: Path, number: int, like: Path) -> Path:
    folder = place / f"{number // 100:04}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{number:07}{like.suffix}"
