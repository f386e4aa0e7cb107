"""Reading the page of a channel or public group, for one thing only: is it open under that name?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import AuthorRef
from archiver.platforms.answers import age_seconds, unknown
from archiver.platforms.pages import attribute

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_COUNTED = re.compile(r"[0-9][0-9\s.,KM]{0,20}(?:subscribers?|members?)(?:, .{0,40})?")
_OPENS = re.compile(r"tg://resolve\?domain=([A-Za-z]\w{2,31})", re.ASCII)


def address(ref: AuthorRef) -> str:
    """Where to ask for a channel: by its name, the only id there is. Raises ValueError without one."""
    name = ref.native_id or ref.handle
    if name is None:
        raise ValueError("a channel without a name cannot be looked at")
    return f"https://t.me/{quote(name, safe='')}"


def read(page: BeautifulSoup, ref: AuthorRef, exchange: Exchange) -> Reading:
    """`account_ok` if the page has the channel's name, title and number of subscribers; all else is `unknown`.

    A name that nobody has is answered by 200 too, with a page that offers to write to it.
    """
    opens = page.find("meta", property="al:ios:url") or page.find("meta", property="al:android:url")
    named = _OPENS.fullmatch(attribute(opens, "content") or "")
    title, counted = page.find(class_="tgme_page_title"), page.find(class_="tgme_page_extra")
    is_shown = title is not None and title.get_text().strip() and counted is not None
    if named is None or not is_shown or not _COUNTED.fullmatch(counted.get_text().strip() if counted else ""):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no channel with subscribers is shown")
    if named[1].lower() != (ref.native_id or ref.handle or "").lower():
        return unknown(exchange, Reason.WRONG_AUTHOR, f"the page of {named[1]}")
    return Reading(
        Outcome.ACCOUNT_OK,
        Reason.SERVED,
        exchange,
        author_id=named[1].lower(),
        author_handle=named[1],
        age_seconds=age_seconds(exchange),
    )
