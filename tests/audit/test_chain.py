"""A ledger is walked by its bytes, and what its keys signed is held against it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archiver import checkpoints, digest
from archiver.audit.chain import GENESIS, Sealed, walk
from archiver.checkpoints import Checkpoint, Note
from archiver.clock import utc_text
from archiver.errors import TamperedError

AT = datetime(2026, 1, 2, tzinfo=UTC)
OLD, NEW, OTHER = (checkpoints.make_key()[0] for _ in range(3))


class Written:
    """A ledger in a list."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.head = GENESIS

    def add(self, kind: str, **fields: Any) -> None:
        noun = {"number": len(self.lines) + 1, "kind": kind, "at": utc_text(AT), "previous": self.head, **fields}
        self.lines.append(digest.canonical(noun))
        self.head = digest.of_bytes(self.lines[-1] + b"\n")

    def bring_in(self, key: Ed25519PrivateKey, old: Ed25519PrivateKey | None, **more: Any) -> None:
        named = name(old) if old else None
        statement = checkpoints.succession("sample", named, name(key), AT)
        fields: dict[str, Any] = {"key": name(key), "public": text(checkpoints.public_bytes(key)), "origin": "sample"}
        fields["signature"] = text(key.sign(statement))
        if old:
            fields |= {"before": named, "signature_before": text(old.sign(statement))}
        fields |= more
        self.add("key", **{part: told for part, told in fields.items() if told is not None})

    def cut(self) -> None:
        """Take the last line away."""
        self.lines.pop()
        self.head = digest.of_bytes(self.lines[-1] + b"\n")

    def note(self, key: Ed25519PrivateKey) -> Note:
        return checkpoints.sign(Checkpoint("sample", len(self.lines), self.head, AT), key)


def name(key: Ed25519PrivateKey) -> str:
    return checkpoints.fingerprint(checkpoints.public_bytes(key))


def text(raw: bytes) -> str:
    return b64encode(raw).decode()


def taken(written: Written, *wanted: int) -> Sealed:
    sealed = Sealed(wanted)
    for line in walk(written.lines):
        sealed.take(line)
    return sealed


@pytest.fixture
def written() -> Written:
    """Six lines; the second brings in a key."""
    made = Written()
    made.add("run", run=1)
    made.bring_in(OLD, None)
    for number in range(4):
        made.add("sample", n=number)
    return made


def changed(place: int, change: Callable[[bytes], bytes]) -> Callable[[list[bytes]], None]:
    def apply(lines: list[bytes]) -> None:
        lines[place] = change(lines[place])

    return apply


def swapped(lines: list[bytes]) -> None:
    lines[3], lines[4] = lines[4], lines[3]


@pytest.mark.parametrize(
    ("bend", "told"),
    [
        (changed(3, lambda line: line.replace(b'"n":1', b'"n":2')), "line 5 .* does not follow"),
        (changed(3, lambda line: line[:-1] + b" }"), "line 5 .* does not follow"),
        (changed(3, lambda line: b"[]"), "line 4 .* is no line"),
        (changed(3, lambda line: b"\xff"), "line 4 .* is no line"),
        (changed(3, lambda line: line.replace(b",", b",\n", 1)), "line 4 .* is no line"),
        (lambda lines: lines.pop(3), "line 4 .* says that it is line 5"),
        (swapped, "line 4 .* says that it is line 5"),
        (lambda lines: lines.insert(3, lines[3]), "line 5 .* says that it is line 4"),
    ],
)
def test_a_line_that_was_touched_is_named(written: Written, bend: Callable[[list[bytes]], object], told: str) -> None:
    """Edited, reformatted, no line at all, deleted, swapped, doubled."""
    bend(written.lines)
    with pytest.raises(TamperedError, match=f"^chain: {told}"):
        list(walk(written.lines))


def test_a_walk_goes_on_from_a_line(written: Written) -> None:
    """The last lines of a long ledger can be checked alone."""
    before = list(walk(written.lines))
    assert list(walk(written.lines[4:], before[3])) == before[4:]


def test_a_note_is_good_at_its_place_only(written: Written) -> None:
    """By a key of the ledger, at a line of the ledger, with the head of that line."""
    note = written.note(OLD)
    taken(written, 6).check(note)
    written.add("sample", n=5)
    taken(written, 6).check(note)
    with pytest.raises(TamperedError, match=r"^checkpoints: .* key that the ledger does not name"):
        taken(written, 7).check(written.note(OTHER))
    with pytest.raises(TamperedError, match=r"^held: .* bad signature"):
        taken(written, 6).check(Note(note.checkpoint, note.key, bytes(64)), "held", "held checkpoint")
    ahead = written.note(OLD)
    written.cut()
    with pytest.raises(TamperedError, match=r"^checkpoints: the checkpoint is of 7 lines, and the ledger has 6"):
        taken(written, 7).check(ahead)
    written.add("sample", n=6)
    with pytest.raises(TamperedError, match="line 7 is not the one of the checkpoint"):
        taken(written, 7).check(ahead)


def test_a_new_key_signs_from_its_line_on_and_the_old_one_no_longer(written: Written) -> None:
    """A stolen key that was replaced seals nothing any more."""
    before = written.note(OLD)
    written.bring_in(NEW, OLD)
    sealed = taken(written, 6)
    sealed.check(before)
    sealed.check(written.note(NEW))
    sealed.trust(name(OLD))
    sealed.trust(name(NEW))
    with pytest.raises(TamperedError, match="key that did not sign then"):
        sealed.check(written.note(OLD))
    with pytest.raises(TamperedError, match=f"^trust: the ledger names no key {name(OTHER)}"):
        sealed.trust(name(OTHER))


@pytest.mark.parametrize(
    "more",
    [
        {"signature": text(bytes(64))},
        {"signature": None},
        {"signature_before": text(bytes(64))},
        {"signature_before": None},
        {"before": None, "signature_before": None},
        {"public": text(bytes(32))},
        {"origin": "other"},
    ],
)
def test_a_key_that_was_not_rightly_brought_in_is_found(written: Written, more: dict[str, Any]) -> None:
    """Both keys sign one statement; nothing of it can be changed."""
    written.bring_in(NEW, OLD, **more)
    with pytest.raises(TamperedError, match=r"^keys: line 7 "):
        taken(written)


def test_a_key_after_a_lost_one_is_not_vouched_for(written: Written) -> None:
    """Its checkpoints hold, but they do not lead back to the key that was published."""
    written.bring_in(NEW, OLD, signature_before=None, lost=1)
    sealed = taken(written)
    sealed.check(written.note(NEW))
    assert sealed.unsigned == [name(NEW)]
    sealed.trust(name(NEW))
    with pytest.raises(TamperedError, match=r"^trust: .* without a signature of the key before"):
        sealed.trust(name(OLD))
