"""Where Markdown's quotations (`>`) begin and end, kept in the readable text, which has lost their marks.

Both signs are blanks to every form; `text` asks what the quotation around an attribution holds.
"""

from __future__ import annotations

import re

BEGUN, ENDED = "\x1e", "\x1c"
LONGEST = 30_000
"""Characters of a quotation: X allows 25,000 in a post."""
MARKS = re.compile(r"\n[ \t]{0,12}>(?!\}\})[ \t>]{0,12}")
"""At the start of a line, also in entries of lists, where it ends no tag of Hugo's (`>}}`); with "^" the search would
stop at every character."""
_OTHER_BLOCK = re.compile(r"\n[ \t\r]{0,99}(?:\n|[-*+] |[#<|]|\d{1,9}[.)] )")
"""Without such a line a paragraph goes on, with marks or without."""
_CALLOUT = re.compile(r"\[!\w{1,20}\]")
_CONTROLS = str.maketrans("", "", BEGUN + ENDED)


def unmarked(text: str) -> str:
    """Without the signs."""
    return text.translate(_CONTROLS) if BEGUN in text or ENDED in text else text


def marked(source: str) -> str:
    """Markdown without the marks of quotation, and with the signs at the end of the line above and at the beginning of
    the line below. What is quoted within a quotation is one of its own."""
    source = "\n" + unmarked(source)
    parts: list[str] = []
    at = depth = 0
    edge = -1  # where the last quoted line ends
    for marks in MARKS.finditer(source):
        end = source.find("\n", marks.end())
        end = len(source) if end < 0 else end
        if depth and marks.start() != edge and _OTHER_BLOCK.search(source, edge, marks.start() + 1):
            parts += source[at : edge + 1], ENDED
            at, depth = edge + 1, 0
        parts.append(source[at : marks.start()])
        at, edge = marks.end(), end
        deep = marks.group().count(">")
        if not source[at:end].strip():
            # An empty line parts paragraphs, however deep.
            parts.append("\n")
            continue
        is_callout = deep > depth and _CALLOUT.match(source, at) is not None
        parts.append("\n" if is_callout or deep == depth else (BEGUN if deep > depth else ENDED) + "\n")
        if is_callout:
            parts += source[at:end], BEGUN
            at = end
        depth = deep
    if depth and edge < len(source):
        parts += source[at : edge + 1], ENDED
        at = edge + 1
    parts.append(source[at:])
    text = "".join(parts)
    return text[0] + text[2:] if text[0] == BEGUN else text[1:]


def bounded(text: str, low: int, end: int) -> int | None:
    """Where the quotation begins that text[low:end] ends with; None where none does. One that began before `low` goes
    on there."""
    floor = max(end - LONGEST, 0)
    begun, ended = text.rfind(BEGUN, floor, end), text.rfind(ENDED, floor, end)
    if begun < 0 or (ended > begun and (ended < low or text[ended:end].strip())):
        return None
    start = max(begun + 1, low)
    return start if text[start:end].strip() else _of_those_above(text, low, begun)


def _of_those_above(text: str, low: int, at: int) -> int | None:
    """Where the quotations begin that stand right above the one at a place, which is a signature alone: some programs
    make each paragraph a quotation of its own. What leads up to them is another. None if there are none."""
    begun = None
    while (ended := text.rfind(ENDED, low, at)) >= 0 and not text[ended:at].strip():
        at = text.rfind(BEGUN, max(at - LONGEST, low), ended)
        if at < 0 or text[at:ended].rstrip().endswith((":", "：")):
            break
        begun = at + 1
    return begun
