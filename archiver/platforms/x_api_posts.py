"""Reading posts from X's API v2, a hundred at once: whole words, links, media, versions, author, what is withheld.

Why "Could not find tweet with ids" is a weak absent. Strong is what only a post that is gone, or never was, is answered
with. A protected or suspended author is told apart here ("Authorization Error"), but the posts of a deactivated account
are answered like deleted ones, and come back with it for thirty days. The account look should then say
"account_gone", which ends the episode; yet where it was blind all the while (its batches void, its limit used up), two
looks that find the account open again, and posts that come back later than it, would be enough for grade B: `deleted`,
of a post that is there. So the absents of this endpoint support others, and two strong ones must come from elsewhere:
oEmbed and syndication tell a deactivated account from a deleted post.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archiver.model.exchange import Get
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import PostRef
from archiver.model.snapshot import Media, PostLink, Snapshot
from archiver.platforms import x_api
from archiver.platforms.answers import age_seconds, rows, strings, table, unknown, words
from archiver.platforms.x_ids import edit_chain, id_time, moment, unescaped
from archiver.platforms.x_syndication import KINDS, best_film
from archiver.urls import x_id

NAME = "api"
_QUERY = {
    "tweet.fields": "attachments,author_id,created_at,edit_history_tweet_ids,entities,lang,note_tweet,"
    "possibly_sensitive,referenced_tweets,withheld",
    "expansions": "author_id,attachments.media_keys",
    "media.fields": "alt_text,media_key,preview_image_url,type,url,variants",
    "user.fields": "name,protected,username,withheld",
}


def observe(refs: Sequence[PostRef], get: Get, egress_country: str | None) -> list[Reading]:
    """Look at all of them by one request."""
    answer = x_api.ask((ref.native_id for ref in refs if x_id(ref.native_id)), address, get)
    return [_read(ref, answer, egress_country) for ref in refs]


def address(ids: Sequence[str]) -> str:
    """Where to ask for posts."""
    return x_api.address("tweets", {"ids": ",".join(ids), **_QUERY})


def _read(ref: PostRef, answer: x_api.Answer | None, egress_country: str | None) -> Reading:
    if answer is None or x_id(ref.native_id) is None:
        return x_api.unasked("not asked: X gives no such id")
    if answer.failed is not None:
        return answer.failed
    row = answer.row("id", ref.native_id)
    if row is None:
        return answer.problem(NAME, ref.native_id)
    return _served(row, ref, answer, egress_country)


def _served(row: dict[str, Any], ref: PostRef, answer: x_api.Answer, egress_country: str | None) -> Reading:
    exchange, includes = answer.exchange, table(answer.noun, "includes")
    author_id = words(row, "author_id")
    if author_id is None or x_id(author_id) is None:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no author's id")
    if ref.author_id is not None and author_id != ref.author_id:
        told = f"the author on file is {ref.author_id}, the answer's is {author_id}"
        return Reading(Outcome.UNKNOWN, Reason.WRONG_AUTHOR, exchange, author_id=author_id, message=told)
    author = next((user for user in rows(includes, "users") if words(user, "id") == author_id), {})
    media = _media(strings(table(row, "attachments"), "media_keys"), includes)
    chain = edit_chain(strings(row, "edit_history_tweet_ids"), ref.native_id)
    countries = x_api.withheld_in(row) | x_api.withheld_in(author)
    outcome, reason, snapshot = Outcome.PRESENT, Reason.SERVED, None
    if author.get("protected") is True:
        # A token of a person who follows the author, not of an app: the public does not see the post.
        outcome, reason = Outcome.PROTECTED, Reason.PROTECTED
    elif x_api.withheld_here(countries, egress_country):
        outcome, reason = Outcome.WITHHELD, Reason.WITHHELD
    else:
        snapshot = _snapshot(row, author_id, author, media, chain)
    if snapshot is not None and not snapshot.text and not media:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "neither text nor media")
    return Reading(
        outcome,
        reason,
        exchange,
        snapshot=snapshot,
        author_id=author_id,
        author_handle=words(author, "username"),
        edit_chain=chain,
        age_seconds=age_seconds(exchange),
    )


def captured(noun: Any, native_id: str) -> Snapshot | None:
    """The post of that id in an answer that a web archive captured, for one post or for many; None if it has none."""
    one = table(noun, "data")
    row = next((each for each in (one, *rows(noun, "data")) if words(each, "id") == native_id), None)
    author_id = words(row, "author_id") or ""
    if row is None or x_id(author_id) is None:
        return None
    includes = table(noun, "includes")
    author = next((user for user in rows(includes, "users") if words(user, "id") == author_id), {})
    media = _media(strings(table(row, "attachments"), "media_keys"), includes)
    return _snapshot(row, author_id, author, media, edit_chain(strings(row, "edit_history_tweet_ids"), native_id))


def _snapshot(
    row: dict[str, Any], author_id: str, author: dict[str, Any], media: tuple[Media, ...], chain: tuple[str, ...]
) -> Snapshot:
    note = table(row, "note_tweet")
    short, whole = words(row, "text") or "", words(note, "text")
    # A repost's words are cut like a long post's, and it has no note.
    reposted = any(words(other, "type") == "retweeted" for other in rows(row, "referenced_tweets"))
    return Snapshot(
        text=unescaped(whole or short),
        links=_links(rows(table(note, "entities"), "urls") + rows(table(row, "entities"), "urls")),
        media=media,
        author_id=author_id,
        author_handle=words(author, "username"),
        author_name=words(author, "name"),
        published_at=id_time(words(row, "id") or "") or moment(words(row, "created_at")),
        language=words(row, "lang"),
        truncated=whole is None and (row.get("note_tweet") is not None or (reposted and short.endswith("…"))),
        edit_chain=chain,
    )


def _links(urls: Sequence[dict[str, Any]]) -> tuple[PostLink, ...]:
    """Each link once: the one that stands for four pictures is named four times."""
    found: dict[str, PostLink] = {}
    for row in urls:
        url = words(row, "url")
        if url is not None:
            found.setdefault(url, PostLink(url, words(row, "expanded_url"), words(row, "display_url")))
    return tuple(found.values())


def _media(keys: Sequence[str], includes: dict[str, Any]) -> tuple[Media, ...]:
    """Those of the post's own keys that the answer describes, in the post's order."""
    told = {words(row, "media_key"): row for row in rows(includes, "media")}
    found = []
    for row in (told[key] for key in keys if key in told):
        kind = KINDS.get(words(row, "type") or "")
        place = words(row, "url") or best_film(rows(row, "variants"), "bit_rate") or words(row, "preview_image_url")
        if kind and place:
            found.append(Media(place, kind, words(row, "alt_text")))
    return tuple(found)
