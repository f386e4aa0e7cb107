"""Every platform by one contract: whose post an embed shows, under which id, at which address, from which time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from archiver import permalinks
from archiver.config.platforms import PLATFORMS as CONFIGURABLE
from archiver.model.embed import Embed, Identification
from archiver.model.post import PostRef
from archiver.platforms import registry
from archiver.platforms.adapter import Platform

NOW = datetime(2026, 1, 6, tzinfo=UTC)
EXAMPLES = [(platform, example) for platform in registry.PLATFORMS for example in platform.examples]
OF = {platform.platform: platform for platform in registry.PLATFORMS}

VIDEO = "AbCd_fGh-j4"
CODE = "CYokA48AAAA"
FLAKE = "7336306383119191000"
DID = "did:plc:abcdefghijklmnopqrstuvwx"
KEY = "3ku5tt4oiks22"


def show(address: str | None = None, **parts: str) -> Embed:
    return Embed(0, "iframe", address=address, **parts)  # type: ignore[arg-type]


def identified(address: str | None = None, **parts: str) -> Identification:
    found = registry.identify(show(address, **parts), NOW)
    assert found is not None
    return found


@pytest.mark.parametrize(("platform", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_an_example_is_claimed_by_exactly_one_platform(platform: Platform, example: str) -> None:
    """Its own: neither order nor chance decides."""
    claims = [other.platform for other in registry.PLATFORMS if other.identify(show(example), NOW) is not None]
    assert claims == [platform.platform]
    assert identified(example).platform == platform.platform


@pytest.mark.parametrize("platform", registry.PLATFORMS, ids=lambda platform: platform.platform)
def test_every_platform_has_examples_and_a_name_of_its_own(platform: Platform) -> None:
    """The registry and the table of addresses know the same platforms."""
    assert len(platform.examples) >= 3
    assert sorted(OF) == sorted(permalinks.PLATFORMS)
    assert len(OF) == len(registry.PLATFORMS)


def test_what_can_be_configured_is_what_can_be_looked_at() -> None:
    """Every adapter is one of the platforms, and has a table in the configuration."""
    assert tuple(adapter.platform for adapter in registry.adapters()) == CONFIGURABLE
    assert set(CONFIGURABLE) <= set(OF)
    assert registry.adapter_for("nobody") is None


@pytest.mark.parametrize(("platform", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_a_permalink_leads_back_to_the_same_post(platform: Platform, example: str) -> None:
    """What we print as a post's address is understood again, and is its own permalink; a short link has none."""
    found, ref = identified(example), registry.reference(example)
    assert (found.native_id is None) == (ref is None) == bool(found.short_links) == (found.permalink is None)
    if ref is None or found.permalink is None:
        return
    back = registry.reference(found.permalink)
    assert back is not None
    assert (back.platform, back.host, back.native_id) == (ref.platform, ref.host, ref.native_id)
    again = registry.reference(platform.permalink(ref))
    assert again is not None
    assert again.native_id == ref.native_id
    assert platform.permalink(again) == platform.permalink(ref)


@pytest.mark.parametrize(
    ("hint", "printed", "native_id", "permalink"),
    [
        ("youtube", VIDEO, VIDEO, f"https://www.youtube.com/watch?v={VIDEO}"),
        ("instagram", CODE, CODE, f"https://www.instagram.com/p/{CODE}/"),
        ("tiktok", FLAKE, FLAKE, f"https://www.tiktok.com/@_/video/{FLAKE}"),
        ("facebook", "10156380423617911", "10156380423617911", "https://www.facebook.com/photo.php?fbid=10156380423617911"),
        ("threads", CODE, CODE, f"https://www.threads.com/t/{CODE}"),
        ("reddit", "t3_abc123", "abc123", "https://www.reddit.com/comments/abc123/"),
        ("reddit", "abc123", "abc123", "https://www.reddit.com/comments/abc123/"),
        ("telegram", "Sample_Channel/123", "Sample_Channel/123", "https://t.me/Sample_Channel/123"),
        ("bluesky", f"at://{DID}/app.bsky.feed.post/{KEY}", f"{DID}/{KEY}", f"https://bsky.app/profile/{DID}/post/{KEY}"),
    ],
)  # fmt: skip
def test_an_id_that_markup_prints_names_a_post_under_its_hint(
    hint: str, printed: str, native_id: str, permalink: str
) -> None:
    """`data-video-id`, `data-shortcode`, `data-telegram-post` …; without the hint an id says nothing."""
    found = identified(hint=hint, native_id=printed)
    assert (found.platform, found.host, found.native_id, found.permalink) == (hint, None, native_id, permalink)
    assert registry.identify(show(native_id=printed), NOW) is None


@pytest.mark.parametrize(
    ("hint", "printed"),
    [
        ("youtube", "videoseries"),
        ("youtube", "tooshort"),
        ("youtube", f"{VIDEO}&t=5"),
        ("youtube", f"{VIDEO}/../x"),
        ("instagram", "a b"),
        ("instagram", f"{CODE}/?x=1"),
        ("tiktok", "12"),
        ("tiktok", "۷۳۳۶۳۰۶۳۸۳۱۱۹۱۹۱۰۰۰"),
        ("facebook", "sample.page"),
        ("telegram", "Sample_Channel"),
        ("telegram", "c/1234567890/123"),
        ("bluesky", f"at://{DID}/app.bsky.feed.like/{KEY}"),
        ("bluesky", KEY),
        ("mastodon", "109876543210987654"),
        ("truthsocial", "109876543210987654"),
        ("reddit", "t3_"),
    ],
)
def test_what_is_no_id_of_the_platform_names_no_post(hint: str, printed: str) -> None:
    """Neither what has another shape nor what would bring more than an id into an address; nor a server's own number
    without the server."""
    assert registry.identify(show(hint=hint, native_id=printed), NOW) is None


def test_an_address_counts_more_than_a_printed_id() -> None:
    """The address leads the reader; the id fills in only where it tells none."""
    assert identified(f"https://youtu.be/{VIDEO}", hint="youtube", native_id="ZZZZZZZZZZZ").native_id == VIDEO
    short = identified("https://vm.tiktok.com/ZMabcdefg/", hint="tiktok", native_id=FLAKE)
    assert (short.native_id, short.short_links) == (FLAKE, ())


def test_two_embeds_of_one_bluesky_post_agree_by_its_did() -> None:
    """Blockquote, frame and page print the DID; an address with a handle is another post until it is looked at."""
    forms = [
        identified(f"https://bsky.app/profile/{DID}/post/{KEY}?ref_src=embed", author_handle="sample.bsky.social"),
        identified(f"https://embed.bsky.app/embed/{DID}/app.bsky.feed.post/{KEY}"),
        identified(hint="bluesky", native_id=f"at://{DID}/app.bsky.feed.post/{KEY}"),
    ]
    assert {(form.native_id, form.permalink) for form in forms} == {
        (f"{DID}/{KEY}", f"https://bsky.app/profile/{DID}/post/{KEY}")
    }
    assert forms[0].author_handle == "sample.bsky.social"
    by_handle = identified(f"https://bsky.app/profile/Sample.bsky.social/post/{KEY}")
    assert (by_handle.native_id, by_handle.author_handle) == (f"sample.bsky.social/{KEY}", "sample.bsky.social")


def test_a_post_of_a_federated_server_is_that_servers() -> None:
    """The same number at two servers is two posts; a remote author keeps the longer handle in the address."""
    here = identified("https://one.example/@sample_desk/109876543210987654")
    there = identified("https://two.example/@sample_desk@one.example/109876543210987654/embed", author_handle="desk")
    assert (here.host, there.host) == ("one.example", "two.example")
    assert there.permalink == "https://two.example/@sample_desk@one.example/109876543210987654"


@pytest.mark.parametrize(
    ("address", "permalink"),
    [
        ("https://www.facebook.com/watch/?v=1321262654994930", "https://www.facebook.com/watch/?v=1321262654994930"),
        ("https://www.facebook.com/reel/1321262654994930", "https://www.facebook.com/watch/?v=1321262654994930"),
        (
            "https://www.facebook.com/photo/?fbid=1321262654994930",
            "https://www.facebook.com/photo.php?fbid=1321262654994930",
        ),
        (
            "https://www.facebook.com/sample.page/videos/1321262654994930",
            "https://www.facebook.com/sample.page/posts/1321262654994930",
        ),
    ],
)
def test_a_film_without_an_author_stays_a_film(address: str, permalink: str) -> None:
    """Facebook has an address for whatever an author published, and one for each kind where no author is known."""
    assert identified(address).permalink == permalink


@pytest.mark.parametrize(
    ("platform", "native_id", "moment"),
    [
        # Worked out by hand: seconds, or milliseconds, shifted.
        ("tiktok", str(1_700_000_000 << 32 | 5), "2023-11-14T22:13:20Z"),
        ("truthsocial", str(1_700_000_000_123 << 16 | 5), "2023-11-14T22:13:20.123Z"),
        # Posts as their platforms showed them, with the time that stood beside the id.
        ("mastodon", "103270115826048975", "2019-12-08T03:48:33.901Z"),
        ("bluesky", f"{DID}/3mmoojp4cd223", "2026-05-25T14:23:28.757Z"),
        ("bluesky", "sample.example/3mddvy5bv6k27", "2026-01-26T18:50:48.357Z"),
        ("instagram", "ByzVwmRB0gM", "2019-06-17T07:17:21Z"),
        ("instagram", "BAXbKP1POQe", "2016-01-10T16:56:06Z"),
        ("instagram", "BalQ2SWFty8", "2017-10-23T07:31:37Z"),
        ("x", "436461658601713664", "2014-02-20T11:25:43Z"),
    ],
)
def test_an_id_tells_its_time(platform: str, native_id: str, moment: str) -> None:
    """Within the second of the time that the platform gave for the post."""
    found = OF[platform].id_time(native_id)
    assert found is not None
    assert abs(found - datetime.fromisoformat(moment)) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("platform", "native_id"),
    [
        ("youtube", VIDEO),
        ("facebook", "10156380423617911"),
        ("facebook", "pfbid02AbCdEfGhIjKlMnOpQrStUvWxYz"),
        ("threads", CODE),
        ("reddit", "abc123"),
        ("telegram", "Sample_Channel/123"),
        ("tiktok", "123456789012345"),
        ("tiktok", "not digits"),
        ("mastodon", "4711"),
        ("mastodon", "99999999999999999999"),
        ("mastodon", "01HSAMPLE"),
        ("bluesky", f"{DID}/self"),
        ("bluesky", f"{DID}/2222222222222"),
        ("bluesky", f"{DID}/zzzzzzzzzzzzz"),
        ("instagram", "fA9uw"),
        ("instagram", "not a code"),
        ("x", "20"),
    ],
)
def test_an_id_without_a_time_tells_none(platform: str, native_id: str) -> None:
    """Ids that were counted up, that another program made, or that mean no time."""
    assert OF[platform].id_time(native_id) is None


def test_an_id_of_the_future_is_doubted() -> None:
    """More than a day ahead: kept, and no verdict rests on it; within the day it may be our clock that is behind."""
    for ahead, doubts in ((timedelta(days=3), ("id_implausible",)), (timedelta(hours=3), ()), (-timedelta(days=3), ())):
        toot = int((NOW + ahead).timestamp() * 1000) << 16
        found = identified(f"https://social.example/@sample_desk/{toot}")
        assert (found.published_at, found.doubts) == (NOW + ahead, doubts)


def test_a_handle_that_is_none_is_left_out() -> None:
    """Words of an attribution that no handle can be do not come into an address."""
    found = identified(f"https://www.instagram.com/p/{CODE}/", author_handle="Sample Desk / <b>")
    assert found.author_handle is None
    assert (
        identified(f"https://www.instagram.com/p/{CODE}/", author_handle="sample.desk").author_handle == "sample.desk"
    )


@pytest.mark.parametrize("address", ["https://news.example/one", "https://www.youtube.com/@sample", "", "no address"])
def test_an_address_of_no_post_is_nobodys(address: str) -> None:
    """Neither a reference nor an identification."""
    assert registry.reference(address) is None
    assert registry.identify(show(address), NOW) is None


@pytest.mark.parametrize("platform", registry.PLATFORMS, ids=lambda platform: platform.platform)
def test_a_permalink_is_made_without_a_handle_too(platform: Platform) -> None:
    """A post whose author is not on file has an address all the same, and it is the platform's."""
    native_id = f"{DID}/{KEY}" if platform.platform == "bluesky" else "Sample_Channel/123"
    native_id = native_id if platform.platform in ("bluesky", "telegram") else "109876543210987654"
    address = platform.permalink(PostRef(platform.platform, "social.example", native_id))
    assert address.startswith("https://")
    assert "None" not in address


def test_an_author_alone_names_no_post() -> None:
    """A flattened post of a platform whose links tell nothing stays unidentified: nobody could ever look at it."""
    assert registry.identify(Embed(0, "text", hint="instagram", author_handle="sample.desk"), NOW) is None
