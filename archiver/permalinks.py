"""Addresses of posts: which platform, which post, whose. Every address form of every platform, in one table.

Pure and without network. Sources: platforms.md 1.b and 2 to 11; the table was tried on 705 saved pages.
Addresses of channels, profiles, playlists, timelines and hashtags are no posts' addresses.
A new address form is one row of `_ROWS`, and one line in the table of its test.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, unquote

from archiver.urls import MAX_ADDRESS, X_MIRRORS, plain_x_status, split, unarchived, x_status_of

PLATFORMS = (
    "x",
    "bluesky",
    "mastodon",
    "youtube",
    "instagram",
    "facebook",
    "threads",
    "tiktok",
    "reddit",
    "telegram",
    "truthsocial",
)
"""Every platform whose posts are known by their addresses; whether anybody looks at them, the adapters say."""


class PostAddress(NamedTuple):
    """What the address of a post says."""

    platform: str
    """One of PLATFORMS."""
    host: str | None
    """The server of a federated platform ("mastodon"); None where the platform is one place."""
    native_id: str | None
    """The post's id, as a string; None behind a short link. More than one part stands with "/" between: Telegram's
    CHANNEL/NUMBER, Bluesky's REPOSITORY/KEY, the POST/COMMENT of a comment at Reddit."""
    handle: str | None
    """What stands in the author's place of the address, without "@"; None where nothing does."""
    short_link: str | None = None
    """The address that leads to the post, without what varies; None where the id itself is known."""


def post_address(address: str) -> PostAddress | None:
    """What an address says about the post it names; None if it is no post's.

    Web-archive rewriting is undone, hosts are compared by label, the frames of the platforms' own widgets count as
    the post that they show. A string that cannot be one is told in about a microsecond.
    """
    return _read(address) if len(address) <= MAX_ADDRESS and _may_be_one(address.lower()) else None


def post_hint(address: str) -> str | None:
    """The platform whose post an address names ("x", "youtube" …); None if it is no post's address."""
    found = post_address(address)
    return found.platform if found else None


def _may_be_one(lowered: str) -> bool:
    """Whether a platform's name or a server's post path stands in it: plain substrings, for thousands of strings."""
    return (
        "/@" in lowered
        or "youtu" in lowered
        or "facebook." in lowered
        or "twit" in lowered
        or "x.com" in lowered
        or "instag" in lowered
        or "t.me/" in lowered
        or "tiktok." in lowered
        or "fb." in lowered
        or "redd" in lowered
        or "bsky." in lowered
        or "threads." in lowered
        or "telegram." in lowered
        or "truthsocial." in lowered
        or "/users/" in lowered
        or "at://" in lowered
        or "xfixup" in lowered
        or "xcancel" in lowered
        or "nitter" in lowered
        or "invidious." in lowered
        or "yewtu." in lowered
    )


@lru_cache(maxsize=1024)
def _read(address: str, depth: int = 0) -> PostAddress | None:
    # The same few addresses are asked for by every form that meets them, and once more by their platform.
    plain = plain_x_status(address)
    if plain is not None:
        return PostAddress("x", None, plain.native_id, plain.handle)
    lowered = address.lower()
    if "/http" in lowered or "archiv" in lowered or "arquivo" in lowered or "/web/" in lowered or ".goog" in lowered:
        address = unarchived(address)
    if address.lstrip()[:5].lower() == "at://":
        return _of_bluesky_uri(address.strip())
    parts = split(address)
    if parts is None:
        return None
    path = unquote(parts.path).replace("?", "%3F") if "%" in parts.path else parts.path
    path = _SLASHES.sub("/", path) if "//" in path else path
    return _by_rows(parts, f"{path}?{parts.query}" if parts.query else path, depth)


def _by_rows(parts: SplitResult, target: str, depth: int) -> PostAddress | None:
    is_claimed = False
    for name in _names(parts.netloc):
        if name in _X_DOMAINS or "nitter" in parts.netloc.split("."):
            status = x_status_of(parts)
            return PostAddress("x", None, status.native_id, status.handle) if status else None
        for platform, pattern in _ROWS_OF.get(name, ()):
            is_claimed = True
            found = pattern.match(target)
            if found is not None:
                return _said(platform, parts, found, depth)
    found = None if is_claimed else _MASTODON.match(target)
    return PostAddress("mastodon", parts.netloc, found["id"], found["handle"] or found["user"]) if found else None


def _names(host: str) -> list[str]:
    """ "=vm.tiktok.com", "vm.tiktok.com", "tiktok.com": the rows of the host alone, then those of whole domains."""
    if _INVIDIOUS in host and _INVIDIOUS in host.split("."):
        return [_INVIDIOUS]
    labels = host.rsplit(".", 3)[-3:]
    return [f"={host}", *(".".join(labels[first:]) for first in range(len(labels) - 1))]


def _said(platform: str, parts: SplitResult, found: re.Match[str], depth: int) -> PostAddress | None:
    said = found.groupdict()
    if "inner" in said:
        inner = unquote(said["inner"])
        named = _read(inner, depth + 1) if depth < 2 and len(inner) <= MAX_ADDRESS else None
        return named if named and named.platform == platform else None
    if "code" in said:
        return PostAddress(platform, None, None, None, f"https://{parts.netloc}{found[0].rstrip('/')}")
    native_id, handle, part_of = said["id"], said.get("handle") or None, said.get("of")
    if platform == "bluesky":
        return _of_bluesky(said["of"], native_id)
    if platform == "reddit":
        native_id, part_of = native_id.lower(), part_of and part_of.lower()
    if platform == "telegram":
        handle = part_of
    return PostAddress(platform, None, f"{part_of}/{native_id}" if part_of else native_id, handle)


def _of_bluesky_uri(uri: str) -> PostAddress | None:
    found = _BLUESKY_URI.match(uri)
    return _of_bluesky(found["of"], found["id"]) if found else None


def _of_bluesky(repository: str, key: str) -> PostAddress:
    """A repository has one DID and, over the years, many handles: the id has the DID wherever the address has it."""
    is_did = repository.lower().startswith("did:")
    repository = repository if is_did else repository.lower()
    return PostAddress("bluesky", None, f"{repository}/{key}", None if is_did else repository)


_KEY = r"(?:[^#]{0,1000}?[&;])??"
"""What may stand before a key of a query."""
_END = r"/?(?=\?|$)"
_VIDEO = r"(?P<id>(?!videoseries|live_stream)[\w-]{11})(?![\w-])"
_X_DOMAINS = frozenset(("x.com", "twitter.com", *X_MIRRORS))
_SLASHES = re.compile(r"/{2,9}")
_CODE = r"(?P<id>[\w-]{5,60})(?![\w-])"
_FLAKE = r"(?P<id>[1-9]\d{14,19})(?![\w-])"
_STORY = r"(?P<id>[1-9]\d{4,24}|pfbid[A-Za-z0-9]{10,100}|UzpfS[\w=-]{10,200})(?![\w.-])"
_REPOSITORY = r"(?P<of>did:[a-z]{1,10}:[\w.:%-]{3,253}|(?:[a-z0-9-]{1,63}\.){1,10}[a-z0-9-]{1,63})"
_KEY_OF_POST = r"(?P<id>[\w.~-]{5,64})(?![\w.~-])"
_SUBREDDIT = r"/(?:(?:r/[\w-]{1,40}|u(?:ser)?/(?P<handle>[\w-]{1,40}))/)?"
_NO_CHANNEL = (
    r"(?!(?:joinchat|addstickers|addemoji|addtheme|addlist|share|proxy|socks|setlanguage|login|invoice|boost"
    r"|contact|giftcode|confirmphone)/)"
)

_BLUESKY_URI = re.compile(rf"at://{_REPOSITORY}/app\.bsky\.feed\.post/{_KEY_OF_POST}", re.ASCII | re.IGNORECASE)
_MASTODON = re.compile(
    r"(?:/web|/deck)?(?:/@(?P<handle>[\w.-]{1,60}(?:@[\w.-]{1,253})?)/(?=\d{15,20}(?!\d)|\d{4,14}/embed)"
    rf"|/users/(?P<user>[\w.-]{{1,60}})/statuses/)(?P<id>[1-9]\d{{0,19}})(?:/embed)?{_END}",
    re.ASCII,
)
"""Any server's: from ids of fifteen digits on, which every post since 2016 has; older ones only in frames."""

_YOUTUBE = "youtube.com youtube-nocookie.com youtube.googleapis.com youtubeeducation.com youtu.be"
_INVIDIOUS = "invidious"
"""In the names of most servers that show YouTube's films in its place, as "nitter" is in those that show X's posts."""
_INSTAGRAM = "instagram.com instagr.am"
_FACEBOOK = "facebook.com =fb.com =www.fb.com =m.fb.com"
_ROWS = (
    (
        "youtube",
        _YOUTUBE,
        rf"/(?:(?:watch|watch_popup|embed|embed/watch|v|apiplayer)/?)?\?{_KEY}(?:vi?|video_id)={_VIDEO}",
    ),
    # A stray quotation mark or blank before the id is of content systems that paste it (Steam's news).
    ("youtube", _YOUTUBE, rf"/(?:embed/shorts|embed|e|vi?|shorts|live|watch|video|w)/[\" ]?{_VIDEO}"),
    ("youtube", "youtu.be", rf"/{_VIDEO}"),
    # The frames alone: what is only a link to such a server shows nothing.
    ("youtube", f"{_INVIDIOUS} yewtu.be", rf"/embed/{_VIDEO}"),
    ("youtube", "=l.lj-toys.com", rf"/\?{_KEY}source=youtube&(?:amp;)?vid={_VIDEO}"),
    ("instagram", _INSTAGRAM, r"/share/(?:(?:p|reel|tv)/)?(?P<code>[\w-]{5,40})"),
    (
        "instagram",
        _INSTAGRAM,
        rf"/(?:(?!(?:explore|stories|accounts)/)(?P<handle>[\w.]{{1,30}})/)?(?:p|reels?|tv)/(?!audio(?:[/?]|$)){_CODE}",
    ),
    (
        "facebook",
        _FACEBOOK,
        rf"/(?:v\d+\.\d+/)?plugins/(?:post|video)(?:\.php)?/?\?{_KEY}href=(?P<inner>[^&#]{{8,4000}})",
    ),
    (
        "facebook",
        _FACEBOOK,
        rf"/(?:watch(?:/live)?/?|video\.php|video/(?:video\.php|embed/?))\?{_KEY}(?:v|video_id)={_STORY}",
    ),
    ("facebook", _FACEBOOK, rf"/photo(?:s|\.php)?/?\?{_KEY}fbid={_STORY}"),
    (
        "facebook",
        _FACEBOOK,
        rf"/(?:permalink|story)\.php\?(?={_KEY}story_fbid={_STORY})(?:{_KEY}id=(?P<handle>[\w.]{{1,60}}))?",
    ),
    ("facebook", _FACEBOOK, rf"/groups/[^/?]{{1,100}}/(?:posts|permalink|videos)/{_STORY}"),
    ("facebook", _FACEBOOK, rf"/groups/[^/?]{{1,100}}/?\?{_KEY}multi_permalinks=(?P<id>[1-9]\d{{4,24}})"),
    ("facebook", _FACEBOOK, rf"/(?:reels?|v)/{_STORY}"),
    (
        "facebook",
        _FACEBOOK,
        r"(?!/groups/)(?:/[^/?]{1,100}){0,2}?/(?P<handle>[^/?]{1,100})/(?:posts|videos|photos|reel)/"
        rf"(?:[^/?]{{1,300}}/){{0,2}}?{_STORY}",
    ),
    ("facebook", _FACEBOOK, r"/share/(?:[prv]/)?(?P<code>\w{8,40})" + _END),
    ("facebook", "fb.watch", rf"/\?{_KEY}v={_STORY}"),
    ("facebook", "fb.watch", r"/(?P<code>[\w-]{5,40})" + _END),
    ("threads", "threads.net threads.com", rf"/@(?P<handle>[\w.]{{1,40}})/post/{_CODE}"),
    ("threads", "threads.net threads.com", rf"/t/{_CODE}"),
    ("tiktok", "tiktok.com", rf"/@(?:_|(?P<handle>[\w.-]{{0,40}}))/(?:video|photo)/{_FLAKE}"),
    ("tiktok", "tiktok.com", rf"/(?:embed(?:/v\d)?|player/v1|v|video|(?:i18n/)?share/video)/{_FLAKE}"),
    ("tiktok", "tiktok.com", r"/t/(?P<code>\w{6,20})" + _END),
    ("tiktok", "=vm.tiktok.com =vt.tiktok.com", r"/(?P<code>\w{6,20})" + _END),
    (
        "reddit",
        "reddit.com redditmedia.com",
        r"/(?:(?:r|u|user)/[\w-]{1,40}/)?comments/(?P<of>[a-z0-9]{2,10})/[^/?]{1,300}/(?P<id>[a-z0-9]{2,10})(?![\w-])",
    ),
    ("reddit", "reddit.com redditmedia.com", rf"{_SUBREDDIT}(?:comments|gallery)/(?P<id>[a-z0-9]{{2,10}})(?![\w-])"),
    ("reddit", "reddit.com", r"/(?:r|u|user)/[\w-]{1,40}/s/(?P<code>\w{5,20})" + _END),
    ("reddit", "=redd.it =www.redd.it", r"/(?P<id>[a-z0-9]{2,10})" + _END),
    (
        "telegram",
        "=t.me =www.t.me telegram.me telegram.dog",
        rf"/(?:s/)?{_NO_CHANNEL}(?P<of>[a-z]\w{{2,31}})/(?:\d{{1,10}}/)?(?P<id>[1-9]\d{{0,9}})(?![\w-])",
    ),
    ("bluesky", "bsky.app fxbsky.app", rf"/profile/{_REPOSITORY}/post/{_KEY_OF_POST}"),
    ("bluesky", "embed.bsky.app bsky.app", rf"/embed/{_REPOSITORY}/(?:app\.bsky\.feed\.)?post/{_KEY_OF_POST}"),
    ("truthsocial", "truthsocial.com", rf"/@(?P<handle>\w{{1,40}})/(?:posts/)?{_FLAKE}"),
    ("truthsocial", "truthsocial.com", rf"/users/(?P<handle>\w{{1,40}})/statuses/{_FLAKE}"),
)


def _rows_by_domain() -> dict[str, tuple[tuple[str, re.Pattern[str]], ...]]:
    rows: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {}
    for platform, domains, pattern in _ROWS:
        compiled = re.compile(pattern, re.ASCII | re.IGNORECASE)
        for domain in domains.split():
            rows[domain] = (*rows.get(domain, ()), (platform, compiled))
    return rows


_ROWS_OF = _rows_by_domain()
