"""Which post a frame shows whose document an archiver kept in `srcdoc`, in place of its address (SingleFile, browsers'
MHTML), and which one where the document was lost as well, and only the frame's own names are left.

What the platforms' own widgets write there: a canonical address; Telegram's `data-post`; in each link of X's widget the
post's id, behind "tweetembed"; else the first link to a post, in Mastodon's that of its day. A document that waits for
a click instead leads to the player that takes its place.
"""

from __future__ import annotations

import re

from archiver.embeds.reading.pieces import Attributes
from archiver.embeds.reading.readable import unescaped
from archiver.permalinks import post_hint
from archiver.urls import unarchived, x_id

_CANONICAL = re.compile(
    r"<link(?=\s[^<>]{0,1000}\brel\s?=\s?[\"']?canonical\b)[^<>]{0,1000}\bhref\s?=\s?[\"']?([^\s\"'<>]{5,500})",
    re.IGNORECASE,
)
_MESSAGE = re.compile(r"\bdata-post=[\"']?([A-Za-z]\w{3,40}/\d{1,12})(?![\w/])")
_CLICKED = re.compile(r"tweetembed(?:%7C|\|)twterm(?:%5E|\^)(\d{1,19})(?!\d)", re.IGNORECASE)
_LINK = re.compile(r"<a\s([^<>]{0,2000})>", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s?=\s?[\"']?([^\s\"'<>]{10,900})", re.IGNORECASE)
_NAME_OF_THREADS = re.compile(r"ig-tp-([\w-]{5,40})")


def canonical(document: str) -> str:
    """What a document calls its own address; empty without one."""
    link = _CANONICAL.search(document) if "canonical" in document else None
    return link[1] if link else ""


def kept_address(found: Attributes, platform: str | None) -> str | None:
    """The address of the post, of another platform than X, in the document of a frame; `platform` is the one that the
    frame itself names."""
    document = found.get("srcdoc", "")
    if not document:
        return None
    stated = unarchived(canonical(document))
    if post_hint(stated) not in (None, "x"):
        return stated
    if "tgme_widget_message" in document and (messages := set(_MESSAGE.findall(document))):
        # A channel's wall has many, and what readers say below a post is no embed of that.
        is_post = len(messages) == 1 and not found.get("id", "").startswith("telegram-discussion")
        return f"https://t.me/{messages.pop()}" if is_post else None
    return _linked(document, platform)


def _linked(document: str, platform: str | None) -> str | None:
    """The first link to a post of the platform, or to a player; before it one to the day that Mastodon prints."""
    first = None
    for link in _LINK.finditer(document):
        leads = _HREF.search(link[1])
        address = unarchived(unescaped(leads[1])) if leads else ""
        hint = post_hint(address)
        if hint is None or not (hint == platform or (hint == "youtube" and "/embed/" in address)):
            continue
        if hint != "mastodon" or "datetime" in link[1]:
            return address
        first = first or address
    return first


def kept_status(found: Attributes) -> str | None:
    """The id of the post of X that a frame's document shows."""
    document = found.get("srcdoc", "")
    clicked = _CLICKED.search(document) if "tweetembed" in document else None
    return x_id(clicked[1]) if clicked else None


def named_address(found: Attributes) -> str | None:
    """The address of the post of Threads after which its markup is named."""
    named = _NAME_OF_THREADS.fullmatch(found.get("id", "")) if "text-post-media" in found.get("class", "") else None
    return f"https://www.threads.net/t/{named[1]}" if named else None
