"""`archiver key`: the key that signs for the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.options import example, format_option
from archiver.cli.terminal import say

if TYPE_CHECKING:
    from archiver.store.keys import Key

PUBLISH = "publish the fingerprint where others keep it: it tells them whose record this is"


@click.group("key", short_help="Show, make or replace the key that signs.", epilog=example("archiver key show"))
def command() -> None:
    """The key that signs for the archive: key.pem beside the database, for the program's own account alone."""


@command.command("show", epilog=example("archiver key show", "archiver key show --fingerprint"))
@click.option("--fingerprint", "only_fingerprint", is_flag=True, help="Print the fingerprint alone.")
@format_option
@click.pass_obj
def show(door: Door, only_fingerprint: bool, asked: str | None) -> int:
    """Print the fingerprint of the key that signs, and the public key as PEM."""
    with door.archive() as archive:
        known = archive.signing_keys()
    if not known:
        say("the archive has no key yet: archiver key create makes one")
        return 1
    if only_fingerprint:
        click.echo(known[-1].fingerprint)
    else:
        tell(known[-1], asked)
    return 0


@command.command("create", epilog=example("archiver key create"))
@format_option
@click.pass_obj
def create(door: Door, asked: str | None) -> int:
    """Make the first key of an archive that has none; `archiver init` does it by itself."""
    with door.archive() as archive:
        made = archive.make_key()
    tell(made, asked)
    say(PUBLISH)
    return 0


@command.command("rotate", epilog=example("archiver key rotate", "archiver key rotate --lost"))
@click.option("--lost", is_flag=True, help="The old key is lost: nobody but the archive vouches for the new one.")
@format_option
@click.pass_obj
def rotate(door: Door, lost: bool, asked: str | None) -> int:
    """Let a new key sign from now on. The old one signs for it, and signs nothing after that."""
    with door.archive() as archive:
        made = archive.rotate_key(lost=lost)
    tell(made, asked)
    say(PUBLISH)
    return 0


def tell(key: Key, asked: str | None) -> None:
    """Print a key."""
    from archiver.checkpoints import public_pem

    pem = public_pem(key.public)
    record = {"fingerprint": key.fingerprint, "made_at": output.json_time(key.made_at), "public": pem}
    output.write_deeds([record], [key.fingerprint, *pem.splitlines()], asked)
