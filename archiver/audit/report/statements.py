"""What is claimed of a post, in one or two sentences, and of each kind of claim, at the head of its section."""

from __future__ import annotations

from dataclasses import dataclass

from archiver.audit import wording
from archiver.model.listing import PostListing
from archiver.model.verdict import State

_ACCOUNT = {
    State.ACCOUNT_SUSPENDED: "the platform said that the author's account was suspended",
    State.ACCOUNT_GONE: (
        "the platform said that the author's account no longer existed (its owner can undo that for 30 days)"
    ),
    State.PROTECTED: "the account showed its posts to approved followers only",
    State.WITHHELD: "the platform said that it withheld the post",
    State.AGE_GATED: "the platform showed the post to grown-ups who are logged in only",
    State.GONE_UNATTRIBUTED: "the post was not served, and nothing told whether its author's account was public",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A section of cards: posts of which the same is claimed."""

    anchor: str
    title: str
    words: str
    """What is claimed of them, and what is not."""
    none: str
    """What stands there where there are none."""
    states: tuple[State, ...]
    restored: bool = False
    """Only posts that had been called gone and were seen again."""


CLAIMS = (
    Claim(
        "deleted",
        "Seen alive, then deleted",
        "Each of these posts was seen publicly by this archive, under its own id, and was afterwards not served in "
        "many checks, while control posts were served and the author’s account was public. Consistent with deletion "
        "within the interval that is given. Who removed it was not observed.",
        "No post that this archive saw alive is called deleted.",
        (State.DELETED,),
    ),
    Claim(
        "before",
        "Gone before the first look",
        "Another claim, and a weaker one. This archive never saw these posts: they were already not served when it "
        "first looked, by the same proof. That they were ever public rests on the articles that quote them, on their "
        "own ids, or on captures by a web archive. None of them is called deleted.",
        "No post was found gone at the first look.",
        (State.GONE_BEFORE_FIRST_LOOK,),
    ),
    Claim(
        "restricted",
        "Not public for another reason",
        "A third claim: the account or the post is restricted, or the cause is not known. Nothing is said here about a "
        "deletion of the post itself; many such posts are served again later.",
        "No account was found suspended, gone or protected, and no post withheld or age-gated.",
        (
            State.ACCOUNT_SUSPENDED,
            State.ACCOUNT_GONE,
            State.PROTECTED,
            State.WITHHELD,
            State.AGE_GATED,
            State.GONE_UNATTRIBUTED,
        ),
    ),
    Claim(
        "restored",
        "Served again",
        "These posts had been called deleted or gone, and were seen alive again: one valid sighting outweighs any "
        "number of absences. What was concluded before is kept word for word.",
        "No post that had been called gone was seen again.",
        (State.ALIVE,),
        restored=True,
    ),
)


def statement(post: PostListing, checks: int, endpoints: int, sighting: int | None) -> str:
    """The sentence of a post's card. `checks`: absents that the verdict rests on; `sighting`: the last one's number."""
    if post.state in (State.DELETED, State.GONE_BEFORE_FIRST_LOOK):
        return wording.disappearance(post, checks, endpoints, sighting)
    if post.state is State.ALIVE:
        return (
            f"Post p{post.number} had been called gone and was seen publicly again; it was last seen at "
            f"{wording.moment(post.last_seen_at)}."
        )
    seen = (
        f"Post p{post.number}, seen publicly at {wording.moment(post.gone_after)}."
        if post.last_seen_at
        else f"Post p{post.number} was never seen by us."
    )
    return (
        f"{seen} From {wording.moment(post.gone_by)} on {_ACCOUNT[post.state]}, in repeated checks up to "
        f"{wording.moment(post.decided_at)}. Whether the post itself was deleted cannot be told from that."
    )
