"""Nothing is asked conditionally, so a 304 that comes all the same says nothing: neither there nor gone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from archiver.model.outcome import Outcome
from archiver.model.post import AuthorRef, PostRef
from archiver.platforms import registry
from archiver.platforms.adapter import Adapter, Setup
from tests.platforms.readings import ref_of
from tests.platforms.recorded import Case, Replay, cases

NAMES = frozenset(credential.name for adapter in registry.adapters() for credential in adapter.credentials)
GRANTS = frozenset(
    credential.grant.id_name
    for adapter in registry.adapters()
    for credential in adapter.credentials
    if credential.grant
)
ADAPTERS = registry.adapters(dict.fromkeys((each.platform for each in registry.PLATFORMS), Setup("US", NAMES | GRANTS)))
PARTS = [(adapter, case) for adapter in ADAPTERS for case in cases(adapter.platform)]


def refs_of(adapter: Adapter, expected: dict[str, Any]) -> list[PostRef | AuthorRef]:
    looks = [look["ref"] for look in expected.get("looks", ())]
    told = looks or expected.get("refs") or [expected["ref"]]
    return [ref_of(adapter.platform, {**expected, "ref": each}) for each in told]


@pytest.mark.parametrize("keeps_body", [False, True], ids=["bare", "with a body"])
@pytest.mark.parametrize(("adapter", "case"), PARTS, ids=[f"{adapter.platform}-{case.name}" for adapter, case in PARTS])
def test_a_304_tells_nothing_whatever_comes_with_it(adapter: Adapter, case: Case, keeps_body: bool) -> None:
    """Every recorded answer, as if the host had said "not modified": bare, as it must be, and with its body."""
    endpoint = next((each for each in adapter.endpoints if each.name == case.expected.get("endpoint")), None)
    if endpoint is None:
        pytest.skip("no look at a post or an author")
    body = case.exchange.body if keeps_body else b""
    answer = replace(case.exchange, status_code=304, payload=body, body=body)
    get = Replay({each.url: each for each in (*case.before, answer, *case.after)})
    for reading in adapter.observe(refs_of(adapter, case.expected), endpoint, get):
        assert reading.outcome is Outcome.UNKNOWN or reading.exchange is not answer
