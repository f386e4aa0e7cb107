"""Recorded exchanges: a folder a case, the exchange and what must be read from it. What was not recorded fails."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archiver.model.exchange import Exchange, Failure

RECORDED = Path(__file__).resolve().parent.parent / "recorded"
RECEIVED_AT = datetime(2026, 1, 6, tzinfo=UTC)


def exchange(
    url: str = "https://posts.example/",
    status_code: int | None = 200,
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes = b"",
    failure: Failure | None = None,
) -> Exchange:
    """An exchange as the client would hand it over."""
    return Exchange(
        url=url,
        detour=None,
        request_headers=(),
        masked=(),
        status_code=status_code,
        http_version="HTTP/1.1",
        response_headers=headers,
        payload=body,
        body=body,
        truncated=None,
        peer="192.0.2.1:443",
        tls_digest=None,
        sent_at=RECEIVED_AT,
        received_at=RECEIVED_AT,
        sent_monotonic=0.0,
        received_monotonic=0.0,
        failure=failure,
    )


@dataclass(frozen=True)
class Replay:
    """A `get` that answers from recordings, by the exact address."""

    answers: dict[str, Exchange]

    def __call__(self, url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        assert url in self.answers, f"not recorded: {url}"
        return self.answers[url]


@dataclass(frozen=True)
class Case:
    """One folder."""

    name: str
    expected: dict[str, Any]
    exchange: Exchange

    @property
    def get(self) -> Replay:
        return Replay({self.exchange.url: self.exchange})


def case(folder: Path) -> Case:
    """The case in a folder."""
    told = json.loads((folder / "exchange.json").read_text(encoding="utf-8"))
    headers = tuple((str(name), str(text)) for name, text in told["headers"])
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return Case(folder.name, expected, exchange(told["url"], told["status"], headers, told["body"].encode()))


def cases(platform: str) -> list[Case]:
    """Every case of a platform, by name."""
    return [case(folder) for folder in sorted((RECORDED / platform).iterdir())]
