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

PIECE_BYTES = 1 << 16
DEPTH = 200
"""Elements within elements of one item."""

_DECLARED = re.compile(rb"<\?xml\b[^>]{0,200}?\bencoding\s{0,20}=\s{0,20}[\"']([A-Za-z0-9][A-Za-z0-9_:.+-]{0,40})")
_WIDE = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (b"<\0", "utf-16-le"))
# XML allows none of them, and exports hold them all the same.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_VERSION = re.compile(r"\{http://wordpress\.org/export/[0-9.]{1,9}/(excerpt/)?\}")


class UnreadableError(ValueError):
    """The file is no XML that we read; what it held before that place has been handed over."""


class Oversized:
    """An item that is longer or deeper than may be."""

    def __init__(self, message: str) -> None:
        self.message = message


def items(file: BinaryIO, names: frozenset[str], cap: int, charset: str | None = None) -> Iterator[Element | Oversized]:
    """Each element of one of these names ("item", "{http://www.w3.org/2005/Atom}entry"), never one within another.

    WordPress's namespaces are written "{wp}" and "{excerpt}", whatever their version. `charset` is what the sender
    said. Raises UnreadableError where the file breaks off, and before anything is read for a file with a DTD.
    """
    from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import XMLParser  # type: ignore[import-untyped]

    builder = _Builder(names, cap)
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

    def __init__(self, names: frozenset[str], cap: int) -> None:
        # The parser's own word for it, by which it asks.
        self.data = self.characters
        self._names = names
        self._cap = cap
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

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._quiet = 0
        if not self._depth:
            if tag not in self._names:
                return
            self._tree, self._length, self._oversized = TreeBuilder(), 0, ""
        self._depth += 1
        if self._depth > DEPTH:
            self._refuse(f"elements within elements, more than {DEPTH} deep")
        self._count(len(tag) + sum(map(len, attributes.values())))
        if self._tree is not None:
            self._tree.start(_short(tag), attributes)

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
            self._tree.end(_short(tag))
        if not self._depth:
            self._finished.append(self._tree.close() if self._tree is not None else Oversized(self._oversized))
            self._tree = None

    def close(self) -> None:
        """As the parser wants it."""

    def _count(self, characters: int) -> None:
        self._length += characters
        if self._length > self._cap:
            self._refuse(f"more than {self._cap} characters")

    def _refuse(self, message: str) -> None:
        self._oversized = self._oversized or message
        self._tree = None


def _short(tag: str) -> str:
    return _VERSION.sub(lambda match: "{excerpt}" if match[1] else "{wp}", tag, count=1)


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
