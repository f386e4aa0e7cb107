"""A page's state that is not written as JSON, read as what a program would have of it.

In Base64 in a string (`__APOLLO_STATE__ = "eyJOZXdz…"`); as a function of what repeats, as Nuxt 2 writes it
(`__NUXT__=(function(a,b){return {data:[{is:a,props:{id:"…"}}]}}("tweet",…))`); as a list whose objects name others by
their places in it, as Nuxt 3 and SvelteKit write it (`[{"is":1,"props":2},"tweet",{"id":3},"…"]`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from archiver.embeds.prefilter import in_base64

_FUNCTION = re.compile(r"__NUXT__\s{0,9}=\s{0,9}\(function\s{0,9}\(([\w$,\s]{1,50000}+)\)\s{0,9}\{")
_NAMES = ("tweet", "twitter", "youtube")
_SIGNS = BytesAhoCorasick(
    [
        *(f"{mark}{name}{mark}".encode() for mark in "\"'" for name in _NAMES),
        *(f"{mark}{begun}".encode() for mark in "\"'" for begun in ("eyJ", "eyI", "W3s", "W1t")),
    ],
    MatchKind.LeftmostFirst,
)
_BARE = re.compile(rb"[{,\s](?:type|_type|kind|is|component)\s{0,9}:\s{0,9}$")
"""What stands before it where an object of a program, whose names stand bare, says that it is a post."""
_LONGEST_BARE = 2_000
_MOST_BARE = 1_000
_MOST_READ = 4
"""Times the length of a script, at most, that is read for objects in it that may lie in one another."""
_RETURN = re.compile(r"\breturn\s{0,9}(?=\{)")
_FAR = 200_000
"""Characters between the two, at most: statements that fill in what stands in several places."""
_TOKEN = re.compile(
    r"(?:(?P<text>\"(?:[^\"\\]++|\\.)*+\"?|'(?:[^'\\]++|\\.)*+'?)"
    r"|(?P<word>void 0|![01]|[A-Za-z_$][\w$]*+)(?P<colon>\s*+:)?|(?P<number>-?\.?\d[\w.+]*+)|(?P<sign>\S))\s*+",
    re.DOTALL,
)
_WORDS = {"true": "true", "false": "false", "!0": "true", "!1": "false", "null": "null", "void 0": "null"}
_ESCAPE = re.compile(r"\\(?:x(?P<code>[0-9a-fA-F]{2})|(?P<sign>[^bfnrtu\"/]))", re.DOTALL)
_ESCAPED = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\"'/\\bfnrt])")
_HALF = re.compile("[\ud800-\udfff]")
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": " ", "f": " "}
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_DECODER = json.JSONDecoder(strict=False)
_MOST_TOKENS = 1_000_000
_MOST_SAID = 5_000_000
"""Characters, in all, of what names stand for."""


def within(source: bytes, doubts: list[str]) -> tuple[list[bytes], list[tuple[Any, int]]]:
    """What a script holds of JSON in Base64 in strings, and of objects of a program that say they are a post
    (`{type: "tweet", id: "…"}`), each with the place where it begins. More than is looked at adds "unparsed" to
    `doubts`."""
    texts: list[bytes] = []
    said: list[int] = []
    for which, start, _ in _SIGNS.find_matches_as_indexes(source):
        if which >= 2 * len(_NAMES):
            if (text := in_base64.json_at(source, start)) is not None:
                texts.append(text)
        elif _BARE.search(source[max(start - 40, 0) : start]):
            said.append(start)
    if len(said) > _MOST_BARE:
        doubts.append("unparsed")
    return texts, list(_bare(source, said[:_MOST_BARE], doubts))


def _bare(source: bytes, said: list[int], doubts: list[str]) -> Iterator[tuple[Any, int]]:
    """The objects of a program that say they are a post by the words there, and where they begin."""
    known = 0
    left = _MOST_READ * len(source)
    for place in said:
        begin = source.rfind(b"{", max(place - _LONGEST_BARE, 0), place)
        if begin < known:
            continue
        if left < 0:
            doubts.append("unparsed")
            return
        node, length = _object(source[begin : begin + 2 * _LONGEST_BARE])
        left -= length
        known = begin + (length if node else 1)
        if node:
            yield node, begin


def _object(piece: bytes) -> tuple[Any, int]:
    """The object of a program that begins there, None if there is none; and how many characters were read."""
    reader = _Reader(piece.decode("utf-8", "replace"), 0)
    try:
        return _DECODER.decode(reader.literal().json()), reader.at
    except (ValueError, StopIteration, RecursionError):
        return None, reader.at or len(piece)


def of_function(content: str, doubts: list[str]) -> Any:
    """What a script's function of what repeats returns; None where there is none. One that does more than that, or
    says more than is looked at, adds "unparsed" to `doubts`."""
    begun = _FUNCTION.search(content) if "__NUXT__" in content else None
    returned = _RETURN.search(content, begun.end(), begun.end() + _FAR) if begun else None
    if begun is None or returned is None:
        return None
    reader = _Reader(content, returned.end())
    try:
        body = reader.literal()
        while reader.sign() != "(":
            pass
        values = reader.literal("[")
        stated = dict(zip((name.strip() for name in begun[1].split(",")), _DECODER.decode(values.json()), strict=False))
        return _DECODER.decode(body.json({name: json.dumps(said) for name, said in stated.items()}))
    except (ValueError, StopIteration, RecursionError):
        doubts.append("unparsed")
        return None


class _Literal:
    """An object or a list of a program, as JSON but for the names in it."""

    def __init__(self, opening: str) -> None:
        self._parts = [opening]
        self._deep = 1
        self._named: list[tuple[int, str]] = []
        """Where a name stands for what it says."""

    def put(self, token: re.Match[str]) -> bool:
        """Add a token; returns whether it was the last. Raises ValueError where it cannot stand there."""
        text, word, colon, number, sign = token.groups()
        if sign:
            return self._put_sign(sign)
        if text:
            self._parts.append(_as_json(text))
        elif number:
            self._parts.append(number if _NUMBER.fullmatch(number) else "null")
        elif colon:
            self._parts.append(f'"{word}":')
        elif word in _WORDS:
            self._parts.append(_WORDS[word])
        elif word != "new":
            self._named.append((len(self._parts), word))
            self._parts.append("null")
        return False

    def _put_sign(self, sign: str) -> bool:
        self._deep += (sign in "{[") - (sign in "}])")
        # What a function is called with ends in a round bracket.
        self._parts.append("]" if sign == ")" else sign)
        return not self._deep

    def json(self, stated: dict[str, str] | None = None) -> str:
        """With what the names say, null for those that are not stated. Raises ValueError for too much."""
        said = [(stated or {}).get(name, "null") for _, name in self._named]
        if sum(map(len, said)) > _MOST_SAID:
            raise ValueError("too much")
        for (place, _), words in zip(self._named, said, strict=True):
            self._parts[place] = words
        return "".join(self._parts)


class _Reader:
    """Goes through a program's signs. Raises StopIteration at its end."""

    def __init__(self, content: str, at: int) -> None:
        self._tokens = zip(_TOKEN.finditer(content, at), range(_MOST_TOKENS), strict=False)
        self.at = 0
        """Where the last literal ended."""

    def sign(self) -> str:
        """The next sign, whatever it is; "" for a word or the like."""
        return next(self._tokens)[0]["sign"] or ""

    def literal(self, opening: str = "") -> _Literal:
        """The object or list that begins here, or began with `opening`. Raises ValueError for what is neither."""
        opening = opening or self.sign()
        if opening not in ("{", "["):
            raise ValueError("no literal")
        literal = _Literal(opening)
        for token, _ in self._tokens:
            if token["sign"] == "(":
                self._pass_call()
            elif literal.put(token):
                self.at = token.end()
                return literal
        raise ValueError("no end")

    def _pass_call(self) -> None:
        """To the end of what a function is called with (`new Date(0)`): what it gives is null, as its name is."""
        deep = 1
        while deep:
            sign = self.sign()
            deep += (sign == "(") - (sign == ")")


def _as_json(text: str) -> str:
    """A program's string as one of JSON."""
    inner = text[1:-1]
    if "\\" in inner:
        inner = _ESCAPE.sub(_as_json_has_it, inner)
    if text[0] == "'":
        inner = re.sub(r'(?<!\\)((?:\\\\)*)"', r'\1\\"', inner)
    return f'"{inner}"'


def _as_json_has_it(escape: re.Match[str]) -> str:
    if escape["sign"] == "\\":
        return escape[0]
    return f"\\u00{escape['code']}" if escape["code"] else escape["sign"].strip("\r\n0")


def unescaped(text: str) -> str:
    """The text with the escapes of a program's strings, and of JSON's, undone, wherever they stand."""
    if "\\" not in text:
        return text
    parts = _ESCAPED.split(text)
    characters = [_CHARACTERS[escape] for escape in parts[1::2]]
    parts[1::2] = characters
    text = "".join(parts)
    # Characters beyond the first plane come as two halves.
    has_halves = _HALF.search("".join(characters)) is not None
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if has_halves else text


class _Characters(dict[str, str]):
    """What an escape stands for, by what stands behind its backslash; those met are remembered."""

    def __missing__(self, escape: str) -> str:
        character = self[escape] = chr(int(escape[1:], 16)) if len(escape) > 1 else _CONTROLS.get(escape, escape)
        return character


_CHARACTERS = _Characters()
