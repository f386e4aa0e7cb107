"""Markdown's links as one form, `[WORDS](ADDRESS)`, however a converter wrote them.

    [July 7, 2026][1] … [1]: https://…      where the addresses are listed elsewhere (pandoc, turndown, html2text)
    [WORDS](<https://…>)                    in angle brackets
    [WORDS](https://… "TITLE")              with a title
    [View this post on                      broken where a line was full, in the words or behind a hyphen of the address
    Instagram](https://…)
    [https://…](https://…)                  alone in its paragraph: the address itself, as it would be without brackets
    [YouTube video player](https://…)       the same: a frame's title, or "embed" (converters of Notion's pages)

    <blockquote class="twitter-tweet">[July 7, 2026](https://…)   within a platform's own markup, as HTML has it

What lists addresses is seen by no reader, so it is taken out. A label that is listed with two addresses tells neither.
"""

from __future__ import annotations

import re

from archiver.embeds.reading import jsx, quoted_tags

_LISTED = re.compile(
    rb"^[ \t]{0,3}\[(?P<label>[^\[\]\n^][^\[\]\n]{0,300})\]:[ \t]{0,9}(?:\r?\n[ \t]{0,9})?"
    rb"<?(?P<address>https?://[^\s<>]{5,900})>?[ \t]{0,9}(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'|\([^()\n]{0,300}\))?"
    rb"[ \t\r]{0,9}$",
    re.MULTILINE,
)
_ODD = re.compile(
    rb"\[[^\[\]\n]{0,300}(?:\](?:\(<http|:[ \t]{0,9}(?:\r?\n[ \t]{0,9})?<?http)"
    rb"|\n(?:[^\[\]\n]{1,300}\n){0,4}[^\[\]\n]{0,300}\]\]?\(<?http)"
)
"""Whether a source has any of it but titles: most have none."""
_REFERENCE = re.compile(
    rb"\[(?P<words>(?:[^\[\]]++|\[[^\[\]]{0,200}\])*+)\](?: ?\[(?P<label>[^\[\]]{0,300})\])?(?![(:\[])"
)
_IN_BRACKETS = re.compile(rb"\]\(<(https?://[^\s<>()]{5,900})>(?=[\s)])")
_TITLED = re.compile(rb"(\]\(https?://[^\s<>()]{5,900})[ \t]{0,3}(?:\r?\n)?[ \t>]{1,12}\"(?:[^\"\\\n]|\\.){0,300}\"\)")
_TITLE_ENDS = re.compile(rb"\"\)")
"""As a pattern, which is found in a third of the time of a plain search for two signs."""
_BROKEN_ADDRESS = re.compile(rb"(\]\(https?://[^\s<>()]{5,900}-)\r?\n[ \t>]{0,12}([^\s<>()]{1,400})")
_BROKEN_WORDS = re.compile(
    rb"\[(?:> )?(?P<words>[^\[\]\n]{1,300}(?:\n[ \t>]{0,12}[^\s>\[\]][^\[\]\n]{0,300}){0,4})"
    rb"(?:\n[ \t>]{0,12})?\](?=\]?\(http)"
)
_PRINTED = re.compile(
    rb"\[(?P<says>(?P<title>YouTube video player|[Ee]mbed)|(?:https?:)?//[^\s\[\]]{8,600})\]"
    rb"\((?P<address>(?:https?:)?//[^\s()<>]{8,600})\)"
)
"""A frame or a post's address, as converters (html2text) and people who paste it write that."""
_OF_PLATFORM = re.compile(rb"twitter-(?:tweet|video)|(?:bluesky|tiktok)-embed|instagram-media")
_END_OF_QUOTE = re.compile(rb"</?blockquote|<script")
_LONGEST_QUOTE = 9_000
_LINK = re.compile(rb"(?<!!)\[([^\[\]\n]{0,300})\]\((https?://[^\s()<>]{5,900})\)")
_BESIDE = 60
"""Bytes in which the empty line above must be."""
_ABOVE = re.compile(rb"(?:\A|\n[ \t\r]{0,9}\n)[ \t]{0,3}\Z")
_BELOW = re.compile(rb"[ \t\r]{0,9}(?:\n[ \t\r]{0,9}(?:\n|\Z)|\Z)")
_LINE_BREAK = re.compile(rb"[ \t\r]{0,9}\n[ \t>]{0,12}")


def links(source: bytes, markup: str) -> bytes:
    """A Markdown source with its links in one form; any other as it is."""
    if markup != "markdown":
        return source
    source = quoted_tags.linked(jsx.as_html(source))
    if _ODD.search(source):
        source = _BROKEN_ADDRESS.sub(rb"\1\2", _IN_BRACKETS.sub(rb"](\1", source))
        source = _BROKEN_WORDS.sub(_joined, _with_listed(source) if b"]:" in source else source)
    source = _with_anchors(source)
    source = _PRINTED.sub(_address_alone, source)
    return _TITLED.sub(rb"\1)", source) if _TITLE_ENDS.search(source) else source


def _with_anchors(source: bytes) -> bytes:
    """With Markdown's links in a platform's own markup, which may have lost its end, as HTML has them."""
    parts: list[bytes] = []
    at = 0
    tag = source.find(b"<blockquote ")
    while tag >= 0:
        inner = source.find(b">", tag) + 1 or len(source)
        end = _END_OF_QUOTE.search(source, inner, inner + _LONGEST_QUOTE)
        high = end.start() if end else inner + _LONGEST_QUOTE
        if source.find(b"](", inner, high) > 0 and _OF_PLATFORM.search(source, tag, inner):
            parts += source[at:inner], _LINK.sub(rb'<a href="\2">\1</a>', source[inner:high])
            at = high
        tag = source.find(b"<blockquote ", high)
    return b"".join((*parts, source[at:])) if parts else source


def _address_alone(found: re.Match[bytes]) -> bytes:
    if not found["title"] and found["says"].replace(b"\\", b"") != found["address"]:
        return found.group()
    before = found.string[max(found.start() - _BESIDE, 0) : found.start()]
    is_alone = _ABOVE.search(before) and _BELOW.match(found.string, found.end())
    return b"<%b>" % found["address"] if is_alone else found.group()


def _joined(found: re.Match[bytes]) -> bytes:
    return b"[%b]" % _LINE_BREAK.sub(b" ", found["words"])


def _with_listed(source: bytes) -> bytes:
    addresses: dict[bytes, bytes] = {}
    for listed in _LISTED.finditer(source):
        label, address = _folded(listed["label"]), listed["address"]
        addresses[label] = address if addresses.setdefault(label, address) == address else b""
    if not addresses:
        return source

    def linked(found: re.Match[bytes]) -> bytes:
        address = addresses.get(_folded(found["label"] or found["words"]))
        return b"[%b](%b)" % (found["words"], address) if address else found.group()

    return _REFERENCE.sub(linked, _LISTED.sub(b"", source))


def _folded(label: bytes) -> bytes:
    return b" ".join(label.lower().split()).replace(b"> ", b"")
