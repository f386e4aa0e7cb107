"""Elements that JSON holds as trees, written out as the HTML that they are.

`{"tagName": "blockquote", "properties": {"className": [...]}, "children": [...]}` (hast, of Gatsby), `{"tag": …,
"props": …}` (Nuxt Content), `{"tag": …, "attrs": …}` (Telegraph). Only a quotation needs that: what other elements
name stands in their attributes.
"""

from __future__ import annotations

import html
from typing import Any

_ATTRIBUTES = ("properties", "props", "attrs", "attributes")
_DEEPEST = 30
_MOST = 200_000
"""Characters of one quotation; where objects name others by their places, thousands may hold one long text."""
LEAST = 100
"""As many characters an element counts for, however short."""


def quotation(node: dict[str, Any]) -> str | None:
    """The HTML of an object that is a `<blockquote>`; None of any other."""
    if not isinstance(node.get("children"), list) or _name(node) != "blockquote":
        return None
    return "".join(_written(node, 0, [_MOST]))


def _name(node: dict[str, Any]) -> str | None:
    name = node.get("tagName", node.get("tag"))
    return name if isinstance(name, str) and name.isalnum() else None


def _written(node: Any, depth: int, left: list[int]) -> list[str]:
    left[0] -= LEAST + (len(node) if isinstance(node, str) else 0)
    if depth > _DEEPEST or left[0] < 0:
        return []
    if isinstance(node, str):
        return [html.escape(node)]
    if not isinstance(node, dict):
        return []
    name = _name(node)
    words = node.get("value", node.get("text")) if name is None else None
    if isinstance(words, str):
        return _written(words, depth, left)
    opening = f"<{name}{_attributes(node)}>" if name else ""
    left[0] -= len(opening)
    children = node.get("children")
    inside = [
        part
        for child in (children if isinstance(children, list) else ())
        if left[0] >= 0
        for part in _written(child, depth + 1, left)
    ]
    return [opening, *inside, f"</{name}>"] if name else inside


def _attributes(node: dict[str, Any]) -> str:
    stated: dict[str, Any] = next((node[key] for key in _ATTRIBUTES if isinstance(node.get(key), dict)), {})
    written = []
    for key, words in stated.items():
        value = " ".join(map(str, words)) if isinstance(words, list) else words
        if isinstance(value, str) and key.replace("-", "").isalnum():
            written.append(f' {"class" if key == "className" else key}="{html.escape(value)}"')
    return "".join(written)
