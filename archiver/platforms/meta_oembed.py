"""Reading Meta's oEmbed, of Instagram and Facebook (platforms.md 5 and 6): a card, or an error of the Graph API.

Asked only where the newsroom has a token of its own. Since 15 June 2026 anybody may ask, but (1) Meta's terms allow the
answer for showing a post and forbid to extract or persist it: whoever has a token has agreed on that with Meta, we have
not; (2) cards have held no author since November 2025, those of Instagram mostly no words either, and Facebook's repeat
the address that they were asked for, even one that leads nowhere. So a card is a sighting only where it holds the
post's words; without them nothing is, and with controls its batches are void: evidence, from which nothing follows.
A removed post, a private one and one whose owner allows no embedding give the same error: every absent is weak.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.post import PostRef
from archiver.model.snapshot import Snapshot
from archiver.permalinks import post_address
from archiver.platforms.adapter import Credential
from archiver.platforms.answers import table, unknown, words
from archiver.platforms.meta_pages import attribute, markup, of_another, outbound_links, seen, words_of
from archiver.platforms.oembed import Card, card
from archiver.platforms.rules import Place, Rule
from archiver.urls import split

if TYPE_CHECKING:
    from bs4 import Tag

HOST = "graph.facebook.com"
_GRAPH_VERSION = "v23.0"
ACCESS_TOKEN = Credential("access_token", HOST, "Authorization", "Bearer {}")
"""As a header, for addresses are stored; the Graph API takes it so as well as in the query."""
LIMIT = "5,000,000 requests a day with a token"

O, R = Outcome, Reason  # noqa: E741
_SUB = r"(?:/[0-9]+)?"

# fmt: off
RULES: tuple[Rule, ...] = (
    # Subcode 2207045 is what Instagram's oEmbed says of a post that is not there, or not public; 33 is the Graph API's
    # own "does not exist, cannot be loaded due to missing permissions". Code 100 by itself is any wrong parameter.
    Rule("oembed", 400, "graph error", r"24|24/2207045|100/2207045|100/33", O.ABSENT, R.NOT_FOUND, Strength.WEAK),
    Rule("oembed", None, "graph error", rf"(?:4|17|32|613){_SUB}", O.UNKNOWN, R.RATE_LIMITED),
    Rule("oembed", None, "graph error", rf"(?:102|104|190|2500){_SUB}", O.UNKNOWN, R.REFUSED),
    Rule("oembed", None, "graph error", rf"(?:10|2[0-9][0-9]){_SUB}", O.UNKNOWN, R.NOT_AUTHORIZED),
    Rule("oembed", None, "graph error", rf"[12]{_SUB}", O.UNKNOWN, R.SERVER_ERROR),
)
# fmt: on


def _graph_error(exchange: Exchange, noun: Any) -> str | None:
    """ "CODE" or "CODE/SUBCODE"."""
    error = table(noun, "error")
    code, subcode = error.get("code"), error.get("error_subcode")
    if not isinstance(code, int) or isinstance(code, bool):
        return None
    return str(code) if subcode is None else f"{code}/{subcode}"


PLACES: Mapping[str, Place] = {"graph error": _graph_error}


def address(edge: str, post: str) -> str:
    """Where to ask for a post: by one of the API's three edges."""
    return f"https://{HOST}/{_GRAPH_VERSION}/{edge}?" + urlencode({"url": post, "omitscript": "true"})


def read(noun: dict[str, Any], ref: PostRef, exchange: Exchange) -> Reading:
    """Read a body with status 200 that no rule of the allow-list knows."""
    if noun == {}:
        return unknown(exchange, Reason.EMPTY_ANSWER)
    shown = card(noun)
    page = markup(shown.html) if shown and shown.html else None
    quote = page.find("blockquote") if page else None
    named = post_address(attribute(quote, "data-instgrm-permalink") or attribute(quote, "cite") or "")
    if shown is None or quote is None or named is None or named.platform != ref.platform:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no card of a post")
    if named.native_id != ref.native_id:
        return of_another(ref, named.native_id, exchange)
    text, paragraph = words(noun, "title"), quote.find("p")
    # Instagram's one paragraph says whose post it is, in any language: its words are in the title, or nowhere.
    if ref.platform == "facebook" and text is None and paragraph is not None:
        text = words_of(paragraph)
    if not text:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "a card without the post's words is no sighting")
    return seen(ref, _snapshot(text, paragraph, shown, noun, ref), exchange)


def _snapshot(text: str, paragraph: Tag | None, shown: Card, noun: dict[str, Any], ref: PostRef) -> Snapshot:
    number = noun.get("author_id")
    is_number = isinstance(number, int) and not isinstance(number, bool)
    return Snapshot(
        text=text,
        links=outbound_links(paragraph) if ref.platform == "facebook" else (),
        media=(),
        author_id=str(number) if is_number else words(noun, "author_id"),
        author_handle=_handle(shown),
        author_name=shown.author_name,
        published_at=None,
        language=None,
        truncated=text.endswith(("...", "…")),
    )


def _handle(shown: Card) -> str | None:
    """The author's handle, from `author_url`."""
    parts = split(shown.author_url or "")
    found = re.fullmatch(r"/([\w.]{1,60})/?", parts.path) if parts else None
    return found[1] if found else None
