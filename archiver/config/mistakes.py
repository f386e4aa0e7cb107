"""Mistakes in a configuration, each on one line that says where it is and how to mend it."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from archiver.config.sources import KINDS, AnySource

Path = tuple[str, ...]

# What pydantic says of Python's types, in the words of the file.
_PLAIN_WORDS = {
    "missing": "this key is needed",
    "tuple_type": 'a list stands here: ["…", "…"]',
    "dict_type": "a table stands here",
    "model_type": "a table stands here",
    "union_tag_not_found": "a table stands here",
    "string_type": 'a text in quotes stands here: "…"',
    "int_type": "a whole number stands here",
    "int_from_float": "a whole number stands here",
    "int_parsing": "a whole number stands here",
    "bool_type": "true or false stands here",
    "bool_parsing": "true or false stands here",
    "path_type": 'a path in quotes stands here: "…"',
}


def lines_of(text: str) -> dict[Path, int]:
    """The line on which each table and key of a readable TOML text begins, counted from 1."""
    found: dict[Path, int] = {}
    table: Path = ()
    for first, statement in _statements(text.replace("\r\n", "\n").split("\n")):
        tree = tomllib.loads(statement)
        paths = list(_paths(tree))
        if statement.lstrip().startswith("["):
            table = max(paths, key=len)
            paths = [table[:length] for length in range(1, len(table) + 1)]
        else:
            paths = [table + path for path in paths]
        for path in paths:
            found.setdefault(path, first)
    return found


def _statements(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Each header or key with its value, however many lines it takes, and the number of its first line."""
    begun: list[str] = []
    for number, line in enumerate(lines, 1):
        if not begun and (not line.strip() or line.lstrip().startswith("#")):
            continue
        begun.append(line)
        # Only these end a value of many lines: without the test an array of 10,000 lines would be read 10,000 times.
        if len(begun) == 1 or any(mark in line for mark in ("]", "}", '"""', "'''")):
            statement = "\n".join(begun)
            try:
                tomllib.loads(statement)
            except tomllib.TOMLDecodeError:
                continue
            yield number - len(begun) + 1, statement
            begun = []


def _paths(tree: dict[str, Any], above: Path = ()) -> Iterator[Path]:
    for key, below in tree.items():
        yield (*above, key)
        if isinstance(below, dict):
            yield from _paths(below, (*above, key))


def dotted(location: Iterable[str | int]) -> str:
    """("follow", "authors", 2) as "follow.authors[2]"."""
    words = ""
    for part in location:
        if isinstance(part, int):
            words += f"[{part}]"
        elif part != "[key]":
            words += f".{part}" if words else part
    return words


def described(error: ValidationError, model: type[BaseModel]) -> Iterator[tuple[Path, str]]:
    """Each mistake that pydantic found: the keys that lead to it, and "dotted.path: what is wrong"."""
    for detail in error.errors(include_url=False, include_input=False):
        location = _as_written(detail)
        keys = tuple(part for part in location if isinstance(part, str) and part != "[key]")
        yield keys, f"{dotted(location)}: {_words(detail, keys, model)}"


def _as_written(detail: ErrorDetails) -> tuple[str | int, ...]:
    """Where the mistake is, in the file's own keys: pydantic puts the kind of a source between its name and its key."""
    location = detail["loc"]
    if location[0] != "sources" or len(location) == 1:
        return location
    if detail["type"] == "union_tag_invalid":
        return (*location, "kind")
    return location[:2] + location[3:] if len(location) > 2 and location[2] in KINDS else location


def _words(detail: ErrorDetails, keys: Path, model: type[BaseModel]) -> str:
    if detail["type"] == "extra_forbidden":
        return unknown_key(keys[-1], _keys_beside(detail["loc"], model))
    if detail["type"] == "union_tag_invalid":
        return f'there is no kind "{detail["ctx"]["tag"]}"; there is: {", ".join(KINDS)}'
    if detail["type"] in _PLAIN_WORDS:
        return _PLAIN_WORDS[detail["type"]]
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return message[:1].lower() + message[1:]


def unknown_key(key: str, known: Iterable[str]) -> str:
    """What to say of a key that nobody reads, with the nearest known one if it may be a slip."""
    keys = list(known)
    nearest = difflib.get_close_matches(key, keys, n=1, cutoff=0.6)
    if nearest:
        return f'unknown key; did you mean "{nearest[0]}"?'
    return f"unknown key; there is: {', '.join(keys)}" if keys else "unknown key"


def _keys_beside(location: tuple[str | int, ...], model: type[BaseModel]) -> list[str]:
    """The keys that the table at `location[:-1]` knows; none where names are free."""
    shape: Any = model
    for key in location[:-1]:
        if _is_model(shape):
            shape = shape.model_fields[str(key)].annotation
        elif shape == AnySource:
            shape = KINDS[str(key)]
        else:
            # In a dict[name, Section] the name is the writer's own.
            shape = get_args(shape)[1]
    return list(shape.model_fields) if _is_model(shape) else []


def _is_model(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, BaseModel)
