"""A step of a verifier: contents; and holding a record against the line and the contents that it names."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from typing import Any

from archiver.audit.verifier.reading import Folder, Tampered, canonical, digest_of, to_json

REMOVALS = ("redaction", "thinning")


class Openings:
    """What opens the commitments of the ledger."""

    def __init__(self, folder: Folder, told: dict[str, str], heads: list[bytes]) -> None:
        self.folder = folder
        self.told = told
        self.heads = heads
        self.public = told.get("Profile") == "public"
        self.commitments: dict[int, str] = {}
        self.openings: dict[int, str] = {}
        """Digest of the bytes of each content that is opened."""
        self.removals: dict[int, int] = {}
        """Line of the ledger that removed a content."""
        self.removing: dict[int, str] = {}
        """Those lines."""
        self.nested: set[int] = set()
        """Lines of the ledger that records hold."""
        self.rows: dict[str, int] = {}

    # contents

    def contents(self) -> str:
        """What opens a commitment is what was committed to; what is gone was removed by a line of the ledger."""
        step, last = "contents", 0
        for record in self._records("contents.jsonl", step):
            number = record.get("content")
            if not isinstance(number, int) or number <= last:
                raise Tampered(step, "contents.jsonl is not in order")
            last = number
            if "removed_by" in record:
                self.removals[number] = record["removed_by"]
            else:
                self._open(number, record)
        removing = set(self.removals.values())
        for number, line in enumerate(self.folder.lines("ledger.jsonl", step), 1):
            if number in removing:
                self.removing[number] = line.decode()
        for number, by in self.removals.items():
            fields = to_json(self.removing.get(by, "").encode())
            if not fields or fields["kind"] not in REMOVALS:
                raise Tampered(step, "content " + str(number) + " is gone, and no line of the ledger says why")
        opened = str(len(self.openings)) + " commitments opened"
        return opened + ", " + str(len(self.removals)) + " contents removed by lines of the ledger"

    def _open(self, number: int, record: dict[str, Any]) -> None:
        self.commitments[number] = str(record.get("commitment"))
        if "opening" not in record:
            if not self.public:
                raise Tampered("contents", "content " + str(number) + " is not opened")
            return
        opening = base64.b64decode(record["opening"])
        if self.public or digest_of(opening) != self.commitments[number]:
            raise Tampered("contents", "content " + str(number) + " is not what was committed to")
        self.openings[number] = digest_of(opening[32:])

    def _records(self, name: str, step: str) -> Iterable[dict[str, Any]]:
        self.rows[name] = 0
        for record in self.folder.records(name, step):
            self.rows[name] += 1
            yield record

    # what records name

    def _line(self, record: dict[str, Any], *kinds: str) -> dict[str, Any]:
        line = record.get("line")
        if not isinstance(line, dict) or line.get("kind") not in kinds:
            raise Tampered("records", "a record that needs a line of kind " + " or ".join(kinds) + " has none")
        number = line.get("number")
        known = isinstance(number, int) and 0 < number <= len(self.heads)
        if not known or hashlib.sha256(canonical(line) + b"\n").digest() != self.heads[int(number or 1) - 1]:
            raise Tampered("records", "a record holds a line " + str(number) + " that the ledger does not have")
        self.nested.add(int(number or 0))
        return line

    def _claim(self, number: Any, commitment: Any, what: str) -> None:
        """The ledger commits to this content."""
        if number in self.commitments and self.commitments[number] == commitment:
            return
        if number in self.removals and str(commitment) in self.removing[self.removals[number]]:
            return
        raise Tampered("records", what + " is not the content that the ledger commits to")

    def _said(self, record: dict[str, Any], what: str, commitment: Any = None) -> None:
        """A record says what its content says; and the content is the one that the ledger commits to, where it does."""
        number = record.get("content")
        if commitment is not None:
            self._claim(number, commitment, what)
        if "said" in record:
            if digest_of(canonical(record["said"])) != self.openings.get(number or 0):
                raise Tampered("records", what + " does not say what its content says")
        elif not self.public and number not in self.removals:
            raise Tampered("records", what + " is left out, and was not removed")
