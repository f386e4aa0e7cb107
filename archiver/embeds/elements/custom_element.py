"""Forms "amp" and "custom_element": elements that name a post of X in their attributes.

`<amp-twitter data-tweetid>`, `<twitter-widget data-tweet-id>`, `<embetty-tweet status>`,
`<div class="js-tweet" data-tweetid>`, `<div data-embed-type="twitter" data-embed-id>`, and placeholders of consent and
lazy-loading scripts that carry the address (`data-tweet-url`, `data-social-embedded="twitter" data-href`); Substack's
`<div data-component-name="Twitter2ToDOM" data-attrs>`, which carries the words as well, and Ghost's
`<table class="kg-twitter-card">`, whose links all lead to the post.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from archiver.embeds.elements import carried
from archiver.embeds.elements.iframe import platform_id
from archiver.embeds.reading.page import Element
from archiver.embeds.reading.pieces import attributes
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.urls import unarchived, x_id, x_status

_OF_X = re.compile(r"twitter|tweet|(?<![a-z])x(?![a-z-])|x\.com", re.IGNORECASE)
_SHOWN = re.compile(r"embed|tweet|twitter|social|iframely|drupal-url|ri:url", re.IGNORECASE)
NO_EMBED = re.compile(
    r"shar(?:e|ing)|follow|button|intent|timeline|like|comment|author|byline|analytic|tracking|metric", re.IGNORECASE
)
"""Names of elements that are about a post or a person and do not show one."""
_MARKED = re.compile(r"(?:twitter-tweet|(?<![\w-])w-twitter)(?![\w-])")
_LOADS = re.compile(r"(?:load|embed|render)-?(?:twitter|tweet)", re.IGNORECASE)
"""What a script is to do with the element: Gannett's `data-gl-method="loadTwitter" data-v-id="ID"`."""
_ADDRESS = re.compile(r"(?:https?:)?(?:\\?/){2}[\w.-]{3,60}(?:\\?/)[^\s\"'<>]{5,400}")
_JSON_ID = re.compile(r"\"tweet_?id\"\s{0,3}:\s{0,3}\"?(\d{1,19})(?!\d)", re.IGNORECASE)
_LONG = 20_000
ID_NAMES = ("data-tweet-id", "data-tweetid", "data-twitter-tweet-id")
"""The last is RebelMouse's."""
_PLAIN_NAMES = ("src", "url", "data")
_OTHERS = ("blockquote", "iframe", "object", "embed", "script")
"""Elements that other forms read; Wagtail's database has `<embed embedtype="media" url>`."""
_SAYS_WHAT = re.compile(
    r"shortcode|data-(?:[a-z]{1,20}-)?(?:type|provider|class|component|component-name|module|widget)"
)


def read(element: Element) -> Sighting | None:
    """The post of X that the element names; None if it names none."""
    if element.name in _OTHERS and "embedtype" not in element.lowered:
        return None
    if element.name.startswith("amp-") and element.name not in ("amp-twitter", "amp-embedly-card"):
        return None
    found = attributes(element)
    classes = found.get("class", "")
    if NO_EMBED.search(f"{element.name} {classes} {found.get('id', '')}") and "embed" not in classes:
        return None
    says = " ".join(
        [element.name, *found, classes, *(found[name][:60] for name in found if _SAYS_WHAT.fullmatch(name))]
    )
    is_made_up = "-" in element.name or ":" in element.name or element.name in ("oembed", "a")
    native_id = _stated_id(element, found, says, is_made_up)
    address = _address(found, is_made_up) if native_id is None and _SHOWN.search(says) else None
    if element.name == "table" or "Twitter" in found.get("data-component-name", ""):
        address = address or _linked(element)
    status = x_status(address) if element.name == "table" and address else None
    if status is not None:
        # Ghost writes the post of whomever as `twitter.com/twitter/status/ID`.
        native_id, address = status.native_id, None
    if native_id is None and address is None and "/embed/" in element.lowered:
        # The address of X's frame, kept in a box by consent managers that make all frames boxes.
        native_id = next((each for stated in found.values() if (each := platform_id(stated))), None)
    if native_id is None and address is None:
        return None
    form = "amp" if element.name.startswith("amp-") else "custom_element"
    embed = Embed(0, form, hint="x", address=address, native_id=native_id, **carried.words_in(found))
    return Sighting(element.start, element.end, embed)


def _linked(element: Element) -> str | None:
    """The first address of a post in the links of a card."""
    return next((unarchived(m.group()) for m in _ADDRESS.finditer(element.source[:_LONG]) if x_status(m.group())), None)


def _stated_id(element: Element, found: dict[str, str], says: str, is_made_up: bool) -> str | None:
    """The post's id in an attribute; of attributes that anything may have, in those elements alone that say so."""
    names, classes = list(ID_NAMES), found.get("class", "")
    if is_made_up or _OF_X.search(f"{classes} {found.get('data-type', '')}"):
        names += ["tweet-id", "tweetid"]
    if element.name == "embetty-tweet":
        names.append("status")
    native_id = next((each for name in names if (each := x_id(found.get(name, "")))), None) or _json_id(found)
    if native_id is None and element.name != "li":
        native_id = _marked_id(found, is_made_up)
    stated = found.get("data-embed-id") or found.get("data-embed-file", "")
    embed_id = x_id(stated) if native_id is None else None
    is_of_x = embed_id and (_OF_X.search(says) or _OF_X.search(" ".join(found.values())[:_LONG]))
    return embed_id if is_of_x else native_id


def _marked_id(found: dict[str, str], is_made_up: bool) -> str | None:
    """The post's id where the element's name, its class or what a script is to do with it say that it shows one."""
    if is_made_up or _MARKED.search(found.get("class", "")):
        return _long_id(found.get("data-id", "")) or (None if is_made_up else _long_id(found.get("id", "")))
    is_loaded = any(name[:5] == "data-" and _LOADS.fullmatch(found[name][:20]) for name in found)
    return _long_id(found.get("data-v-id", "") or found.get("data-id", "")) if is_loaded else None


def _json_id(found: dict[str, str]) -> str | None:
    ids = (_JSON_ID.search(value[:_LONG]) for name, value in found.items() if name.startswith("data-"))
    return next((x_id(found_id[1]) for found_id in ids if found_id), None)


def _long_id(stated: str) -> str | None:
    """Shorter numbers are a content system's own."""
    return x_id(stated) if len(stated) >= 15 else None


def _address(found: dict[str, str], is_made_up: bool) -> str | None:
    """The first address of a post of X in the attributes; those that hold JSON name the post's own first."""
    for name, value in found.items():
        if not (is_made_up or name.startswith("data-") or name in _PLAIN_NAMES):
            continue
        is_encoded = value[:9].lower() in ("https%3a%", "http%3a%2")
        is_json = value[:1] in ("{", "[")
        for each in _ADDRESS.finditer(unquote(value[:_LONG]) if is_encoded else value[:_LONG]):
            address = each.group().replace("\\/", "/")
            # Within a string of JSON it stands in words: of another article that a card leads to (Substack).
            is_whole = not is_json or value[each.start() - 1] in "\"'"
            if is_whole and x_status(address):
                return unarchived(address)
    return None
