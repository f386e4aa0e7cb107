"""The items of an XML file, one at a time: no DTD, no entity, no link out of it, and memory for one item only."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

# Only trees that our own builder made from defusedxml's events; nothing is parsed by it.
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from archiver.articles.ampersands import Mender
from archiver.articles.decode import browsers_charset
from archiver.articles.walk import printable

PIECE_BYTES = 1 << 16
DEPTH = 200
"""Elements within elements of one item."""

_DECLARED = re.compile(rb"<\?xml\b[^>]{0,200}?\bencoding\s{0,20}=\s{0,20}[\"']([A-Za-z0-9][A-Za-z0-9_:.+-]{0,40})")
_WIDE = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (b"<\0", "utf-16-le"))
# XML allows none of them, and exports hold them all the same.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_VERSION = re.compile(r"\{http://wordpress\.org/export/[0-9.]{1,9}/(excerpt/)?")
_EXPORTS = "wordpress.org/export/"
_ATOM = "{http://www.w3.org/2005/Atom}"
_RSS1 = "{http://purl.org/rss/1.0/}"
# What came before, and RSS 2.0 where somebody put it into a namespace.
_SAME = {
    "{http://purl.org/atom/ns#": _ATOM,
    "{http://my.netscape.com/rdf/simple/0.9/": _RSS1,
    "{http://channel.netscape.com/rdf/simple/0.9/": _RSS1,
    "{http://backend.userland.com/rss": "",
    "{http://backend.userland.com/rss2": "",
    "{http://blogs.law.harvard.edu/tech/rss": "",
}
_NAMED_ALIKE = frozenset(("rss", "feed", "rdf"))
_SHOWN_CHARACTERS = 100


class UnreadableError(ValueError):
    """The file is no XML that we read; what it held before that place has been handed over."""


class Oversized:
    """An item that is longer or deeper than may be."""

    def __init__(self, message: str) -> None:
        self.message = message


class Root:
    """The outermost element, and what the file says of itself beside its items."""

    def __init__(self) -> None:
        self.name = ""
        """As those of items are written; "" before it was met."""
        self.shown = ""
        """The same for a person, in one line."""
        self.is_export = False
        """Whether there is a namespace of WordPress's exports, or their version."""

    def met(self, tag: str) -> None:
        """Take the name of the first element."""
        space, _, local = tag.rpartition("}")
        alike = f" xmlns={space[1:]}" if space and local.lower() in _NAMED_ALIKE else ""
        shown = printable(f"{local}{alike}".encode("utf-8", "replace"))
        self.shown = shown if len(shown) <= _SHOWN_CHARACTERS else f"{shown[: _SHOWN_CHARACTERS - 1]}…"
        # Some write Atom without its namespace.
        self.name = f"{_ATOM}feed" if tag == "feed" else _short(tag)


def items(
    file: BinaryIO, names: frozenset[str], cap: int, charset: str | None = None, root: Root | None = None
) -> Iterator[Element | Oversized]:
    """Each element of one of these names ("item", "{http://www.w3.org/2005/Atom}entry"), never one within another.

    WordPress's namespaces are written "{wp}" and "{excerpt}", whatever their version, and those that Atom and RSS had
    before as they are now. `charset` is what the sender said; `root` is told what the file is. Raises UnreadableError
    where the file breaks off, and before anything is read for a file with a DTD.
    """
    from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import XMLParser  # type: ignore[import-untyped]

    builder = _Builder(names, cap, root or Root())
    parser = XMLParser(target=builder, forbid_dtd=True)
    decoder = codecs.getincrementaldecoder(_charset(file, charset))("replace")
    mender = Mender()
    # WordPress's plugins leave empty lines before the declaration, where none may be.
    has_begun = False
    try:
        while piece := file.read(PIECE_BYTES):
            text = _FORBIDDEN.sub("\ufffd", decoder.decode(piece).removeprefix("\ufeff"))
            text = text if has_begun else text.lstrip()
            has_begun = has_begun or bool(text)
            parser.feed(mender.mended(text))
            yield from builder.finished()
            builder.count_quiet(len(piece))
        parser.feed(mender.mended(decoder.decode(b"", final=True), final=True))
        parser.close()
    except DefusedXmlException:
        raise UnreadableError("it has a DTD or entities of its own: refused, take them out") from None
    except ParseError as error:
        yield from builder.finished()
        raise UnreadableError(f"no XML: {error}") from None


class _Builder:
    """Collects the elements that are wanted; what the parser tells between them is dropped."""

    def __init__(self, names: frozenset[str], cap: int, root: Root) -> None:
        # The parser's own word for it, by which it asks.
        self.data = self.characters
        self._names = names
        self._cap = cap
        self._root = root
        self._bare = ""
        self._finished: list[Element | Oversized] = []
        self._tree: TreeBuilder | None = None
        self._depth = 0
        self._length = 0
        self._oversized = ""
        self._quiet = 0

    def finished(self) -> Iterator[Element | Oversized]:
        """What was finished since the last time."""
        done, self._finished = self._finished, []
        yield from done

    def count_quiet(self, length: int) -> None:
        """Raises UnreadableError for a tag so long that it would have to be kept whole."""
        self._quiet += length
        if self._quiet > self._cap + 2 * PIECE_BYTES:
            raise UnreadableError(f"a single tag is longer than {self._cap} bytes")

    def start_ns(self, _: str, space: str) -> None:
        """A namespace, before the element that states it."""
        self._root.is_export |= _EXPORTS in space

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._quiet = 0
        if not self._root.name:
            self._root.met(tag)
            self._bare = _ATOM if tag == "feed" else ""
        length = len(tag)
        tag = self._named(tag)
        if not self._depth:
            self._root.is_export |= tag.endswith("wxr_version")
            if tag not in self._names:
                return
            self._tree, self._length, self._oversized = TreeBuilder(), 0, ""
        self._depth += 1
        if self._depth > DEPTH:
            self._refuse(f"elements within elements, more than {DEPTH} deep")
        self._count(length + sum(map(len, attributes.values())))
        if self._tree is not None:
            self._tree.start(tag, attributes)

    def characters(self, text: str) -> None:
        self._quiet = 0
        if self._depth:
            self._count(len(text))
            if self._tree is not None:
                self._tree.data(text)

    def end(self, tag: str) -> None:
        self._quiet = 0
        if not self._depth:
            return
        self._depth -= 1
        if self._tree is not None:
            self._tree.end(self._named(tag))
        if not self._depth:
            self._finished.append(self._tree.close() if self._tree is not None else Oversized(self._oversized))
            self._tree = None

    def close(self) -> None:
        """As the parser wants it."""

    def _named(self, tag: str) -> str:
        return self._bare + tag if self._bare and tag[0] != "{" else _short(tag)

    def _count(self, characters: int) -> None:
        self._length += characters
        if self._length > self._cap:
            self._refuse(f"more than {self._cap} characters")

    def _refuse(self, message: str) -> None:
        self._oversized = self._oversized or message
        self._tree = None


def _short(tag: str) -> str:
    space, _, local = tag.rpartition("}")
    if (same := _SAME.get(space)) is not None:
        return same + local
    if version := _VERSION.fullmatch(space):
        return ("{excerpt}" if version[1] else "{wp}") + local
    return tag


def _charset(file: BinaryIO, told: str | None) -> str:
    """The file's charset by its first bytes, by what the sender said, by its declaration; UTF-8."""
    head = file.read(1024)
    file.seek(0)
    wide = next((charset for mark, charset in _WIDE if head.startswith(mark)), None)
    if wide is not None:
        return wide
    declared = _DECLARED.match(head.removeprefix(codecs.BOM_UTF8).lstrip())
    for label in (told, declared[1].decode("ascii") if declared else None):
        if label and (charset := browsers_charset(label)):
            return charset
    return "utf-8"
