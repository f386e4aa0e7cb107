"""A post as its card in the report: everything that is printed of it, ready to be set."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from archiver.audit import reposts, wording
from archiver.audit.report.figures import CLASSES, Strip, length, strip
from archiver.audit.report.spelling import Address, address, doubt_of_handle, exact_line, language, turns
from archiver.audit.report.statements import statement
from archiver.audit.reposts import Repost, words_alone
from archiver.model.listing import Citation, PostFilter, PostListing
from archiver.model.picture import StoredPicture
from archiver.model.report import LookListing, SnapshotListing
from archiver.model.snapshot import Media, Snapshot
from archiver.model.verdict import State
from archiver.store import contents, history, listing, media, reporting
from archiver.store.history import StoredVerdict
from archiver.store.transaction import Reader

AT_ONCE = 50
"""Posts that are read together."""
AROUND = 240
"""Letters of an article that are printed on either side of the post."""


@dataclass(frozen=True, slots=True)
class LinkCell:
    """A link of a post as it is printed."""

    written: str
    """What stood in the text."""
    leads_to: Address
    """Where the platform said that it leads, else itself."""


@dataclass(frozen=True, slots=True)
class PictureCell:
    """A picture of a post."""

    source: str | None
    """A data: URI; None where it was not kept."""
    kind: str
    """"photo", "video" …"""
    alternative_text: str | None
    address: Address
    why_not: str | None
    digest: str | None
    ledger: int | None


@dataclass(frozen=True, slots=True)
class Wording:
    """What a snapshot said, where it differs from the card's own words."""

    taken_at: datetime
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that is printed of one post. In a public report what somebody wrote is None or empty."""

    post: PostListing
    label: str
    css: str
    statement: str
    permalink: Address | None
    handle_doubt: str | None
    text: str | None
    text_source: str
    language: str | None
    has_turning: bool
    """Whether characters in the text turn the direction of others."""
    truncated: bool
    links: tuple[LinkCell, ...]
    pictures: tuple[PictureCell, ...]
    verdict: StoredVerdict
    strip: Strip | None
    length: str
    looks: tuple[LookListing, ...]
    account_looks: tuple[LookListing, ...]
    """Those in which the author's account was public."""
    episodes: tuple[dict[str, Any], ...]
    reposts: tuple[Repost, ...]
    citations: tuple[Citation, ...]
    articles: tuple[int, ...]
    """Numbers of the articles that cite it."""
    snapshots: tuple[SnapshotListing, ...]
    wordings: tuple[Wording, ...]
    is_public: bool


class Cards:
    """Makes cards, a few posts at a time."""

    def __init__(self, connection: Reader, *, public: bool) -> None:
        self._connection = connection
        self._public = public
        self._prolific = reporting.authors_of_several(connection)

    def of(self, numbers: Sequence[int]) -> Iterator[Card]:
        """The cards of these posts, in their order; only AT_ONCE of them are held at a time."""
        for start in range(0, len(numbers), AT_ONCE):
            part = numbers[start : start + AT_ONCE]
            kept = {} if self._public else media.of_posts(self._connection, part)
            given = {number: history.verdicts_of(self._connection, number)[-1] for number in part}
            looks = reporting.looks(self._connection, {look for each in given.values() for look in each.rests_on})
            for post in listing.posts(self._connection, PostFilter(), among=part):
                verdict = given[post.number]
                own = [look for look in looks if look.number in verdict.rests_on]
                yield self._card(post, verdict, own, kept.get(post.number, []))

    def _card(
        self, post: PostListing, given: StoredVerdict, looks: Sequence[LookListing], kept: Sequence[StoredPicture]
    ) -> Card:
        snapshots = reporting.snapshots_of(self._connection, post.number)
        said = _said(post, snapshots)
        shown = _shown(post, said)
        absents = [look for look in looks if look.outcome == "absent" and look.about == "post"]
        sighting = (given.verdict.get("interval") or {}).get("left_observation")
        cited = listing.citations(self._connection, post.number)
        public = self._public
        words = shown.text if shown else post.text
        return Card(
            post=_without_words(post) if public else post,
            label=wording.WORDS[post.state],
            css=CLASSES[post.state],
            statement=statement(post, len(absents), len({look.endpoint for look in absents}), sighting),
            permalink=address(post.permalink) if post.permalink and not public else None,
            handle_doubt=doubt_of_handle(post.author_handle) if post.author_handle and not public else None,
            text=None if public else words,
            text_source=_source(post),
            language=next((code for each in reversed(said) if (code := language(each.language))), None),
            has_turning=not public and turns(words or ""),
            truncated=shown is not None and shown.truncated,
            links=() if public else tuple(_links(post, said)),
            pictures=() if public else tuple(self._pictures(said, kept)),
            verdict=given,
            strip=strip(post.gone_after, post.gone_by, post.decided_at, looks),
            length=length(post.gone_after, post.gone_by) if post.gone_by else "",
            looks=tuple(looks),
            account_looks=tuple(look for look in looks if look.outcome == "account_ok"),
            episodes=tuple(_episode(each) for each in given.verdict["episodes"]),
            reposts=() if public else tuple(self._reposts(post)),
            citations=() if public else tuple(_quoted(words, cited)),
            articles=tuple(sorted({each.article for each in cited})),
            snapshots=tuple(replace(each, said=None, digest=None) for each in snapshots)
            if public
            else tuple(snapshots),
            wordings=() if public else tuple(_wordings(words, snapshots)),
            is_public=public,
        )

    def _reposts(self, post: PostListing) -> list[Repost]:
        if (post.platform, post.author_id) not in self._prolific:
            return []
        return reposts.of_posts(self._connection, [post]).get(post.number, [])

    def _pictures(self, said: Sequence[Snapshot], kept: Sequence[StoredPicture]) -> Iterator[PictureCell]:
        by_address = {each.address: each for each in kept}
        for each in _media(said):
            yield self._picture(each, by_address.get(each.address))

    def _picture(self, shown: Media, stored: StoredPicture | None) -> PictureCell:
        source = self._embedded(stored) if stored else None
        return PictureCell(
            source=source,
            kind=shown.kind,
            alternative_text=shown.alternative_text,
            address=address(shown.address),
            why_not=None if source else _why_not(shown, stored),
            digest=stored.digest if stored else None,
            ledger=stored.ledger if stored else None,
        )

    def _embedded(self, stored: StoredPicture) -> str | None:
        body = contents.get(self._connection, stored.content) if stored.content is not None else None
        return f"data:{stored.type};base64,{base64.b64encode(body).decode()}" if body and stored.type else None


def _without_words(post: PostListing) -> PostListing:
    """The post without anything that somebody wrote, or that names somebody."""
    return replace(
        post, text=None, author_handle=None, author_name=None, author_id=None, permalink=None, links=(), short_links=()
    )


def _said(post: PostListing, snapshots: Sequence[SnapshotListing]) -> list[Snapshot]:
    """What the post was seen to say, by our own snapshots or, where its words are an archive's, by the captures."""
    captured = post.text_from not in (None, "snapshot", "article")
    return [each.said for each in snapshots if each.said is not None and _is_captured(each) is captured]


def _shown(post: PostListing, said: Sequence[Snapshot]) -> Snapshot | None:
    """The snapshot whose words the card shows: that of the listing, or one that has the same words uncut.

    None where the words are an article's.
    """
    listed = next((each for each in reversed(said) if each.text == post.text), None)
    if listed is None or not listed.truncated:
        return listed
    begins = listed.text.rstrip("….").rstrip()
    return next((each for each in reversed(said) if not each.truncated and each.text.startswith(begins)), listed)


def _is_captured(snapshot: SnapshotListing) -> bool:
    return snapshot.endpoint == "wayback"


def _source(post: PostListing) -> str:
    if post.text_from == "snapshot":
        return "as it was last seen"
    if post.text_from == "article":
        return "as an article quotes it; we never saw the post itself"
    return f"as captured by a web archive ({post.text_from}); we never saw it" if post.text_from else "no words on file"


def _links(post: PostListing, said: Sequence[Snapshot]) -> Iterator[LinkCell]:
    """Every link that the post was seen to hold; where each leads, one endpoint tells and another does not."""
    expanded: dict[str, str | None] = {}
    for link in (link for each in said for link in each.links):
        expanded[link.url] = link.expanded or expanded.get(link.url)
    if not said:
        expanded = {link.text: link.url for link in post.links}
    for written, target in expanded.items():
        yield LinkCell(exact_line(written), address(target or written))


def _media(said: Sequence[Snapshot]) -> Iterator[Media]:
    """Everything beside the words that the post was seen to show, each once."""
    found = {each.address: each for snapshot in said for each in snapshot.media}
    yield from found.values()


def _why_not(shown: Media, stored: StoredPicture | None) -> str:
    if stored is None:
        return "picture not kept" if shown.kind == "photo" else f"{shown.kind} not kept: films and recordings never are"
    if stored.content is None:
        return f"picture not kept: it could not be had ({stored.reason}, ledger line {stored.ledger})"
    return "picture not kept any more: it was removed"


def _episode(noun: dict[str, Any]) -> dict[str, Any]:
    interval = noun["interval"]
    left, right = interval["left"], interval["right"]
    return {
        "words": wording.WORDS[State(noun["state"])],
        "grade": noun["grade"],
        "left": datetime.fromisoformat(left) if left else None,
        "right": datetime.fromisoformat(right),
        "ended_at": datetime.fromisoformat(noun["ended_at"]),
        "ended_by": noun["ended_by"],
    }


def _wordings(shown: str | None, snapshots: Sequence[SnapshotListing]) -> Iterator[Wording]:
    """Other words that the post was seen to say, each once, oldest first; that links are written otherwise is none."""
    told = {words_alone(shown)}
    for each in snapshots:
        if each.said is not None and words_alone(each.said.text) not in told:
            told.add(words_alone(each.said.text))
            source = each.provenance if _is_captured(each) else f"{each.kind}, {each.endpoint}"
            yield Wording(each.taken_at, source, each.said.text)


def _quoted(shown: str | None, cited: Sequence[Citation]) -> Iterator[Citation]:
    """The citations, each without its quotation where that is the words of the card."""
    for each in cited:
        same = words_alone(each.quotation) == words_alone(shown)
        yield replace(each, quotation=None) if same else each
