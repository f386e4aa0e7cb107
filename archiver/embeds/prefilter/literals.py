"""What is sought in the bytes of pages, in three searches.

The literals are those that no embed can do without: a platform's marker or address, or, in running text, what
attributions, picture links and shortcodes are made of. Each search is a pass over all bytes and takes 64 literals at
most: it is many times slower with more. Two look at the first four bytes of what they seek, so none of theirs is
shorter; the third looks at two and takes half the time, for what begins with two that are rare together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from archiver.embeds.prefilter import measured
from archiver.embeds.prefilter.sought import Sought

Kind = Literal[
    "marker",
    "status",
    "escaped",
    "address",
    "word",
    "beginning",
    "said",
    "widget",
    "credit",
    "packed",
    "kept",
    "capital",
]
Table = dict[Kind, tuple[str, ...]]
"""Literals by what they tell, as ISO 8859-1."""

ADDRESSES: Table = {
    # In a tag or a script they tell of an embed.
    "marker": (
        *("twitter-tweet", "twitter-video", "twitter-widget", "data-tweet", "tweetid", "tweetI", "tweet_id"),
        *("tweet-id", "weet.html", "createTweet", "createVideo", "oembed_response", "social_embed"),
        "twitter.com/embed",
        *("instagram-media", "shortcode=", "videoid=", "videoID=", "tiktok-embed", "text-post-media"),
        *("reddit-embed", "reddit-card", "bluesky-embed", "at://", "telegram-post", "mastodon-embed"),
        *("data-embed-", "data-social-e", "platform.x.com/e", "embedly-card", "iframely"),
        # The beginnings of a blockquote and of a frame in Base64, in which consent managers keep them.
        *("PGJsb2Nrc", "PGlmcmFtZ"),
    ),
    # Addresses of posts of X: in tags, in scripts, in quotations, alone on a line.
    "status": ("/status/", "/statuses/", "2Fstatus", "2fstatus", "/i/videos"),
    # Where their slashes are escaped, once or, in JSON in a string, several times.
    "escaped": ("status\\", "statuses\\"),
    # Sites of other platforms: in tags other than links, and alone on a line. "tu.be" ends youtu.be and yewtu.be.
    "address": (
        *("instagram.com", "instagr.am", "facebook.com", "fb.watch", "youtube.", "youtube-nocookie", "tu.be"),
        *("tiktok.com", "threads.", "/t.me", "telegram.", "reddit.com", "redditmedia", "redd.it"),
        *("bsky.app", "truthsocial", '/embed"', "/embed'"),
    ),
    # What flattened posts and shortcodes are made of: in running text.
    "word": ("pic.twitter.com", "pic.x.com", "wp:embed", "wp:core-embed", "[embed", "[tweet"),
}

MAKERS: Table = {
    # As above, of makers of markup; some without first letters that would stop the search often ("Twitter2…").
    "marker": (
        *("s9e.github", "media-site-id", "onebox-src", "-twitter", "et-link-top", "jwplayer("),
        *("2ToDOM", "ram_id", "borlabs-cookie-content=", '/template">P', "bbpBox"),
        *("twitterstatus", "TubeVideoP", "SWF(", "Fvi%2F", "fvi%2f", "lj-toys.", "twitter-embed"),
        *("r-detail-tweet", "ropov_tweet", "//invidious.", '"loadTwitter', "/inset/iframe"),
        *("<embetty-", "<amp-tiktok", "-plyr-embed", "lyte_", "-tweet-theme", "=tweet-embed", "kg-video-p"),
        # In pages that are in lower case altogether.
        *("2todom", "tubevideop", "swf(", "bbpbox"),
    ),
    # What objects of JSON say they are, also in an attribute, where quotation marks are escaped once or twice.
    "said": ('"tweet', ";tweet"),
    # The last line of X's widget as text, "Twitter Ads info and privacy".
    "widget": ("r Ads info",),
    # In links that are no posts' addresses.
    "credit": (">tweet",),
    # The folder beside a page that a browser saved.
    "kept": ("_files/",),
    # The beginning of an object in Base64, in a string.
    "packed": ('"eyJ', "'eyJ"),
    # Where one of these stands, or of the shorter ones, the page is searched in lower case.
    "capital": (
        *("/STATUS", "/Status", "DATA-", "Data-Tweet", "-MEDIA", "TIKTOK", "REDDIT.", "//T.ME"),
        *("YouTube.com/", "Youtube.com/", "YouTube-", "Youtu.be", "Facebook.com/", "Instagram.com/", "Instagram-"),
        *("Twitter-", "TikTok.com", "Tiktok.com", "Reddit.com", "Blockquote", "BlockQuote", "</SCRIPT", "</Script"),
    ),
}
_TAG_NAMES = ("script", "style", "title", "noframes", "xmp", "iframe", "object", "embed")
SHORT: Table = {
    "beginning": (
        *("(@", "(\xe2\x80", "(\xe2\x81", "(&#", "(&lrm;", "(&rlm;", "\xef\xbc\x88@"),
        *("{{<", "{%", "[tw", "[ti", "[x ", "[yo", "[ins", "[fa", "[fus", "{youtube}", "[MEDIA", "[media"),
    ),
    # As above, of players.
    "marker": ("-youtube", "-yt", "o/youtube", "YT.Player", "yt.player", "yt-lite"),
    "said": ('"youtube', "'youtube", "=youtube", ";youtube"),
    "capital": (
        *(f"<{name.upper()}" for name in _TAG_NAMES),
        *(f"<{name.title()}" for name in _TAG_NAMES),
        *("<IFrame", "<AMP-", "<Amp-", "[TWEET", "[Tweet", "[EMBED", "-EMBED", "-Embed", "/EMBED", "BLOCKQUOTE"),
        *("YOUTUBE", "FACEBOOK", "TWITTER-", "PIC.TWITTER", "Pic.Twitter", "BSKY.", "Bsky.app", "MASTODON"),
        "INSTAGRAM",
    ),
}


class Searches(NamedTuple):
    """Those for the three tables."""

    addresses: Sought[Kind]
    makers: Sought[Kind]
    short: Sought[Kind]


def _sought(literals: Table, order: Sequence[bytes], *, lowered: bool) -> Sought[Kind]:
    kind_of = {each.encode("latin-1"): kind for kind, some in literals.items() for each in some}
    if lowered:
        kind_of = {each.lower(): kind for each, kind in kind_of.items() if kind != "capital"}
    return Sought(kind_of, order)


AS_WRITTEN, LOWERED = (
    Searches(
        _sought(ADDRESSES, measured.ADDRESSES, lowered=lowered),
        _sought(MAKERS, measured.MAKERS, lowered=lowered),
        _sought(SHORT, measured.SHORT, lowered=lowered),
    )
    for lowered in (False, True)
)
"""As literals are usually written, and for a page in lower case."""
