"""Walking a ledger, whatever it is stored in: each line is hashed as it stands and never written anew.

    sealed = Sealed()
    for line in walk(lines):              # bytes without their newlines
        sealed.take(line)                 # keys as they follow each other, heads at the numbers that notes will name
    sealed.check(note, "held")

The first thing wrong is raised as TamperedError with the name of the step that found it.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from archiver import checkpoints
from archiver.checkpoints import Note
from archiver.errors import TamperedError

GENESIS = "sha256:" + "0" * 64
"""What the first line names as the one before."""

CHAIN, KEYS, CHECKPOINTS, TRUST, HELD = "chain", "keys", "checkpoints", "trust", "held"
"""Names of steps."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger that follows the one before."""

    number: int
    """From 1."""
    fields: dict[str, Any]
    head: str
    """Labelled digest of the line with its newline."""


def walk(lines: Iterable[bytes], after: Line | None = None) -> Iterator[Line]:
    """The lines, each checked to follow the one before (`after`: the one before the first of these).

    Raises TamperedError at the first that does not.
    """
    number, head = (after.number, after.head) if after else (0, GENESIS)
    for line in lines:
        number += 1
        fields = _fields(line, number)
        if fields.get("number") != number:
            raise TamperedError(CHAIN, f"line {number} of the ledger says that it is line {fields.get('number')}")
        if fields.get("previous") != head:
            raise TamperedError(CHAIN, f"line {number} of the ledger does not follow the line before it")
        head = "sha256:" + hashlib.sha256(line + b"\n").hexdigest()
        yield Line(number, fields, head)


def _fields(line: bytes, number: int) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict) or b"\n" in line or not isinstance(fields.get("kind"), str):
        raise TamperedError(CHAIN, f"line {number} of the ledger is no line of a ledger")
    return fields


@dataclass(slots=True)
class Sealed:
    """What signatures can be held against: the keys that the ledger names, and its heads at some numbers."""

    wanted: Collection[int] = ()
    """Numbers of lines that notes name: a note is checked at one of these, or at the end."""
    lines: int = 0
    head: str = GENESIS
    heads: dict[int, str] = field(default_factory=dict)
    keys: dict[str, bytes] = field(default_factory=dict)
    """Raw public bytes by fingerprint, in the order in which the keys began to sign."""
    since: dict[str, int] = field(default_factory=dict)
    """The line with which each key began to sign, and the one before it ended."""
    unsigned: list[str] = field(default_factory=list)
    """Keys whose forerunner did not sign for them, because it was lost: nobody vouches for them but the archive."""

    def take(self, line: Line) -> None:
        """Note what a line tells. Raises TamperedError for a key that was not rightly brought in."""
        self.lines, self.head = line.number, line.head
        if line.number in self.wanted:
            self.heads[line.number] = line.head
        if line.fields["kind"] == "key":
            self._take_key(line)

    def check(self, note: Note, step: str = CHECKPOINTS, named: str = "checkpoint") -> None:
        """Raise TamperedError unless a key of the ledger signed the note, and the ledger says what it says."""
        lines = note.checkpoint.lines
        public = self.keys.get(note.key)
        if public is None:
            raise TamperedError(step, f"the {named} of {lines} lines is signed by a key that the ledger does not name")
        if note.key != self._in_force(lines):
            raise TamperedError(step, f"the {named} of {lines} lines is signed by a key that did not sign then")
        if not note.is_signed_by(public):
            raise TamperedError(step, f"the {named} of {lines} lines has a bad signature")
        if lines > self.lines:
            raise TamperedError(step, f"the {named} is of {lines} lines, and the ledger has {self.lines}")
        head = self.head if lines == self.lines else self.heads[lines]
        if head != note.checkpoint.head:
            raise TamperedError(step, f"the ledger's line {lines} is not the one of the {named}")

    def trust(self, fingerprint: str) -> None:
        """Raise TamperedError unless this key, or one that it led to by signatures, is the newest."""
        if fingerprint not in self.keys:
            raise TamperedError(TRUST, f"the ledger names no key {fingerprint}")
        since = list(self.keys)[list(self.keys).index(fingerprint) + 1 :]
        for key in since:
            if key in self.unsigned:
                raise TamperedError(TRUST, f"the key {key} was brought in without a signature of the key before it")

    def _in_force(self, lines: int) -> str | None:
        """The key that signed when the ledger had so many lines."""
        return next((key for key in reversed(self.keys) if self.since[key] <= lines), None)

    def _take_key(self, line: Line) -> None:
        fields = line.fields
        try:
            public = b64decode(fields["public"], validate=True)
            own, old = b64decode(fields["signature"]), b64decode(fields.get("signature_before", ""))
            at, origin, before = datetime.fromisoformat(fields["at"]), str(fields["origin"]), fields.get("before")
        except (KeyError, TypeError, ValueError):
            raise TamperedError(KEYS, f"line {line.number} of the ledger brings in no key that can be read") from None
        key = checkpoints.fingerprint(public)
        last = next(reversed(self.keys), None)
        statement = checkpoints.succession(origin, before, key, at)
        if key != fields.get("key") or before != last or not checkpoints.is_signature(public, own, statement):
            raise TamperedError(KEYS, f"line {line.number} of the ledger brings in a key that did not sign for itself")
        if last is not None and not checkpoints.is_signature(self.keys[last], old, statement):
            if old or not fields.get("lost"):
                raise TamperedError(KEYS, f"line {line.number} of the ledger: the key before did not sign for the new")
            self.unsigned.append(key)
        self.keys[key], self.since[key] = public, line.number
