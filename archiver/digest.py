"""Labelled digests and the canonical bytes they are taken of.

A digest is written `sha256:` and 64 lower-case hexadecimal digits, so that a later algorithm can stand beside it.
Canonical bytes are RFC 8785 (JSON Canonicalization Scheme), so that any other program can make them again.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

import orjson
import rfc8785

NONCE_BYTES = 32

# Integers beyond 2**53 - 1 are no integers in every JSON reader: RFC 8785 refuses them.
_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_NESTS = frozenset({dict, list, tuple})
_SINGLE = frozenset({str, int, bool, type(None)})


def of_bytes(payload: bytes) -> str:
    """The labelled digest of these bytes."""
    return "sha256:" + hashlib.sha256(payload).hexdigest()


def canonical(noun: Any) -> bytes:
    """RFC 8785 bytes of a JSON value. Floats are refused: what is signed holds integers and strings only."""
    if _is_simple(noun):
        try:
            # A copy: what orjson hands over takes four kilobytes at least, however few bytes it has.
            return bytes(memoryview(orjson.dumps(noun, option=_CANONICAL)))
        except orjson.JSONEncodeError:
            pass  # A lone surrogate, or too large an integer: refused below, in the library's own words.
    _refuse_floats(noun)
    return rfc8785.dumps(noun)


def of_json(noun: Any) -> str:
    """The labelled digest of a JSON value's canonical bytes."""
    return of_bytes(canonical(noun))


def nonce() -> bytes:
    """Fresh random bytes that keep a commitment from being guessed."""
    return secrets.token_bytes(NONCE_BYTES)


def commitment(nonce_bytes: bytes, payload: bytes) -> str:
    """`sha256(nonce ‖ bytes)`: binds us to the bytes without telling them."""
    return of_bytes(nonce_bytes + payload)


def _is_simple(noun: Any) -> bool:
    """Whether orjson writes the very bytes of RFC 8785, many times as fast: exact types, no floats, and names that sort
    by byte as they do by UTF-16 unit."""
    kind = type(noun)
    if kind is dict:
        try:
            if not "".join(noun).isascii():
                return False
        except TypeError:
            return False
        noun = noun.values()
    elif kind is not list and kind is not tuple:
        noun = (noun,)
    for part in noun:
        kind = type(part)
        if kind not in _SINGLE and not (kind in _NESTS and _is_simple(part)):
            return False
    return True


def _refuse_floats(noun: Any) -> None:
    if isinstance(noun, float):
        raise TypeError("a canonical record holds no floats")
    if isinstance(noun, dict):
        for part in noun.values():
            _refuse_floats(part)
    elif isinstance(noun, list | tuple):
        for part in noun:
            _refuse_floats(part)


def without_floats(noun: object) -> object:
    """Canonical records hold no floats: a number that is not whole is written out."""
    if isinstance(noun, dict):
        return {key: without_floats(part) for key, part in noun.items()}
    if isinstance(noun, list | tuple):
        return [without_floats(part) for part in noun]
    return repr(noun) if isinstance(noun, float) else noun
