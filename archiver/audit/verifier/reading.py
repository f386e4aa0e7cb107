"""Reading a bag: its statement, its JSON lines, its keys, and the notes that are its checkpoints."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Iterator
from typing import Any

PROGRAM = "embed-archiver"
GENESIS = "sha256:" + "0" * 64
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
SPKI = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 raw bytes of an Ed25519 key in its public PEM (RFC 8410)."""
PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=]{60})\n-----END PUBLIC KEY-----\n")
NOTE = re.compile(
    "((?P<program>embed-archiver)/(?P<origin>[!-~]{1,100})\n(?P<lines>[1-9][0-9]{0,15})\n(?P<head>sha256:[0-9a-f]{64})\n"
    "(?P<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z)\n)"
    "\n\u2014 (?P<key>sha256:[0-9a-f]{64}) (?P<signature>[A-Za-z0-9+/]{86}==)\n"
)


class Tampered(Exception):
    """Something is not as it was written. `step` names what found it."""

    def __init__(self, step: str, found: str) -> None:
        self.step = step
        self.found = found
        super().__init__(step + ": " + found)


class Note:
    """A signed checkpoint, whose signature need not be good."""

    def __init__(self, written: bytes, step: str, named: str) -> None:
        try:
            found = NOTE.fullmatch(written.decode("utf-8"))
        except UnicodeDecodeError:
            found = None
        if found is None:
            raise Tampered(step, named + " is no signed checkpoint")
        self.origin, self.lines, self.head = found["origin"], int(found["lines"]), found["head"]
        self.key = found["key"]
        self.signature = base64.b64decode(found["signature"])
        self.text = found[1].encode()
        if base64.b64encode(self.signature).decode() != found["signature"]:
            raise Tampered(step, named + " is no signed checkpoint")


class Folder:
    """The files of a bag."""

    def __init__(self, path: str) -> None:
        self.path = path

    def place(self, name: str) -> str:
        """Where a file lies, by its name in manifests."""
        return os.path.join(self.path, *name.split("/"))

    def has(self, name: str) -> bool:
        return os.path.lexists(self.place(name))

    def read(self, name: str, step: str) -> bytes:
        """A small file, whole. Raises OSError for one that is there and cannot be read: that accuses nobody."""
        try:
            with open(self.place(name), "rb") as file:
                return file.read()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise Tampered(step, name + " is missing") from None

    def names(self, folder: str, ending: str) -> list[str]:
        """The files of a folder whose names end so, in order."""
        try:
            return sorted(name for name in os.listdir(self.place(folder)) if name.endswith(ending))
        except OSError:
            return []

    def lines(self, name: str, step: str) -> Iterator[bytes]:
        """The lines of a file of data/, without their newlines."""
        with open(self.place("data/" + name), "rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    raise Tampered(step, name + " ends within a line")
                yield line[:-1]

    def records(self, name: str, step: str) -> Iterator[dict[str, Any]]:
        """The JSON objects of a file of data/, each in its one canonical spelling."""
        for number, line in enumerate(self.lines(name, step), 1):
            record = to_json(line)
            if not isinstance(record, dict) or canonical(record) != line:
                raise Tampered(step, name + ": line " + str(number) + " is no record")
            yield record

    def public_key(self, fingerprint: str, step: str) -> bytes:
        """The 32 raw bytes of a key of the bag, which its name vouches for."""
        name = "data/checkpoints/keys/" + fingerprint[7:] + ".pem"
        found = PEM.fullmatch(self.read(name, step))
        encoded = base64.b64decode(found[1]) if found else b""
        if len(encoded) != 44 or not encoded.startswith(SPKI) or digest_of(encoded[12:]) != fingerprint:
            raise Tampered(step, name + " is not the key that its name says")
        return encoded[12:]


def to_json(line: bytes) -> Any:
    """A JSON value; None for what is none."""
    try:
        return json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None


def canonical(noun: Any) -> bytes:
    """The one spelling (RFC 8785) of a JSON value without floats whose names are ASCII."""
    return json.dumps(noun, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


def digest_of(content: bytes) -> str:
    """The labelled digest of these bytes."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def statement(folder: Folder, step: str) -> dict[str, str]:
    """What the bag says of itself, by label."""
    told = {}
    for line in folder.read("data/statement.txt", step).decode("utf-8", "replace").splitlines():
        label, _, said = line.partition(": ")
        told[label] = said
    return told


def at_of(written: str | None) -> str | None:
    """A time of a verdict as the ledger writes it."""
    if written is None:
        return None
    moment = written.replace("+00:00", "Z")
    return moment if "." in moment else moment.replace("Z", ".000000Z")
