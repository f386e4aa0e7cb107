"""Reading a post's record, which the AppView and the author's host serve alike (platforms.md 2)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from archiver.model.snapshot import Media, PostLink, Snapshot
from archiver.platforms.answers import rows, strings, table, words
from archiver.platforms.bluesky_names import COLLECTION, tid_time

_LINK = "app.bsky.richtext.facet#link"


def snapshot(
    record: dict[str, Any], key: str, did: str, media: tuple[Media, ...], author: dict[str, str | None]
) -> Snapshot | None:
    """What the post said; None where the record is no post with words or something shown beside them."""
    text = record.get("text")
    is_post = words(record, "$type") == COLLECTION and isinstance(text, str)
    if not is_post or not (text or words(table(record, "embed"), "$type")):
        return None
    return Snapshot(
        text=str(text),
        links=_links(record, str(text)),
        media=media,
        author_id=did,
        author_handle=author.get("handle"),
        author_name=author.get("name"),
        published_at=tid_time(key) or _moment(words(record, "createdAt")),
        language=next(iter(strings(record, "langs")), None),
        truncated=False,
    )


def media_of_view(view: dict[str, Any]) -> tuple[Media, ...]:
    """Pictures and film as the AppView shows them, on its own servers."""
    shown = _beside(view)
    pictures = [
        Media(address, "photo", words(picture, "alt"))
        for picture in rows(shown, "images")
        if (address := words(picture, "fullsize"))
    ]
    film = words(shown, "playlist")
    return (*pictures, *([Media(film, "video", words(shown, "alt"))] if film else []))


def media_of_record(record: dict[str, Any], host: str, did: str) -> tuple[Media, ...]:
    """Pictures and film as the record names them, at the author's own host."""
    shown = _beside(table(record, "embed"))
    pictures = [
        Media(address, "photo", words(picture, "alt"))
        for picture in rows(shown, "images")
        if (address := _blob(table(picture, "image"), host, did))
    ]
    film = _blob(table(shown, "video"), host, did)
    return (*pictures, *([Media(film, "video", words(shown, "alt"))] if film else []))


def _beside(embed: dict[str, Any]) -> dict[str, Any]:
    """What stands beside the words; of a quoting post, what it shows beside the quoted one."""
    kind = (words(embed, "$type") or "").partition("#")[0]
    return table(embed, "media") if kind == "app.bsky.embed.recordWithMedia" else embed


def _blob(blob: dict[str, Any], host: str, did: str) -> str | None:
    link = words(table(blob, "ref"), "$link")
    return f"https://{host}/xrpc/com.atproto.sync.getBlob?" + urlencode({"did": did, "cid": link}) if link else None


def _links(record: dict[str, Any], text: str) -> tuple[PostLink, ...]:
    """Links among the words in their order, then the linked page that is shown as a card, then the quoted post."""
    found = [_facet_link(row, feature, text) for row, feature in _facets(record)]
    embed = table(record, "embed")
    card = table(_beside(embed), "external")
    if page := words(card, "uri"):
        found.append(PostLink(page, None, words(card, "title")))
    quoted = table(embed, "record")
    if uri := words(quoted, "uri") or words(table(quoted, "record"), "uri"):
        found.append(PostLink(uri, None, None))
    return tuple(dict.fromkeys(found))


def _facets(record: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """Each stretch of the words that is a link, with where it leads, first to last."""
    found = [
        (table(facet, "index"), uri)
        for facet in rows(record, "facets")
        for feature in rows(facet, "features")
        if words(feature, "$type") == _LINK and (uri := words(feature, "uri"))
    ]
    return sorted(found, key=lambda pair: _place(pair[0], "byteStart"))


def _facet_link(index: dict[str, Any], uri: str, text: str) -> PostLink:
    """Places are counted in bytes of UTF-8, by the author's software: where they cut a letter they are not used."""
    start, end = _place(index, "byteStart"), _place(index, "byteEnd")
    try:
        shown = text.encode("utf-8")[start:end].decode("utf-8") if 0 <= start < end else ""
    except UnicodeDecodeError:
        shown = ""
    return PostLink(shown or uri, uri, shown or None)


def _place(index: dict[str, Any], name: str) -> int:
    place = index.get(name)
    return place if isinstance(place, int) and not isinstance(place, bool) else -1


def _moment(text: str | None) -> datetime | None:
    """`createdAt`, which the author's software wrote, for keys that hold no time."""
    try:
        found = datetime.fromisoformat(text or "")
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None
