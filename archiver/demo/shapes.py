"""What every answer of the simulated X is made of."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from archiver.demo.scenery import WorldPost
from archiver.demo.world import World

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"

SHOWN_CHARACTERS = 280


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `reset` means that the connection is torn down instead."""

    status_code: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    reset: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    host: str
    """Lower case, without port."""
    target: str
    """Path and query."""
    user_agent: str = ""
    accept_language: str = ""

    @property
    def path(self) -> str:
        """Without the query."""
        return urlsplit(self.target).path

    def query(self, name: str) -> str | None:
        """The first of that name; None if it is missing."""
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True).get(name, [None])[0]

    @property
    def language(self) -> str:
        """The language that texts come in: `lang`, else the first of Accept-Language, else English."""
        wanted = self.query("lang") or self.accept_language or "en"
        return re.split(r"[-,;]", wanted)[0].strip().lower() or "en"


def not_found_page() -> Answer:
    """The page for whatever X does not know, which is also what syndication says of ids that never were."""
    page = (
        '<!DOCTYPE html>\n<html lang="en" class="dog">\n  <head>\n    <meta charset="utf-8">\n'
        "    <title>X / ?</title>\n  </head>\n"
        '  <body dir="auto"><div class="container"><h1>Nothing to see here</h1>'
        "<p>Looks like this page doesn’t exist.</p></div></body>\n</html>\n"
    )
    return Answer(404, "text/html;charset=utf-8", page.encode())


def json_answer(status_code: int, noun: Any, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """A JSON answer, text in UTF-8."""
    return Answer(status_code, JSON, json.dumps(noun, ensure_ascii=False, separators=(",", ":")).encode(), headers)


def cut(text: str) -> str:
    """As much of a long post as the endpoints without credentials show."""
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


def existing(world: World, native_id: str) -> WorldPost | None:
    """The post of that id, if it has been published by now; whatever has become of it since."""
    post = world.posts.get(native_id)
    return post if post and post.born_at <= world.clock.now() else None
