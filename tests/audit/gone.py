"""An archive of deleted posts, made by the store's own functions: what each said is the test's to choose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from archiver.check.crowds import Crowds
from archiver.check.judging import append_and_judge
from archiver.clock import SettableClock
from archiver.model.embed import Embed
from archiver.model.observation import SubjectKind
from archiver.model.outcome import Outcome, Strength
from archiver.model.snapshot import Snapshot
from archiver.model.verdict import Rules
from archiver.schedule import Timetable
from archiver.store import articles, observations
from archiver.store.transaction import Store
from tests.builders import NOON, close, look, make_store, name_post, print_embed, write_article

FIRST_ID = 1500000000000000000
ROUNDS = tuple(timedelta(days=1, hours=hours) for hours in (0, 2, 24, 60, 80))
"""When the posts are found absent, after they were seen at NOON."""
ACCOUNT_LOOKS = (4, 5)
"""The rounds in which the author's account is looked at."""


def delete_posts(
    folder: Path,
    said: Sequence[Snapshot],
    *,
    by_oembed: Sequence[Snapshot] = (),
    title: str = "On a sample",
    gone: bool = True,
) -> Store:
    """A new archive whose posts p1, p2 … said this and, if `gone`, were then deleted; the author of all is 77.

    `by_oembed`: what the second endpoint served, where that was something else.
    """
    clock = SettableClock(NOON)
    store = make_store(folder, clock)
    embeds = [_embed(number, each) for number, each in enumerate(said)]
    with store.run("scan") as run, store.writing(run.id) as transaction:
        article = write_article(title, title)
        articles.save(transaction, "sample", [(article, [(each, name_post(each)) for each in embeds], ())])
    met, crowds = set[tuple[int, int]](), Crowds()
    with store.run("check") as run:
        for place, after in enumerate((timedelta(), *(ROUNDS if gone else ()))):
            at = NOON + after
            clock.advance(at + timedelta(minutes=1) - clock.now())
            with store.writing(run.id) as transaction:
                number = observations.open_round(transaction, "x")
                for endpoint, served in (("syndication", said), ("oembed", by_oembed or said)):
                    looks = [
                        look(post, Outcome.PRESENT, at, snapshot=each, native_id=str(FIRST_ID + post))
                        if place == 0
                        else look(post, Outcome.ABSENT, at, strength=Strength.STRONG, native_id=str(FIRST_ID + post))
                        for post, each in enumerate(served, 1)
                    ]
                    batch = close(number, looks, at, endpoint=endpoint)
                    append_and_judge(transaction, batch, Rules(), Timetable(), met, crowds)
                if place not in ACCOUNT_LOOKS:
                    continue
                about = look("id:77", Outcome.ACCOUNT_OK, at, kind=SubjectKind.AUTHOR, author_id="77", native_id=None)
                append_and_judge(
                    transaction, close(number, [about], at, endpoint="timeline"), Rules(), Timetable(), met, crowds
                )
    return store


def _embed(place: int, said: Snapshot) -> Embed:
    return print_embed(
        str(FIRST_ID + place + 1),
        said.text[:200] or "Sample",
        position=place,
        before=f"{said.text} before",
        after=f"after {said.text}",
        links=(),
    )
