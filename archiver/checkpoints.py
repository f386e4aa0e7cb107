"""Checkpoints: what the ledger was at a moment, signed. Pure: bytes in, bytes out.

A checkpoint is a signed note of exactly these lines, in UTF-8, each ended by a newline:

    embed-archiver/ORIGIN
    number of lines of the ledger
    sha256:… of the last of them, newline included
    2026-01-02T03:04:05.000006Z

    — FINGERPRINT BASE64

The signature is Ed25519, over the first four lines with their newlines. A key is named by its fingerprint: `sha256:`
and the SHA-256 of its 32 raw public bytes. When a key follows another, both sign the statement that says so; its
second line is "key", so that no statement is ever taken for a checkpoint.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from archiver import digest
from archiver.clock import utc_text

PrivateKey = Ed25519PrivateKey
PROGRAM = "embed-archiver"
NO_KEY = "none"
"""What the statement of an archive's first key names as the one before."""
KEY_BYTES = 32
SIGNATURE_BYTES = 64

_TEXT = re.compile(
    rf"{PROGRAM}/(?P<origin>[!-~]{{1,100}})\n(?P<lines>[1-9][0-9]{{0,15}})\n(?P<head>sha256:[0-9a-f]{{64}})\n"
    r"(?P<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)\n"
)
_SIGNED = re.compile(r"\n— (?P<key>sha256:[0-9a-f]{64}) (?P<signature>[A-Za-z0-9+/]{86}==)\n")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed."""

    origin: str
    """Of the archive: printable ASCII without spaces."""
    lines: int
    """How many lines the ledger had; at least one."""
    head: str
    """Labelled digest of the last of them, its newline included."""
    at: datetime

    def text(self) -> bytes:
        """The four lines that are signed."""
        return f"{PROGRAM}/{self.origin}\n{self.lines}\n{self.head}\n{utc_text(self.at)}\n".encode()


@dataclass(frozen=True, slots=True)
class Note:
    """A checkpoint with its signature, which need not be good."""

    checkpoint: Checkpoint
    key: str
    """Fingerprint of the key that is said to have signed it."""
    signature: bytes

    def whole(self) -> bytes:
        """The note's own bytes."""
        return self.checkpoint.text() + f"\n— {self.key} {b64encode(self.signature).decode()}\n".encode()

    def is_signed_by(self, public: bytes) -> bool:
        """Whether the key with these 32 raw public bytes is the one that is named, and did sign it."""
        return fingerprint(public) == self.key and is_signature(public, self.signature, self.checkpoint.text())


def parse(note: bytes) -> Note:
    """The note in these bytes. Raises ValueError unless they are exactly one."""
    try:
        text = note.decode("utf-8")
        body = _TEXT.match(text)
        signed = _SIGNED.fullmatch(text, body.end()) if body else None
        if body is None or signed is None:
            raise ValueError("other lines")
        at = datetime.fromisoformat(body["at"])
        signature = b64decode(signed["signature"], validate=True)
    except ValueError as error:
        raise ValueError("not a signed checkpoint") from error
    read = Note(Checkpoint(body["origin"], int(body["lines"]), body["head"], at), signed["key"], signature)
    if read.whole() != note:
        # Base64 has several spellings of the same bytes, of which one is ours.
        raise ValueError("not a signed checkpoint")
    return read


def sign(checkpoint: Checkpoint, private: PrivateKey) -> Note:
    """The checkpoint, signed."""
    return Note(checkpoint, fingerprint(public_bytes(private)), private.sign(checkpoint.text()))


def fingerprint(public: bytes) -> str:
    """What a key with these 32 raw public bytes is called."""
    return digest.of_bytes(public)


def is_signature(public: bytes, signature: bytes, text: bytes) -> bool:
    """Whether the key with these 32 raw public bytes made this signature over this text."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def succession(origin: str, before: str | None, key: str, at: datetime) -> bytes:
    """The statement that `key` signs from now on, as `before` did: both keys sign it; the first key signs alone."""
    return f"{PROGRAM}/{origin}\nkey\n{before or NO_KEY}\n{key}\n{utc_text(at)}\n".encode()


def public_bytes(private: PrivateKey) -> bytes:
    """The 32 raw public bytes of a key."""
    return private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def public_pem(public: bytes) -> str:
    """A public key as `openssl pkeyutl -pubin` reads it."""
    key = Ed25519PublicKey.from_public_bytes(public)
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def make_key() -> tuple[PrivateKey, bytes]:
    """A new key, and its PKCS8 PEM."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private, pem


def read_key(pem: bytes) -> PrivateKey:
    """The key in a PKCS8 PEM. Raises ValueError for anything else."""
    try:
        private = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise ValueError("holds no private key in PEM without a password") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise ValueError("holds a key of another kind than Ed25519")
    return private
