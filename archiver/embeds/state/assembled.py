"""States whose parts stand apart from one another, put together: lists whose objects name others by their places in it
(Nuxt 3, SvelteKit), and pairs of which one part is the kind of the other (Astro, Livewire)."""

from __future__ import annotations

import json
from typing import Any

_DECODER = json.JSONDecoder(strict=False)
_REFERS = frozenset(("Reactive", "ShallowReactive", "Ref", "ShallowRef"))


def assembled(node: Any) -> Any:
    """What a list says whose objects name others by their places in it, or what pairs say of which one part is the kind
    of the other; any other node as it is."""
    if isinstance(node, dict):
        try:
            return _without_kinds(node) if _is_in_pairs(node) else node
        except (ValueError, RecursionError):
            return node
    if not _names_places(node):
        return node
    whole: list[Any] = [type(each)() if isinstance(each, dict | list) else each for each in node]
    at = dict(enumerate(whole))
    for each, filled in zip(node, whole, strict=True):
        if isinstance(each, dict):
            filled.update((key, at.get(place)) for key, place in each.items() if isinstance(place, int))
        elif isinstance(each, list):
            places = each[1:] if each[:1] and isinstance(each[0], str) and each[0] in _REFERS else each
            filled.extend(at.get(place) if isinstance(place, int) else None for place in places)
    return whole[0]


def _is_in_pairs(node: dict[str, Any]) -> bool:
    """Whether it is what an island of Astro is made of, or Livewire's snapshot."""
    return "memo" in node or (bool(node) and all(_is_of_astro(each) for each in node.values()))


def _is_of_astro(node: Any) -> bool:
    return isinstance(node, list) and len(node) == 2 and type(node[0]) is int


def _without_kinds(node: Any) -> Any:
    """Without the kinds that Astro writes before (`[0,"tweet"]`; a list, or JSON of it: `[1,[[0,"…"]]]`) and Livewire
    behind (`[{"type":"tweet"},{"s":"arr"}]`). Raises RecursionError, and ValueError for what is no JSON."""
    if isinstance(node, dict):
        return {key: _without_kinds(each) for key, each in node.items()}
    if not isinstance(node, list):
        return node
    if _is_of_astro(node):
        is_packed = node[0] == 1 and isinstance(node[1], str)
        return _without_kinds(_DECODER.decode(node[1]) if is_packed else node[1])
    if len(node) == 2 and isinstance(node[1], dict) and "s" in node[1]:
        return _without_kinds(node[0])
    return [_without_kinds(each) for each in node]


def _names_places(node: Any) -> bool:
    """Whether all objects and lists in a list hold nothing but places in it."""
    if not isinstance(node, list) or len(node) < 3 or not isinstance(node[0], dict | list):
        return False
    objects = [each for each in node if isinstance(each, dict)]
    lists = [each for each in node if isinstance(each, list) and not (each and _is_word(each[0]))]
    return bool(objects) and all(
        type(place) is int
        for each in (*objects[:50], *lists[:50])
        for place in (each.values() if type(each) is dict else each)
    )


def _is_word(node: Any) -> bool:
    """Whether a list begins with what it is made into (`["Reactive",1]`, `["Date","2021-08-20"]`)."""
    return isinstance(node, str) and node.isidentifier()
