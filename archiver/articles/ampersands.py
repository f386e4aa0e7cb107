"""Ampersands of XML that begin no reference, as feeds have them in addresses (`?a=1&b=2`) and as HTML's `&nbsp;`.

Outside of CDATA they are written as what they stand for, so that one does not cost all that follows it.
"""

from __future__ import annotations

import re

_NO_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")
_FORBIDDEN = re.compile(r"&#(?:0{0,5}(?:[0-8]|1[124-9]|2\d|3[01])|x0{0,4}(?:[0-8bcefBCEF]|1[0-9A-Fa-f]));")
"""References to signs that XML does not allow: all below the blank but tab and line's ends."""
_OPENING = re.compile(r"<!\[CDATA\[|<!--")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->"}
_BEGUN = re.compile(r"(?:&[#\w]{0,9}|<(?:!(?:-*|\[[CDAT]{0,5})?)?|\]\]?|--?)\Z")
"""At the end of a piece: what the next one may make one of these."""
_LONGEST = 12
"""Characters: nothing that is sought is longer."""


class Mender:
    """Mends a text that comes in pieces."""

    def __init__(self) -> None:
        self._end = ""
        """What ends the CDATA or the comment that is open."""
        self._kept = ""

    def mended(self, piece: str, *, final: bool = False) -> str:
        """The piece, but for an end that may be the beginning of something; that comes with the next one."""
        text = self._kept + piece
        cut = None if final else _BEGUN.search(text, max(len(text) - _LONGEST, 0))
        self._kept = text[cut.start() :] if cut else ""
        text = text[: cut.start()] if cut else text
        mended: list[str] = []
        at = 0
        while at < len(text):
            if self._end:
                found = text.find(self._end, at)
                stop = len(text) if found < 0 else found + len(self._end)
                mended.append(text[at:stop])
                self._end = self._end if found < 0 else ""
            else:
                opening = _OPENING.search(text, at)
                stop = opening.end() if opening else len(text)
                mended.append(_FORBIDDEN.sub("\ufffd", _NO_REFERENCE.sub("&amp;", text[at:stop])))
                self._end = _ENDS[opening[0]] if opening else ""
            at = stop
        return "".join(mended)
