"""The cases: `<form>/<case>/input.*` is an article as a newsroom stores it, `expected.json` what it shows.

`expected.json` holds "embeds", in order, each with the fields that are asked; "doubts"; and, where the folder's name
does not say it all, "about": one sentence for the page that lists every form (tests/docs).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archiver.model.article import Article, Markup
from tests.embeds.articles import article

FOLDER = Path(__file__).resolve().parent
MARKUP_OF: dict[str, Markup] = {".html": "html", ".txt": "text", ".md": "markdown"}
BEFORE, AFTER = "<p>Prose before.</p>\n", "\n<p>Prose after.</p>"
"""What stands around the markup in the page of most cases."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case."""

    form: str
    """The folder that it stands in."""
    name: str
    source: Path
    embeds: tuple[dict[str, Any], ...]
    doubts: tuple[str, ...]
    about: str
    """One sentence; empty where the name says enough."""

    def __str__(self) -> str:
        return f"{self.form}/{self.name}"

    @property
    def markup(self) -> Markup:
        return MARKUP_OF[self.source.suffix]

    @property
    def text(self) -> str:
        return self.source.read_text(encoding="utf-8")

    @property
    def snippet(self) -> str | None:
        """The markup alone; None where the case is no page around one."""
        _, before, rest = self.text.partition(BEFORE)
        snippet, after, _ = rest.rpartition(AFTER)
        return snippet if before and after else None

    def article(self) -> Article:
        return article(self.source.read_bytes(), self.markup)


def cases() -> list[Case]:
    """All of them, in order."""
    found = []
    for path in sorted(FOLDER.glob("*/*/expected.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        source = next(path.parent.glob("input.*"))
        found.append(
            Case(
                form=path.parent.parent.name,
                name=path.parent.name,
                source=source,
                embeds=tuple(expected["embeds"]),
                doubts=tuple(expected["doubts"]),
                about=expected.get("about", ""),
            )
        )
    return found
