"""Sets of row numbers."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.store.numbers import Numbers


@settings(max_examples=100, deadline=None, derandomize=True)
@given(numbers=st.lists(st.integers(0, 5000)), others=st.lists(st.integers(0, 6000)))
def test_they_are_a_set_in_order(numbers: list[int], others: list[int]) -> None:
    """Length, membership, order and portions are those of a sorted set."""
    found = Numbers()
    seen: set[int] = set()
    for number in numbers:
        assert found.add(number) == (number not in seen)
        seen.add(number)
    assert (list(found), len(found)) == (sorted(seen), len(seen))
    assert [number for number in others if number in found] == [number for number in others if number in seen]
    parts = list(found.portions(7))
    assert [number for part in parts for number in part] == sorted(seen)
    assert all(len(part) <= 7 for part in parts)


def test_none_is_passed_over() -> None:
    """A column may be empty."""
    assert list(Numbers([])) == []
    found = Numbers()
    found.update([3, None, 1])
    assert list(found) == [1, 3]
