"""The last step of a verifier: exchanges.warc.gz replays nothing but what the contents hold."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from typing import Any

from archiver.audit.verifier.reading import Folder, Tampered, digest_of, to_json
from archiver.audit.verifier.said import Sayings


def exchanges(folder: Folder, sayings: Sayings) -> str:
    """Each payload in the archive of exchanges is the one that the ledger commits to."""
    if sayings.public:
        return ""
    if not folder.has("data/exchanges.warc.gz"):
        raise Tampered("exchanges", "data/exchanges.warc.gz is missing")
    found, answer = set(), ""
    for headers, block in warc_records(folder.place("data/exchanges.warc.gz")):
        kind = headers.get("warc-type")
        if kind == "response":
            answer = digest_of(block.partition(b"\r\n\r\n")[2])
        elif kind == "revisit":
            answer = headers.get("warc-payload-digest", "")
        elif kind == "metadata":
            number = _exchange(to_json(block), answer, sayings)
            if number in found:
                raise Tampered("exchanges", "exchange " + str(number) + " stands there twice")
            found.add(number)
            answer = ""
    if answer or found != set(sayings.asked):
        raise Tampered("exchanges", "the exchanges are not those of the looks and pictures")
    return str(len(found)) + " exchanges, each with the payload that was committed to"


def _exchange(told: Any, answer: str, sayings: Sayings) -> int | str:
    """The number of an exchange, whose payload was just read."""
    number = told.get("exchange") if isinstance(told, dict) else None
    if number not in sayings.asked or told.get("contents") != sayings.asked[number]:
        raise Tampered("exchanges", "exchange " + str(number) + " is of no look and no picture")
    payload = sayings.asked[number][2] if len(sayings.asked[number]) == 3 else 0
    if answer and answer != sayings.openings.get(payload):
        raise Tampered("exchanges", "exchange " + str(number) + " holds another payload than was committed to")
    if not answer and payload in sayings.openings and sayings.asked[number][1] in sayings.openings:
        raise Tampered("exchanges", "exchange " + str(number) + " lacks its payload")
    return number if isinstance(number, str) else int(number)


def warc_records(path: str) -> Iterator[tuple[dict[str, str], bytes]]:
    """The records of a web archive: headers by lower-case name, and the block."""
    try:
        with gzip.open(path, "rb") as file:
            while True:
                first = file.readline()
                if not first:
                    return
                headers = {}
                for line in iter(file.readline, b"\r\n"):
                    name, _, said = line.decode("utf-8").partition(":")
                    headers[name.strip().lower()] = said.strip()
                    if not line:
                        raise ValueError
                block = file.read(int(headers["content-length"]))
                if first != b"WARC/1.1\r\n" or file.read(4) != b"\r\n\r\n":
                    raise ValueError
                yield headers, block
    except (OSError, EOFError, ValueError, KeyError, zlib.error):
        raise Tampered("exchanges", "data/exchanges.warc.gz cannot be read to its end") from None
