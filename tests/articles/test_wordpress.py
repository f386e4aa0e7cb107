"""What WordPress keeps of a post, brought nearer to the page that it makes of it."""

from __future__ import annotations

import base64
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from archiver.articles.wordpress import films, is_content, rendered

POST = "https://twitter.com/sample_one/status/1428507067806646273"
FILM = "https://www.youtube.com/watch?v=AbCdEfGhIj1"


def test_raw_html_of_wpbakery_is_decoded() -> None:
    """It is encoded as an address and then in base64; what is neither stays."""
    markup = f'<blockquote class="twitter-tweet"><p>نمونه</p><a href="{POST}">Sample</a></blockquote>'
    raw = base64.b64encode(quote(markup).encode()).decode()
    content = f'[vc_column][vc_raw_html el_class="a"]{raw}[/vc_raw_html][/vc_column]'
    assert rendered(content) == f"[vc_column]{markup}[/vc_column]"
    assert rendered("[vc_raw_html]abc[/vc_raw_html]") == "[vc_raw_html]abc[/vc_raw_html]"


def test_an_address_alone_on_its_line_is_a_paragraph() -> None:
    """Also beside other lines, where HTML has but a blank; other addresses stay."""
    content = f"Sample\r\n{POST}\r\n{FILM}\r\nhttps://news.example/1\r\nSample {POST}"
    wanted = f"Sample\r\n<p>{POST}</p>\n<p>{FILM}</p>\nhttps://news.example/1\r\nSample {POST}"
    assert rendered(content) == wanted


def test_films_of_the_meta_are_those_that_the_content_has_not() -> None:
    """By names that speak of films; what keeps markup, or speaks of other things, is left alone."""
    serialized = f's:8:"td_video";s:43:"{FILM}";s:13:"td_last_video";s:43:"{FILM}";'
    meta = [("td_post_video", serialized), ("video_url", FILM), ("_publicize_twitter_url", POST)]
    assert films(meta, "Sample") == f"<p>{FILM}</p>"
    assert films(meta, f"[embed]{FILM}[/embed]") == ""
    assert films([("_oembed_ab12", FILM), ("video", f"<a>{FILM}</a>")], "") == ""


def test_the_column_of_wordpress_is_known_by_its_name() -> None:
    """Whatever its tables' names begin with."""
    assert is_content("SELECT ID AS key, p.post_content AS html FROM sample_posts p")
    assert not is_content("SELECT id AS key, post_contents AS html FROM news")


@given(st.text(alphabet="ab =\n[]/_vcrawhtml<>:.") | st.text())
def test_no_content_is_an_error(content: str) -> None:
    """What is not WordPress's comes back as it was."""
    assert rendered(f"[vc_raw_html]{content}[/vc_raw_html]").endswith("]") or "vc_raw" not in content
    assert rendered(content) == content
