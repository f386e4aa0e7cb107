"""Recorded exchanges: a folder a case, the exchange and what must be read from it. What was not recorded fails."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from archiver.model.exchange import Exchange, Failure
from archiver.model.observation import Reading

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
    """The one that the reading is read from."""
    before: tuple[Exchange, ...] = ()
    """Those that led to it, where one look asks more than once."""
    after: tuple[Exchange, ...] = ()
    """Those that had to confirm it."""

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (*self.before, self.exchange, *self.after)

    @property
    def get(self) -> Replay:
        return Replay({each.url: each for each in self.exchanges})


def case(folder: Path) -> Case:
    """The case in a folder."""
    told = json.loads((folder / "exchange.json").read_text(encoding="utf-8"))
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    before, after = (tuple(_recorded(each) for each in told.get(name, ())) for name in ("before", "after"))
    return Case(folder.name, expected, _recorded(told), before, after)


def _recorded(told: dict[str, Any]) -> Exchange:
    headers = tuple((str(name), str(text)) for name, text in told["headers"])
    return exchange(told["url"], told["status"], headers, told["body"].encode())


def cases(platform: str) -> list[Case]:
    """Every case of a platform, by name."""
    return [case(folder) for folder in sorted((RECORDED / platform).iterdir())]


def told(reading: Reading) -> dict[str, Any]:
    """A reading as the cases write it: what is empty is left out."""
    full: dict[str, Any] = {
        "outcome": reading.outcome.value,
        "reason": reading.reason.value,
        "strength": reading.strength.value if reading.strength else None,
        "author_id": reading.author_id,
        "author_handle": reading.author_handle,
        "edit_chain": list(reading.edit_chain),
        "retry_after_seconds": reading.retry_after_seconds,
        "age_seconds": reading.age_seconds,
    }
    return {key: part for key, part in full.items() if part not in (None, [], 0)}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


def bodies(keys: str, sampled: list[Any]) -> st.SearchStrategy[bytes]:
    """Bodies of every kind: noise, any JSON, and JSON with a platform's own keys and words, which comes near."""
    key = st.sampled_from(keys.split())
    part = st.sampled_from(sampled) | JSON
    level = st.dictionaries(key, part, max_size=6)
    nearly = st.dictionaries(key, part | level | st.lists(level, max_size=3), max_size=8)
    return st.binary(max_size=200) | (JSON | nearly).map(lambda noun: json.dumps(noun).encode())
