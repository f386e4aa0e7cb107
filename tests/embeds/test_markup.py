"""Each case of tests/markup: an article as a newsroom stores it, and the embeds that a reader sees in it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any

import pytest

from archiver.embeds.find import find
from archiver.model.embed import Embed
from archiver.permalinks import PLATFORMS
from tests.markup import FOLDER, Case, cases

CASES = cases()


def shown(embed: Embed) -> dict[str, Any]:
    fields = asdict(embed)
    fields["published_on"] = embed.published_on.isoformat() if isinstance(embed.published_on, date) else None
    return json.loads(json.dumps(fields))  # type: ignore[no-any-return]


def test_there_are_cases() -> None:
    """The folder of cases stands where the tests look for it, and every folder in it is a case."""
    assert len(CASES) > 200
    assert {case.source.parent for case in CASES} == {path.parent for path in FOLDER.glob("*/*/input.*")}


def test_every_platform_is_shown_in_several_forms() -> None:
    """No platform is known by a single case."""
    forms: dict[str, set[str]] = {platform: set() for platform in PLATFORMS}
    for case in CASES:
        for embed in case.embeds:
            forms[embed.get("hint", "x")].add(embed.get("form", case.form))
    assert [platform for platform, known in forms.items() if len(known) < 2] == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_article_gives_exactly_the_embeds_that_it_shows(case: Case) -> None:
    """As many embeds as expected, in order, each with the expected fields; fields that are not named are not asked."""
    found = find(case.article())
    got = [shown(embed) for embed in found.embeds]
    assert [embed["position"] for embed in got] == list(range(len(got)))
    asked = [{key: embed[key] for key in want} for embed, want in zip(got, case.embeds, strict=False)]
    assert asked == list(case.embeds)
    assert len(got) == len(case.embeds), [embed["form"] for embed in got]
    assert found.doubts == case.doubts
