"""Articles in somebody else's database: a query that gives one article a row, through SQLAlchemy, reading only.

Columns, by name: `html`, `text` or `markdown`; `key` or `address`, which become the location; and `title`, `date`,
`changed`, `after` where there are such. A query with `:after` is given the greatest `after` (else `key`) that was
reached, so that the next scan asks for newer rows only; older ones have then not vanished.

A query that names `post_content` reads WordPress's own table, which is read as its export is.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from archiver.articles.bodies import as_html
from archiver.articles.container import REACHED_EVERY, SIZE_CAP_BYTES, digest_number, named
from archiver.articles.describe import clean_title, http_address, moment
from archiver.articles.source import Known
from archiver.articles.stamps import within_64_bits
from archiver.articles.wordpress import is_content, rendered
from archiver.model.article import Finding, Markup, Reached, Stamp, StoredArticle, Unchanged, Unread

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, TextClause

Start = int | str
_MARKUPS: tuple[Markup, ...] = ("html", "markdown", "text")
_SECRET = re.compile(r"(://[^:/@]*:)(.*)(?=@)|([?&](?:password|passwd|pwd|token|sslpassword)=)([^&]*)", re.IGNORECASE)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ROWS_AT_ONCE = 50
_AHEAD = timedelta(days=1)
"""How far a clock may be wrong, and time zones apart."""


class _RefusedError(Exception):
    """What the configuration asks cannot be; one line for a person."""


class Database:
    """The source of kind "database"."""

    def __init__(self, name: str, address: str, query: str, after: Start = 0, size_cap: int = SIZE_CAP_BYTES) -> None:
        """`address` is SQLAlchemy's, with its password; `after` is what the first scan asks for."""
        self.name = name
        self.address = address
        self.query = query
        self.after = after
        self.size_cap = size_cap

    def read(self, known: Known) -> Iterator[Finding]:
        """As the protocol has it; the database is one container, every row has a stamp of its own."""
        from sqlalchemy import text
        from sqlalchemy.exc import SQLAlchemyError

        try:
            engine = _engine(self.address)
            try:
                with engine.connect() as connection:
                    yield from _Rows(self, known, text(self.query)).read(connection)
            finally:
                engine.dispose()
        except (SQLAlchemyError, ImportError, OverflowError, _RefusedError) as error:
            yield Unread("", "io", f"{_masked(self.address)}: {_words(error, self.address)}")


class _Rows:
    """One reading of the rows."""

    def __init__(self, source: Database, known: Known, query: TextClause) -> None:
        self.source = source
        self.known = known
        self.query = query
        self.stamp = Stamp(0, 0, digest_number(f"{source.address}\n{source.query}\n{source.after}".encode()))
        self.goes_on = "after" in query.compile().params
        self.greatest: Any = None
        self.settled: Any = None
        self.met: dict[int, int] = {}
        """What the first row of each key says, both as digests."""
        self.latest = datetime.now(UTC) + _AHEAD
        self.in_order = re.search(r"\border\s+by\b", source.query, re.IGNORECASE) is not None

    def read(self, connection: Connection) -> Iterator[Finding]:
        parameters = {}
        if self.goes_on:
            parameters["after"] = self._start()
            yield from self._older()
        options = {"stream_results": True, "yield_per": _ROWS_AT_ONCE, "postgresql_readonly": True}
        if connection.dialect.name != "postgresql":
            del options["postgresql_readonly"]
        rows = connection.execution_options(**options).execute(self.query, parameters)
        columns = {name.lower(): place for place, name in enumerate(rows.keys())}
        if not {"key", "address"} & set(columns) or not set(_MARKUPS) & set(columns):
            message = 'the query names no column "html", "text" or "markdown", or neither "key" nor "address"'
            yield Unread("", "unparsed", message)
            return
        since = 0
        for number, row in enumerate(rows, 1):
            yield self._finding({name: row[place] for name, place in columns.items()}, number)
            since += 1
            if since >= REACHED_EVERY and self._may_stop_here():
                since = 0
                yield Reached("", self.stamp, position_of(self.settled), complete=False)
        if self.goes_on:
            greatest = self.greatest if self.greatest is not None else parameters["after"]
            yield Reached("", self.stamp, position_of(greatest), complete=True)

    def _start(self) -> Any:
        reached = self.known.reached.get("")
        return after_of(reached.position) if reached and reached.stamp == self.stamp else self.source.after

    def _older(self) -> Iterator[Unchanged]:
        """What is not asked for again has not vanished. With another query on file everything is asked for."""
        reached = self.known.reached.get("")
        if reached and reached.stamp == self.stamp:
            yield Unchanged("", below=True)

    def _may_stop_here(self) -> bool:
        # Rows of one `after` may still come: the next scan goes on behind the value before it.
        return self.goes_on and self.in_order and self.settled is not None

    def _finding(self, row: Mapping[str, Any], number: int) -> Finding:
        key = _text(row.get("key")) or _text(row.get("address"))
        if not key:
            return Unread(f"row {number}", "unparsed", "it has neither key nor address")
        place = named("", key)
        self._note(row["after"] if "after" in row else row.get("key"))
        # An empty column is no article where another one has words.
        filled = [each for each in _MARKUPS if row.get(each) is not None] or ["html"]
        markup = next((each for each in filled if row.get(each)), filled[0])
        payload, charset = _payload(self._mended(row.get(markup)) if markup == "html" else row.get(markup))
        if len(payload) > self.source.size_cap:
            return Unread(place, "too_large", f"{len(payload)} bytes, the cap is {self.source.size_cap}")
        said = [_text(row.get(name)) for name in ("address", "title", "date")]
        changed = _moment(row.get("changed"))
        nanoseconds = (changed - _EPOCH).total_seconds() * 10**6 if changed else 0
        number = digest_number(_bytes("\0".join(said)) + b"\0" + payload)
        stamp = Stamp(len(payload), within_64_bits(int(nanoseconds) * 1000), number)
        place, doubts = self._apart(place, number)
        if self.known.stamps.get(place) == stamp:
            return Unchanged(place)
        return StoredArticle(
            source=self.source.name,
            location=place,
            payload=payload,
            stamp=stamp,
            markup=markup,
            charset=charset,
            address=http_address(said[0]),
            title=clean_title(said[1]),
            published_at=_moment(row.get("date")),
            doubts=doubts,
        )

    def _apart(self, place: str, number: int) -> tuple[str, tuple[str, ...]]:
        """The row's location, and what is doubtful of it: where an earlier one of this reading has its key and says
        something else, it is an article of its own, which would else be written again at every scan."""
        key = digest_number(place.encode("utf-8", "surrogatepass"))
        if self.met.setdefault(key, number) == number:
            return place, ()
        return f"{place} @{number:x}", ("key_repeats",)

    def _mended(self, cell: Any) -> Any:
        """A cell's HTML where it keeps it in another way; bytes, whose charset nobody knows, stay."""
        if cell is None or isinstance(cell, bytes | bytearray | memoryview):
            return cell
        body = as_html(_text(cell))
        return rendered(body) if is_content(self.source.query) else body

    def _note(self, after: Any) -> None:
        """Remember how far the rows have come, and whether they come in order."""
        if not self.goes_on or after is None:
            return
        after = int(after) if isinstance(after, Decimal) else after
        if (dated := _moment(after) if isinstance(after, str | date) else None) and dated > self.latest:
            # What is to be published some day must not hide all that is written until then: it comes again.
            return
        kind = type(after)
        if kind not in (int, str, datetime, date) or (self.greatest is not None and kind is not type(self.greatest)):
            raise _RefusedError(f"the next scan cannot go on behind {after!r}: only behind numbers, dates or texts")
        if self.greatest is None or after > self.greatest:
            self.settled, self.greatest = self.greatest, after
        elif after < self.greatest:
            self.in_order = False


def _engine(address: str) -> Engine:
    from sqlalchemy import NullPool, create_engine, make_url

    try:
        url = make_url(address)
    except ValueError as error:
        raise _RefusedError(str(error)) from None
    if url.get_backend_name() != "sqlite":
        return create_engine(url, hide_parameters=True, poolclass=NullPool)
    if not url.database or url.database == ":memory:":
        raise _RefusedError("no file is named")

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(f"file:{quote(url.database or '')}?mode=ro", uri=True)
        # Text that is not UTF-8 comes out again as the bytes that it is.
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        return connection

    return create_engine("sqlite://", hide_parameters=True, poolclass=NullPool, creator=connect)


def _masked(address: str) -> str:
    """The address without its password, whatever else is wrong with it."""
    return _SECRET.sub(lambda match: f"{match[1] or match[3]}***", address)


def _words(error: Exception, address: str) -> str:
    words = " ".join(str(getattr(error, "orig", None) or error).split()) or type(error).__name__
    for match in _SECRET.finditer(address):
        for secret in (match[2] or match[4], unquote(match[2] or match[4] or "")):
            words = words.replace(secret, "***") if secret else words
    return words


def _payload(cell: Any) -> tuple[bytes, str | None]:
    """The bytes of a cell, and their charset where the database knows it."""
    if isinstance(cell, bytes | bytearray | memoryview):
        return bytes(cell), None
    text = _text(cell)
    try:
        return text.encode(), "utf-8"
    except UnicodeEncodeError:
        return _bytes(text), None


def _bytes(text: str) -> bytes:
    """A text from the database as it was before it was decoded."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _text(cell: Any) -> str:
    if isinstance(cell, bytes | bytearray | memoryview):
        return bytes(cell).decode("utf-8", "surrogateescape")
    if isinstance(cell, dict | list):
        # PostgreSQL's driver reads JSON.
        return json.dumps(cell, ensure_ascii=False)
    return "" if cell is None else str(cell)


def _moment(cell: Any) -> datetime | None:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=UTC) if cell.tzinfo is None else cell.astimezone(UTC)
    if isinstance(cell, date):
        return datetime.combine(cell, time(), UTC)
    return moment(_text(cell)) if isinstance(cell, str | int) else None


def position_of(after: Any) -> str:
    """A position as JSON: a number, a text, or a date with its kind."""
    if isinstance(after, date):
        return json.dumps({type(after).__name__: after.isoformat()})
    return json.dumps(after)


def after_of(position: str) -> Any:
    """What a position says, of the kind that it had."""
    after = json.loads(position)
    if isinstance(after, dict):
        return datetime.fromisoformat(after["datetime"]) if "datetime" in after else date.fromisoformat(after["date"])
    return after
