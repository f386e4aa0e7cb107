"""The source of kind "feed", in files and at an address."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.articles.feed import ACCEPT, Feed, LiveFeed
from archiver.articles.source import Known
from archiver.model.article import Reached, StoredArticle, Unchanged, Unread
from archiver.model.exchange import Exchange, Failure, Headers
from tests.articles.reading import articles, assert_resumes, places, read, refusals, remembered, vanished

ADDRESS = "https://news.example/feed.xml"
NOW = datetime(2021, 8, 20, tzinfo=UTC)

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Sample feed</title><link>https://news.example/</link>
<item><title>Sample &amp;amp; one</title><link>https://news.example/1</link><guid isPermaLink="false">tag:1</guid>
<pubDate>Fri, 20 Aug 2021 10:00:00 GMT</pubDate><description>Short</description>
<content:encoded><![CDATA[<p>Sample text one</p>]]></content:encoded></item>
<item><guid>https://news.example/2</guid><description>&lt;p&gt;Sample text two&lt;/p&gt;</description></item>
<item><description>Sample text three</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Sample feed</title><id>feed</id>
<entry><id>tag:1</id><title type="html">Sample one</title><published>2021-08-20T10:00:00Z</published>
<link rel="self" href="https://news.example/self"/><link href="https://news.example/1"/>
<summary>Short</summary><content type="html">&lt;p&gt;Sample text one&lt;/p&gt;</content></entry>
<entry><id>tag:2</id><updated>2021-08-21T10:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Sample <b>text</b> &amp; two<br/></p></div></content>
</entry>
<entry><id>tag:3</id><summary type="text">Sample text three</summary></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://news.example/"><title>Sample</title></channel>
<item rdf:about="https://news.example/1"><title>Sample one</title><link>https://news.example/1</link>
<description>&lt;p&gt;Sample text one&lt;/p&gt;</description><dc:date>2021-08-20T10:00:00Z</dc:date></item></rdf:RDF>"""

MEDIA = """<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<item><guid>1</guid><description>&lt;p&gt;Sample excerpt&lt;/p&gt;</description>
<media:content url="https://www.youtube.com/embed/AbCdEfGhIj1?a=1&amp;b=2" medium="video">
<media:player url="https://www.youtube.com/embed/AbCdEfGhIj1"/></media:content>
<media:content url="https://news.example/sample.jpg" medium="image"/></item>
<item><guid>2</guid><description>&lt;iframe src="https://www.youtube.com/embed/AbCdEfGhIj2"&gt;&lt;/iframe&gt;</description>
<media:group><media:content url="https://www.youtube.com/v/AbCdEfGhIj2?version=3"/></media:group></item>
</channel></rss>"""


class Network:
    """Answers every question with the same words, and remembers what it was asked."""

    def __init__(
        self, body: str | bytes = RSS, status: int = 200, headers: Headers = (), failure: Failure | None = None
    ):
        self.body = body.encode() if isinstance(body, str) else body
        self.status = status
        self.headers = headers
        self.failure = failure
        self.asked: list[tuple[str, str]] = []

    def __call__(self, url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        self.asked.append((url, accept))
        return Exchange(
            url=url,
            detour=None,
            request_headers=(),
            masked=(),
            status_code=None if self.failure else self.status,
            http_version=None,
            response_headers=self.headers,
            payload=self.body,
            body=self.body,
            truncated=None,
            peer=None,
            tls_digest=None,
            sent_at=NOW,
            received_at=NOW,
            sent_monotonic=0,
            received_monotonic=0,
            failure=self.failure,
        )


def source(tmp_path: Path, text: str) -> Feed:
    path = tmp_path / "feed.xml"
    path.write_text(text, encoding="utf-8")
    return Feed("sample", path)


def live(network: Network) -> LiveFeed:
    return LiveFeed("sample", ADDRESS, network)


@pytest.mark.parametrize("text", [RSS, ATOM, RDF], ids=["rss", "atom", "rdf"])
def test_an_entry_has_its_words_address_title_and_date(tmp_path: Path, text: str) -> None:
    """The whole content goes before the summary, the entry's page before the feed's own."""
    first = articles(read(source(tmp_path, text)))[0]
    assert (first.payload, first.markup) == (b"<p>Sample text one</p>", "html")
    assert first.address == "https://news.example/1"
    assert (first.title or "").startswith("Sample")
    assert first.published_at == datetime(2021, 8, 20, 10, tzinfo=UTC)


def test_an_entry_is_known_by_its_id_its_link_or_its_words(tmp_path: Path) -> None:
    """An id that is an address is one; without id and link the digest of the content tells entries apart."""
    one, two, three = articles(read(source(tmp_path, RSS)))
    assert (one.location, two.location) == ("feed.xml/tag:1", "feed.xml/https://news.example/2")
    assert two.address == "https://news.example/2"
    assert three.location.startswith("feed.xml/sha256:")
    assert three.address is None
    assert one.title == "Sample & one"


def test_atoms_ways_of_writing_content_are_read(tmp_path: Path) -> None:
    """XHTML as markup without its namespaces, text as text."""
    _, two, three = articles(read(source(tmp_path, ATOM)))
    assert two.payload == b"<div><p>Sample <b>text</b> &amp; two<br></p></div>"
    assert two.published_at == datetime(2021, 8, 21, 10, tzinfo=UTC)
    assert (three.payload, three.markup) == (b"Sample text three", "text")


def test_a_feed_with_a_dtd_or_without_an_end_is_reported(tmp_path: Path) -> None:
    """The one is refused whole, the other read as far as it goes."""
    assert refusals(read(source(tmp_path, "<!DOCTYPE rss>" + RSS[21:]))) == {"feed.xml": "unparsed"}
    assert places(read(source(tmp_path, "<!DOCTYPE rss>" + RSS[21:]))) == []
    cut = read(source(tmp_path, RSS[:-40]))
    assert len(articles(cut)) == 2
    assert refusals(cut) == {"feed.xml": "unparsed"}


def test_what_has_left_a_feed_in_a_file_has_not_vanished(tmp_path: Path) -> None:
    """A newer state of the file shows newer entries; the older ones stay, at the next scan too."""
    known = remembered(read(source(tmp_path, RSS)))
    newer = source(tmp_path, RSS.replace("tag:1", "tag:4"))
    findings = read(newer, known)
    assert "feed.xml/tag:4" in places(findings)
    assert not vanished(known, findings)
    later = remembered(findings, known)
    again = read(newer, later)
    assert again == [Unchanged("feed.xml", below=True)]
    assert "feed.xml/tag:1" in later.stamps


def test_files_resume_anywhere(tmp_path: Path) -> None:
    """Hundreds of entries, cut short at any place."""
    entries = "".join(f"<item><guid>{number}</guid><description>Sample</description></item>" for number in range(450))
    assert_resumes(
        source(tmp_path, f"<rss><channel>{entries}</channel></rss>"), [0, 1, 199, 200, 201, 202, 333, 452, 453]
    )


def test_a_live_feed_is_asked_for_once_and_read_when_it_has_changed() -> None:
    """The digest of what came is its stamp: the same words again are not read again, and nothing vanishes."""
    network = Network()
    first = read(live(network))
    assert network.asked == [(ADDRESS, ACCEPT)]
    assert places(first)[0] == "tag:1"
    assert isinstance(first[-1], Reached)
    assert (first[-1].location, first[-1].complete) == ("", True)
    known = remembered(first)
    assert read(live(network), known) == [Unchanged("", below=True)]
    newer = read(live(Network(RSS.replace("tag:1", "tag:9"))), known)
    assert "tag:9" in places(newer)
    assert not vanished(known, newer)


def test_a_live_feed_that_was_cut_short_hands_over_the_rest() -> None:
    """Entries on file with the stamp of the same answer are met, not handed over."""
    everything = places(read(live(Network())))
    findings = iter(live(Network()).read(Known()))
    first = [next(findings), next(findings)]
    rest = read(live(Network()), remembered(first))
    assert places(first) + places(rest) == everything


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (Network(failure=Failure("timeout", "no answer within 30 s")), "no answer within 30 s"),
        (Network(failure=Failure("blocked_address", "it is not public")), "[web] connect_to names the address to dial"),
        (Network(status=503), "answered with status 503"),
        (Network(status=301, headers=(("Location", "https://news.example/new"),)), "write that address"),
    ],
)
def test_a_feed_that_cannot_be_had_is_unread_as_a_whole(network: Network, words: str) -> None:
    """One line that names the address; nothing of it has vanished."""
    (refusal,) = read(live(network))
    assert isinstance(refusal, Unread)
    assert (refusal.location, refusal.reason) == ("", "io")
    assert refusal.message.startswith(ADDRESS)
    assert words in refusal.message


@pytest.mark.parametrize(
    "body",
    ["<!DOCTYPE html><title>Sample</title>", "<html><body>Sample", '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">'],
)
def test_a_live_feed_that_is_a_page_is_unread(body: str) -> None:
    """A login page instead of the feed: nothing is read, nothing vanishes, and the line says what came."""
    (refusal,) = read(live(Network(body)))
    assert isinstance(refusal, Unread)
    assert (refusal.location, refusal.reason) == ("", "io")
    assert "answered with a page of HTML, no feed" in refusal.message


def test_without_the_network_a_live_feed_is_unread() -> None:
    """A door that hands no `get` over still scans the other sources."""
    assert refusals(read(LiveFeed("sample", ADDRESS, None))) == {"": "io"}


def test_the_charset_of_the_answers_header_counts() -> None:
    """An answer in another charset without a declaration is read by what its header says."""
    body = "<rss><channel><item><guid>1</guid><description>Пример</description></item></channel></rss>"
    told = (("Content-Type", 'application/rss+xml; charset="windows-1251"'),)
    (article,) = articles(read(live(Network(body.encode("cp1251"), headers=told))))
    assert isinstance(article, StoredArticle)
    assert article.payload.decode() == "Пример"


def test_films_beside_the_content_are_laid_behind_it(tmp_path: Path) -> None:
    """Media RSS names a film that an excerpt does not show; one that the content shows is not laid there again, and a
    picture is no film."""
    (tmp_path / "feed.xml").write_text(MEDIA, encoding="utf-8")
    one, two = articles(read(Feed("wire", tmp_path / "feed.xml")))
    film = '<iframe data-archiver-media src="https://www.youtube.com/embed/AbCdEfGhIj1?a=1&amp;b=2"></iframe>'
    assert one.payload.decode() == f"<p>Sample excerpt</p>\n{film}"
    assert two.payload.decode() == '<iframe src="https://www.youtube.com/embed/AbCdEfGhIj2"></iframe>'


def test_an_entry_of_youtubes_own_feed_is_its_film(tmp_path: Path) -> None:
    """It has no content but the film, which stands in a group."""
    group = '<media:group><media:content url="https://www.youtube.com/v/AbCdEfGhIj1?version=3"/></media:group>'
    entry = f"<entry><id>yt:video:AbCdEfGhIj1</id>{group}</entry>"
    head = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">'
    (tmp_path / "feed.xml").write_text(f"{head}{entry}</feed>", encoding="utf-8")
    (article,) = articles(read(Feed("wire", tmp_path / "feed.xml")))
    assert b"https://www.youtube.com/v/AbCdEfGhIj1?version=3" in article.payload


BLOGGER = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:blogger="http://schemas.google.com/blogger/2018">
<entry><id>1</id><category term="KIND#post"/><content type="html">Sample</content></entry>
<entry><id>2</id><category term="KIND#comment"/><content type="html">Sample</content></entry>
<entry><id>3</id><category term="comment"/><content type="html">Sample</content></entry>
<entry><id>4</id><category term="KIND#template"/><content type="text">Sample</content></entry>
<entry><id>5</id><blogger:type>POST</blogger:type><content type="html">Sample</content></entry>
<entry><id>6</id><blogger:type>COMMENT</blogger:type><content type="html">Sample</content></entry></feed>"""


def test_of_a_backup_of_blogger_the_posts_are_read(tmp_path: Path) -> None:
    """Comments, settings and templates stand beside them in the same feed."""
    text = BLOGGER.replace("KIND", "http://schemas.google.com/blogger/2008/kind")
    assert places(read(source(tmp_path, text))) == ["feed.xml/1", "feed.xml/3", "feed.xml/5"]


@pytest.mark.parametrize(
    "content",
    [
        '<b:encoded xmlns:b="http://purl.org/rss/1.0/modules/content/">&amp;lt;p&amp;gt;One&amp;lt;/p&amp;gt;</b:encoded>',
        "<description><p>One</p></description>",
        '<h:body xmlns:h="http://www.w3.org/1999/xhtml"><h:p>One</h:p></h:body><description>Short</description>',
        '<y:full-text xmlns:y="http://news.yandex.ru">&lt;p&gt;One&lt;/p&gt;</y:full-text><description>S</description>',
        '<t:content xmlns:t="http://turbo.yandex.ru"><![CDATA[<p>One</p>]]></t:content><description>S</description>',
    ],
)
def test_content_is_read_however_it_is_written(tmp_path: Path, content: str) -> None:
    """Escaped twice, not escaped, and under the names that other readers of feeds want."""
    (article,) = articles(read(source(tmp_path, f"<rss><channel><item>{content}</item></channel></rss>")))
    assert article.payload == b"<p>One</p>"


def test_a_feed_that_is_hardly_xml_is_read_to_its_end(tmp_path: Path) -> None:
    """Empty lines before the declaration, ampersands in addresses, signs of HTML and of no use."""
    text = (
        '\n\n<?xml version="1.0"?><rss><channel><item><title>Sample &nbsp; & one &#8;</title>'
        "<link>https://news.example/?a=1&b=2</link><description><![CDATA[<p>&nbsp;</p>]]></description></item>"
        "<item><description>&lt;p&gt;Two&lt;/p&gt;</description></item></channel></rss>"
    )
    one, two = articles(read(source(tmp_path, text)))
    assert (one.address, one.title) == ("https://news.example/?a=1&b=2", "Sample & one \ufffd")
    assert (one.payload, two.payload) == (b"<p>&nbsp;</p>", b"<p>Two</p>")


SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://news.example/</loc></url></urlset>'
)
XHTML = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><h1>502 Bad Gateway</h1></body></html>'
OLD_ATOM = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><id>tag:1</id><title>Sample one</title>
<link rel="alternate" href="https://news.example/1"/><issued>2021-08-20T10:00:00Z</issued>
<content type="text/html" mode="escaped">&lt;p&gt;Sample text one&lt;/p&gt;</content></entry></feed>"""
OLD_RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<channel><title>Sample</title></channel><item><title>Sample one</title><link>https://news.example/1</link>
<description>&lt;p&gt;Sample text one&lt;/p&gt;</description></item></rdf:RDF>"""
IN_A_NAMESPACE = RSS.replace('version="2.0"', 'version="2.0" xmlns="http://backend.userland.com/rss2"')


@pytest.mark.parametrize(
    ("text", "root"),
    [
        (SITEMAP, "urlset"),
        (XHTML, "html"),
        ("<opml><body><outline xmlUrl='https://news.example/'/></body></opml>", "opml"),
        ('<feed xmlns="https://other.example/"><entry>Sample</entry></feed>', "feed xmlns=https://other.example/"),
        ("<Error><Code>AccessDenied</Code></Error>", "Error"),
        ("<RSS><CHANNEL><ITEM><GUID>1</GUID></ITEM></CHANNEL></RSS>", "RSS"),
        (f"<{'a' * 500}/>", "a" * 99 + "…"),
    ],
    ids=["sitemap", "page", "opml", "other", "storage", "capitals", "long"],
)
def test_xml_that_is_no_feed_is_unread(tmp_path: Path, text: str, root: str) -> None:
    """A sitemap, a proxy's page: nothing of it vanishes, and the feed is read when it is back."""
    known = remembered(read(source(tmp_path, RSS)))
    other = source(tmp_path, text)
    findings = read(other, known)
    assert findings[-1] == Unread("feed.xml", "unparsed", f"XML, but no feed: its root is <{root}>")
    assert not vanished(known, findings)
    known = remembered(findings, known)
    assert refusals(read(other, known)) == {"feed.xml": "unparsed"}
    assert places(read(source(tmp_path, RSS.replace("tag:1", "tag:9")), known)) == ["feed.xml/tag:9"]


def test_a_live_feed_whose_address_serves_other_xml_is_unread() -> None:
    """It is told at every scan until there is a feed again."""
    known = remembered(read(live(Network())))
    for _ in range(2):
        findings = read(live(Network(SITEMAP)), known)
        assert findings[-1] == Unread("", "unparsed", f"{ADDRESS}: XML, but no feed: its root is <urlset>")
        assert not vanished(known, findings)
        known = remembered(findings, known)


@pytest.mark.parametrize(
    "text",
    [
        "<rss><channel/></rss>",
        "\ufeff\n<!-- Sample --><?xml-stylesheet href='a.xsl'?><rss/>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Sample</title></feed>",
        "<a:feed xmlns:a='http://purl.org/atom/ns#'/>",
        "<feed/>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
    ],
)
def test_a_feed_without_an_entry_is_one(tmp_path: Path, text: str) -> None:
    """A desk that has published nothing yet."""
    assert not refusals(read(source(tmp_path, text)))


@pytest.mark.parametrize("text", [OLD_ATOM, OLD_RDF, IN_A_NAMESPACE], ids=["atom-0.3", "rss-0.9", "rss2"])
def test_feeds_in_old_namespaces_are_read(tmp_path: Path, text: str) -> None:
    """What came before Atom 1.0 and RSS 1.0 lies in archives, and some RSS 2.0 stands in a namespace."""
    first = articles(read(source(tmp_path, text)))[0]
    assert (first.payload, first.address) == (b"<p>Sample text one</p>", "https://news.example/1")
    assert (first.title or "").startswith("Sample")
    assert first.published_at == (None if text == OLD_RDF else datetime(2021, 8, 20, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        ATOM.replace(' xmlns="http://www.w3.org/2005/Atom"', ""),
        RSS.replace("<rss ", "<RSS ").replace("</rss>", "</RSS>"),
        RSS.replace("<channel>", "")
        .replace("</channel>", "")
        .replace("<rss", "<channel")
        .replace("</rss", "</channel"),
        "\n\n  " + RSS.replace("?>", "?>\n<!-- Sample --><?xml-stylesheet href='a.xsl'?>"),
        ATOM.replace("<feed ", "<entries ").replace("</feed>", "</entries>"),
    ],
    ids=["no-namespace", "capitals", "no-root", "junk", "other-root"],
)
def test_what_has_entries_is_a_feed_however_it_is_wrapped(tmp_path: Path, text: str) -> None:
    """The root is asked only where no entry was met."""
    findings = read(source(tmp_path, text))
    assert len(articles(findings)) == 3
    assert articles(findings)[0].payload == b"<p>Sample text one</p>"
    assert not refusals(findings)
