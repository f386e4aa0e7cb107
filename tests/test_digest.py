"""Canonical bytes and labelled digests."""

from __future__ import annotations

import hashlib
import tracemalloc
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from archiver import digest

TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)
NOUNS: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda parts: st.lists(parts) | st.dictionaries(TEXTS, parts) | st.tuples(parts, parts),
    max_leaves=20,
)


@given(NOUNS)
@example({"\U0001f600": 1, "￿": 2})
@example({"a": '\x00\x1f\x7f\x80\u2028\\"/\b\f\n\r\t😀', "é": [True, None, -1]})
def test_canonical_bytes_are_those_of_rfc_8785(noun: Any) -> None:
    """However they are made: keys sorted by UTF-16 unit, the escapes of the standard and no others."""
    assert digest.canonical(noun) == rfc8785.dumps(noun)


def test_names_and_words_of_classes_of_their_own_are_written_as_what_they_say() -> None:
    """As those of SQLAlchemy's columns are."""

    class Named(str):
        __slots__ = ()

    assert digest.canonical({Named("b"): Named("c"), "a": [Named("d")]}) == b'{"a":["d"],"b":"c"}'


@pytest.mark.parametrize("noun", [1.0, {"a": 1.5}, ["a", {"b": [float("nan")]}], {"a": (2.0,)}])
def test_floats_are_refused(noun: Any) -> None:
    """Two programs write them differently: nothing that is signed holds one."""
    with pytest.raises(TypeError, match="no floats"):
        digest.canonical(noun)


@pytest.mark.parametrize(
    "noun",
    [2**53, {"a": [-(2**53)]}, "\ud800", {"\udc00": 1}, {"a": "\ud83d"}, {1: "a"}, {"a": b"bytes"}, {"a": {1, 2}}],
)
def test_what_is_no_json_for_everybody_is_refused(noun: Any) -> None:
    """Integers beyond 2^53, halves of characters, names that are no text."""
    with pytest.raises(ValueError, match=r"."):
        digest.canonical(noun)


def test_canonical_bytes_take_hardly_more_memory_than_they_have() -> None:
    """The encoder's own keep four kilobytes each, and a scan holds thousands of them."""
    tracemalloc.start()
    try:
        kept = [digest.canonical({"a": number}) for number in range(1_000)]
        assert tracemalloc.get_traced_memory()[0] < 200 * len(kept)
    finally:
        tracemalloc.stop()


def test_a_digest_is_labelled_and_a_commitment_binds_with_its_nonce() -> None:
    """So that a later algorithm can stand beside it, and short words cannot be guessed."""
    assert digest.of_bytes(b"sample") == "sha256:" + hashlib.sha256(b"sample").hexdigest()
    assert digest.of_json({"b": 1, "a": "é"}) == digest.of_bytes('{"a":"é","b":1}'.encode())
    one, other = digest.nonce(), digest.nonce()
    assert len(one) == digest.NONCE_BYTES
    assert digest.commitment(one, b"sample") != digest.commitment(other, b"sample")
