"""Judging again from all that is stored: nothing new is asked, and nothing that was said is changed."""

from __future__ import annotations

from archiver.check.judging import facts
from archiver.model.listing import PostFilter
from archiver.model.verdict import Rules
from archiver.store import incidents, listing, observations, posts, states
from archiver.store.tables import portions
from archiver.store.transaction import Store
from archiver.verdicts import judge


def refold(store: Store, rules: Rules) -> list[str]:
    """A line for each field of a post's state that comes out otherwise than it stands on file (none should)."""
    differences: list[str] = []
    with store.reading() as connection:
        known = {platform: incidents.load(connection, platform) for platform in posts.platforms(connection)}
        numbers = [post.number for post in listing.posts(connection, PostFilter())]
        for part in portions(numbers, 200):
            loaded = posts.load(connection, part)
            looks = observations.for_posts(connection, loaded)
            for post in loaded:
                verdict = judge(facts(post), looks[post.number], known[post.platform], rules)
                fields = states.stored_differs(connection, post.number, verdict)
                differences += [f"p{post.number}: {name} comes out otherwise" for name in fields]
    return differences
