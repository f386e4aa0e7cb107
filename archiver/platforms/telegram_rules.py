"""The allow-list of Telegram's answers: everything that may be read as more than `unknown`, apart from `present`.

Every absent is weak. "Post not found" stands for a post that was deleted, never was, is restricted, or is of a kind
that only the app shows; and no answer names the channel by anything that outlives its name. So no look, and no number
of them, can prove a deletion here: the strongest verdict is `gone_unattributed`.

To change it is to change VERSION: every observation names the version that it was read by.
Source: platforms.md 10. In the rules a place's `noun` is the parsed page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from archiver.model.exchange import Exchange
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.platforms.pages import is_page
from archiver.platforms.rules import Place, Rule
from archiver.platforms.telegram_message import shown_ids

VERSION = "1"

O, R = Outcome, Reason  # noqa: E741
WEAK = Strength.WEAK
_FEED = re.compile(r"https://t\.me/s/(?P<channel>\w{3,32})\?before=(?P<before>\d{1,11})")

# fmt: off
RULES: tuple[Rule, ...] = (
    Rule("embed", 200, "error message", r"Post not found\.?", O.ABSENT, R.NOT_FOUND, WEAK),
    Rule("embed", 200, "error message", r"(?:This )?(?:[Cc]hannel|[Gg]roup) is private\.?", O.PROTECTED, R.PROTECTED),

    Rule("feed", 200, "neighbours", "only older posts", O.ABSENT, R.NOT_FOUND, WEAK),
)
# fmt: on


def error_message(exchange: Exchange, noun: Any) -> str | None:
    """The one error of a widget that shows no post."""
    if not is_page(noun) or noun.find(True, attrs={"data-post": True}) is not None:
        return None
    errors = noun.find_all(class_="tgme_widget_message_error")
    return " ".join(errors[0].get_text().split()) if len(errors) == 1 else None


def _neighbours(exchange: Exchange, noun: Any) -> str | None:
    """ "only older posts" for a feed that goes back from the post that was asked for, and leaves it out.

    A feed without any post says nothing: it may be the first post that is gone, or a channel that shows none.
    """
    asked = _FEED.fullmatch(exchange.url)
    if asked is None or not is_page(noun):
        return None
    shown = shown_ids(noun, asked["channel"])
    return "only older posts" if shown and max(shown) < int(asked["before"]) - 1 else None


PLACES: Mapping[str, Place] = {"error message": error_message, "neighbours": _neighbours}
