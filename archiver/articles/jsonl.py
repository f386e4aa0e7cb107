"""Articles in JSON Lines: one object a line, its fields named in the configuration.

A name may lead into nested objects: "content.rendered". An article's location is the first of these that its line has:

    FILE/KEY                a later line with the same key is a later version of the article
    FILE/ADDRESS            of lines without a key the first with this address
    FILE/ADDRESS @OFFSET    the others with it: were they versions, they would come again at each change of the file
    FILE/@OFFSET            neither a key nor an address

So a line's location depends on the lines before it. Reading that goes on in the middle therefore looks through these
again, though it hands nothing of them over. A last line without its end counts again when the file has grown.
"""

from __future__ import annotations

import codecs
import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from archiver import digest
from archiver.articles.bodies import as_html
from archiver.articles.container import SIZE_CAP_BYTES, Opened, Step, digest_number, named
from archiver.articles.describe import clean_title, http_address, moment
from archiver.articles.files import Follower, read_files
from archiver.articles.names import LINES
from archiver.articles.source import Known
from archiver.articles.unpack import GZIP, RATIO, SMALL_BYTES
from archiver.articles.wordpress import is_content, rendered
from archiver.model.article import Finding, Markup, StoredArticle, Unread

PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Fields:
    """Which field holds what."""

    html: str = "html"
    markdown: str = "markdown"
    text: str = "text"
    """Of these three the first that has words in it is the article."""
    address: str = "address"
    title: str = "title"
    date: str = "date"
    key: str = "key"


class _Line(NamedTuple):
    offset: int
    end: int
    """Where the next line begins, in the decompressed file."""
    words: bytes | None
    """None for a line that is longer than may be."""
    is_whole: bool
    """Whether it ends as a line does; only the last may not."""


class _Keyed(NamedTuple):
    key: str
    """What tells the article from all others; "" where the line has no such field."""
    article: StoredArticle


class JsonLines:
    """The source of kind "jsonl": a .jsonl or .ndjson file, also compressed by gzip, or a folder of them."""

    def __init__(self, name: str, path: Path, fields: Fields | None = None, size_cap: int = SIZE_CAP_BYTES) -> None:
        """A line longer than `size_cap` bytes is not read."""
        self.name = name
        self.path = path
        self.fields = fields or Fields()
        self.size_cap = size_cap

    def read(self, known: Known) -> Iterator[Finding]:
        """As the protocol has it; with other fields than the last time everything is read again."""
        yield from read_files(self.path, LINES, known, self._steps, manner=self._manner())

    def follower(self, known: Known) -> Follower:
        """What reads files of this kind that another source has met."""
        return Follower(known, self._steps, manner=self._manner())

    def _manner(self) -> str:
        return digest.of_json(list(astuple(self.fields))).removeprefix("sha256:")[:8] + ":"

    def _steps(self, opened: Opened) -> Iterator[Step]:
        position = opened.position
        handed_over = int(position or 0)
        met: set[int] = set()
        try:
            for line in _lines(opened, self.size_cap):
                finding, again = self._finding(line, opened, met)
                if line.end <= handed_over:
                    yield Step(None, position, opened.file.tell())
                    continue
                position = str(line.end if line.is_whole else line.offset)
                yield Step(finding, position, opened.file.tell(), again)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            yield Step(Unread(opened.location, "undecodable", f"its compression breaks off: {error}"), position)

    def _finding(self, line: _Line, opened: Opened, met: set[int]) -> tuple[StoredArticle | Unread | None, bool]:
        """What a line is, and whether it is a later version of what an earlier one was."""
        found = self._read(line, opened)
        if isinstance(found, _Keyed):
            own, again = found.key, False
            if own:
                number = digest_number(own.encode("utf-8", "surrogatepass"))
                again = number in met
                met.add(number)
            own = own or _by_address(found.article, line, met)
            location = named(opened.location, own) if own else found.article.location
            return replace(found.article, location=location), again
        return found, False

    def _read(self, line: _Line, opened: Opened) -> _Keyed | Unread | None:
        place = f"{opened.location}/@{line.offset}"
        if line.words is None:
            message = f"a line of {line.end - line.offset} bytes, the cap is {self.size_cap}"
            return Unread(place, "too_large", message)
        if not line.words.strip():
            return None
        try:
            noun = json.loads(line.words)
        except (ValueError, RecursionError) as error:
            return Unread(place, "unparsed", f"no JSON: {error}")
        if not isinstance(noun, dict):
            return Unread(place, "unparsed", "no JSON object")
        found = self._article(noun, place, opened)
        return found if isinstance(found, Unread) else _Keyed(_text(_at(noun, self.fields.key)), found)

    def _article(self, noun: Mapping[str, Any], place: str, opened: Opened) -> StoredArticle | Unread:
        fields = self.fields
        markups: tuple[tuple[Markup, str], ...] = (
            ("html", fields.html),
            ("markdown", fields.markdown),
            ("text", fields.text),
        )
        found = [said for markup, name in markups if (said := _written(markup, _at(noun, name))) is not None]
        # An empty field is no article where another one has words.
        markup, body = next((each for each in found if each[1].strip()), found[0] if found else (None, ""))
        if markup is None:
            wanted = ", ".join(f'"{name}"' for _, name in markups if name)
            return Unread(place, "unparsed", f"it has no text in any of the fields {wanted}")
        if markup == "html":
            body = as_html(body)
            body = rendered(body) if is_content(fields.html) else body
        return StoredArticle(
            source=self.name,
            location=place,
            # Half of a surrogate pair, which JSON can write, is no character.
            payload=body.encode("utf-8", "replace"),
            stamp=opened.stamp,
            markup=markup,
            charset="utf-8",
            address=http_address(_text(_at(noun, fields.address))),
            title=clean_title(_text(_at(noun, fields.title))),
            published_at=moment(_text(_at(noun, fields.date))),
        )


def _by_address(found: StoredArticle, line: _Line, met: set[int]) -> str:
    """What tells a line without a key from the others; "" for one without an address."""
    if found.address is None:
        return ""
    # The address itself would take three times the memory.
    number = digest_number(found.address.encode())
    if number in met:
        # No address has a space in it.
        return f"{found.address} @{line.offset}"
    met.add(number)
    return found.address


def _lines(opened: Opened, cap: int) -> Iterator[_Line]:
    """All lines. Raises OSError for a bomb."""
    file = _decompressed(opened.file)
    is_compressed = file is not opened.file
    if file.read(3) != codecs.BOM_UTF8:
        file.seek(0)
    offset = file.tell()
    while words := file.readline(cap + 1):
        end = offset + len(words)
        ends = words.endswith(b"\n")
        while not ends and len(words) > cap and (piece := file.readline(PIECE_BYTES)):
            end += len(piece)
            ends = piece.endswith(b"\n")
        if is_compressed and end > max(RATIO * opened.size, SMALL_BYTES):
            raise OSError(f"more than {end} bytes from {opened.size} compressed ones: no honest file")
        if words != b"\n":
            yield _Line(offset, end, words if len(words) <= cap else None, ends)
        offset = end


def _decompressed(file: BinaryIO) -> BinaryIO:
    first = file.read(3)
    file.seek(0)
    if first != GZIP:
        return file
    return cast(BinaryIO, gzip.GzipFile(fileobj=file))


def _at(noun: Mapping[str, Any], name: str) -> Any:
    """The field of this name, or where its parts lead to; None where there is none."""
    if name in noun:
        return noun[name]
    found: Any = noun
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _written(markup: Markup, said: Any) -> tuple[Markup, str] | None:
    """A text, the pieces of one, as scrapers give them, or blocks, as editors do; None for anything else."""
    if isinstance(said, list) and said and all(isinstance(each, str) for each in said):
        return markup, "\n".join(said)
    if isinstance(said, dict | list) and said:
        return "html", json.dumps(said, ensure_ascii=False)
    return (markup, said) if isinstance(said, str) else None


def _text(said: Any) -> str:
    if isinstance(said, bool) or not isinstance(said, str | int | float):
        return ""
    return str(said)
