"""The tables that vouch for all others: whose archive it is, its keys, its checkpoints and who holds a copy of them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, LargeBinary, Table

from archiver.store.columns import key_column as _key
from archiver.store.columns import link_column as _to
from archiver.store.columns import metadata
from archiver.store.columns import number_column as _number
from archiver.store.columns import text_column as _text
from archiver.store.columns import time_column as _time

seals = Table("seals", metadata, _key(), Column("nonce", LargeBinary, nullable=False), _number("ledger"))
origins = Table(
    "origins", metadata, _key(), _text("archive"), _time("made_at"), _to("run", "runs"), _number("ledger")
)  # fmt: skip
signing_keys = Table(
    "signing_keys", metadata, _key(), _text("fingerprint"), _text("public"), _text("before", optional=True),
    Column("lost", Boolean(create_constraint=False), nullable=False), _time("made_at"), _to("run", "runs"),
    _number("ledger"),
)  # fmt: skip
checkpoints = Table(
    "checkpoints", metadata, _key(), _number("lines"), _text("head"), _time("made_at"), _text("fingerprint"),
    _text("note"), _to("run", "runs"), _number("ledger"),
)  # fmt: skip
handovers = Table(
    "handovers", metadata, _key(), _to("checkpoint", "checkpoints", index=True), _text("sink"), _text("kind"),
    Column("taken", Boolean(create_constraint=False), nullable=False), _text("message", optional=True),
    _time("handed_at"), _to("run", "runs"), _number("ledger"),
)  # fmt: skip
timestamps = Table(
    "timestamps", metadata, _key(), _to("checkpoint", "checkpoints", index=True), _text("authority"),
    _to("content", "contents", optional=True), _text("message", optional=True), _time("asked_at"),
    _to("run", "runs"), _number("ledger"),
)  # fmt: skip
fixity_checks = Table(
    "fixity_checks", metadata, _key(), _text("outcome"), _text("step", optional=True),
    _text("message", optional=True), _number("lines"), _number("contents"), _time("happened_at"),
    _to("run", "runs"), _number("ledger"),
)  # fmt: skip
rollbacks = Table(
    "rollbacks", metadata, _key(), _number("anchor_lines"), _text("anchor_head"), _number("lines"), _text("head"),
    _to("reason", "contents"), _time("acknowledged_at"), _to("run", "runs"), _number("ledger"),
)  # fmt: skip
