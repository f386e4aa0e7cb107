"""The words of a post in Mastodon's language: HTML of a few tags, and a warning that may stand before it.

The HTML is read as it streams by: a tree of a hostile one (tags in tags by the ten thousand) costs minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from lxml import etree

from archiver.model.snapshot import PostLink

MAX_HTML = 262_144
"""Characters; what is longer is no post."""
_BLOCKS = frozenset(("p", "div", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"))
_UNSHOWN = frozenset(("script", "style", "template"))
_NAMES = frozenset(("mention", "hashtag"))


class Words(NamedTuple):
    """What a post says."""

    text: str
    """Paragraphs with an empty line between them; links in full, as their author wrote them."""
    links: tuple[PostLink, ...]
    """What the author linked, in the order of the text; names and tags are no links."""


def words_of(content: str, warning: str | None) -> Words | None:
    """The words in `content`, behind the warning if there is one; None where they cannot be read."""
    if len(content) > MAX_HTML:
        return None
    reader = _Reader()
    try:
        if content.strip():
            parser = etree.HTMLParser(target=reader, huge_tree=True)
            parser.feed(content.replace("\x00", ""))
            parser.close()
    except (ValueError, KeyError, etree.LxmlError):
        return None
    blocks = [words for block in reader.blocks if (words := "".join(block).strip("\n")).strip()]
    text = "\n\n".join([warning, *blocks] if warning else blocks)
    return Words(text, tuple(dict.fromkeys(reader.links)))


class _Reader:
    """What the parser tells it, in the order of the source."""

    def __init__(self) -> None:
        self.blocks: list[list[str]] = [[]]
        self.links: list[PostLink] = []
        self._href: str | None = None
        """Of the link that is open."""
        self._shown: list[str] = []
        """What a reader sees of it: Mastodon hides both ends of a long address, and shows "…" for the second."""
        self._spans: list[frozenset[str]] = []
        self._hidden = 0
        """How many of these spans hide what is in them."""
        self._unshown = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        classes = frozenset((attributes.get("class") or "").split())
        if tag in _BLOCKS:
            self.blocks.append([])
        elif tag == "br":
            self.blocks[-1].append("\n")
        elif tag == "a":
            self._end_link()
            self._href = None if classes & _NAMES else attributes.get("href") or None
        elif tag == "span":
            self._spans.append(classes)
            self._hidden += "invisible" in classes
        elif tag in _UNSHOWN:
            self._unshown += 1

    def end(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.blocks.append([])
        elif tag == "li":
            self.blocks[-1].append("\n")
        elif tag == "a":
            self._end_link()
        elif tag == "span" and self._spans:
            classes = self._spans.pop()
            self._hidden -= "invisible" in classes
            self._shown += ["…"] if "ellipsis" in classes else []
        elif tag in _UNSHOWN:
            self._unshown -= 1

    def written(self, text: str) -> None:
        if self._unshown > 0:
            return
        self.blocks[-1].append(text)
        if self._href is not None and not self._hidden:
            self._shown.append(text)

    data = written
    """The parser's own word for it."""

    def close(self) -> None:
        self._end_link()

    def _end_link(self) -> None:
        if self._href is not None:
            self.links.append(PostLink(self._href, None, "".join(self._shown) or None))
        self._href, self._shown = None, []
