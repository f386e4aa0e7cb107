"""Form "text" in Markdown: what is left of the embeds of Reddit, whose titles are links to the post.

> [TITLE](https://www.reddit.com/r/SUB/comments/ID/SLUG/)
> by[u/sample_one](https://www.reddit.com/user/sample_one/) in[SUB](https://www.reddit.com/r/SUB/)

> [TITLE](https://www.reddit.com/r/SUB/comments/ID/SLUG/) from [r/SUB](https://www.reddit.com/r/SUB/)

[Comment](https://www.reddit.com/r/SUB/comments/ID/SLUG/KEY/) from discussion [TITLE](https://www.reddit.com/…)

> [Comment](https://www.reddit.com/r/SUB/comments/ID/comment/KEY/)
> by[u/sample_one](https://www.reddit.com/user/sample_one/) from discussion[](https://www.reddit.com/…)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.permalinks import post_hint
from archiver.urls import unarchived

FORM = "text"
_TITLE = r"\[(?P<title>[^\[\]\n]{1,400})\]"
_REDDIT = r"https?://(?:www\.|old\.)?reddit\.com/r/[^()\s]{8,400}"
_TITLED = re.compile(
    rf"{_TITLE}\((?P<address>{_REDDIT})\)\s{{0,9}}by ?\[u/(?P<handle>[\w-]{{1,40}})\]\([^()\s]{{5,200}}\)"
    r"\s{0,3}in ?\[(?:r/)?\w{1,40}\]\([^()\s]{5,200}\)"
)
_COMMENT = re.compile(
    rf"\[Comment\]\((?P<address>{_REDDIT})\)\s{{1,3}}from discussion\s{{1,3}}\[[^\[\]\n]{{1,400}}\]\({_REDDIT}\)\.?"
)
_COMMENT_BY = re.compile(
    rf"\[Comment\]\((?P<address>{_REDDIT})\)\s{{0,9}}by ?\[u/(?P<handle>[\w-]{{1,40}})\]\([^()\s]{{5,200}}\)"
    rf"\s{{0,3}}from\s{{1,3}}discussion\s{{0,3}}(?:\[[^\[\]\n]{{0,400}}\]\({_REDDIT}\))?"
    r"(?:\s{0,9}in ?\[(?:r/)?\w{1,40}\]\([^()\s]{5,200}\))?"
)
_CARD = re.compile(
    rf"(?:\A|(?<=\n))[ \t]{{0,3}}\[(?P<title>[^\[\]\n]{{1,200}}(?:\n[^\[\]\n]{{1,200}})?)\]\((?P<address>{_REDDIT})\)"
    r"\s{1,3}from \[r/\w{1,40}\]\(https?://(?:www\.|old\.)?reddit\.com/r/\w{1,40}/?\)[ \t\r]{0,9}(?=\n|\Z)"
)
"""The whole paragraph: in a sentence such links are prose."""


def read(text: str) -> Iterator[Sighting]:
    """The posts in a text, one pattern after the other."""
    # To ask for a sign takes a tenth of the time of a search.
    if "reddit.com/r/" in text:
        yield from _read(text, _TITLED)
        yield from _read(text, _COMMENT)
        yield from _read(text, _COMMENT_BY)
        yield from _read(text, _CARD)


def _read(text: str, pattern: re.Pattern[str]) -> Iterator[Sighting]:
    for found in pattern.finditer(text):
        said = found.groupdict()
        if post_hint(said["address"]) != "reddit":
            continue
        title = " ".join((said.get("title") or "").split())
        embed = Embed(
            position=0,
            form=FORM,
            hint="reddit",
            address=unarchived(said["address"]),
            author_handle=said.get("handle"),
            quotation=title or None,
        )
        yield Sighting(found.start(), found.end(), embed, marked=False)
