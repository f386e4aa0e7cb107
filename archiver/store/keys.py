"""Whose archive it is, and the keys that sign for it: rows, ledger lines, and the key's own file.

The private key stands beside the database in `key.pem`, for the program's own account alone, whatever the group. While
a key follows another it waits in `key.pem.next`: whichever of the two the ledger named last is the one that signs.
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from archiver import checkpoints
from archiver.checkpoints import PrivateKey
from archiver.store import files
from archiver.store.columns import add_row
from archiver.store.tables import origins, signing_keys
from archiver.store.transaction import Transaction

FILE_NAME = "key.pem"
NEXT_NAME = "key.pem.next"


@dataclass(frozen=True, slots=True)
class Key:
    """A key that signs, or did."""

    fingerprint: str
    public: bytes
    """Its 32 raw public bytes."""
    made_at: datetime
    before: str | None
    """Fingerprint of the key that it followed; None for the first."""
    lost: bool
    """Whether that one was lost, and did not sign for this."""


def origin(connection: Connection) -> str | None:
    """The archive's own name: the first 16 digits of its id; None until it has one."""
    named = connection.execute(select(origins.c.archive).order_by(origins.c.id).limit(1)).scalar()
    return named[:16] if named else None


def name_archive(transaction: Transaction) -> None:
    """Give the archive its id, if it has none."""
    if origin(transaction.connection) is not None:
        return
    archive = secrets.token_hex(32)
    number = add_row(
        transaction.connection, origins, archive=archive, made_at=transaction.at, run=transaction.run,
        ledger=transaction.ledger.next_number,
    )  # fmt: skip
    transaction.ledger.append("archive", transaction.at, archive=number, origin=archive, run=transaction.run)


def listed(connection: Connection) -> list[Key]:
    """All keys, the one that signs last."""
    rows = connection.execute(select(signing_keys).order_by(signing_keys.c.id))
    return [Key(row.fingerprint, b64decode(row.public), row.made_at, row.before, row.lost) for row in rows]


def append(transaction: Transaction, new: PrivateKey, old: PrivateKey | None, named: str) -> Key:
    """Let a key sign from now on for the archive of this name. `old` signs for it; None for the first key, and where
    the one before was lost."""
    known = listed(transaction.connection)
    before = known[-1].fingerprint if known else None
    public, at = checkpoints.public_bytes(new), transaction.at
    key = Key(checkpoints.fingerprint(public), public, at, before, before is not None and old is None)
    statement = checkpoints.succession(named, before, key.fingerprint, at)
    number = add_row(
        transaction.connection, signing_keys, fingerprint=key.fingerprint, public=_text(public), before=before,
        lost=key.lost, made_at=at, run=transaction.run, ledger=transaction.ledger.next_number,
    )  # fmt: skip
    transaction.ledger.append(
        "key",
        at,
        signing_key=number,
        key=key.fingerprint,
        public=_text(public),
        before=before,
        origin=named,
        signature=_text(new.sign(statement)),
        signature_before=_text(old.sign(statement)) if old else None,
        lost=1 if key.lost else None,
        run=transaction.run,
    )
    return key


def write(folder: Path, pem: bytes, name: str = FILE_NAME) -> None:
    """Keep a private key, durably. Raises OSError."""
    files.write(folder / name, pem)


def replace(folder: Path) -> None:
    """Let the key that waits be the key. Raises OSError."""
    (folder / NEXT_NAME).rename(folder / FILE_NAME)
    files.settle(folder)


def load(folder: Path, wanted: str) -> PrivateKey | str:
    """The private key of this fingerprint, or why it cannot sign. Ends what a killed `key rotate` began."""
    found = read(folder / FILE_NAME)
    if not isinstance(found, str) and _name(found) == wanted:
        return found
    waiting = read(folder / NEXT_NAME)
    if not isinstance(waiting, str) and _name(waiting) == wanted:
        replace(folder)
        return waiting
    return found if isinstance(found, str) else f"{folder / FILE_NAME} holds another key than the archive's, {wanted}"


def read(path: Path) -> PrivateKey | str:
    """The private key in a file, or why it is not to be used."""
    try:
        mode, pem = path.stat().st_mode & 0o777, path.read_bytes()
    except FileNotFoundError:
        return f"{path} is missing: bring it back, or begin anew by `archiver key rotate --lost`"
    except OSError as error:
        return f"{path}: {error.strerror or error}"
    if mode & 0o077:
        return f"{path} may be read by others (mode {mode:04o}): chmod 600, and rotate it if anybody did"
    try:
        return checkpoints.read_key(pem)
    except ValueError as error:
        return f"{path} {error}"


def _name(private: PrivateKey) -> str:
    return checkpoints.fingerprint(checkpoints.public_bytes(private))


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
