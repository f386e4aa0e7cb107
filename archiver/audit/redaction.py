"""Redacting a post: its words go, the proof of what was done stays.

What is removed: its snapshots, captures, quotations and their surroundings, what was asked and answered of it, its
words in the search index, its author's names. Then every other content is searched for its words: an answer to
another question, or what surrounds another embed, goes as well; another post's own words are named, not removed, for
the order does not speak of that post.

What stays: numbers, ids, times, outcomes, verdicts, commitments. Every signature and digest over them stays true.
"""

from __future__ import annotations

import html
import json
import re
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from archiver.errors import UsageError
from archiver.store import contents, holds, redactions, removals
from archiver.store.transaction import OpenRun, Store

SHORTEST = 12
"""Characters of a stretch of words that is searched for: a shorter one stands in too many other texts."""
MOST = 12
"""Stretches searched for in one text, the longest first."""
UNPACKED_CAP = 50_000_000

# What a payload may write otherwise, or in other bytes, than the text has it.
_PARTING = re.compile(r"https?://\S+|[\s&<>\"'\\/]*[\n\r\t&<>\"'\\/\u2028\u2029]+[\s]*")
_SHORT_LINK = re.compile(r"(?:t\.co|pic\.(?:twitter|x)\.com)/\w{6,}", re.ASCII)

Progress = Callable[[int, int], None]
"""Called with how many contents were searched, and of how many."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a redaction would remove."""

    posts: tuple[int, ...]
    """The post, and those joined into it."""
    content_ids: frozenset[int]
    elsewhere: int
    """How many of them hold its words in answers or surroundings that are not its own."""
    others: tuple[int, ...]
    """Posts whose own words are the same in part: they stay."""
    titles: int
    """Articles' own addresses and titles that hold some of its words: they stay."""


def plan(store: Store, post: int, progress: Progress | None = None) -> Plan:
    """What redacting a post would remove. Nothing is written. Raises UsageError where a hold stands in the way."""
    with store.reading() as connection:
        numbers = redactions.numbers_of(connection, post)
        _refuse_held(holds.held(connection, numbers), post)
        own = redactions.contents_of(connection, numbers)
        texts = [*_texts(contents.get(connection, each) for each in sorted(own))]
        serving = redactions.shared(connection, own, numbers)
        kept = {each for each in serving if not _holds(contents.get(connection, each) or b"", _whole(texts))}
        needles = _needles(texts)
        found = removals.search(connection, partial(_holds, needles=needles), own, progress) if needles else set()
        others = redactions.words_of_others(connection, found, numbers)
        titles = redactions.titles(connection, found)
        wanted = frozenset((own - kept) | (found - others.keys() - titles))
        served = redactions.shared(connection, wanted, numbers).values()
        _refuse_held(holds.held(connection, {post for each in served for post in each}), post)
    elsewhere = len(wanted - own)
    return Plan(tuple(numbers), wanted, elsewhere, tuple(sorted(set(others.values()))), len(titles))


def redact(store: Store, run: OpenRun, planned: Plan, *, reason: str, authority: str, by: str) -> int:
    """Carry a plan out. Returns how many bytes went; their pages are overwritten, the log is emptied.

    Call it while nobody looks at posts, or an answer that is under way brings the words back.
    """
    with store.writing(run.id) as transaction:
        _refuse_held(holds.held(transaction.connection, planned.posts), planned.posts[0])
        gone = redactions.append(transaction, planned.posts, planned.content_ids, reason, authority, by)
    run.count("contents", len(planned.content_ids))
    store.database.empty_log()
    return gone


def _refuse_held(held: Collection[int], post: int) -> None:
    if held:
        names = ", ".join(f"p{number}" for number in sorted(held))
        raise UsageError(f"p{post}: a legal hold stands on {names}; nothing of it is removed until `archiver release`")


def _texts(payloads: Iterable[bytes | None]) -> Iterator[str]:
    """What the post was seen to say, and what articles print of it: every text in its own JSON contents."""
    for payload in payloads:
        if payload is None or not payload.startswith(b"{"):
            continue
        try:
            noun = json.loads(payload)
        except ValueError:
            continue
        if not isinstance(noun, dict):
            continue
        yield from (noun[name] for name in ("text", "quotation") if isinstance(noun.get(name), str))
        links = noun.get("links")
        if isinstance(links, list):
            yield from (str(link.get("url")) for link in links if isinstance(link, dict))


def _needles(texts: Iterable[str]) -> set[bytes]:
    """Stretches of these texts that hardly stand anywhere else, in each way in which bytes may write them."""
    found: set[bytes] = set()
    for words in texts:
        told = [each for each in _stretches(words) if len(each) >= SHORTEST and " " in each][:MOST]
        for stretch in (*told, *_SHORT_LINK.findall(words)):
            found |= _written(stretch)
    return found


def _whole(texts: Iterable[str]) -> set[bytes]:
    """The longest stretch of each text, however short, for contents that are known to be about it."""
    longest = (next(iter(_stretches(words)), "") for words in texts)
    return {form for stretch in longest if stretch for form in _written(stretch)}


def _stretches(words: str) -> list[str]:
    """What stands between line ends, links and characters that are escaped somewhere; the longest first."""
    return sorted({part.strip() for part in _PARTING.split(words) if part.strip()}, key=lambda part: (-len(part), part))


def _written(stretch: str) -> set[bytes]:
    escaped = json.dumps(stretch)[1:-1]
    forms = (stretch, escaped, escaped.replace("/", "\\/"), _upper(escaped), html.escape(stretch))
    return {form.encode("utf-8", "surrogatepass") for form in forms}


def _upper(escaped: str) -> str:
    return re.sub(r"\\u[0-9a-f]{4}", lambda found: "\\u" + found[0][2:].upper(), escaped)


def _holds(payload: bytes, needles: Collection[bytes]) -> bool:
    plain = payload
    if payload.startswith(b"\x1f\x8b"):
        try:
            plain = zlib.decompressobj(wbits=31).decompress(payload, UNPACKED_CAP)
        except zlib.error:
            plain = payload
    return any(needle in plain for needle in needles)
