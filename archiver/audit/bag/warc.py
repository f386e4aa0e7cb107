"""`exchanges.warc.gz`: requests and answers as any reader of web archives opens them (ISO 28500, WARC/1.1).

Three records an exchange at most: the answer (a revisit where an earlier one has the equal payload), the request, and
as metadata what HTTP cannot carry. What was never answered has the last two. The bytes that commitments bind stand in
`contents.jsonl`; here they stand so that they can be replayed, with two differences: the secrets are masked, and a
`Transfer-Encoding` is renamed, for payloads were kept without it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any, BinaryIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver import __version__, digest
from archiver.audit.bag.order import Counted
from archiver.clock import utc_text
from archiver.store import contents, kept
from archiver.store.carried_looks import contents_of
from archiver.store.numbers import Numbers
from archiver.store.transaction import Reader

VERSION = "WARC/1.1"
RENAMED = "X-Archive-Orig-"
"""What stands before the name of a header that the payload is no longer subject to."""

_FACTS = ("hop", "status_code", "detour", "peer", "tls_digest", "truncated", "failure_reason", "failure_message")
_CLOCKS = ("sent_monotonic", "received_monotonic")


class Warc:
    """Writes exchanges. `repeated`: payloads that more than one exchange has."""

    def __init__(self, file: BinaryIO, connection: Reader, counted: Counted, repeated: Numbers) -> None:
        self._connection = connection
        self._writer = WARCWriter(file, gzip=True, warc_version=VERSION)
        self._space = uuid.uuid5(uuid.NAMESPACE_URL, f"embed-archiver/{counted.origin}")
        self._repeated = repeated
        self._first: dict[int, int] = {}
        self._place = lru_cache(1024)(self._find_place)
        self._say_whose(counted)

    def add(self, asked: Sequence[tuple[int | None, Any]]) -> None:
        """Write what there is of these exchanges (number of the look, None for a picture's; row), in this order."""
        numbers = [each for _, row in asked for each in (row.request, row.response) if each is not None]
        said = contents.get_json(self._connection, numbers)
        digests = contents.digests(self._connection, [row.payload for _, row in asked if row.payload is not None])
        for observation, row in asked:
            request, response = said.get(row.request), said.get(row.response)
            address = str(request["url"]) if request else f"urn:exchange:{row.id}"
            if response is not None and row.payload in digests:
                self._answer(row, address, response, digests[row.payload])
            if request is not None:
                self._request(row, address, request)
            self._metadata(observation, row, address)

    def _answer(self, row: Any, address: str, response: dict[str, Any], payload_digest: str) -> None:
        status = f"{response['status_code']} {response['reason_phrase'] or ''}".rstrip()
        http = StatusAndHeaders(status, _headers(response), protocol=row.http_version or "HTTP/1.1")
        told = self._named(row, "response")
        first = self._first.get(row.payload)
        if first is None:
            if row.payload in self._repeated:
                self._first[row.payload] = row.id
            told["WARC-Payload-Digest"] = payload_digest
            self._write(address, "response", contents.get(self._connection, row.payload) or b"", told, http)
            return
        told["WARC-Refers-To"] = self._id(first, "response")
        place = self._place(first)
        self._writer.write_record(
            self._writer.create_revisit_record(
                address, payload_digest, *place, http_headers=http, warc_headers_dict=told
            )
        )

    def _find_place(self, exchange: int) -> tuple[str, str]:
        """Address and date of the record that a revisit refers to."""
        url, sent_at = kept.place_of(self._connection, exchange)
        return url, utc_text(sent_at)

    def _request(self, row: Any, address: str, request: dict[str, Any]) -> None:
        path = "/" + address.partition("://")[2].partition("/")[2]
        line = f"{request['method']} {path} {row.http_version or 'HTTP/1.1'}"
        headers = _headers(request)
        if not any(name.lower() == "host" for name, _ in headers):
            headers.insert(0, ("Host", row.host))
        told = self._named(row, "request")
        if row.response is not None:
            told["WARC-Concurrent-To"] = self._id(row.id, "response")
        self._write(address, "request", b"", told, StatusAndHeaders(line, headers, is_http_request=True))

    def _metadata(self, observation: int | None, row: Any, address: str) -> None:
        told = {name: getattr(row, name) for name in (*_FACTS, *_CLOCKS)} | {
            "exchange": row.id,
            "observation": observation,
            "contents": contents_of(row),
            "masked": list(row.masked or ()),
            "sent_at": utc_text(row.sent_at),
            "received_at": utc_text(row.received_at),
        }
        block = digest.canonical({name: part for name, part in told.items() if part is not None})
        named = self._named(row, "metadata") | {"WARC-Refers-To": self._id(row.id, "request")}
        self._write(address, "metadata", block, named, None, "application/json")

    def _named(self, row: Any, part: str) -> dict[str, str]:
        named = {"WARC-Record-ID": self._id(row.id, part), "WARC-Date": utc_text(row.sent_at)}
        if part == "response" and row.peer:
            named["WARC-IP-Address"] = row.peer.rpartition(":")[0].strip("[]")
        if part == "response" and row.truncated:
            named["WARC-Truncated"] = row.truncated
        return named

    def _say_whose(self, counted: Counted) -> None:
        told = {
            "software": f"embed-archiver {__version__}",
            "format": "WARC File Format 1.1",
            "isPartOf": f"embed-archiver/{counted.origin}",
        }
        block = "".join(f"{name}: {said}\r\n" for name, said in told.items()).encode()
        named = {"WARC-Record-ID": self._id(0, "warcinfo"), "WARC-Date": utc_text(counted.as_of)}
        self._write("", "warcinfo", block, named, None)

    def _write(
        self, address: str, kind: str, block: bytes, named: dict[str, str], http: Any, content_type: str = ""
    ) -> None:
        record = self._writer.create_warc_record(
            address,
            kind,
            payload=BytesIO(block),
            length=len(block),
            warc_content_type=content_type,
            warc_headers_dict=named,
            http_headers=http,
        )
        self._writer.write_record(record)

    def _id(self, exchange: int | str, part: str) -> str:
        return f"<urn:uuid:{uuid.uuid5(self._space, f'{part} of exchange {exchange}')}>"


def _headers(noun: dict[str, Any]) -> list[tuple[str, str]]:
    headers = [(str(name), str(said)) for name, said in noun.get("headers", ())]
    return [(RENAMED + name if name.lower() == "transfer-encoding" else name, said) for name, said in headers]
