"""Form "text": posts between the marks by which pages let readers skip them, where the marks became text:

    Skip Twitter post by @sample_one
    WORDS
    End of Twitter post by @sample_one

What stands between is often nothing, or a question for consent; the marks alone tell the author. Where an attribution
or a picture link stands there too, that form tells more, and both join. Only texts and Markdown are read so: in HTML
the post's own markup stands between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.embeds.flattened.bounds import quotation
from archiver.embeds.flattened.links import PICTURE
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed

FORM = "text"
_MARK = (
    r"(?i:(?P<site>Twitter|X|Instagram|TikTok) (?:post|video|content)(?: \d{1,3})? by"
    r" @?(?P<handle>[A-Za-z0-9_.]{1,60}))"
)
_BEGIN = re.compile(rf"Skip {_MARK}(?:, \d{{1,3}}\b)?")
_END = re.compile(rf"End of {_MARK}(?:, \d{{1,3}}\b)?")
_LONGEST = 3_000
"""Characters between the marks, with a question for consent."""
_NO_WORDS = re.compile(r"Allow \w{1,20} content\?|cannot be displayed in your browser|\(@\w|\bReport$")


def read(text: str) -> Iterator[Sighting]:
    """The posts in a text, in order."""
    low = 0
    for end in _END.finditer(text) if "@" in text and "End of " in text else ():
        begun = [each for each in _BEGIN.finditer(text, max(low, end.start() - _LONGEST), end.start())]
        last = begun[-1] if begun and begun[-1]["handle"].lower() == end["handle"].lower() else None
        between = text[last.end() : end.start()].strip() if last else ""
        words = "" if PICTURE.search(between) or _NO_WORDS.search(between) else between
        embed = Embed(
            position=0,
            form=FORM,
            hint={"twitter": "x"}.get(end["site"].lower(), end["site"].lower()),
            author_handle=end["handle"].rstrip("."),
            **quotation(words, "quoted"),
        )
        # What ends right before the mark, or before a button there, is that post.
        touching = low + len(text[low : end.start()].rstrip().removesuffix("Report").rstrip()) - 1
        yield Sighting(last.start() if last else max(touching, low), end.end(), embed, marked=False)
        low = end.end()
