"""Addresses, by tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.urls import (
    XStatus,
    clean_query,
    host,
    normalise,
    plain_x_status,
    split,
    unarchived,
    within,
    x_id,
    x_status,
    x_status_of,
)

STATUSES = {
    "https://x.com/a/status/1": ("a", "1"),
    "https://www.x.com/a/status/1": ("a", "1"),
    "https://mobile.x.com/a/status/1": ("a", "1"),
    "https://twitter.com/Sample_1/statuses/20": ("Sample_1", "20"),
    "http://m.twitter.com/a/status/1": ("a", "1"),
    "https://mobile.twitter.com/a/status/1": ("a", "1"),
    "//twitter.com/a/status/1?ref_src=twsrc%5Etfw": ("a", "1"),
    "twitter.com/a/status/1": ("a", "1"),
    "HTTPS://X.COM./a/status/1": ("a", "1"),
    "https://x.com:443/a/status/1": ("a", "1"),
    "https://twitter.com/#!/a/status/204557548249026561": ("a", "204557548249026561"),
    "https://twitter.com/i/web/status/20": (None, "20"),
    "https://x.com/i/status/20": (None, "20"),
    "https://twitter.com/statuses/20": (None, "20"),
    "https://x.com/a/status/123/photo/1?s=20#x": ("a", "123"),
    "https://x.com/a/status/123/video/1": ("a", "123"),
    "https://x.com/a/status/123/analytics": ("a", "123"),
    "https://x.com/a/status/123?s=20&t=AbC": ("a", "123"),
    " https://x.com/a/status/123\n": ("a", "123"),
    "https://x.com/a/status/9223372036854775807": ("a", "9223372036854775807"),
    "https://vxtwitter.com/a/status/1": ("a", "1"),
    "https://d.fxtwitter.com/a/status/1": ("a", "1"),
    "https://web.archive.org/web/20210820123456/https://twitter.com/a/status/1": ("a", "1"),
    "/web/20210820123456if_/https://twitter.com/a/status/1": ("a", "1"),
    "https://archive.ph/o/AbCdE/https://twitter.com/a/status/1": ("a", "1"),
    "https://archive.is/o/AbCdE/twitter.com/a/status/1": ("a", "1"),
    "https://archive.md/20210820123456/https://twitter.com/a/status/1": ("a", "1"),
    "http://localhost:8080/coll/20210820123456mp_/https://twitter.com/a/status/1": ("a", "1"),
    "/w/id-abc/mp_/https://twitter.com/a/status/1": ("a", "1"),
    "http://127.0.0.1:8090/coll/if_/https://twitter.com/a/status/1": ("a", "1"),
    "https://rejouer.perma.cc/replay-web-page/w/id-abc/mp_/https://twitter.com/a/status/1": ("a", "1"),
    "https://webarchive.loc.gov/all/20210820123456/https://twitter.com/a/status/1": ("a", "1"),
    "https://twitter-com.translate.goog/a/status/1?_x_tr_sl=en&_x_tr_tl=de": ("a", "1"),
}
NO_STATUSES = [
    "https://evilx.com/a/status/1",
    "https://evilx-com.translate.goog/a/status/1",
    "https://x--com.translate.goog/a/status/1",
    "https://x-com.translate.goog.evil.net/a/status/1",
    "https://localhost.evil.net/coll/20210820123456mp_/https://x.com/a/status/1",
    "https://x.com.evil.net/a/status/1",
    "https://x.com@evil.net/a/status/1",
    "https://evil.net@x.com/a/status/1",
    "https://evil.net\\@x.com/a/status/1",
    "https://x.com\\@evil.net/a/status/1",
    "https://x%2Ecom/a/status/1",
    "https://ｘ.com/a/status/1",
    "https://х.com/a/status/1",
    "https://x.com:8080/a/status/1",
    "https://x.com/a/status/0",
    "https://x.com/a/status/-1",
    "https://x.com/a/status/007",
    "https://x.com/a/status/1e18",
    "https://x.com/a/status/123abc",
    "https://x.com/a/status/١٢٣",
    "https://x.com/a/status/9223372036854775808",
    "https://x.com/a/status/12345678901234567890",
    "https://x.com/a",
    "https://x.com/intent/tweet?url=https://x.com/a/status/1",
    "https://news.example/web/20210820123456/https://x.com/a/status/1",
    "https://news.example/o/AbCdE/https://x.com/a/status/1",
    "/o/AbCdE/https://x.com/a/status/1",
    "ftp://x.com/a/status/1",
    "javascript://x.com/a/status/1",
    "https://[x.com/a/status/1",
    "",
]


@pytest.mark.parametrize(("address", "expected"), STATUSES.items())
def test_a_post_of_x_is_known_by_any_of_its_addresses(address: str, expected: tuple[str | None, str]) -> None:
    """All hosts, paths, suffixes and rewritings of platforms.md 1.b lead to handle and id."""
    assert x_status(address) == XStatus(*expected)


@pytest.mark.parametrize("address", NO_STATUSES)
def test_what_only_looks_like_a_post_of_x_is_none(address: str) -> None:
    """Look-alike hosts, userinfo, ids that X never gave (bad-inputs 50, 52, 53, 54)."""
    assert x_status(address) is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://web.archive.org/web/20210820123456/https://a.example/b", "https://a.example/b"),
        ("http://web.archive.org/web/20210820123456im_/http://a.example/b?c=d#e", "http://a.example/b?c=d#e"),
        ("//web.archive.org/web/20210820123456js_/https://a.example/b", "https://a.example/b"),
        ("/web/20210820123456if_/https://a.example/b", "https://a.example/b"),
        ("/web/20210820123456/https:/a.example/b", "https://a.example/b"),
        ("https://web.archive.org/web/2021/a.example/b", "https://a.example/b"),
        ("https://web.archive.org/web/20210820123456/http://web.archive.org/web/2020/https://a.example/", "https://a.example/"),
        ("https://wayback.archive-it.org/1234/20210820123456/https://a.example/b", "https://a.example/b"),
        ("https://a.example/web/20210820123456/https://b.example/", "https://a.example/web/20210820123456/https://b.example/"),
        ("/web/about", "/web/about"),
        (" https://a.example/\u200b", "https://a.example/"),
    ],
)  # fmt: skip
def test_what_a_web_archive_rewrote_is_undone(address: str, expected: str) -> None:
    """Absolute, protocol-relative, relative and nested; other hosts' paths are left alone."""
    assert unarchived(address) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("//A.Example/b", "https://a.example/b"),
        ("https://a.example", "https://a.example/"),
        ("https://a.example:443/b?utm_source=x&id=7&fbclid=y#part", "https://a.example/b?id=7"),
        ("https://bücher.example/b", "https://xn--bcher-kva.example/b"),
        ("mailto:a@b.example", None),
        ("https://a@b.example/", None),
        ("/relative", None),
    ],
)
def test_an_address_has_one_spelling(address: str, expected: str | None) -> None:
    """Host in ASCII, https assumed, no tracking, no fragment; None for what is no http(s) address."""
    assert normalise(address) == expected


def test_hosts_are_compared_by_label() -> None:
    """A host lies within a domain only by whole labels."""
    assert within("x.com", "x.com")
    assert within("mobile.x.com", "x.com")
    assert not within("evilx.com", "x.com")
    assert not within("x.com.evil.net", "x.com")
    assert not within(None, "x.com")


def test_a_query_keeps_what_is_not_tracking() -> None:
    """Order and empty values stay."""
    assert clean_query("b=2&utm_medium=z&a=&ref_src=q&c=%20") == "b=2&a=&c=+"


@pytest.mark.parametrize("digits", ["1", "20", "1428507067806646273", "9223372036854775807"])
def test_an_id_of_x_stays_as_printed(digits: str) -> None:
    """Ids are strings of 1 to 19 digits."""
    assert x_id(digits) == digits


@given(st.text(max_size=300))
def test_no_text_makes_the_address_rules_raise(text: str) -> None:
    """Whatever stands in an attribute, the rules say yes or no."""
    for rule in (unarchived, normalise, host, split, x_status, x_id):
        rule(text)


@given(st.sampled_from(["https://", "//", "http://web.archive.org/web/20210820123456/"]), st.text(max_size=80))
def test_no_text_behind_a_scheme_makes_the_address_rules_raise(scheme: str, text: str) -> None:
    """The same for what begins like an address."""
    for rule in (unarchived, normalise, host, split, x_status):
        rule(scheme + text)


WRITTEN = st.tuples(
    st.sampled_from(["https://", "http://", "HTTPS://", "//", "", "https://www.", "https://mobile.", "https://evil"]),
    st.sampled_from(["x.com", "twitter.com", "X.com", "x.com:443", "x.com.", "nitter.net"]),
    st.sampled_from(["/sample", "/i", "/I", "/i/web", "/Sample_1", "/" + "a" * 20, "/" + "a" * 21, "/s-a"]),
    st.sampled_from(["/status/", "/statuses/", "/Status/"]),
    st.one_of(st.integers(0, 2**64).map(str), st.sampled_from(["0", "01", str(2**63 - 1), str(2**63)])),
    st.sampled_from(["", "?s=20", "?ref_src=twsrc%5Etfw", "?a=b#c", "#!/b/status/2", "/photo/1", "-1", "x", " ", "\n"]),
).map("".join)


@given(WRITTEN)
def test_the_usual_address_says_what_it_says_taken_apart(written: str) -> None:
    """A glance at the whole tells of an address what its parts tell, or nothing."""
    taken_apart = split(unarchived(written))
    plain = plain_x_status(written)
    assert plain is None or (taken_apart is not None and plain == x_status_of(taken_apart))


def test_an_address_that_x_gives_is_known_at_a_glance() -> None:
    """Nearly all are of this shape: were it missed, reading would be slower, and nothing would tell."""
    assert plain_x_status("https://twitter.com/sample/status/20?ref_src=twsrc%5Etfw") == XStatus("sample", "20")
