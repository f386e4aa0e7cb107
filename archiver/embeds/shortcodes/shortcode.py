"""Form "shortcode": the tags by which content systems name a post before they print the page.

WordPress `[tweet …]`, `[embed]URL[/embed]`; Hugo `{{< x user="U" id="ID" >}}`, `{{< tweet ID >}}`, `twitter_simple` …;
Zola `{{ tweet(id="ID") }}`; Jekyll `{% twitter URL %}`; forums `[MEDIA=twitter]ID[/MEDIA]`; Joomla
`{youtube}ID{/youtube}`; Gutenberg `<!-- wp:embed {"url":…} -->`; Drupal's Video Embed WYSIWYG
`{"preview_thumbnail":…,"video_url":"URL","settings":{…}}`.
Sources: platforms.md 1.a.1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from archiver.embeds.elements.named import named
from archiver.embeds.reading.page import Page
from archiver.embeds.reading.readable import unescaped
from archiver.embeds.shortcodes.in_parts import ID_KEYS, address_of
from archiver.embeds.shortcodes.kinds import platform_of
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.permalinks import post_hint
from archiver.urls import unarchived, x_id, x_status

FORM = "shortcode"

_SHORTCODE = re.compile(
    r"\[(?P<wp>[tT]weet|twitter(?:-status)?|x|blackbirdpie|(?:fusion_)?youtube|yt|lyte|instagram|facebook|tiktok"
    r"|(?:vc_|av_|et_pb_)?video|su_youtube|iframe|arve|fve)"
    r"(?:(?:[ =]|(?<=video):)(?P<wp_words>[^\[\]\n]{1,600}))?\](?!\()"
    r"(?:(?P<wp_inside>[^\[\]\s]{5,600})\[/(?P=wp)\])?"
    r"|\"video_url\":\"(?P<set>[^\"\s]{10,600})\",\"settings\":"
    r"|\[(?:MEDIA|media)=(?P<bb>[a-z_]{1,20})\](?P<bb_key>[^\[\]\s]{3,300})\[/(?:MEDIA|media)\]"
    r"|\[(?:embed|media)[^\[\]\n]{0,600}\]\s{0,9}(?P<embed>[^\[\]\s]{8,600})\s{0,9}\[/(?:embed(?:yt)?|media)\]"
    r"|\{\{[<%]\s{0,3}(?P<hugo>[A-Za-z][\w/-]{0,30})\s{1,9}(?P<hugo_words>[^{}]{1,600}?)\s{0,9}/?[>%]\}\}"
    r"|\{\{\s{0,3}(?P<zola>[a-z_]{1,20})\((?P<zola_words>\s{0,9}[a-z_]{1,20}\s{0,3}=[^(){}\n]{1,600})\)\s{0,3}\}\}"
    r"|\{(?P<joomla>youtube)\}(?P<joomla_key>[^{}\s|]{5,300})[^{}\n]{0,100}\{/youtube\}"
    r"|\{%-?\s{0,3}(?P<jekyll>[A-Za-z_]{1,20})\s{1,9}(?P<jekyll_words>[^{}]{1,600}?)\s{0,9}-?%\}",
)
_BRACKET = re.compile(
    r"\[(?:[tT]weet|twitter|x|embed|(?:fusion_)?youtube|yt|lyte|instagram|facebook|tiktok|blackbirdpie"
    r"|(?:vc_|av_|et_pb_)?video|su_youtube|iframe|arve|fve|MEDIA|media)"
)
_BRACES = re.compile(r"\{(?=[{%]|youtube\})")
_FILM_SET = re.compile(r"\"video_url\"")
_WORDS = re.compile(
    r"(?:(?P<key>[A-Za-z_]{1,20})\s{0,2}=\s{0,2})?(?:\"(?P<quoted>[^\"]*)\"|'(?P<single>[^']*)'|(?P<plain>[^\s\"']+))"
)
_TYPOGRAPHIC = "”“″„’‘′»«"
"""WordPress makes the quotation marks of a shortcode typographic that no plugin reads any more."""
_BESIDE_WORDS = _TYPOGRAPHIC + ","
_ONLY_ADDRESSES = ("any", "reddit", "telegram", "threads", "truthsocial")
"""Whose words count where they hold an address of a post: an id alone could be anything."""
_PROVIDER = re.compile(r"\bprovider\s?=\s?[\"'](?P<name>youtube)[\"']")
"""Jekyll's themes share one inclusion: `{% include video id="ID" provider="youtube" %}`."""
_BLOCK = re.compile(rb"<!--\s{0,9}wp:(?:core-)?embed(?:/[a-z-]{1,30})?\s{1,9}(?=\{)")
_BLOCK_LENGTH = 4000
_ANY_BLOCK = re.compile(rb"<!--\s{0,9}/?wp:")
"""Any comment of WordPress's editor."""
_LONGEST_EXAMPLE = 2000
_ID_OF = {
    "youtube": re.compile(r"[\w-]{11}"),
    "instagram": re.compile(r"(?=[^A-Z\d]{0,39}[A-Z\d])[\w-]{5,40}"),
    "facebook": re.compile(r"\d{5,20}|pfbid\w{20,80}"),
    "tiktok": re.compile(r"\d{15,20}"),
    "mastodon": re.compile(r"\d{15,20}"),
    "bluesky": re.compile(r"[2-7a-z]{13}"),
}
"""What else stands there is an account's name or a hashtag, which some show with tags of the same names."""
_QUERY = re.compile(r"[?&].*")
"""Behind an id, what a player is told besides: `{{< youtube "ID?start=60" >}}`."""


def read(text: str) -> Iterator[Sighting]:
    """The posts that shortcodes in the readable text name."""
    end = 0
    for at in sorted(_beginnings(text)):
        found = _SHORTCODE.match(text, at) if at >= end else None
        if found is None:
            continue
        end = found.end()
        embed = _embed(found)
        # Right behind a backtick it is inline code of Markdown: an example.
        if embed is not None and text[at - 1 : at] != "`":
            yield Sighting(at, end, embed)


def _beginnings(text: str) -> Iterator[int]:
    """Where a shortcode may begin. Patterns that begin with one sign are sought many times as fast as one of all of
    them; most brackets are Markdown's links."""
    for sign, beginning in (("[", _BRACKET), ("{", _BRACES), ('"video_url"', _FILM_SET)):
        if sign in text:
            yield from (found.start() for found in beginning.finditer(text))


def _embed(found: re.Match[str]) -> Embed | None:
    if found["embed"] or found["set"]:
        address = unescaped(found["embed"] or found["set"].replace("\\/", "/"))
        hint = post_hint(address)
        return Embed(0, FORM, hint=hint, address=unarchived(address)) if hint else None
    if found["bb"] or found["joomla"]:
        return named(FORM, found["bb"] or found["joomla"], unescaped(found["bb_key"] or found["joomla_key"]))
    name = found["wp"] or found["hugo"] or found["zola"] or found["jekyll"]
    stated = " ".join(filter(None, (found["wp_words"], found["wp_inside"])))
    words = unescaped(stated or found["hugo_words"] or found["zola_words"] or found["jekyll_words"] or "")
    if name == "include":
        # Jekyll's own way to call what a site has written itself: `{% include tweet.html id="…" %}`.
        name, _, words = words.partition(" ")
    hint = platform_of(name)
    if hint == "any" and (of := _PROVIDER.search(words)):
        hint = of["name"]
    if hint is None:
        return None
    return _x_embed(words) if hint == "x" else _other_embed(hint, _words_of(words))


def _x_embed(words: str) -> Embed | None:
    handle = None
    for key, word in _words_of(words):
        status = x_status(word)
        if status is not None:
            return Embed(0, FORM, hint="x", address=unarchived(word), author_handle=status.handle)
        if key == "user":
            handle = word.lstrip("@") or None
    native_id = next((word for key, word in _words_of(words) if key in ID_KEYS and x_id(word)), None)
    return Embed(0, FORM, hint="x", native_id=native_id, author_handle=handle) if native_id else None


def _other_embed(hint: str, stated: list[tuple[str, str]]) -> Embed | None:
    """The post whose address or, where the platform is known, id the words of a shortcode hold."""
    address = next((word for _, word in stated if post_hint(word)), None) or address_of(hint, stated)
    if address is not None:
        hint = post_hint(address) or hint if hint in _ONLY_ADDRESSES else hint
        return Embed(0, FORM, hint=hint, address=unarchived(address))
    is_id = _ID_OF.get(hint)
    ids = (_QUERY.sub("", word) for key, word in stated if key in ID_KEYS)
    native_id = next((each for each in ids if is_id and is_id.fullmatch(each)), None)
    return Embed(0, FORM, hint=hint, native_id=native_id) if native_id else None


def _words_of(words: str) -> list[tuple[str, str]]:
    found = _WORDS.finditer(words[:600])
    return [(_plain(m["key"]), (m["quoted"] or m["single"] or m["plain"] or "").strip(_BESIDE_WORDS)) for m in found]


def _plain(key: str | None) -> str:
    return key.replace("_", "").lower() if key else ""


def examples(page: Page) -> list[tuple[int, int]]:
    """Where the page shows how a shortcode is written, and means none: `<code>` around one."""
    source, found = page.hints.lower, []
    for spoken in page.hints.spoken:
        if source[spoken] in b"[{":
            opened = source.rfind(b"<code", max(spoken - _LONGEST_EXAMPLE, 0), spoken)
            closed = source.find(b"</code", opened, spoken + _LONGEST_EXAMPLE) if opened >= 0 else -1
            if closed > spoken:
                found.append((opened, closed))
    return found


def is_comment(page: Page, zone: tuple[int, int]) -> bool:
    """Whether what is hidden is a comment around an embed's markup, and none that a form reads."""
    start, end = zone
    is_comment = page.source.startswith(b"<!--", start) and _ANY_BLOCK.match(page.source, start) is None
    return is_comment and page.hints.any_marked(start, end)


def read_blocks(page: Page) -> Iterator[Sighting]:
    """The posts that Gutenberg's block comments name; they stand in the source, not in the readable text."""
    source = page.source
    for spoken in page.hints.spoken:
        opened = source.rfind(b"<!--", max(spoken - 20, 0), spoken)
        found = _BLOCK.match(source, opened) if opened >= 0 else None
        if found is None:
            continue
        end = source.find(b"-->", found.end(), found.end() + _BLOCK_LENGTH)
        try:
            address = json.loads(source[found.end() : end].strip(b" \t\n/")).get("url") if end > 0 else None
        except (ValueError, AttributeError, RecursionError):
            continue
        hint = post_hint(address) if isinstance(address, str) else None
        if hint and isinstance(address, str):
            yield Sighting(found.start(), end + 3, Embed(0, FORM, hint=hint, address=unarchived(address)))
