"""The HTML of a body that its source keeps in another way.

JSON of blocks       as Editor.js, Sanity, Ghost, Wagtail and Strapi write: laid in a script, as on their pages
escaped once more    `&lt;p&gt;Sample text&lt;/p&gt;`
"""

from __future__ import annotations

import html
import json
import re

_BEGINNING = re.compile(r"\s*+&lt;(?:[a-z][a-z0-9]{0,15}(?=[\s/&])|!--|!doctype)", re.IGNORECASE)
_TAG = re.compile(r"<[a-z/!]", re.IGNORECASE)
_BLOCKS = re.compile(r"\s*+(?:\{\s*+\"|\[\s*+[\[{\"])")


def as_html(body: str) -> str:
    """The body as HTML; what is plain HTML comes back as it is."""
    if _BLOCKS.match(body) and _is_json(body):
        # No "</" stands in JSON but in a string, where it may be written so.
        within = body.replace("</", "<\\/")
        return f'<script type="application/json">{within}</script>'
    # Words about markup stay words: it begins with a tag, and has none that is not escaped.
    return html.unescape(body) if _BEGINNING.match(body) and _TAG.search(body) is None else body


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
