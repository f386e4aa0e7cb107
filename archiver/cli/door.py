"""What every command is handed: which configuration is meant, and whether colours are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import archiver
from archiver.cli.terminal import say
from archiver.errors import ConfigurationError

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.config import Config

HERE = Path("config.toml")
EXAMPLE = "config.example.toml"


@dataclass(frozen=True, slots=True)
class Door:
    """The options that stand before the command."""

    config: Path | None
    """The configuration file that was named; None: the one in the working folder."""
    colour: bool

    def archive(self) -> Archive:
        """The archive of the configuration, to be used in a `with`. Raises ConfigurationError."""
        # Imported here: SQLAlchemy and pydantic would make every --help wait.
        from archiver.archive import Archive

        archive = Archive.open(self.config_file())
        archive.print_note = print_note
        return archive

    def config_file(self) -> Path:
        """The file that is meant. Raises ConfigurationError where none is."""
        if self.config is not None:
            return self.config
        if not HERE.is_file():
            raise ConfigurationError(
                [f"no configuration: there is no {HERE} here; copy {_example()} to it, or name a file by --config"]
            )
        return HERE


def print_note(note: str) -> None:
    """A checkpoint, on standard error, line by line."""
    for line in note.splitlines():
        say(line)


def warn_of_weaker_rules(config: Config) -> None:
    """Say which `unsafe_` keys are in force: no report may be read without knowing it."""
    for each in config.unsafe:
        say(f"weaker rules are in force: {each}")


def _example() -> Path | str:
    """The example inside an installed package, or the checkout's own."""
    package = Path(archiver.__file__).parent
    places = (package / EXAMPLE, package.parent / EXAMPLE)
    return next((place for place in places if place.is_file()), EXAMPLE)
