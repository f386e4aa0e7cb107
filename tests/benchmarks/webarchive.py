"""Web archives to measure on: as large as asked for, of pages that come again and again, a picture beside each."""

from __future__ import annotations

import gzip
from pathlib import Path
from random import Random

from tests.benchmarks.trees import Tree

_LEVEL = 1
_PAGES = 200
_PICTURE_BYTES = 100_000


def write(path: Path, tree: Tree, size: int) -> tuple[int, int]:
    """Write a .warc.gz of at least `size` bytes. Returns its number of records, and their length unpacked.

    Each is packed once, and its record written as often as needed: that makes 5 GB in a minute. Half of the records
    are pages; most of the bytes are pictures, as in the archives that crawlers make.
    """
    pages = [page for page in tree.paths if page.suffix in (".html", ".htm")][:_PAGES]
    chance = Random(1)
    records = []
    for number, page in enumerate(pages):
        records.append(_record(2 * number, "text/html", page.read_bytes()))
        records.append(_record(2 * number + 1, "image/jpeg", chance.randbytes(_PICTURE_BYTES)))
    packed = [gzip.compress(record, _LEVEL) for record in records]
    written = count = unpacked = 0
    with path.open("wb") as file:
        while written < size:
            written += file.write(packed[count % len(packed)])
            unpacked += len(records[count % len(records)])
            count += 1
    return count, unpacked


def _record(number: int, kind: str, body: bytes) -> bytes:
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/{number}\r\n"
        f"WARC-Date: 2022-03-05T12:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"
