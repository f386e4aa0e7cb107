"""Reading a message of Telegram as its widget and its channel's feed show it: both have the same markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import PostRef
from archiver.model.snapshot import Media, PostLink, Snapshot
from archiver.platforms.answers import present, unknown
from archiver.platforms.pages import attribute, lasting, printed, styled_address
from archiver.urls import host

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_POST = re.compile(r"(?P<channel>[A-Za-z]\w{2,31})/(?P<number>[1-9]\d{0,9})", re.ASCII)
_NOT_ITS_OWN = re.compile(
    r"tgme_widget_message_(?:reply|user|user_photo|link_preview|forwarded_from|author|owner_name)\b"
)
"""The quoted message, the sender's picture, the page that a link leads to: in the message, but not of it."""
_LINES = (
    "tgme_widget_message_poll_question",
    "tgme_widget_message_poll_option_text",
    "tgme_widget_message_document_title",
)
_PICTURES = ("tgme_widget_message_photo_wrap", "tgme_widget_message_sticker")
_SINGLE = re.compile(r"https://t\.me/(?P<post>[A-Za-z]\w{2,31}/[1-9]\d{0,9})\?single", re.ASCII)


def split_id(native_id: str) -> tuple[str, int]:
    """Channel and number of an id. Raises ValueError for what is no id of a post here."""
    found = _POST.fullmatch(native_id)
    if found is None:
        raise ValueError(f"no post of Telegram has the id {native_id!r}")
    return found["channel"], int(found["number"])


def read(page: BeautifulSoup, ref: PostRef, exchange: Exchange) -> Reading:
    """Read a page with status 200 that no rule of the allow-list knows: `present` if it shows this very post."""
    messages = _messages(page)
    message = next((each for each in messages if ref.native_id.casefold() in _ids(each)), None)
    if message is None and messages:
        named = attribute(messages[-1], "data-post")
        return unknown(exchange, Reason.WRONG_ID, f"asked for {ref.native_id}, got {named}"[:200])
    if message is None:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "a page without a message")
    channel, _ = split_id(attribute(message, "data-post") or "")
    author_id = channel.lower()
    if ref.author_id is not None and ref.author_id != author_id:
        told = f"the channel on file is {ref.author_id}, the answer's is {author_id}"
        return Reading(Outcome.UNKNOWN, Reason.WRONG_AUTHOR, exchange, author_id=author_id, message=told)
    snapshot = _snapshot(message, channel)
    if not snapshot.text and not snapshot.media:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "a message that only the app shows")
    return present(exchange, snapshot, "the platform marks it as edited" if _is_edited(message) else None)


def shown_ids(page: BeautifulSoup, channel: str) -> set[int]:
    """The numbers of all posts of a channel that a page shows; an album has one for each of its pictures."""
    ids = (split_id(native_id) for message in _messages(page) for native_id in _ids(message))
    return {number for name, number in ids if name == channel.casefold()}


def _messages(page: BeautifulSoup) -> list[Tag]:
    found = page.find_all(True, class_="tgme_widget_message", attrs={"data-post": True})
    return [each for each in found if _POST.fullmatch(attribute(each, "data-post") or "")]


def _ids(message: Tag) -> set[str]:
    """All ids that a message stands for, in lower case: its own, and those of an album's further pictures."""
    named = {(attribute(message, "data-post") or "").casefold()}
    channel = next(iter(named)).partition("/")[0]
    # An album is one block with one data-post: the ids of its other pictures stand in their links only.
    for album in message.find_all(class_=re.compile("message_grouped")):
        for link in album.find_all("a", href=_SINGLE):
            found = _SINGLE.match(attribute(link, "href") or "")
            single = found["post"].casefold() if found else ""
            named |= {single} if single.startswith(f"{channel}/") else set()
    return named


def _snapshot(message: Tag, channel: str) -> Snapshot:
    # The pictures first: reading the words changes the tree.
    media = tuple(dict.fromkeys(_media(message)))
    words = _own(message, "tgme_widget_message_text")
    # Older markup puts the words twice, one element in the other: the outer one comes first.
    body = words[0] if words else None
    links = _links(body) if body else ()
    lines = [printed(body)] if body else []
    lines += [printed(line) for name in _LINES for line in _own(message, name)]
    name = message.find(class_=("tgme_widget_message_owner_name", "tgme_widget_message_author_name"))
    return Snapshot(
        text="\n".join(line for line in lines if line),
        links=links,
        media=media,
        author_id=channel.lower(),
        author_handle=channel,
        author_name=name.get_text().strip() or None if name else None,
        published_at=_published_at(message),
        language=None,
        truncated=False,
    )


def _own(message: Tag, name: str) -> list[Tag]:
    """The message's parts of a class, without those of what it quotes."""
    found = message.find_all(class_=name)
    return [part for part in found if part.find_parent(class_=_NOT_ITS_OWN) is None]


def _links(body: Tag) -> tuple[PostLink, ...]:
    """What the author linked; names and tags are links in the markup only."""
    links = []
    for link in body.find_all("a"):
        address, shown = attribute(link, "href"), link.get_text()
        if address and host(address) and address.startswith("http") and not shown.startswith(("@", "#")):
            links.append(PostLink(address, None, shown or None))
    return tuple(dict.fromkeys(links))


def _media(message: Tag) -> Iterator[Media]:
    """Pictures, films and recordings, in their order; the still picture of a film that a browser cannot play."""
    for part in message.find_all(True):
        classes = part.get_attribute_list("class")
        if part.find_parent(class_=_NOT_ITS_OWN) is not None:
            continue
        address, kind = None, "photo"
        if part.name in ("video", "audio"):
            address, kind = attribute(part, "src"), part.name
        elif any(name in classes for name in _PICTURES):
            address = styled_address(part) or attribute(part, "data-webp")
        elif "tgme_widget_message_video_thumb" in classes and not _plays(part):
            address = styled_address(part)
        if kept := lasting(address):
            yield Media(kept, kind, None)


def _plays(thumb: Tag) -> bool:
    """Whether the film that a still picture stands for is there itself."""
    player = thumb.find_parent(class_=re.compile(r"_video_player|_roundvideo_player"))
    return player is not None and player.find("video", src=True) is not None


def _published_at(message: Tag) -> datetime | None:
    """The time beside the address; films have a `time` too, which is their length."""
    date = message.find(class_="tgme_widget_message_date")
    stamp = attribute(date.find("time"), "datetime") if date else None
    try:
        moment = datetime.fromisoformat(stamp or "")
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _is_edited(message: Tag) -> bool:
    meta = message.find(class_="tgme_widget_message_meta")
    return meta is not None and meta.get_text().strip().startswith("edited")
