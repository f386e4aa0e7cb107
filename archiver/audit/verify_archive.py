"""`archiver verify` without a bag: whether the archive is what it was written as.

    database     SQLite's own check, and the triggers that keep history
    chain        every line of the ledger follows the one before, by the bytes as they stand; keys rightly follow keys
    checkpoints  every signature is good, and the ledger still says what was signed
    anchor       the ledger has what the file beside the database saw
    trust        the key that was published leads to the one that signs               with --trust
    held         the ledger still says what a checkpoint says that somebody kept      with --held
    contents     every payload and every word is what was kept, or was rightly removed
    rows         every row says what its ledger line says, and every row is sealed
    timestamps   every token is about its checkpoint
    projections  the states on file come out of history again

Nothing is written and nothing is asked: it works on a read-only copy. Memory does not grow with the archive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from archiver import checkpoints
from archiver.audit import chain
from archiver.audit.chain import Line, Sealed
from archiver.audit.stamping import covers
from archiver.checkpoints import Note
from archiver.clock import utc_text
from archiver.errors import BusyError, DataRefusedError, TamperedError
from archiver.store import anchor, contents, seals
from archiver.store.transaction import Store
from archiver.store.verifying import Kept

DATABASE, ANCHOR, ROWS, CONTENTS, TIMESTAMPS, PROJECTIONS = (
    "database", "anchor", "rows", "contents", "timestamps", "projections",
)  # fmt: skip

Progress = Callable[[str, int, int], None]
"""Told the step, how much of it is behind, and how much there is."""
Refold = Callable[[Callable[[int, int], None]], list[str]]
"""Judges everything again, telling how far it is; a line for each difference."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of verifying that has ended."""

    name: str
    passed: bool | None
    """None where there was nothing to check."""
    found: str
    """One line."""


def verify_archive(
    store: Store,
    refold: Refold,
    *,
    trust: str | None = None,
    held: bytes | None = None,
    progress: Progress | None = None,
    stopped: Callable[[], bool] = bool,
) -> Iterator[Step]:
    """The steps in order, up to the first that fails.

    `trust` is the fingerprint of a key that was published; `held` are the bytes of a checkpoint that somebody kept.
    Raises BusyError when told to stop, DataRefusedError for what is no archive.
    """
    name = ""
    try:
        with store.reading() as connection:
            verifier = _Verifying(store, Kept(connection, stopped), refold, trust, held, progress or _silent)
            for name, act in verifier.steps():
                yield Step(name, *act())
    except TamperedError as error:
        yield Step(error.step, False, error.found)
    except DataRefusedError as error:
        if not name:
            raise
        # What the database cannot hand out any more was damaged: that is this step's finding.
        yield Step(name, False, str(error))


def _silent(step: str, behind: int, whole: int) -> None:
    return


@dataclass(slots=True)
class _Verifying:
    store: Store
    kept: Kept
    refold: Refold
    trusted: str | None
    held_note: bytes | None
    progress: Progress
    sealed: Sealed = field(default_factory=Sealed)

    def steps(self) -> Iterator[tuple[str, Callable[[], tuple[bool | None, str]]]]:
        yield DATABASE, self.database
        yield chain.CHAIN, self.chain
        yield chain.CHECKPOINTS, self.checkpoints
        yield ANCHOR, self.anchor
        if self.trusted is not None:
            yield chain.TRUST, self.trust
        if self.held_note is not None:
            yield chain.HELD, self.held
        yield CONTENTS, self.contents
        yield ROWS, self.rows
        yield TIMESTAMPS, self.timestamps
        yield PROJECTIONS, self.projections

    def database(self) -> tuple[bool | None, str]:
        wrong = self.kept.unsound()
        if wrong is not None:
            raise TamperedError(DATABASE, wrong)
        return True, "sound, and history is kept by its triggers"

    def chain(self) -> tuple[bool | None, str]:
        stored, seen = list(self.kept.notes()), anchor.read(self.store.database)
        held = _note(self.held_note, chain.HELD, "held checkpoint") if self.held_note is not None else None
        wanted = {note.lines for note in stored} | {each.checkpoint.lines for each in (held,) if each}
        self.sealed = Sealed(wanted | {seen.lines} if seen else wanted)
        for line, head in self._walk(chain.CHAIN):
            if line.head != head:
                raise TamperedError(chain.CHAIN, f"line {line.number} of the ledger is not the one that was written")
            self.sealed.take(line)
        unsigned = f", {len(self.sealed.unsigned)} of them after one that was lost" if self.sealed.unsigned else ""
        return True, f"{self.sealed.lines} lines; keys named by them: {len(self.sealed.keys)}{unsigned}"

    def checkpoints(self) -> tuple[bool | None, str]:
        last = 0
        for stored in self.kept.notes():
            note = _note(stored.note, chain.CHECKPOINTS, f"checkpoint {stored.number}")
            of = note.checkpoint
            if (of.lines, of.head, utc_text(of.at), note.key) != (
                stored.lines, stored.head, stored.made_at, stored.fingerprint,
            ):  # fmt: skip
                raise TamperedError(chain.CHECKPOINTS, f"checkpoint {stored.number} is not what its row says")
            self.sealed.check(note)
            last = of.lines
        behind = f"the last of {last} lines; {self.sealed.lines - last} lines since are vouched for by no signature"
        return (True, behind) if last else (None, "there is none: no line is vouched for by a signature")

    def anchor(self) -> tuple[bool | None, str]:
        seen = anchor.read(self.store.database)
        if seen is None:
            return None, "there is none: rows that were lost at the end are not noticed"
        head = self.sealed.head if seen.lines == self.sealed.lines else self.sealed.heads.get(seen.lines)
        if head != seen.head:
            stands = f"the ledger has {self.sealed.lines} lines and ends in {self.sealed.head}"
            raise TamperedError(ANCHOR, f"{stands}, and the anchor saw {seen.lines} lines that ended in {seen.head}")
        return True, f"{seen.lines} lines"

    def trust(self) -> tuple[bool | None, str]:
        self.sealed.trust(self.trusted or "")
        return True, f"the key that signs is {next(reversed(self.sealed.keys))}"

    def held(self) -> tuple[bool | None, str]:
        note = _note(self.held_note or b"", chain.HELD, "held checkpoint")
        self.sealed.check(note, chain.HELD, "held checkpoint")
        return True, f"{note.checkpoint.lines} lines, of {note.checkpoint.at:%Y-%m-%d %H:%M} UTC"

    def contents(self) -> tuple[bool | None, str]:
        whole, gone = self.kept.counts()["contents"], 0
        for behind, (number, row) in enumerate(self.kept.kept_contents()):
            self._tell(CONTENTS, behind, whole)
            wrong = self.kept.damaged_content(number, row)
            if wrong is not None:
                raise TamperedError(CONTENTS, f"content {number} {wrong}")
            gone += row is None or row.codec == contents.REMOVED
        return True, f"{whole - gone} whole, {gone} removed by lines of the ledger"

    def rows(self) -> tuple[bool | None, str]:
        told, sealed = Counter[str](), Counter[str]()
        for line, _ in self._walk(ROWS):
            told[line.fields["kind"]] += 1
            try:
                self._compare(line, sealed)
            except (ValueError, KeyError, TypeError):
                what = f"line {line.number} of the ledger ({line.fields['kind']})"
                raise TamperedError(ROWS, f"a row that {what} tells cannot be read") from None
        for kind, table, number in self.kept.told_rows():
            if told[kind] != number:
                raise TamperedError(ROWS, f"{table} has {number} rows, and the ledger tells {told[kind]}")
        if not told[seals.KIND]:
            return True, "not sealed yet: what no line tells is not checked"
        for table, number in self.kept.counts().items():
            if sealed[table] != number:
                raise TamperedError(ROWS, f"{table} has {number} rows, of which {sealed[table]} are sealed")
        return True, f"{sealed.total()} in {len(sealed)} tables"

    def _compare(self, line: Line, sealed: Counter[str]) -> None:
        fields = line.fields
        if fields["kind"] != seals.KIND:
            differ = self.kept.differences(line.number, fields)
            if differ == ["kind"]:
                what = f"line {line.number} of the ledger is of kind {fields['kind']}"
                raise TamperedError(ROWS, f"{what}, which this program never writes")
            if differ:
                what = f"line {line.number} of the ledger ({fields['kind']}) and the row that it tells"
                raise TamperedError(ROWS, f"{what} differ in {', '.join(differ)}")
            return
        if not self.kept.is_sealed(fields):
            what = f"rows that line {line.number} of the ledger seals ({', '.join(fields['sealed'])})"
            raise TamperedError(ROWS, f"{what} are not as they were written")
        for table, number in seals.count(fields["sealed"]):
            sealed[table] += number

    def timestamps(self) -> tuple[bool | None, str]:
        stamped = 0
        for checkpoint, content, note in self.kept.tokens():
            token = self.kept.content(content)
            if token is not None and not covers(token, note):
                raise TamperedError(TIMESTAMPS, f"a token of checkpoint {checkpoint} is about something else")
            stamped += 1
        return (True, f"{stamped} tokens; `openssl ts -verify` says whose") if stamped else (None, "there is none")

    def projections(self) -> tuple[bool | None, str]:
        misnamed = self.kept.misnamed_post()
        if misnamed is not None:
            raise TamperedError(PROJECTIONS, f"the state of p{misnamed} names another post than history does")
        try:
            differences = self.refold(partial(self._tell, PROJECTIONS))
        except (ValueError, KeyError, TypeError) as error:
            # All of history is as it was written: what cannot be read is a state that was changed.
            raise TamperedError(PROJECTIONS, f"a state on file cannot be read: {error}") from error
        if differences:
            raise TamperedError(PROJECTIONS, differences[0])
        return True, "every state comes out of history again"

    def _tell(self, step: str, behind: int, whole: int) -> None:
        if self.kept.stopped():
            raise BusyError("told to stop before all was verified")
        self.progress(step, behind, whole)

    def _walk(self, step: str) -> Iterator[tuple[Line, str]]:
        """The lines with their heads as they are stored."""
        whole, heads = self.kept.ledger_length(), dict[int, str]()

        def lines() -> Iterator[bytes]:
            for behind, stored in enumerate(self.kept.ledger_lines()):
                self._tell(step, behind, whole)
                heads[0] = stored.head
                yield stored.line

        for line in chain.walk(lines()):
            yield line, heads[0]


def _note(written: bytes, step: str, named: str) -> Note:
    try:
        return checkpoints.parse(written)
    except ValueError:
        raise TamperedError(step, f"the {named} is none that can be read") from None
