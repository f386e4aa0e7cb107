"""Each case of tests/markup: an article as a newsroom stores it, and the embeds that a reader sees in it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from archiver.embeds.find import find
from archiver.model.article import Markup
from archiver.model.embed import Embed
from tests.embeds.articles import article

MARKUP = Path(__file__).resolve().parent.parent / "markup"
CASES = sorted(path.parent for path in MARKUP.glob("*/*/expected.json"))
MARKUP_OF: dict[str, Markup] = {".html": "html", ".txt": "text", ".md": "markdown"}


def shown(embed: Embed) -> dict[str, Any]:
    fields = asdict(embed)
    fields["published_on"] = embed.published_on.isoformat() if isinstance(embed.published_on, date) else None
    return json.loads(json.dumps(fields))  # type: ignore[no-any-return]


def test_there_are_cases() -> None:
    """The folder of cases stands where the tests look for it."""
    assert len(CASES) > 50


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_article_gives_exactly_the_embeds_that_it_shows(case: Path) -> None:
    """As many embeds as expected, in order, each with the expected fields; fields that are not named are not asked."""
    source = next(case.glob("input.*"))
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    found = find(article(source.read_bytes(), MARKUP_OF[source.suffix]))
    got = [shown(embed) for embed in found.embeds]
    assert [embed["position"] for embed in got] == list(range(len(got)))
    asked = [{key: embed[key] for key in want} for embed, want in zip(got, expected["embeds"], strict=False)]
    assert asked == expected["embeds"]
    assert len(got) == len(expected["embeds"]), [embed["form"] for embed in got]
    assert list(found.doubts) == expected["doubts"]
