"""`archiver search WORDS…`: full text."""

from __future__ import annotations

from collections.abc import Sequence

import click

from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.options import TIMES, WORDS, example, filters, format_option, limit_option
from archiver.errors import UsageError
from archiver.model.listing import PostFilter


@click.command(
    "search",
    short_help="Find posts by their words, in any script.",
    # A word may begin with a dash, as "-x".
    context_settings={"ignore_unknown_options": True},
    epilog=example("archiver search کابل airport", "archiver search --verdict deleted kabul", note=TIMES),
)
@click.argument("words", nargs=-1, required=True, metavar="WORD...", type=WORDS)
@filters
@limit_option
@format_option
@click.pass_obj
def command(door: Door, words: Sequence[str], wanted: PostFilter, limit: int | None, asked: str | None) -> int:
    """List the posts whose quotation or snapshots hold all the words, newest first.

    Whole words in any script and any case; Arabic and Persian spellings of one letter are one.
    """
    return execute(door, words, wanted, limit, asked)


def execute(door: Door, words: Sequence[str], wanted: PostFilter, limit: int | None, asked: str | None) -> int:
    from archiver.cli.shapes import POSTS

    for word in words:
        if len(word) > 2 and word.startswith("--"):
            raise UsageError(f"no such option: {word} (to search for the word, leave the dashes out)")
    with door.archive() as archive:
        found = archive.search(" ".join(words), wanted, limit=limit)
        output.write(found, POSTS, asked, colour=door.colour)
    return 0
