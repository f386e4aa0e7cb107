"""Films of YouTube in boxes that a script fills, and in frames that name the site and the film apart.

`<div data-youtube-id="ID">` (Able Player, lazyYT; facades likewise, under names as `data-yt-id`),
`<div data-service="youtube" data-id="ID">` (iframemanager; Plyr and Discourse likewise),
`<div class="youtube-player" data-id="ID">` (Light YouTube Embeds; Brightspot's YouTubeVideoPlayer and the Guardian's
youtube-atom likewise), `<div class="youtube" id="ID">` (codegena, Valnet), `<div id="lyte_ID">` (WP YouTube Lyte);
frames of go-betweens: `?source=youtube&vid=ID` (LiveJournal), and Medium's, whose address tells nothing, but whose
picture is YouTube's own of the film; and frames that a browser saved beside the page, under the film's id.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote

from archiver.embeds.reading.page import Element
from archiver.embeds.reading.pieces import Attributes

NO_EMBED = re.compile(r"share|follow|button|comments|thumb|teaser|related|playlist", re.IGNORECASE)
"""In a class: elements that are about a film, or one of many."""
_LYTE = re.compile(r"lyte_([\w-]{11})")
"""A playlist's is longer."""
_NAMES_BOTH = ("data-youtube-id", "data-youtube")
_NAMED = re.compile(r"data-(?:youtube|yt)(?:[-_]?(?:video|embed|code|key))?(?:[-_]?id)?")
_LISTS = re.compile(r"card|item|gallery|carousel|slide|result", re.IGNORECASE)
"""In a class: one of many, of which the other names tell as well."""
_IDS = (
    *("data-id", "data-video-id", "data-videoid", "data-video_id", "data-embed-id", "data-videolazy-id", "data-vid"),
    *("data-media-key", "data-video", "data-embed", "data-asset-id", "video-id", "videoid", "vid"),
)
_WORDS = ("id", "class", "alt", "title", "name", "href", "src")
"""Attributes that do not say what an element is, if they say "youtube"."""
_CLASS = re.compile(
    r"(?:^|\s)(?:lazy-|w-|\w{1,9}-(?=youtube-player))?youtube"
    r"(?:(?:[-_]?video)?[-_]?player|[-_](?:embed|video|lazy|atom|facade|wrapper|container)|(?:-media-atom)?__(?:content|iframe|player|embed))?"
    r"(?=\s|$)",
    re.IGNORECASE,
)
"""Also what names the component, and what a made-up element is called ("ps-youtubeplayer")."""
_CLASS_ALONE = re.compile(r"(?:^|\s)(?:w-)?youtube(?=\s|$)", re.IGNORECASE)
_NO_NAME = re.compile(
    r"(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*[0-9_]|(?:[\w-]*?[A-Z]){3})(?!(?i:you|yt|video|player))[\w-]{11}"
)
"""An element's own id that is a film's, where only the class speaks of YouTube: no "videoPlayer"."""
_LITE = re.compile(r"(?:^|[\s-])yt-lite(?=\s|$)")
"""Of a box that has but the film's picture in its style or behind its tag (react-lite-youtube-embed, react-notion)."""
_NEAR = 3000
_FILM = re.compile(r"(?=[\w-]*[A-Z0-9_])[\w-]{11}")
"""Of eleven letters as any; hardly one in ten thousand has small ones alone, as words have ("video-embed")."""
_FILM_OF_PLAYER = re.compile(rf"{_FILM.pattern}|(?!video|player|youtube)[a-z]{{11}}")
_SPELT = re.compile(r"[\w-]{11}")
_LEADS_THERE = ("a", "li", "button", "img", "iframe", "script")
"""Elements that lead to a film or list it; what shows one is a box, or a frame with its address."""
_KEYS = ("vid", "id", "v", "video", "videoid", "video_id")
_SITES = ("source", "provider", "type", "site", "service", "host", "platform", "player")
"""Keys of a query under which a go-between has the site and the film."""
_KEPT = re.compile(r"_files/([\w-]{11})(?:\(\d{1,2}\))?\.html?(?:\?|$)")
"""`src="./Sample page_files/ID.html"`: other frames are kept there as "saved_resource.html", "load-cookie.html" …"""
_PICTURE = re.compile(r"ytimg\.com/vi(?:_webp)?/([\w-]{11})/")


def boxed(element: Element, found: Attributes) -> str | None:
    """The id of the film that a script puts into the element; None if it is no such box."""
    lyte = _LYTE.fullmatch(found["id"]) if "id" in found else None
    if lyte is not None:
        return lyte[1]
    lowered = element.lowered
    if element.name in _LEADS_THERE or not ("youtube" in lowered or "yt-lite" in lowered or "data-yt" in lowered):
        return None
    classes = found.get("class", "")
    if NO_EMBED.search(classes):
        return None
    if named := _named(element, found):
        return named
    if any(name not in _WORDS and stated.lower() == "youtube" for name, stated in found.items()):
        return _id(found, _SPELT)
    # A frame in the box says more than the box.
    if _CLASS.search(f"{element.name.partition('-')[2]} {classes} {found.get('data-component', '')}"):
        own = found.get("id", "")
        is_alone = _CLASS_ALONE.search(classes) is not None
        film = _id(found, _FILM if is_alone else _FILM_OF_PLAYER)
        if film is None and is_alone:
            film = own if _NO_NAME.fullmatch(own) else _id({"data-embed": found.get("data-embed", "")}, _FILM_OF_PLAYER)
        return film if film and f"/embed/{film}" not in element.source[len(element.tag) : _NEAR] else None
    picture = _PICTURE.search(element.source[:_NEAR]) if _LITE.search(classes) else None
    return picture[1] if picture else None


def _named(element: Element, found: Attributes) -> str | None:
    """The id in an attribute of which the name says whose film it is."""
    film = next((found[name] for name in _NAMES_BOTH if _SPELT.fullmatch(found.get(name, ""))), None)
    if film or element.name == "article" or _LISTS.search(found.get("class", "")):
        return film
    return next((each for name, each in found.items() if _NAMED.fullmatch(name) and _FILM.fullmatch(each)), None)


def _id(found: Attributes, film: re.Pattern[str]) -> str | None:
    # With what stood behind it in the address that an editor copied: "ID?si=…".
    stated = (found[name].partition("?")[0].partition("&")[0] for name in _IDS if name in found)
    return next((each for each in stated if film.fullmatch(each)), None)


def framed(element: Element, found: Attributes) -> str | None:
    """The id of the film in a frame whose address is not YouTube's; None if it tells of none."""
    if element.name not in ("iframe", "amp-iframe"):
        return None
    is_named = "youtube" in element.lowered
    kept = _KEPT.search(unquote(found.get("src", "").strip())) if "_files/" in element.lowered else None
    if kept is not None and (_FILM if is_named else _NO_NAME).fullmatch(kept[1]):
        return kept[1]
    if not (is_named or "ytimg" in element.lowered):
        return None
    for stated in found.values():
        film = _named_apart(stated.partition("?")[2]) if "=youtube" in stated else None
        if film is not None:
            return film
        picture = _PICTURE.search(unquote(stated)) if "ytimg.com" in stated and "/media/" in element.lowered else None
        if picture is not None:
            return picture[1]
    return None


def _named_apart(query: str) -> str | None:
    try:
        named = parse_qsl(query.replace("&amp;", "&"), max_num_fields=200)
    except ValueError:
        return None
    if not any(key in _SITES and stated == "youtube" for key, stated in named):
        return None
    return next((stated for key, stated in named if key in _KEYS and _SPELT.fullmatch(stated)), None)
