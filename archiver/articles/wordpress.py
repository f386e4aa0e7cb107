"""What WordPress keeps of a post, brought nearer to the page that it makes of it.

It embeds an address that is alone on its line, though in HTML a line's end is but a blank: such addresses of posts
become paragraphs. WPBakery keeps raw HTML in base64: `[vc_raw_html]JTNDZGl2…[/vc_raw_html]`. Themes keep the film above
a post in its meta, as an address or in PHP's way: `a:1:{s:8:"td_video";s:43:"https://…";}`.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable
from itertools import islice
from urllib.parse import unquote

from archiver.permalinks import post_address

_LINE = re.compile(r"^[ \t]*(https?://[^\s<>\"]+)[ \t\r]*$", re.MULTILINE | re.IGNORECASE)
"""As WordPress has it (`WP_Embed::autoembed`)."""
_RAW = re.compile(r"\[vc_raw_html\b[^\[\]]{0,600}\]([A-Za-z0-9+/=\s]+)\[/vc_raw_html\]")
_COLUMN = re.compile(r"\bpost_content\b", re.IGNORECASE)
_OF_FILMS = re.compile(r"video|(?<!_o)embed", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s\"'<>;,\\]{8,600}")

_MOST_FILMS = 200
"""No post has more; each is sought in the whole content."""


def is_content(name: str) -> bool:
    """Whether a query or a field names the column in which WordPress keeps posts."""
    return _COLUMN.search(name) is not None


def rendered(content: str) -> str:
    """The content with addresses of posts on lines of their own as paragraphs, and raw HTML as what it is."""
    if "[vc_raw_html" in content:
        content = _RAW.sub(_decoded, content)
    return _LINE.sub(_paragraph, content)


def films(meta: Iterable[tuple[str, str]], content: str) -> str:
    """Markup for the posts whose addresses stand in meta that is named after films; "" for what the content has."""
    kept = (kept for key, kept in meta if "<" not in kept and _OF_FILMS.search(key))
    addresses = dict.fromkeys(address for each in kept for address in _ADDRESS.findall(each))
    found: dict[str, str] = {}
    for address in islice(addresses, _MOST_FILMS):
        post = post_address(html.unescape(address))
        if post is not None and post.native_id and post.native_id not in content:
            found.setdefault(post.native_id, address)
    return "\n\n".join(f"<p>{address}</p>" for address in found.values())


def _paragraph(line: re.Match[str]) -> str:
    return f"<p>{line[1]}</p>" if post_address(html.unescape(line[1])) else line[0]


def _decoded(raw: re.Match[str]) -> str:
    try:
        return unquote(base64.b64decode("".join(raw[1].split())).decode())
    except ValueError:
        return raw[0]
