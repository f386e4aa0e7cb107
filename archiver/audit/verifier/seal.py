"""The first steps of a verifier: files, signature, chain, keys, checkpoints, trust, held."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Callable
from typing import Any

from archiver.audit.verifier.reading import (
    BAGIT,
    GENESIS,
    PROGRAM,
    Folder,
    Note,
    Tampered,
    digest_of,
    statement,
    to_json,
)

TAGS = ("bag-info.txt", "bagit.txt", "manifest-sha256.txt", "manifest-sha256.txt.sig")
NEEDED = (
    *("README.txt", "batches.jsonl", "contents.jsonl", "deleted-gone-before-first-look.csv", "deleted.csv"),
    *("events.jsonl", "ledger.jsonl", "observations.jsonl", "posts.jsonl", "report.html", "statement.txt"),
    *("verify.py", "verify.sh"),
)
LISTED = re.compile("([0-9a-f]{64})  (data/[A-Za-z0-9._/-]+)")


class Seals:
    """What signatures vouch for. The steps are done in order; each returns what it found, in a few words."""

    def __init__(self, folder: Folder, is_signed: Callable[[bytes, bytes, bytes], bool]) -> None:
        self.folder = folder
        self.is_signed = is_signed
        self.told: dict[str, str] = {}
        self.heads: list[bytes] = []
        """Digest of each line of the ledger with its newline; line 1 is at 0."""
        self.key_lines: list[dict[str, Any]] = []
        self.keys: dict[str, bytes] = {}
        self.since: dict[str, int] = {}
        self.orphans: list[str] = []
        """Keys that the key before them did not sign for, because it was lost."""

    # files

    def files(self) -> str:
        """Every file that the manifest lists is there with its digest, and no other is."""
        step, listed = "files", self._listed()
        for name in ("data/" + each for each in NEEDED):
            if name not in listed:
                raise Tampered(step, name + " is missing from the manifest")
        for name in self._found():
            if name not in listed:
                raise Tampered(step, name + " is there, and the manifest does not list it")
        for name, wanted in listed.items():
            if self._hash(name) != wanted:
                raise Tampered(step, name + " is not the file that the manifest lists")
        self._tags()
        if self.folder.read("bag-info.txt", step) != self.folder.read("data/statement.txt", step):
            raise Tampered(step, "bag-info.txt does not say what data/statement.txt says")
        self.told = statement(self.folder, step)
        return str(len(listed)) + " files, each the one that the manifest lists, and no other"

    def _listed(self) -> dict[str, str]:
        listed: dict[str, str] = {}
        written = self.folder.read("manifest-sha256.txt", "files").decode("ascii", "replace")
        for line in written.split("\n")[:-1]:
            found = LISTED.fullmatch(line)
            if found is None or found[2] in listed or ".." in found[2]:
                raise Tampered("files", "manifest-sha256.txt holds a line that is none of a manifest")
            listed[found[2]] = found[1]
        if not written.endswith("\n"):
            raise Tampered("files", "manifest-sha256.txt ends within a line")
        return listed

    def _found(self) -> list[str]:
        found = []
        for place, folders, names in os.walk(self.folder.path):
            inside = os.path.relpath(place, self.folder.path).replace(os.sep, "/")
            for name in names + [each for each in folders if os.path.islink(os.path.join(place, each))]:
                path = name if inside == "." else inside + "/" + name
                if os.path.islink(os.path.join(place, name)):
                    raise Tampered("files", path + " is a link: what it leads to lies outside the bag")
                if path not in (*TAGS, "tagmanifest-sha256.txt"):
                    found.append(path)
        return sorted(found)

    def _hash(self, name: str) -> str:
        place, hashed = self.folder.place(name), hashlib.sha256()
        if os.path.islink(place) or not os.path.isfile(place):
            raise Tampered("files", name + " is missing")
        with open(place, "rb") as file:
            for part in iter(lambda: file.read(1 << 20), b""):
                hashed.update(part)
        return hashed.hexdigest()

    def _tags(self) -> None:
        if self.folder.read("bagit.txt", "files") != BAGIT:
            raise Tampered("files", "bagit.txt is not that of a bag of ours")
        present = [name for name in TAGS if self.folder.has(name)]
        lines = "".join(self._hash(name) + "  " + name + "\n" for name in present)
        if self.folder.read("tagmanifest-sha256.txt", "files") != lines.encode():
            raise Tampered("files", "tagmanifest-sha256.txt does not list the files beside it")

    # who

    def signature(self) -> str:
        """The manifest is signed by the key that the bag names; "" where nobody signed."""
        step, key, name = "signature", self.told.get("Signed-By", ""), "manifest-sha256.txt.sig"
        if key == "nobody" and not self.folder.has(name):
            return ""
        if not re.fullmatch("sha256:[0-9a-f]{64}", key) or not self.folder.has(name):
            raise Tampered(step, "the signature of the manifest is missing, or nobody is named who made it")
        public = self.folder.public_key(key, step)
        if not self.is_signed(public, self.folder.read(name, step), self.folder.read("manifest-sha256.txt", step)):
            raise Tampered(step, "the manifest was not signed by " + key)
        return "the manifest is signed by " + key

    # the ledger

    def chain(self) -> str:
        """Every line of the ledger names the digest of the one before it."""
        head = GENESIS
        for number, line in enumerate(self.folder.lines("ledger.jsonl", "chain"), 1):
            fields = to_json(line)
            if not isinstance(fields, dict) or not isinstance(fields.get("kind"), str):
                raise Tampered("chain", "line " + str(number) + " is no line of a ledger")
            if fields.get("number") != number or fields.get("previous") != head:
                raise Tampered("chain", "line " + str(number) + " does not follow the line before it")
            hashed = hashlib.sha256(line + b"\n")
            self.heads.append(hashed.digest())
            head = "sha256:" + hashed.hexdigest()
            if fields["kind"] == "key":
                self.key_lines.append(fields)
        if self.told.get("Ledger-Lines") != str(len(self.heads)):
            raise Tampered("chain", "the ledger has " + str(len(self.heads)) + " lines, and the bag says otherwise")
        return str(len(self.heads)) + " lines, each bound to the one before it"

    def succession(self) -> str:
        """Every key signed for itself, and the key before it for its follower."""
        for fields in self.key_lines:
            self._take_key(fields)
        held = {"sha256:" + name[:-4] for name in self.folder.names("data/checkpoints/keys", ".pem")}
        if held != set(self.keys):
            raise Tampered("keys", "the keys of the bag are not those that the ledger names")
        signer = self.told.get("Signed-By", "")
        if signer != "nobody" and signer != next(reversed(list(self.keys)), None):
            raise Tampered("keys", "the manifest is not signed by the newest key of the ledger")
        return "keys named by the ledger: " + str(len(self.keys))

    def _take_key(self, fields: dict[str, Any]) -> None:
        number, last = str(fields["number"]), next(reversed(list(self.keys)), None)
        try:
            public = base64.b64decode(fields["public"], validate=True)
            own = base64.b64decode(fields["signature"])
            old = base64.b64decode(fields.get("signature_before", ""))
            lines = (
                PROGRAM + "/" + fields["origin"],
                "key",
                fields.get("before") or "none",
                fields["key"],
                fields["at"],
            )
            said = "".join(line + "\n" for line in lines).encode()
        except (KeyError, TypeError, ValueError):
            raise Tampered("keys", "line " + number + " brings in no key that can be read") from None
        key = digest_of(public)
        if key != fields["key"] or fields.get("before") != last or not self.is_signed(public, own, said):
            raise Tampered("keys", "line " + number + " brings in a key that did not sign for itself")
        if last is not None and not self.is_signed(self.keys[last], old, said):
            if old or not fields.get("lost"):
                raise Tampered("keys", "line " + number + ": the key before did not sign for the new one")
            self.orphans.append(key)
        self.keys[key], self.since[key] = public, fields["number"]

    def checkpoints(self) -> str:
        """Every checkpoint is signed by the key of its time, and the ledger says what it says; "" without any."""
        step, newest = "checkpoints", 0
        for name in self.folder.names("data/checkpoints", ".txt"):
            note = Note(self.folder.read("data/checkpoints/" + name, step), step, name)
            self._check(note, step, name)
            if note.origin != self.told.get("Archive-Origin"):
                raise Tampered(step, name + " is a checkpoint of another archive")
            if note.lines >= newest:
                newest, head = note.lines, note.head
        if self.told.get("Checkpoint-Lines") != str(newest):
            raise Tampered(step, "the newest checkpoint covers " + str(newest) + " lines, and the bag says otherwise")
        if newest and self.told.get("Checkpoint-Head") != head:
            raise Tampered(step, "the newest checkpoint is not the one that the bag names")
        after = len(self.heads) - newest
        return "the newest covers " + str(newest) + " lines; " + str(after) + " came after it" if newest else ""

    def _check(self, note: Note, step: str, named: str) -> None:
        public = self.keys.get(note.key)
        if public is None:
            raise Tampered(step, named + " is signed by a key that the ledger does not name")
        in_force = [key for key in self.keys if self.since[key] <= note.lines]
        if not in_force or note.key != in_force[-1]:
            raise Tampered(step, named + " is signed by a key that did not sign then")
        if not self.is_signed(public, note.signature, note.text):
            raise Tampered(step, named + " has a bad signature")
        if note.lines > len(self.heads):
            raise Tampered(step, named + " covers " + str(note.lines) + " lines: the end of the ledger was cut off")
        if "sha256:" + self.heads[note.lines - 1].hex() != note.head:
            raise Tampered(step, "line " + str(note.lines) + " of the ledger is not the one that " + named + " names")

    def trust(self, fingerprint: str) -> str:
        """The key that the reader trusts is the newest, or led to it by signatures."""
        step, order = "trust", list(self.keys)
        if fingerprint not in self.keys:
            raise Tampered(step, "no key of this bag is " + fingerprint)
        for key in order[order.index(fingerprint) + 1 :]:
            if key in self.orphans:
                raise Tampered(step, "the key " + key + " was brought in without the signature of the key before it")
        return "the keys of the bag lead back to " + fingerprint

    def held(self, written: bytes) -> str:
        """The checkpoint that somebody else kept is one of this ledger."""
        note = Note(written, "held", "what was given by --held")
        self._check(note, "held", "the held checkpoint")
        return "the ledger still holds the " + str(note.lines) + " lines that the held checkpoint covers"
