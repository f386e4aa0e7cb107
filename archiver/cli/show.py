"""`archiver show POST`: all that is known of one post."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from archiver.cli import output
from archiver.cli.door import Door, warn_of_weaker_rules
from archiver.cli.options import WORDS, example, format_option
from archiver.cli.terminal import clip, exact_line, one_line, term

if TYPE_CHECKING:
    from archiver.audit.reposts import Repost
    from archiver.model.listing import Citation, PostListing, TimelineEvent

CONTEXT_CHARACTERS = 60
NAME_GRAPHEMES = 256


@click.command(
    "show",
    short_help="Show one post and everything that happened to it.",
    epilog=example("archiver show p17", "archiver show --format jsonl 20"),
)
@click.argument("post", metavar="POST", type=WORDS)
@format_option
@click.pass_obj
def command(door: Door, post: str, asked: str | None) -> int:
    """Show a post: what it says, where articles show it, and everything that happened to it.

    A POST is our number (p17), the platform's id or a permalink. --format csv gives the timeline alone.
    """
    return execute(door, post, asked)


def execute(door: Door, name: str, asked: str | None) -> int:
    from archiver.cli.shapes import EVENTS, citation_record, event_record, post_record

    with door.archive() as archive:
        warn_of_weaker_rules(archive.config)
        post, citations, events = archive.show(archive.find_post(name))
        again = archive.reposts(post)
    chosen = output.chosen_format(asked)
    if chosen == "jsonl":
        places = [citation_record(citation) for citation in citations]
        timeline = [event_record(event) for event in events]
        as_posts = [{"post": f"p{each.number}", "permalink": each.permalink, "alike": each.alike} for each in again]
        output.write_json(post_record(post) | {"reposted_as": as_posts, "embeds": places, "timeline": timeline})
    elif chosen == "csv":
        output.write(events, EVENTS, chosen, colour=door.colour)
    else:
        _print(post, again, citations, events, colour=door.colour)
    return 0


def _print(
    post: PostListing,
    again: Sequence[Repost],
    citations: Sequence[Citation],
    events: Sequence[TimelineEvent],
    *,
    colour: bool,
) -> None:
    from archiver.cli.shapes import EVENTS

    for name, words in _fields(post):
        if words:
            click.echo(f"{name:10} {words}")
    click.echo()
    for line in term(post.text or "(no text is known)").split("\n"):
        click.echo(f"    {line}".rstrip())
    for link in post.links:
        shown = "" if link.text == link.url else f"{link.text} → "
        click.echo(exact_line(f"    link: {shown}{link.url}"))
    for each in again:
        where = each.permalink or ""
        click.echo(exact_line(f"    re-posted as p{each.number}, {each.alike} of 100 alike: {where}"))
    click.echo("\nEmbeds")
    for citation in citations:
        for line in _place(citation):
            click.echo(one_line(line))
    click.echo("\nTimeline")
    output.write_table(events, EVENTS, colour=colour)


def _fields(post: PostListing) -> Iterator[tuple[str, str]]:
    from archiver.audit import wording
    from archiver.cli.shapes import handle_of, last_seen, minute, published
    from archiver.cli.summaries import count

    name = clip(one_line(post.author_name or ""), NAME_GRAPHEMES)
    grade = f", grade {post.grade}" if post.grade else ""
    yield "post", exact_line(f"p{post.number}  {post.permalink or f'{post.platform}, id not known'}")
    yield "author", exact_line("  ".join(filter(None, (handle_of(post.author_handle), name, post.author_id or ""))))
    yield "published", published(post.published_at, post.published_on)
    yield "verdict", exact_line(wording.brief(post) + grade)
    yield "last seen", last_seen(post)
    yield "captured", exact_line(wording.captured(post))
    yield "words", exact_line(wording.whose_words(post))
    next_look = post.next_check_at
    yield "next look", f"{minute(next_look)}, after {count(post.checks, 'round')}" if next_look else ""


def _place(citation: Citation) -> Iterator[str]:
    closed = f", until {citation.closed_at:%Y-%m-%d %H:%M}" if citation.closed_at else ""
    begun = f"; where its words begin is {citation.confidence} % certain" if citation.confidence is not None else ""
    found = f"{citation.form}, found {citation.found_at:%Y-%m-%d %H:%M}"
    yield f"{citation.location} #{citation.position}, {found}{closed}{begun}"
    if citation.title or citation.address:
        yield "  ".join(filter(None, (citation.title, citation.address)))
    before = " ".join(citation.before.split())[-CONTEXT_CHARACTERS:]
    after = " ".join(citation.after.split())[:CONTEXT_CHARACTERS]
    words = clip(" ".join((citation.quotation or citation.form).split()), CONTEXT_CHARACTERS)
    yield f"… {before} ▐ {words} ▌ {after} …"
