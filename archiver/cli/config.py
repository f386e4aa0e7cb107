"""`archiver config show`: the configuration in force."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.options import example, format_option
from archiver.cli.terminal import exact_line


@click.group("config", epilog=example("archiver config show"))
def command() -> None:
    """Ask about the configuration."""


@command.command("show", epilog=example("archiver config show", "archiver config show --format jsonl"))
@format_option
@click.pass_obj
def show(door: Door, asked: str | None) -> int:
    """Print the configuration in force, what the environment overrides included; secrets are masked."""
    return execute(door, asked)


def execute(door: Door, asked: str | None) -> int:
    from archiver.configured import load_config

    masked = load_config(door.config_file()).masked()
    chosen = output.chosen_format(asked)
    if chosen == "jsonl":
        output.write_json(masked)
    elif chosen == "csv":
        output.write_csv(("key", "setting"), ({"key": key, "setting": setting} for key, setting in _flat(masked)))
    else:
        for line in _toml(masked):
            click.echo(line)
    return 0


def _flat(tree: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, part in tree.items():
        if isinstance(part, dict) and part:
            yield from _flat(part, f"{above}{key}.")
        else:
            yield above + key, json.dumps(part, ensure_ascii=False) if isinstance(part, dict | list) else part


def _toml(tree: dict[str, Any], path: str = "") -> Iterator[str]:
    """The tree as TOML: JSON's strings, numbers and lists are TOML's too."""
    plain = {key: part for key, part in tree.items() if not isinstance(part, dict)}
    if path and (plain or not tree):
        yield ""
        yield f"[{exact_line(path)}]"
    for key, part in plain.items():
        yield f"{_key(key)} = {_literal(part)}"
    for key, part in tree.items():
        if isinstance(part, dict):
            yield from _toml(part, f"{path}.{_key(key)}" if path else _key(key))


def _key(key: str) -> str:
    is_bare = key.replace("-", "").replace("_", "").isalnum() and key.isascii()
    return key if is_bare else _literal(key)


def _literal(part: Any) -> str:
    return output.json_line(part)
