"""What an article prints of a post within the markup of a platform other than X: words, author, day.

Bluesky `<p lang>TEXT</p>— NAME (@handle) <a>DAY</a>`; Facebook `<p>TEXT</p>Posted by NAME on DAY`; TikTok a section of
links and `<p>CAPTION</p>`; Instagram `<p>CAPTION</p>… A post shared by NAME (@handle) on DAY`; Reddit the title as a
link. Sources: platforms.md 2 to 9. A placeholder ("View this post on …") is no word of the post.
"""

from __future__ import annotations

import re
from typing import Any

from archiver.embeds.flattened.dates import read_day
from archiver.embeds.reading.pieces import Enter, Leave, Piece, Running, running
from archiver.model.embed import Link

_HANDLE = re.compile(r"\(@(?P<handle>[\w.-]{1,60}(?:@[\w.-]{1,100})?)\)|(?<!\w)@(?P<bare>[\w.-]{1,60}@[\w.-]{3,100})")
_NAME = re.compile(r"(?:[—–]|\bby) (?P<name>[^\n()]{1,90}) \(@|\bPosted by (?P<poster>[^\n()]{1,90}?)\s{1,3}on\b")
_WEEKDAY = re.compile(r"^[^\W\d]{2,15}, ?(?=\w)")
_PLACEHOLDER = re.compile(
    r"(?:View|See|Voir|Ver|Zobacz|Sieh|Visualizza) .{0,40}(?:Instagram|Threads|TikTok|Mastodon|Facebook)"
    r"|A (?:post|photo|video) (?:shared|posted) by|Posted by |Post by @|\[image or embed\]\s*$"
)
_IMAGE_MARK = re.compile(r"\s*\[(?:image or embed|contains quote post or other embedded content)\]\s*$")


def words_of(piece: Piece, platform: str) -> dict[str, Any]:
    """The fields of Embed that the piece prints: quotation, links, author_handle, author_name, published_on,
    language; without those it does not print."""
    whole = running(piece)
    paragraph = _first_paragraph(piece)
    said = running(paragraph) if paragraph is not None else Running()
    words = _IMAGE_MARK.sub("", said.text.strip())
    if platform == "reddit" and not words:
        words = whole.text[whole.anchors[0].start : whole.anchors[0].end].strip() if whole.anchors else ""
    if _PLACEHOLDER.match(words) or (platform == "instagram" and _HANDLE.search(words)):
        words = ""
    handle = _HANDLE.search(whole.text, len(words))
    name = _NAME.search(whole.text, len(words))
    fields = {
        "quotation": words or None,
        "links": tuple(Link(a.href, said.text[a.start : a.end].strip()) for a in said.anchors) if words else (),
        "author_handle": (handle["handle"] or handle["bare"]) if handle else None,
        "author_name": (name["name"] or name["poster"]).strip() if name else None,
        "published_on": _day(whole),
        "language": paragraph.attributes.get("lang") if paragraph is not None else None,
    }
    return {key: stated for key, stated in fields.items() if stated}


def _first_paragraph(piece: Piece) -> Piece | None:
    """The first `<p>` with words, as a piece of its own."""
    begun, depth = None, 0
    for at, each in enumerate(piece.inside):
        if isinstance(each, Enter) and each.name == "p" and begun is None:
            begun, depth = at, 0
        elif begun is not None and isinstance(each, Enter):
            depth += 1
        elif begun is not None and isinstance(each, Leave):
            if depth == 0:
                inside = piece.inside[begun + 1 : at]
                if any(isinstance(part, str) and part.strip() for part in inside):
                    opened = piece.inside[begun]
                    assert isinstance(opened, Enter)
                    return Piece(opened.attributes, inside)
                begun = None
            else:
                depth -= 1
    return None


def _day(whole: Running) -> Any:
    """The day that the last link, or the words "on …" at the end, print."""
    last = whole.text[whole.anchors[-1].start : whole.anchors[-1].end].strip() if whole.anchors else ""
    tail = re.search(r"\bon ([A-Z][^\n]{5,40})$", whole.text.strip())
    printed = [last, _WEEKDAY.sub("", last), tail[1] if tail else ""]
    day = next((day for day in map(read_day, printed) if day), None)
    return day.day if day else None
