"""The allow-list of TikTok's answers: everything that may be read as more than `unknown`, apart from `present`.

Every absent is weak. The page's code 10204 is given for posts that are gone and for callers that TikTok does not like;
oEmbed's 400 for posts that are gone or private, and for those callers too. Only the controls tell these apart. So no
look, and no number of them, can prove a deletion here: the strongest verdict is `gone_unattributed`.

A private post (10216, or seen by its author alone) is no protected account (10222): it is `not_authorized`, and speaks
against deletion, as on every platform.

Nobody has put the words of oEmbed's 400 on record. Any object of JSON that is no card is taken for it, but for words
about the caller: an id that never was must read `absent`, and an outage or a ban meets the positive controls as well.

To change it is to change VERSION: every observation names the version that it was read by.
Source: platforms.md 8. The words beside 10204 are from public code that kept count of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from archiver.model.exchange import Exchange
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.platforms.answers import table, words
from archiver.platforms.rules import Place, Rule

VERSION = "2"

O, R = Outcome, Reason  # noqa: E741
WEAK = Strength.WEAK
_CALLER = r"(?is).*(?:limit|too many|captcha|verif|block|denied|forbidden|log ?in|region|country).*"
"""An error that is about who asks, not about the post."""

# fmt: off
RULES: tuple[Rule, ...] = (
    Rule("oembed", 400, "error object", _CALLER, O.UNKNOWN, R.REFUSED),
    Rule("oembed", 400, "error object", r".+", O.ABSENT, R.NOT_FOUND, WEAK),

    Rule("page", 200, "status", r"10204(?: (?:item doesn't exist|status_deleted)\.?)?",
         O.ABSENT, R.NOT_FOUND, WEAK),
    Rule("page", 200, "status", r"10204 (?:[a-z_]+,)*status_self_see(?:,[a-z_]+)*", O.UNKNOWN, R.NOT_AUTHORIZED),
    Rule("page", 200, "status", r"10204 (?:[a-z_]+,)*(?:person_geo_fencing|copyright_geo_filter)(?:,[a-z_]+)*",
         O.WITHHELD, R.WITHHELD),
    Rule("page", 200, "status", r"10216(?: .*)?", O.UNKNOWN, R.NOT_AUTHORIZED),
    Rule("page", 200, "status", r"10222(?: .*)?", O.PROTECTED, R.PROTECTED),
)
# fmt: on


def _error_object(exchange: Exchange, noun: Any) -> str | None:
    """A short object of JSON that is no card; a page of HTML or an empty answer is the network's, not oEmbed's."""
    kind = (exchange.header("content-type") or "").partition(";")[0].strip().lower()
    is_one = isinstance(noun, dict) and noun and not {"html", "title", "author_url", "author_name"} & noun.keys()
    written = json.dumps(noun, ensure_ascii=False) if is_one and kind == "application/json" else ""
    return written if 0 < len(written) <= 1000 else None


def detail(noun: Any) -> dict[str, Any]:
    """What a page says about the post that it is of: the same for films and for pictures; {} if it says nothing."""
    scope = table(noun, "__DEFAULT_SCOPE__")
    return table(scope, "webapp.video-detail") or table(scope, "webapp.photo-detail")


def status(exchange: Exchange, noun: Any) -> str | None:
    """The page's own code for a post that it does not show, and its words for it if there are any."""
    said = detail(noun)
    code = said.get("statusCode")
    if not isinstance(code, int) or isinstance(code, bool) or code == 0 or "itemStruct" in table(said, "itemInfo"):
        return None
    return f"{code} {words(said, 'statusMsg') or ''}".replace("’", "'").strip()


PLACES: Mapping[str, Place] = {"error object": _error_object, "status": status}
