"""Where the quotation of a flattened post begins.

A flattened post has no mark at its beginning: lines of prose and lines of the post look alike. The end is known (the
attribution, or the last picture link). From there we go up, line by line, as far as X's limit of that day allows, and
give each line points for and against belonging to the post that goes on below it (`points`). The post begins where
the sum of all the lines from there on is highest. In a line that is longer than a post, sentences take the place of
lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from archiver.embeds.flattened.leads import COLONS, announces
from archiver.embeds.flattened.lines import SLACK, Line, limit, lines_up, weight, weight_at_end, weight_of_replies
from archiver.embeds.flattened.links import LAST_LINK, LINK, links_in, may_hold_links
from archiver.embeds.flattened.points import ANNOUNCED, FILLED, OVERLONG, SHORT_LINE, Post, letters, points
from archiver.model.embed import Embed
from archiver.urls import unarchived

LOOK_BACK = 3000
"""Characters: no quotation begins farther up."""

CONFIDENCE = {"only_line": 97, "lines": 97, "close_lines": 69, "quoted": 95, "sentences": 52, "whole_line": 50}
"""How a quotation was cut, and of a hundred cut like this how many were exact:

only_line    a single line, and no other fits above it
lines        whole lines, and every other beginning was clearly less likely
close_lines  the same, but another beginning was nearly as likely
quoted       the lines that mail-like quotation marks (`>`) bound
sentences    the last sentences of a line that is longer than a post
whole_line   a line that is longer than a post, and has no sentence to cut at, or is announced by the line above

Measured on the articles of `points`, each with points that were weighed without it (624 quotations); `sentences` and
a part of `only_line` on the same with all line breaks taken out (312); `quoted` and `whole_line` are rare there and
were read by eye (18).
"""
CLOSE = 6
"""Points by which the best beginning must be ahead of the second best to be a clear one."""

_ENDS_A_POST = re.compile(
    r"pic\.(?:twitter|x)\.com/\w{5,10}$|[—–―-].{1,90}\(@\w{1,15}\)|Posted by .{2,60} on\s[A-Z][a-z]{5,8}, .{8,20}$"
)
"""X's, and what Facebook prints below one."""
_TAG = re.compile(r"</?[a-z]{1,10}>")
"""Alone on a line of Markdown."""
_SENTENCES = re.compile(r"[.!?…।۔؟][\"”’)]{0,2} {1,3}(?=[^\sa-z])|: {1,3}(?=\S)|[。！？]")


class Cut(NamedTuple):
    """Where a quotation begins, and how that was found."""

    start: int
    how: str
    """One of CONFIDENCE."""


def quotation(words: str | None, how: str) -> dict[str, Any]:
    """The fields of Embed for the words of a post and how they were cut, one of CONFIDENCE; none without words."""
    if not words:
        return {}
    return {"quotation": words, "links": links_in(words), "cut": how, "confidence": CONFIDENCE[how]}


def post_of_x(address: str | None, handle: str | None, name: str | None, day: date | None, words: str) -> Embed:
    """A post of X of which lines of its own tell all that is known; None and "" where they do not."""
    return Embed(
        position=0,
        form="text",
        hint="x",
        address=unarchived(address) if address else None,
        author_handle=handle,
        author_name=name,
        published_on=day,
        **quotation(words, "lines"),
    )


def cut(text: str, low: int, high: int, day: date | None, author: Sequence[str] = (), *, headed: bool = False) -> Cut:
    """Where the quotation that ends at `high` begins, at or after `low`.

    `day`: when it was published, if known; `author`: the words of the author's name, and the handle; `headed`: whether
    something stands above each of the article's posts.
    """
    window = lines_up(text, max(low, high - LOOK_BACK), high)
    last = next(window, None)
    if last is None:
        return Cut(high, "only_line")
    above = next(window, None)
    post = Post(last, limit(day, last.text), author, at_low=low > 0 and high - low <= LOOK_BACK, headed=headed)
    size = weight_at_end(last.text)
    if size - weight_of_replies(last.text) > post.room:
        # Prose that leads up to a post whose words were lost.
        return Cut(high, "only_line") if announces(last.text) else _within_line(last, size, above, post)
    led = _led(last) if "\n" not in text[last.end : high] and last.end < high else None
    if led is not None:
        return Cut(led, "sentences")
    if last.quoted:
        return _quoted([last, *([above] if above else []), *window], post.room)
    return _weighed(last, size, above, window, post)


def last_paragraph(text: str, low: int, high: int) -> Cut:
    """The last line of text[low:high], however long: for platforms whose posts have no limit that would tell."""
    last = next(lines_up(text, max(low, high - LOOK_BACK), high), None)
    return Cut(last.start, "whole_line") if last else Cut(high, "only_line")


def _weighed(last: Line, total: int, above: Line | None, window: Iterator[Line], post: Post) -> Cut:
    lines = [last]
    so_far = 0
    chosen, best, second = 0, 0, -100
    filled = "…" in last.text[-80:] and LAST_LINK.sub("", last.text[-80:]).endswith("…")
    while above is not None and not lines[-1].bullet:
        if len(above.text) > 3 * post.room and not may_hold_links(above.text):
            break
        following = next(window, None)
        size = weight(above.text)
        total += size + 1
        if announces(above.text) and so_far + ANNOUNCED > best:
            chosen, best, second = len(lines) - 1, so_far + ANNOUNCED, best
        if total - weight_of_replies(above.text) > post.room or _ENDS_A_POST.search(above.text):
            break
        if above.text[0] == "<" and _TAG.fullmatch(above.text):
            break
        so_far += points(above, size, lines, following, post)
        lines.append(above)
        whole = so_far + FILLED * (filled and total > 0.85 * post.room) + OVERLONG * (total > post.room - SLACK)
        if whole > best:
            chosen, best, second = len(lines) - 1, whole, best
        else:
            second = max(second, whole)
        above = following
    if len(lines) == 1:
        return Cut(last.start, "only_line")
    return Cut(lines[chosen].start, "lines" if best - second > CLOSE else "close_lines")


def _led(line: Line) -> int | None:
    """Where a post begins that is run together, on the line of its attribution, with the sentence that announces it."""
    begun = 0
    for sentence in _SENTENCES.finditer(line.text):
        if sentence.group()[:1] in COLONS and announces(line.text[begun : sentence.start() + 1]):
            return line.start + sentence.end()
        begun = sentence.end()
    return None


def _quoted(lines: list[Line], room: int) -> Cut:
    """All that the marks bound, if it fits; else the last paragraph."""
    first = lines[0]
    total = weight_at_end(first.text)
    for line in lines[1:]:
        total += weight(line.text) + 1
        if not line.quoted or total > room:
            break
        first = line
    return Cut(first.start, "quoted")


def _within_line(line: Line, size: int, above: Line | None, post: Post) -> Cut:
    """A post run together with prose: as many whole sentences at the line's end as fit, up to one that announces the
    post or is of another script or language."""
    announced = above is not None and above.text.endswith(COLONS)
    if announced and size <= 2 * post.room:
        return Cut(line.start, "whole_line")
    first: Line | None = None
    for sentence in _sentences(line):
        words = line.text[sentence.start - line.start :]
        if weight_at_end(words) - weight_of_replies(words) > post.room:
            break
        announces = sentence.text.endswith(COLONS) and len(sentence.text) >= SHORT_LINE
        if first is not None and (announces or letters(sentence.text, line.text[first.start - line.start :]) < 0):
            break
        first = sentence
    return Cut(first.start, "sentences") if first else Cut(line.start, "whole_line")


def _sentences(line: Line) -> Iterator[Line]:
    """The sentences of a line as lines of their own, the last one first; a link alone belongs to the one before."""
    end = len(line.text)
    for sentence in reversed([*_SENTENCES.finditer(line.text)]):
        words = line.text[sentence.end() : end].rstrip()
        if not LINK.sub("", words).strip():
            continue
        start = line.start + sentence.end()
        yield Line(start, start + len(words), words, 0, 0, quoted=False, bullet=False)
        end = sentence.end()
    yield Line(line.start, line.start + end, line.text[:end].rstrip(), 0, 0, quoted=False, bullet=False)
