"""From text and environment to a Config: every mistake at once, each with its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from archiver.config.mistakes import described, lines_of
from archiver.config.whole import Config
from archiver.errors import ConfigurationError

PREFIX = "ARCHIVER_"
SEPARATOR = "__"
NOTHING: Mapping[str, str] = MappingProxyType({})


def parse(text: str, *, origin: str, folder: PurePath, environ: Mapping[str, str] = NOTHING) -> Config:
    """The configuration in `text`, with what the environment overrides.

    `origin` names the file in messages; relative paths, the environment's too, are taken from `folder`.
    `${NAME}` in a database's address is taken from the environment.
    `ARCHIVER_WEB__DEADLINE=10s` overrides `[web] deadline`; a value that begins with "[" or "{" is read as TOML.
    Raises ConfigurationError with a line for each mistake: `config.toml:12: web.deadline: …`.
    """
    text = text.removeprefix("\ufeff")
    tree = _read(text, origin)
    variables, problems = _override(tree, environ)
    # A default is not validated again, so without the table its path would not be taken from `folder`.
    tree.setdefault("store", {})
    try:
        config = Config.model_validate(tree, context={"folder": Path(folder), "environ": environ})
    except ValidationError as error:
        lines = lines_of(text)
        for keys, message in described(error, Config):
            problems.append(f"{_place(keys, lines, variables, origin)}: {message}")
    if problems:
        raise ConfigurationError(problems)
    return config


def _read(text: str, origin: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        where = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
        line = (where[1] if where else None) or str(max(1, len(text.splitlines())))
        raise ConfigurationError([f"{origin}:{line}: not TOML: {message}"]) from None
    except RecursionError:
        raise ConfigurationError([f"{origin}: not TOML: nested too deeply"]) from None


def _override(tree: dict[str, Any], environ: Mapping[str, str]) -> tuple[dict[tuple[str, ...], str], list[str]]:
    """Write the environment's values into `tree`. Returns which variable set which path, and what could not be set."""
    variables: dict[tuple[str, ...], str] = {}
    problems: list[str] = []
    for name in sorted(environ):
        if not name.startswith(PREFIX) or SEPARATOR not in name:
            continue
        keys = tuple(name.removeprefix(PREFIX).lower().split(SEPARATOR))
        if len(keys) < 2 or not all(keys):
            problems.append(f"{name}: names no key: write {PREFIX}SECTION{SEPARATOR}KEY")
            continue
        try:
            variables[_put(tree, keys, _meaning(environ[name]))] = name
        except tomllib.TOMLDecodeError as error:
            problems.append(f"{name}: {'.'.join(keys)}: not TOML: {error}")
        except TypeError:
            problems.append(f"{name}: {'.'.join(keys)}: unknown key, it stands below a key that is no table")
    return variables, problems


def _meaning(written: str) -> Any:
    return tomllib.loads(f"it = {written}")["it"] if written.startswith(("[", "{")) else written


def _put(tree: dict[str, Any], keys: tuple[str, ...], meaning: Any) -> tuple[str, ...]:
    """Set a value and return its path in the file's own letters: a shell's variables are upper case, a name may not be.

    Raises TypeError where the way leads through a key that is no table.
    """
    path: list[str] = []
    table: Any = tree
    for depth, key in enumerate(keys):
        if not isinstance(table, dict):
            raise TypeError(key)
        own = next((known for known in table if known.lower() == key), key)
        path.append(own)
        if depth == len(keys) - 1:
            table[own] = meaning
        else:
            table = table.setdefault(own, {})
    return tuple(path)


def _place(
    keys: tuple[str, ...], lines: dict[tuple[str, ...], int], variables: dict[tuple[str, ...], str], origin: str
) -> str:
    """The variable or line of a path, or of the nearest table above it."""
    for length in range(len(keys), 0, -1):
        if keys[:length] in variables:
            return variables[keys[:length]]
        if keys[:length] in lines:
            return f"{origin}:{lines[keys[:length]]}"
    below = (variable for path, variable in variables.items() if path[: len(keys)] == keys)
    return next(below, origin)
