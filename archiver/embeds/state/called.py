"""Form "script": posts that a program hands to X's and YouTube's own programs, or to a player."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from archiver.model.embed import Embed
from archiver.permalinks import post_hint
from archiver.urls import unarchived, x_id

_CREATE = re.compile(r"create(?<!\wcreate)(?:Tweet|Video)\s{0,9}\(\s{0,9}[\"'](\d{1,19})[\"']")
_FILM = re.compile(
    r"YT\.Player(?<!\wYT\.Player)\s{0,9}\([^;]{0,600}?\bvideoId[\"']?\s{0,9}:\s{0,9}[\"']([\w-]{11})[\"']"
)
"""YouTube's own player, made by a program: `new YT.Player('box', {videoId: 'ID'})`."""
_SETUP = re.compile(
    r"jwplayer(?<!\wjwplayer)\s{0,9}\([^;]{0,600}?\bfile[\"']?\s{0,9}:\s{0,9}[\"']([^\s\"'<>]{10,300})[\"']"
)
"""JW Player, to which a film of YouTube is a file: `jwplayer('box').setup({file: 'ADDRESS'})`."""
_FLASH = re.compile(r"embedSWF(?<!\wembedSWF)\s{0,9}\(\s{0,9}[\"']([^\"'\s]{10,500})[\"']")
"""The player of old, `swfobject.embedSWF("http://www.youtube.com/v/ID&rel=0", …)`."""
_CALLS = BytesAhoCorasick(
    [b"createTweet", b"createVideo", b"YT.Player", b"jwplayer", b"embedSWF"], MatchKind.LeftmostFirst
)
"""What the patterns begin with; sought together so, they take a tenth of the time of searches in text. They look back
for the beginning of a word, because to begin with that makes a search twenty times slower."""


def read(source: bytes) -> Iterator[Embed]:
    """The posts that the program of a script shows, which is in UTF-8."""
    if not _CALLS.find_matches_as_indexes(source):
        return
    content = source.decode("utf-8", "replace")
    for found in _CREATE.finditer(content) if "create" in content else ():
        native_id = x_id(found[1])
        if native_id:
            yield Embed(0, "script", hint="x", native_id=native_id)
    for found in _FILM.finditer(content) if "YT.Player" in content else ():
        yield Embed(0, "script", hint="youtube", native_id=found[1])
    for name, pattern in (("jwplayer", _SETUP), ("embedSWF", _FLASH)):
        for found in pattern.finditer(content) if name in content else ():
            film = unarchived(found[1].replace("\\/", "/"))
            if post_hint(film) == "youtube":
                yield Embed(0, "script", hint="youtube", address=film)
