"""JSON in which a mirroring program has taken escaped markup for the page's own: `wget --convert-links` writes

    "<iframe src=\\"https://site/embed/ID\\">"    as    "<iframe src="http://page/\\&quot;https://site/embed/ID\\&quot;">"

after which it is no JSON any more, and what the page's state tells of its embeds is lost.
"""

from __future__ import annotations

import re

_MARK = b"\\&quot;"
_CONVERTED = re.compile(rb'="https?://[^\s"<>\\]{1,300}/\\&quot;([^\s"<>\\]{1,900})\\&quot;"')


def mended(source: bytes) -> bytes:
    """A script as it was before."""
    return _CONVERTED.sub(rb'=\\"\1\\"', source) if _MARK in source else source
