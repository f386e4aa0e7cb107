"""Embeds of other platforms than X: their own markup, frames and consent placeholders.

Sources: platforms.md 2 to 11. Forms are named as for X. What is declared to be a post of a platform is kept, also where
its address is of no shape that we know: then no adapter claims it, and it stays unidentified.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from archiver.embeds.elements import films, printed
from archiver.embeds.elements.documents import kept_address, named_address
from archiver.embeds.elements.films import NO_EMBED
from archiver.embeds.elements.iframe import plain
from archiver.embeds.elements.kept import is_kept
from archiver.embeds.reading.page import Element
from archiver.embeds.reading.pieces import Attributes, attributes, parse
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.permalinks import post_address, post_hint
from archiver.urls import host, unarchived

_CLASSES = {
    "instagram-media": "instagram",
    "tiktok-embed": "tiktok",
    "mastodon-embed": "mastodon",
    "bluesky-embed": "bluesky",
    "text-post-media": "threads",
    "reddit-embed": "reddit",
    "reddit-embed-bq": "reddit",
    "reddit-card": "reddit",
    "youtube_player": "youtube",
    "instagram_player": "instagram",
    "tiktok_player": "tiktok",
    "truthsocial-embed": "truthsocial",
    "fb-post": "facebook",
    "fb-video": "facebook",
}
_TYPES = ("instagram", "facebook", "youtube", "tiktok", "threads", "bluesky", "mastodon", "reddit", "telegram")
_ADDRESSES = (
    "src",
    "data-src",
    "data-lazy-src",
    "data-cmp-src",
    "data-cookieblock-src",
    "data-original",
    "data-instgrm-permalink",
    "data-text-post-permalink",
    "data-bluesky-uri",
    "data-embed-url",
    "data-v-src",
    "data-plyr-embed-id",
    "data-onebox-src",
    "data-href",
    "data-url",
    "cite",
    "href",
    "url",
    "uri",
    "data",
    "ri:value",
)
_IDS = (
    *("data-embed-id", "data-video-id", "data-videoid", "videoid", "data-shortcode"),
    *("data-telegram-post", "data-plyr-embed-id"),
)
_FILM_OF_TIKTOK = re.compile(r"(?:[^\"'<>?#]{0,300}/)?(\d{15,20})(?:\.html?)?")
"""HTTrack takes the id for an address and makes the name of a file of it."""
_INNER = ("href", "url", "src")
"""Parameters in which go-betweens hand on an address."""
_FORMS = {"amp": "amp", "blockquote": "blockquote", "iframe": "iframe", "object": "object", "embed": "object"}
_LITE = {"lite-youtube": "youtube", "youtube-video": "youtube", "fb:post": "facebook", "fb:video": "facebook"}
_SHOWING = re.compile(
    r"embed|player|video|social|drupal-url|ri:url|youtube|instagram|facebook|tiktok|bsky|bluesky|threads|reddit",
    re.IGNORECASE,
)
"""In the name of an element that a content system made up: it shows what its address leads to."""
LOOK_INTO = 20_000
_SHOWN_IN = re.compile(
    r"data-(?:(?:lazy|media|embed|youtube|yt|post|src|full)[-_])?(?:video|iframe|frame|youtube|player|embed)"
    r"(?:[-_]?(?:url|uri|src|source|href|link))?"
)
"""Names of attributes of boxes that a script turns into players: `data-video` (KingComposer, Kioken), `data-video-url`
(Elementor's playlist, Tistory), `data-iframe` (ARVE) …; not of films behind a text (`data-video-bg`)."""
_NO_BOXES = ("blockquote", "object", "script", "article")
_SAYS_WHAT = re.compile(r"data-(?:[a-z]{1,20}-)?(?:type|class|component|module|widget)")
_PLAY = re.compile(r"(?<![a-z])play(?![a-z])")
LISTS = re.compile(r"card|carousel|gallery|slide|item|list|hover|background|\bbg\b|banner|hero", re.IGNORECASE)
_HREF = re.compile(r"(?:href|value)\s{0,3}=\s{0,3}[\"']?([^\s\"'<>]{10,500})", re.IGNORECASE)
_SHOWS_MANY = re.compile(
    r"videoseries|/playlist|/channel/|live_stream|listType=|/user/"
    r"|instagram\.com/(?!(?:p|reels?|tv|stories|explore)/)[\w.]{1,30}/(?:embed/?)?(?:[?#]|$)"
    r"|//[\w.-]{4,80}/@[\w.-]{1,40}(?:@[\w.-]{4,80})?/?(?:embed/?)?(?:[?#]|$)"
    r"|tiktok\.com/(?:@|(?:tag|music|discover|trending)(?:/[^/?#]{0,200})?)/?(?:[?#]|$)",
    re.IGNORECASE,
)
"""Addresses of players that show no one post, and of Instagram's and TikTok's own markup around an account, a tag or a
sound."""
_COMPONENT = "data-component-name"
"""Substack's name of what a box shows ("InstagramToDOM", "Youtube2ToDOM", "TikTokCreateTikTokEmbed"); what it needs for
that stands as JSON in `data-attrs`."""
_COMPONENT_ID = re.compile(r"\"(?:instagram_id|videoId)\"\s{0,3}:\s{0,3}\"([\w-]{5,40})\"")
_PLAYERS = re.compile(r"data-(?:[\w-]{1,40}-)?(?:settings|setup|setup-lazy|item|options|config)")
"""Complianz's `data-cmplz-elementor-settings` waits for consent."""
_PLAYS_YOUTUBE = re.compile(r"\"video_type\"\s{0,3}:\s{0,3}\"youtube\"|\"video\\?/youtube\"", re.IGNORECASE)
_IN_JSON = re.compile(r"\"((?:https?:)?(?:\\?/){2}[^\"\s]{5,400})\"", re.IGNORECASE)
_BUTTON = re.compile(r"/plugins/(?!post|video)[a-z_]{1,30}\.php", re.IGNORECASE)
"""Facebook's frames around a post's address that show a button or a page."""
_ABOUT = re.compile(
    r"shar(?:e|ing)|follow|\b(?:fb|facebook)-(?:like|comments|send|save|page)\b|data-(?:network|share)|analytic|tracking",
    re.IGNORECASE,
)
"""Names, classes and attributes of elements that are about an address and do not show it."""
_ABOUT_FRAME = re.compile(rf"(?<![a-z])(?:{_ABOUT.pattern})", re.IGNORECASE)
"""At the beginning of a word: DokuWiki's frames are of the class "vshare__center"."""


def read(element: Element) -> Sighting | None:
    """The post of another platform that the element shows; None if it shows none."""
    found = attributes(element)
    if element.name == "button":
        address = _of_button(found)
    else:
        address = _address(found) or _held_address(element, found) or _played_address(found)
        address = address or _set_address(element, found) or kept_address(found, _declared(element, found))
    film = films.boxed(element, found) or (None if address else films.framed(element, found))
    declared = "youtube" if film else _declared(element, found)
    hint = declared or (post_hint(address) if address else None)
    if hint is None or hint == "x" or (declared is None and not _may_show(element, found)):
        return None
    native_id = film or _stated_id(element, found)
    if address is None and (element.name in ("blockquote", "object") or declared == "reddit"):
        address = _inner_address(element, hint)
    if address is None and native_id is None:
        address = (named_address(found) or _raw_address(found)) if declared else None
    if address is None and native_id is None and not (declared and is_kept(element, found)):
        return None
    form = "amp" if element.name.startswith("amp-") else element.name
    form = _FORMS.get(form, "custom_element")
    embed = Embed(0, form, hint=hint, address=address, native_id=native_id, **_words(element, hint))
    return Sighting(element.start, element.end, embed)


def _inner_address(element: Element, hint: str) -> str | None:
    """The first address of a post within the element; Reddit's of a comment before that of what it comments on, which
    some languages name first."""
    inner = (unarchived(m[1].replace("&amp;", "&")) for m in _HREF.finditer(element.source[:LOOK_INTO]))
    posts = [(each, post) for each in inner if (post := post_address(each)) is not None and post.platform == hint]
    comment = (each for each, post in posts if hint == "reddit" and "/" in (post.native_id or ""))
    return next(comment, posts[0][0] if posts else None)


def _stated_id(element: Element, found: Attributes) -> str | None:
    """The post's id in an attribute; of attributes that every element may have, in those elements alone that say so."""
    if element.name == "embetty-video":
        return found.get("video-id") or None
    if _COMPONENT in found and (component := _COMPONENT_ID.search(found.get("data-attrs", "")[:LOOK_INTO])):
        return component[1]
    if element.name == "amp-tiktok" and (film := _FILM_OF_TIKTOK.fullmatch(found.get("data-src", ""))):
        return film[1]
    # The first AMP components had attributes without "data-".
    names = (*_IDS, "shortcode") if element.name == "amp-instagram" else _IDS
    stated = (found[name].partition("?")[0] for name in names if found.get(name) and "//" not in found[name])
    return next(stated, None)


def _may_show(element: Element, found: Attributes) -> bool:
    """Whether nothing in the names speaks against an undeclared element's showing what its address leads to; a frame's
    attributes are its player's affair ("data-tracking")."""
    if element.name in ("iframe", "amp-iframe"):
        return not _ABOUT_FRAME.search(found.get("class", ""))
    is_made_up = ("-" in element.name or ":" in element.name) and not element.name.startswith("amp-")
    if is_made_up and (not _SHOWING.search(element.name) or NO_EMBED.search(element.name)):
        return False
    return not _ABOUT.search(" ".join((element.name, found.get("class", ""), found.get("id", ""), *found)))


def _words(element: Element, hint: str) -> dict[str, Any]:
    """The fields of Embed that hold what the article prints of the post, where its markup is a quotation."""
    quotes = element.name == "blockquote" or "<blockquote" in element.source.lower()
    piece = parse(element) if quotes else None
    return printed.words_of(piece, hint) if piece is not None else {}


def _declared(element: Element, found: Attributes) -> str | None:
    """The platform that the markup itself names."""
    if element.name.startswith(("amp-", "bento-")):
        name = element.name.partition("-")[2]
        return name if name in _TYPES else None
    if element.name == "script" or "data-telegram-post" in found:
        return "telegram" if "data-telegram-post" in found else None
    if element.name in _LITE:
        return _LITE[element.name]
    if element.name == "iframe" and "data-bluesky-id" in found:
        return "bluesky"
    if component := found.get(_COMPONENT, "").lower():
        return next((platform for platform in _TYPES if component.startswith(platform)), None)
    for word in found.get("class", "").lower().split():
        if word in _CLASSES:
            return _CLASSES[word]
    if element.name == "object":
        inner = _HREF.findall(element.source[:5000])
        return next((hint for hint in map(post_hint, inner) if hint), None)
    player = found.get("type", "") if element.name == "embetty-video" else found.get("data-plyr-provider", "")
    declared = (player or found.get("data-embed-type", found.get("data-social-embedded", ""))).lower()
    return declared if declared in _TYPES and element.name not in ("iframe", "blockquote") else None


def _address(found: Attributes) -> str | None:
    """The address of a post among the attributes, also as a parameter of a frame's address (go-betweens)."""
    for stated in filter(None, map(found.get, _ADDRESSES)):
        if len(stated) < 10:
            continue
        address = unarchived(plain(stated))
        if _BUTTON.search(address):
            continue
        inner = next((each for key, each in _query(address) if key in _INNER and post_hint(each)), None)
        if inner is not None:
            return unarchived(inner)
        if post_hint(address) is not None:
            return address
    return None


def _held_address(element: Element, found: Attributes) -> str | None:
    """The address of a post in any attribute of an element that calls itself an embed: placeholders of consent and
    lazy-loading scripts have names of their own for it."""
    classes, held = found.get("class", ""), [(name, each) for name, each in found.items() if "//" in each]
    if not held or element.name in ("blockquote", "object", "script") or NO_EMBED.search(classes):
        return None
    is_frame, lowered = element.name in ("iframe", "amp-iframe"), element.lowered
    calls_itself = "embed" in lowered or "data-provider" in lowered or "element-instagram" in lowered
    may_name = not is_frame and element.name != "article" and LISTS.search(classes) is None
    stated = (
        unarchived(each)
        for name, each in held
        if is_frame or (calls_itself and name[:5] == "data-") or (may_name and _SHOWN_IN.fullmatch(name))
    )
    return next((each for each in stated if post_hint(each) not in (None, "x")), None)


def _of_button(found: Attributes) -> str | None:
    """The address of the player that takes a play button's place (ARVE, Blazy); other buttons show nothing."""
    if not _PLAY.search(found.get("class", "")) or "clipboard" in " ".join(found):
        return None
    players = (unarchived(each) for each in found.values() if "/embed/" in each)
    return next((each for each in players if post_hint(each) not in (None, "x")), None)


def _played_address(found: Attributes) -> str | None:
    """The address of a film in the settings of a player, JSON that says it is YouTube's (Elementor, Video.js, FV
    Player): Elementor leaves the address of its sample film in those of others."""
    players = (stated for name, stated in found.items() if stated[:1] == "{" and _PLAYERS.fullmatch(name))
    stated = [each for each in players if _PLAYS_YOUTUBE.search(each[:LOOK_INTO])]
    film = next((each for each in _in_json(*stated) if post_hint(each) == "youtube"), None) if stated else None
    if film or _COMPONENT not in found:
        return film
    return next((each for each in _in_json(found.get("data-attrs", "")) if post_hint(each)), None)


def _in_json(*stated: str) -> Iterator[str]:
    """The addresses in JSON."""
    for each in stated:
        yield from (unarchived(m[1].replace("\\/", "/")) for m in _IN_JSON.finditer(each[:LOOK_INTO]))


def _set_address(element: Element, found: Attributes) -> str | None:
    """The address of a post in JSON in an attribute: of a player, as only frames have it (MediaWiki's EmbedVideo,
    TYPO3's media2click), or of any where type or class are an embed's (`data-react-class="InstagramEmbed"`)."""
    held = [each for name, each in found.items() if name[:5] == "data-" and each.lstrip()[:1] in ("{", "[")]
    classes = found.get("class", "")
    if not held or element.name in _NO_BOXES or NO_EMBED.search(classes) or LISTS.search(classes):
        return None
    is_embed = any(
        "embed" in found[name].lower()[:60] for name in found if name == "class" or _SAYS_WHAT.fullmatch(name)
    )
    shown = (address for address in _in_json(*held) if is_embed or "/embed/" in address)
    return next((address for address in shown if post_hint(address) not in (None, "x")), None)


def _raw_address(found: Attributes) -> str | None:
    """What stands where the post's address should, and is no page of many posts."""
    stated = (unarchived(found[name]) for name in _ADDRESSES if found.get(name))
    return next((each for each in stated if host(each) and not _SHOWS_MANY.search(each)), None)


def _query(address: str) -> list[tuple[str, str]]:
    query = address.partition("?")[2]
    # Hardly any has one of the keys that are asked for, and to take a query apart takes as long as all else.
    if "%" not in query and not ("href" in query or "url" in query or "src" in query):
        return []
    try:
        return parse_qsl(urlsplit(address).query.replace("&amp;", "&"), max_num_fields=200)
    except ValueError:
        return []
