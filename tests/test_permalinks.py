"""Addresses of posts: every form of every platform, what only looks like one, and what does not matter in one."""

from __future__ import annotations

import timeit
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.permalinks import PLATFORMS, PostAddress, post_address, post_hint

VIDEO = "AbCd_fGh-j4"
CODE = "CYokA48AAAA"
FLAKE = "7336306383119191000"
TOOT = "109876543210987654"
STORY = "10156380423617911"
PFBID = "pfbid02AbCdEfGhIjKlMnOpQrStUvWxYz"
DID = "did:plc:abcdefghijklmnopqrstuvwx"
KEY = "3ku5tt4oiks22"

Form = tuple[str, str | None, str | None]
"""What stands in the address: platform, native id, handle."""

POSTS: dict[str, Form] = {
    "https://x.com/sample_desk/status/1428600000000000000": ("x", "1428600000000000000", "sample_desk"),
    "https://twitter.com/i/web/status/20": ("x", "20", None),
    "https://twitter.com/i/cards/tfw/v1/20": ("x", "20", None),
    "https://xcancel.com/sample_desk/status/20": ("x", "20", "sample_desk"),
    "https://d.fxtwitter.com/sample_desk/status/20": ("x", "20", "sample_desk"),
    "https://twitter.com/#!/sample_desk/status/20": ("x", "20", "sample_desk"),
    f"https://www.youtube.com/watch?v={VIDEO}": ("youtube", VIDEO, None),
    f"https://m.youtube.com/watch?feature=youtu.be&v={VIDEO}": ("youtube", VIDEO, None),
    f"https://www.youtube.com/watch?list=PLsample&amp;v={VIDEO}": ("youtube", VIDEO, None),
    f"https://youtube.com/watch/?v={VIDEO}": ("youtube", VIDEO, None),
    f"https://www.youtube.com/?v={VIDEO}": ("youtube", VIDEO, None),
    f"https://youtu.be/{VIDEO}": ("youtube", VIDEO, None),
    f"https://youtu.be/watch?v={VIDEO}": ("youtube", VIDEO, None),
    f"//www.youtube-nocookie.com/embed/{VIDEO}": ("youtube", VIDEO, None),
    f"https://www.youtube.com/v/{VIDEO}&hl=en_US": ("youtube", VIDEO, None),
    f"https://l.lj-toys.com/?auth_token=a%3Ab&source=youtube&vid={VIDEO}&moduleid=1": ("youtube", VIDEO, None),
    f"https://www.youtube.com/shorts/{VIDEO}": ("youtube", VIDEO, None),
    f"https://www.youtube.com/live/{VIDEO}": ("youtube", VIDEO, None),
    f"https://www.youtube.com/watch/{VIDEO}": ("youtube", VIDEO, None),
    f"https://www.youtube.com/watch?vi={VIDEO}": ("youtube", VIDEO, None),
    f"https://www.youtube.com/embed/watch?v={VIDEO}": ("youtube", VIDEO, None),
    f"https://www.youtube.com/embed/shorts/{VIDEO}": ("youtube", VIDEO, None),
    f"https://www.youtube.com/video/{VIDEO}": ("youtube", VIDEO, None),
    f"https://www.youtube.com/apiplayer?version=3&video_id={VIDEO}": ("youtube", VIDEO, None),
    f"https://www.youtube-nocookie.com/embed/%22{VIDEO}?fs=1": ("youtube", VIDEO, None),
    f"https://youtube.googleapis.com/v/{VIDEO}": ("youtube", VIDEO, None),
    f"https://invidious.example.org/embed/{VIDEO}?local=true": ("youtube", VIDEO, None),
    f"https://yewtu.be/embed/{VIDEO}": ("youtube", VIDEO, None),
    f"https://www.instagram.com/p/{CODE}/": ("instagram", CODE, None),
    f"https://www.instagram.com/sample.desk/p/{CODE}/": ("instagram", CODE, "sample.desk"),
    f"https://www.instagram.com/reel/{CODE}": ("instagram", CODE, None),
    f"https://www.instagram.com/reels/{CODE}/": ("instagram", CODE, None),
    f"https://instagram.com/tv/{CODE}/embed/captioned/": ("instagram", CODE, None),
    f"http://instagr.am/p/{CODE}": ("instagram", CODE, None),
    f"https://www.facebook.com/sample.page/posts/{STORY}": ("facebook", STORY, "sample.page"),
    f"http://www.facebook.com/v/{STORY}": ("facebook", STORY, None),
    f"https://www.facebook.com/sample.page/posts/{STORY}:0": ("facebook", STORY, "sample.page"),
    f"https://www.facebook.com/sample.page/posts/a-sample-title/{STORY}/": ("facebook", STORY, "sample.page"),
    f"https://www.facebook.com/sample.page/posts/{PFBID}": ("facebook", PFBID, "sample.page"),
    f"https://www.facebook.com/6427302910/posts/{STORY}/": ("facebook", STORY, "6427302910"),
    f"https://hu-hu.facebook.com/pg/sample.page/posts/{STORY}/": ("facebook", STORY, "sample.page"),
    f"https://www.facebook.com/sample.page/videos/{STORY}/": ("facebook", STORY, "sample.page"),
    f"https://www.facebook.com/sample.page/videos/vb.1234567/{STORY}/": ("facebook", STORY, "sample.page"),
    f"https://www.facebook.com/sample.page/photos/a.18297.4392.4721/{STORY}/": ("facebook", STORY, "sample.page"),
    f"https://www.facebook.com/sample.page/photos/pcb.3485430/{STORY}": ("facebook", STORY, "sample.page"),
    f"https://www.facebook.com/groups/sample.group/posts/{STORY}/": ("facebook", STORY, None),
    f"https://www.facebook.com/groups/1234567/permalink/{STORY}": ("facebook", STORY, None),
    f"https://www.facebook.com/groups/1234567/?multi_permalinks={STORY}": ("facebook", STORY, None),
    f"https://www.facebook.com/permalink.php?story_fbid={STORY}&id=1234567": ("facebook", STORY, "1234567"),
    f"https://m.facebook.com/story.php?id=1234567&story_fbid={PFBID}": ("facebook", PFBID, "1234567"),
    f"https://www.facebook.com/photo.php?set=a.1&fbid={STORY}": ("facebook", STORY, None),
    f"https://www.facebook.com/photo/?fbid={STORY}": ("facebook", STORY, None),
    f"https://www.facebook.com/video.php?v={STORY}": ("facebook", STORY, None),
    f"https://www.facebook.com/watch/?ref=x&v={STORY}": ("facebook", STORY, None),
    f"https://www.facebook.com/watch/live/?v={STORY}": ("facebook", STORY, None),
    f"https://www.facebook.com/video/embed?video_id={STORY}": ("facebook", STORY, None),
    f"https://www.facebook.com/v/{STORY}": ("facebook", STORY, None),
    f"https://www.facebook.com/reel/{STORY}": ("facebook", STORY, None),
    f"https://fb.com/sample.page/posts/{STORY}": ("facebook", STORY, "sample.page"),
    f"https://fb.watch/?v={STORY}": ("facebook", STORY, None),
    f"https://www.threads.net/@sample.desk/post/{CODE}": ("threads", CODE, "sample.desk"),
    f"https://www.threads.com/@sample.desk/post/{CODE}/embed": ("threads", CODE, "sample.desk"),
    f"https://www.threads.net/t/{CODE}/": ("threads", CODE, None),
    f"https://www.tiktok.com/@sample.desk/video/{FLAKE}": ("tiktok", FLAKE, "sample.desk"),
    f"https://www.tiktok.com/@sample.desk/photo/{FLAKE}": ("tiktok", FLAKE, "sample.desk"),
    f"https://www.tiktok.com/@/video/{FLAKE}": ("tiktok", FLAKE, None),
    f"https://www.tiktok.com/embed/{FLAKE}": ("tiktok", FLAKE, None),
    f"https://www.tiktok.com/embed/v2/{FLAKE}": ("tiktok", FLAKE, None),
    f"https://www.tiktok.com/player/v1/{FLAKE}": ("tiktok", FLAKE, None),
    f"https://m.tiktok.com/v/{FLAKE}.html": ("tiktok", FLAKE, None),
    f"https://www.tiktok.com/video/{FLAKE}": ("tiktok", FLAKE, None),
    "https://www.reddit.com/r/sample/comments/abc123/a_title/": ("reddit", "abc123", None),
    "https://www.reddit.com/r/sample/comments/ABC123": ("reddit", "abc123", None),
    "https://old.reddit.com/comments/abc123": ("reddit", "abc123", None),
    "https://www.reddit.com/user/sample_desk/comments/abc123/a_title/": ("reddit", "abc123", "sample_desk"),
    "https://www.reddit.com/r/sample/comments/abc123/a_title/def4567/": ("reddit", "abc123/def4567", None),
    "https://www.reddit.com/r/sample/comments/abc123/comment/def4567/": ("reddit", "abc123/def4567", None),
    "https://embed.reddit.com/r/sample/comments/abc123/": ("reddit", "abc123", None),
    "https://www.redditmedia.com/r/sample/comments/abc123/a_title/": ("reddit", "abc123", None),
    "https://www.reddit.com/gallery/abc123": ("reddit", "abc123", None),
    "https://redd.it/abc123": ("reddit", "abc123", None),
    "https://t.me/Sample_Channel/123": ("telegram", "Sample_Channel/123", "Sample_Channel"),
    "https://t.me/s/Sample_Channel/123": ("telegram", "Sample_Channel/123", "Sample_Channel"),
    "https://t.me/sample_group/12/345": ("telegram", "sample_group/345", "sample_group"),
    "https://telegram.me/Sample_Channel/123": ("telegram", "Sample_Channel/123", "Sample_Channel"),
    f"https://bsky.app/profile/{DID}/post/{KEY}": ("bluesky", f"{DID}/{KEY}", None),
    f"https://bsky.app/profile/{quote(DID, safe='')}/post/{KEY}": ("bluesky", f"{DID}/{KEY}", None),
    f"https://bsky.app/profile/Desk.Sample.example/post/{KEY}": (
        "bluesky",
        f"desk.sample.example/{KEY}",
        "desk.sample.example",
    ),
    f"https://embed.bsky.app/embed/{DID}/app.bsky.feed.post/{KEY}": ("bluesky", f"{DID}/{KEY}", None),
    f"https://truthsocial.com/@sample_desk/posts/{TOOT}": ("truthsocial", TOOT, "sample_desk"),
    f"https://truthsocial.com/@sample_desk/{TOOT}/embed": ("truthsocial", TOOT, "sample_desk"),
    f"https://truthsocial.com/users/sample_desk/statuses/{TOOT}": ("truthsocial", TOOT, "sample_desk"),
    f"https://social.example/@sample_desk/{TOOT}": ("mastodon", TOOT, "sample_desk"),
    f"https://social.example/@desk@remote.example/{TOOT}": ("mastodon", TOOT, "desk@remote.example"),
    f"https://social.example/@sample_desk/{TOOT}/embed": ("mastodon", TOOT, "sample_desk"),
    f"https://social.example/users/sample_desk/statuses/{TOOT}": ("mastodon", TOOT, "sample_desk"),
    "https://social.example/users/sample_desk/statuses/4711": ("mastodon", "4711", "sample_desk"),
    "https://social.example/@sample_desk/471147/embed": ("mastodon", "471147", "sample_desk"),
    f"https://social.example/web/@sample_desk/{TOOT}": ("mastodon", TOOT, "sample_desk"),
}

SHORT_LINKS = {
    "https://vm.tiktok.com/ZMabcdefg/": ("tiktok", "https://vm.tiktok.com/ZMabcdefg"),
    "https://vt.tiktok.com/ZSabcdefg": ("tiktok", "https://vt.tiktok.com/ZSabcdefg"),
    "https://www.tiktok.com/t/ZMabcdefg/": ("tiktok", "https://www.tiktok.com/t/ZMabcdefg"),
    "https://fb.watch/aBcDeFgHiJ/": ("facebook", "https://fb.watch/aBcDeFgHiJ"),
    "https://www.facebook.com/share/p/aBcDeFgHiJ/": ("facebook", "https://www.facebook.com/share/p/aBcDeFgHiJ"),
    "https://www.facebook.com/share/aBcDeFgHiJ/": ("facebook", "https://www.facebook.com/share/aBcDeFgHiJ"),
    "https://www.instagram.com/share/reel/BAabcdefgh": ("instagram", "https://www.instagram.com/share/reel/BAabcdefgh"),
    "https://www.reddit.com/r/sample/s/aBcDeFgHiJ": ("reddit", "https://www.reddit.com/r/sample/s/aBcDeFgHiJ"),
}

NO_POSTS = [
    "",
    "Sample text one",
    "https://news.example/2021/08/20/sample",
    f"https://news.example/?u=https://www.youtube.com/watch?v={VIDEO}",
    "https://www.youtube.com/embed/videoseries?list=PLsample",
    "https://www.youtube.com/embed/live_stream?channel=UCsample",
    "https://www.youtube.com/playlist?list=PLsample",
    "https://www.youtube.com/channel/UCsample0000000000000000",
    "https://www.youtube.com/@sample_desk",
    "https://www.youtube.com/watch?v=tooshort",
    "https://www.youtube.com/user/sample_desk_tv",
    "https://www.youtube.com/p/7BE4DDAC0A0D31AF",
    f"https://www.youtube.com/watch?v={VIDEO}X",
    f"https://i.ytimg.com/vi/{VIDEO}/hqdefault.jpg",
    f"https://invidious.example.org/watch?v={VIDEO}",
    f"https://notinvidious.example.org/embed/{VIDEO}",
    f"https://invidious.example.org/channel/{VIDEO}",
    f"https://evilyoutube.com/watch?v={VIDEO}",
    f"https://youtube.com.evil.example/watch?v={VIDEO}",
    f"https://youtube.com@evil.example/watch?v={VIDEO}",
    f"ftp://www.youtube.com/watch?v={VIDEO}",
    f"javascript://www.youtube.com/watch?v={VIDEO}",
    "https://www.instagram.com/sample.desk/",
    "https://www.instagram.com/explore/tags/sample/",
    "https://www.instagram.com/stories/sample.desk/7336306383119191000/",
    "https://www.instagram.com/reels/audio/7336306383119191000/",
    "https://www.instagram.com/reels/audio",
    f"https://www.instagram.com/explore/p/{CODE}/",
    f"https://fakeinstagram.com/p/{CODE}/",
    "https://www.facebook.com/sample.page",
    "https://www.facebook.com/6427302910",
    "https://www.facebook.com/sample.page/posts/",
    "https://www.facebook.com/sample.page/posts/a-sample-title",
    "https://www.facebook.com/sample.page/photos/?tab=album",
    "https://www.facebook.com/groups/sample.group/",
    "https://www.facebook.com/hashtag/sample",
    "https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Fwww.facebook.com%2Fsample.page",
    "https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fsample.page",
    f"https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D{VIDEO}",
    "https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fnews.example%2Fone",
    f"https://notfacebook.com/sample.page/posts/{STORY}",
    "https://about.fb.com/news/2021/08/sample/",
    "https://www.threads.net/@sample.desk",
    "https://www.tiktok.com/@sample.desk",
    "https://www.tiktok.com/tag/sample",
    "https://www.tiktok.com/music/sample-7336306383119191000",
    "https://www.reddit.com/r/sample/",
    "https://www.reddit.com/user/sample_desk/",
    "https://i.redd.it/abc123.jpg",
    "https://v.redd.it/abc123",
    "https://t.me/Sample_Channel",
    "https://t.me/c/1234567890/123",
    "https://t.me/addstickers/123",
    "https://t.me/share/url?url=https://news.example",
    "https://not.me/Sample_Channel/123",
    f"https://bsky.app/profile/{DID}",
    f"https://bsky.app/profile/{DID}/feed/sample",
    f"at://{DID}/app.bsky.graph.list/{KEY}",
    f"at://{DID}",
    "https://social.example/@sample_desk",
    "https://social.example/@sample_desk/2021",
    "https://social.example/@sample_desk/media",
    "https://medium.example/@sample_desk/a-sample-title-0123456789ab",
    f"https://www.threads.net/@sample.desk/{TOOT}",
    f"https://www.youtube.com/@sample_desk/{TOOT}",
    "https://truthsocial.com/@sample_desk",
    "https://twitter.com/sample_desk",
    "https://platform.twitter.com/embed/Tweet.html?id=20",
    f"https://twitter.com/@sample_desk/{TOOT}",
    "https://twitter.com/hashtag/sample",
    "youtube",
    f"/watch?v={VIDEO}",
]

# What may stand behind an address without a query or fragment of its own.
BEHIND = ["?utm_source=a&b=", "?si=abc", "#part", "?a=1#b", "?embed=1&mode=tme"]
BEFORE = [
    "https://web.archive.org/web/20210820123456/",
    "http://web.archive.org/web/20210820123456if_/",
    "/web/20210820123456im_/",
]


def expected(address: str) -> PostAddress:
    platform, native_id, handle = POSTS[address]
    host = "social.example" if platform == "mastodon" else None
    return PostAddress(platform, host, native_id, handle)


@pytest.mark.parametrize("address", POSTS)
def test_a_post_is_known_by_any_of_its_addresses(address: str) -> None:
    """Platform, id and handle, in every form of platforms.md 1.b and 2 to 11."""
    assert post_address(address) == expected(address)
    assert post_hint(address) == POSTS[address][0]


def test_every_platform_has_addresses_in_the_table() -> None:
    """No platform is named that no address has, and no address has one that is not named."""
    assert {form[0] for form in POSTS.values()} == set(PLATFORMS)


@pytest.mark.parametrize(("address", "leads"), SHORT_LINKS.items())
def test_a_short_link_tells_its_platform_and_no_id(address: str, leads: tuple[str, str]) -> None:
    """The link is kept without what varies: it is asked some day."""
    for each in (address, address + "?_r=1&lang=en"):
        assert post_address(each) == PostAddress(leads[0], None, None, None, leads[1])


@pytest.mark.parametrize("address", NO_POSTS)
def test_what_only_looks_like_a_post_is_none(address: str) -> None:
    """Channels, profiles, playlists, look-alike hosts, other schemes, private channels."""
    assert post_address(address) is None


@pytest.mark.parametrize("widget", ["plugins/post.php", "plugins/video.php", "v2.8/plugins/post.php", "plugins/post"])
def test_a_widget_shows_the_post_that_its_address_names(widget: str) -> None:
    """Facebook's frames carry the post's address as a parameter, encoded, anywhere in the query."""
    inner = f"https://www.facebook.com/sample.page/videos/{STORY}/?type=3&x=y"
    address = f"https://www.facebook.com/{widget}?height=314&href={quote(inner, safe='')}&width=560"
    assert post_address(address) == PostAddress("facebook", None, STORY, "sample.page")


def test_a_widget_within_widgets_has_an_end() -> None:
    """A frame that names a frame that names a frame … is nobody's, and no recursion without end."""
    address = f"https://www.facebook.com/sample.page/posts/{STORY}"
    for _ in range(9):
        address = f"https://www.facebook.com/plugins/post.php?href={quote(address, safe='')}"
    assert post_address(address) is None


def test_an_address_of_blueskys_own_scheme_is_known() -> None:
    """As `data-bluesky-uri` prints it, with a DID, or by a handle."""
    assert post_address(f"at://{DID}/app.bsky.feed.post/{KEY}") == PostAddress("bluesky", None, f"{DID}/{KEY}", None)
    by_handle = post_address(f"at://Sample.example/app.bsky.feed.post/{KEY}")
    assert by_handle == PostAddress("bluesky", None, f"sample.example/{KEY}", "sample.example")


@given(st.sampled_from(sorted(POSTS)), st.sampled_from(["", *BEHIND]), st.sampled_from(["", *BEFORE]))
def test_query_fragment_and_archive_change_nothing(address: str, behind: str, before: str) -> None:
    """A post is one, however its address was decorated."""
    if "#" in address:
        behind = ""
    elif "?" in address or address.endswith("&hl=en_US"):
        behind = behind.replace("?", "&")
    absolute = f"https:{address}" if address.startswith("//") else address
    assert post_address(before + absolute + behind) == expected(address)


@given(
    st.sampled_from(sorted(POSTS)), st.sampled_from(["evil", "not-", "my"]), st.sampled_from([".evil.example", ".co"])
)
def test_a_look_alike_host_is_nobodys(address: str, front: str, back: str) -> None:
    """A name glued to the host's front, or more labels behind it, make another host."""
    scheme, _, rest = address.partition("//")
    host, _, path = rest.partition("/")
    platform = POSTS[address][0]
    domain = ".".join(host.split(".")[-2:])
    if platform != "mastodon":
        for other in (f"{front}{domain}", f"{domain}{back}"):
            found = post_address(f"{scheme}//{other}/{path}")
            # A server of that name might run Mastodon, where the path is one of Mastodon's.
            assert found is None or found.platform == "mastodon"
            assert found is None or platform == "truthsocial"


def test_hosts_are_read_whatever_their_case() -> None:
    """Ids keep theirs."""
    assert post_address(f"HTTPS://WWW.YouTube.COM/watch?v={VIDEO}") == PostAddress("youtube", None, VIDEO, None)


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    """Whatever stands in an attribute, the answer is a post or none."""
    post_address(text)


@given(
    st.sampled_from([address[: address.rindex("/") + 1] for address in POSTS] + ["at://", "https://www.facebook.com/"]),
    st.text(max_size=80),
)
def test_no_text_behind_the_beginning_of_an_address_raises(start: str, text: str) -> None:
    """The same for what begins like a post's address."""
    post_address(start + text)


@pytest.mark.parametrize("filler", ["&", "a&", "&v=", "/", "/a", "%2F", "?v=", "@a/"])
@pytest.mark.parametrize(
    "start", ["https://www.youtube.com/watch?", "https://www.facebook.com/", "https://a.example/@"]
)
def test_a_long_address_takes_no_long_time(start: str, filler: str) -> None:
    """No pattern goes back and forth in eight thousand characters."""
    address = (start + filler * 4000)[:8000]
    assert min(timeit.repeat(lambda: post_address(address + "x"), number=1, repeat=3)) < 0.2


def test_a_string_too_long_for_an_address_is_none() -> None:
    """Nothing of it is read."""
    assert post_address(f"https://www.youtube.com/watch?v={VIDEO}&x=" + "a" * 9000) is None
