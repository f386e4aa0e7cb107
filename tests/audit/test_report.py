"""The report: everything that the archive can tell of disappearances, as text in one file that asks for nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html

from archiver.archive import Archive
from archiver.audit import report
from archiver.audit.report import Stated
from archiver.config import Config
from archiver.demo.scenery import Picture, ShortLink
from archiver.demo.shapes import Answer, Asked
from archiver.errors import StorageError, UsageError
from archiver.model.listing import PostFilter
from archiver.model.verdict import State
from tests.audit.gone import delete_posts
from tests.audit.test_export import a_full_disk
from tests.builders import NOON, make_store, say
from tests.newsroom import Newsroom, born, day

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PERSIAN = "نمونه متن آسواکا، فقط برای آزمایش 🌙\nخط دوم"
FIRST, SECOND, BEFORE, ALIVE, SUSPENDED, BACK, AGAIN = (born(10, number) for number in range(1, 8))
PATH = "https://courier.example/a/long/path"
SECTIONS = ("deleted", "before", "restricted", "restored")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Four weeks: two deletions, one post gone before, one alive, one suspended, one deleted and served again."""
    with Newsroom(tmp_path_factory.mktemp("report"), tables='[media]\nkeep = "images"\n') as opened:
        world = opened.world
        world.account("second_desk", "1000000000000000078", "Ѕаmple Desk")
        pictures = (Picture("SmplPict01", alternative_text="نمودار نمونه"), Picture("SmplFilm01", kind="video"))
        link = ShortLink("SmplLink01", PATH, "courier.example/a/lo…")
        opened.post(
            FIRST, "first_desk", f"{PERSIAN} https://t.co/SmplLink01", media=pictures, links=[link], language="fa"
        )
        opened.post(SECOND, "second_desk", media=(Picture("SmplLost01"),))
        for post, handle in ((BEFORE, "third_desk"), (ALIVE, "second_desk"), (SUSPENDED, "fifth_desk")):
            opened.post(post, handle)
        opened.post(BACK, "sixth_desk", "Sample words that came back.")
        world.at(day(1.2)).delete(FIRST)
        world.at(day(7.3)).delete(SECOND, tombstone=False)
        world.at(day(-9)).delete(BEFORE)
        world.at(day(3)).suspend("fifth_desk")
        world.at(day(2.2)).delete(BACK)
        world.at(day(12)).restore(BACK)

        def between(asked: Asked, answered: Answer) -> Answer:
            if asked.host != "pbs.twimg.com":
                return answered
            return Answer(404, "text/plain", b"") if "Lost" in asked.path else Answer(200, "image/png", PNG)

        opened.far_end.between = between
        opened.article("river-report.html", opened.quote(FIRST), opened.quote(ALIVE), opened.quote(BACK))
        opened.article("market-day.html", *map(opened.quote, (FIRST, SECOND, BEFORE, SUSPENDED)))
        opened.live(day(29), timedelta(hours=12))
        yield opened


@pytest.fixture(scope="module")
def page(room: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> html.HtmlElement:
    """The whole report of that newsroom, parsed."""
    return read(room, tmp_path_factory.mktemp("page") / "report.html")


def read(room: Newsroom, path: Path, wanted: PostFilter | None = None, *, public: bool = False) -> html.HtmlElement:
    room.archive.report(path, wanted, public=public)
    return html.document_fromstring(path.read_text(encoding="utf-8"))


def squeezed(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def cards(page: html.HtmlElement, section: str) -> list[html.HtmlElement]:
    return list(page.xpath(f"//section[@id='{section}']/article"))


def card(page: html.HtmlElement, room: Newsroom, native_id: str) -> html.HtmlElement:
    return page.get_element_by_id(f"p{room.listed(native_id).number}")


def counts(page: html.HtmlElement) -> dict[str, list[int]]:
    rows = page.xpath("//section[@id='counts']//tr[td]")
    return {squeezed(row.find("th")): [int(cell.text.replace(",", "")) for cell in row.findall("td")] for row in rows}


def test_each_claim_has_its_own_section(room: Newsroom, page: html.HtmlElement) -> None:
    """Deleted, gone before the first look, not public for another reason, served again: no post stands in two."""
    shown = {name: [each.get("id") for each in cards(page, name)] for name in SECTIONS}
    assert shown == {
        "deleted": [f"p{room.listed(post).number}" for post in (SECOND, FIRST)],
        "before": [f"p{room.listed(BEFORE).number}"],
        "restricted": [f"p{room.listed(SUSPENDED).number}"],
        "restored": [f"p{room.listed(BACK).number}"],
    }
    assert "Another claim" in page.get_element_by_id("before").text_content()
    assert "2 posts seen alive, then deleted" in squeezed(page.find(".//h1"))


def test_the_counts_are_the_archives(room: Newsroom, page: html.HtmlElement) -> None:
    """By verdict, and what was followed: every number agrees with the store."""
    held = room.archive.status()[0]
    by_verdict = counts(page)
    assert by_verdict.pop("all") == [6, 6, 0]
    assert sum(row[0] for row in by_verdict.values()) == sum(held[key] for key in held if key.startswith("posts: "))
    assert by_verdict["deleted"] == [held["posts: deleted"]] * 2 + [0]
    assert by_verdict["alive"] == [held["posts: alive"]] * 2 + [0]
    followed = {
        squeezed(each.find("dt")): squeezed(each.find("dd")) for each in page.xpath("//dl[@class='figures']/div")
    }
    assert followed["articles read"] == "2"
    assert followed["embeds found"] == str(held["embeds"])
    looks = [row for row in room.rows("observations") if row.subject_kind != "control"]
    assert followed["looks at posts and accounts"] == str(len(looks))
    text = squeezed(page.get_element_by_id("followed"))
    rounds, batches = len(room.rows("rounds")), room.rows("batches")
    void = sum(not batch.valid for batch in batches)
    assert f"{rounds} rounds, {len(batches)} batches, {void} of them void" in text
    assert f"{len(room.rows('ledger'))} lines" in squeezed(page)
    valid = {row.id for row in batches if row.valid}
    for row in page.xpath("//section[@id='followed']//table//tr[td]"):
        (platform, all_looks, all_valid, *_), endpoint = (
            [squeezed(each) for each in row.findall("td")],
            row.find("th").text,
        )
        own = [look for look in looks if look.endpoint == endpoint]
        assert (platform, int(all_looks), int(all_valid)) == ("x", len(own), sum(look.batch in valid for look in own))


def test_a_filter_is_stated_with_what_it_leaves_out(room: Newsroom, tmp_path: Path) -> None:
    """Per verdict: what the archive holds, what is in the report, and the rest."""
    page = read(room, tmp_path / "report.html", PostFilter(author="@First_Desk"))
    assert {name: len(cards(page, name)) for name in SECTIONS} == dict(zip(SECTIONS, (1, 0, 0, 0), strict=True))
    assert counts(page)["deleted"] == [2, 1, 1]
    assert counts(page)["all"] == [6, 1, 5]
    assert "author: @First_Desk" in squeezed(page)
    assert "No post was found gone at the first look." in squeezed(page)


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        (PostFilter(verdict=(State.DELETED,)), (2, 0, 0, 0)),
        (PostFilter(verdict=(State.ALIVE,)), (0, 0, 0, 1)),
        (PostFilter(article="river-report"), (1, 0, 0, 1)),
        (PostFilter(gone_since=day(7), verdict=(State.DELETED,)), (1, 0, 0, 0)),
        (PostFilter(platform="mastodon"), (0, 0, 0, 0)),
    ],
    ids=("verdict", "alive", "article", "gone since", "platform"),
)
def test_the_filters_of_the_listing_hold(
    room: Newsroom, tmp_path: Path, wanted: PostFilter, shown: tuple[int, ...]
) -> None:
    """As for `posts` and `export`."""
    page = read(room, tmp_path / "report.html", wanted)
    assert tuple(len(cards(page, name)) for name in SECTIONS) == shown


def test_a_card_tells_all_that_is_on_file_of_a_deleted_post(room: Newsroom, page: html.HtmlElement) -> None:
    """Words, author, times, the looks that carry the verdict, articles, digests and ledger lines."""
    post, shown = room.listed(FIRST), card(page, room, FIRST)
    (words,) = shown.xpath(".//blockquote/p[@class='post']")
    assert (words.get("dir"), words.get("lang"), words.text) == ("auto", "fa", post.text)
    text = squeezed(shown)
    assert f"Sample first_desk @first_desk author id {post.author_id}" in text
    assert f"https://t.co/SmplLink01 leads to {PATH}" in text
    given = room.verdicts(post.number)[-1]
    assert post.gone_after is not None
    assert post.gone_by is not None
    for moment in (post.published_at, post.first_seen_at, post.last_seen_at, post.gone_by, post.decided_at):
        assert moment is not None
        assert f"{moment:%Y-%m-%d %H:%M:%S} UTC" in text
    rows = shown.xpath(".//table[@class='checks']/tbody/tr")
    assert sorted(int(row.find("th").text) for row in rows) == sorted(given.rests_on)
    known = {row.id: row for row in room.rows("observations")}
    for row in rows:
        look = known[int(row.find("th").text)]
        _, endpoint, outcome, controls, numbers = (squeezed(cell) for cell in row.findall("td"))
        assert endpoint.removesuffix(" (account)") == look.endpoint
        assert outcome.startswith(look.outcome)
        assert outcome.endswith(look.reason)
        assert numbers == f"{look.round} / {look.batch} / {look.ledger}"
        beside = {
            each.subject_key for each in known.values() if each.batch == look.batch and each.subject_kind == "control"
        }
        alive = sum(key.startswith("present:") for key in beside)
        assert controls == f"{alive} served, {len(beside) - alive} absent"
    assert f"ledger line {given.ledger}, rules version {given.rules_version}" in text
    assert "Cited by 2 articles" in text
    assert "https://courier.example/market-day.html" in text
    for digest in room.rows("snapshots", post=post.number):
        (row,) = room.rows("contents", id=digest.content)
        assert row.digest in text
        assert row.commitment in text


def test_the_sentence_is_that_of_the_export(room: Newsroom, page: html.HtmlElement, tmp_path: Path) -> None:
    """One wording for all who read; an account's state claims nothing of the post."""
    room.archive.export(tmp_path / "gone.jsonl")
    for line in (tmp_path / "gone.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        assert record["statement"] in squeezed(card(page, room, record["post_id"]))
    suspended = squeezed(card(page, room, SUSPENDED))
    assert "Whether the post itself was deleted cannot be told from that." in suspended
    assert "Consistent with deletion" not in suspended


def test_pictures_stand_inline_and_what_was_not_kept_is_said(room: Newsroom, page: html.HtmlElement) -> None:
    """A data: address of the very bytes; a film is named, a picture that could not be had too."""
    first, second = card(page, room, FIRST), card(page, room, SECOND)
    (picture,) = first.xpath(".//img")
    assert picture.get("src") == f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    assert picture.get("alt") == "نمودار نمونه"
    assert "video not kept: films and recordings never are" in squeezed(first)
    assert second.xpath(".//img") == []
    assert "picture not kept: it could not be had (not_found, ledger line" in squeezed(second)


def test_a_post_that_came_back_keeps_its_earlier_disappearance(room: Newsroom, page: html.HtmlElement) -> None:
    """Under "served again", word for word."""
    text = squeezed(card(page, room, BACK))
    assert "alive, restored" in text
    assert "had been called gone and was seen publicly again" in text
    assert "Earlier disappearances, ended by a sighting deleted, grade A: after 2026-03" in text


def test_a_name_of_several_scripts_is_no_doubt_and_a_handle_is(tmp_path: Path) -> None:
    """Names mix scripts every day; a handle that does may imitate another one. The id stands beside both."""
    store = delete_posts(tmp_path, [say("Sample", author_handle="s\u0430mple_wire", author_name="خبر Sample")])
    report.write(store, tmp_path / "r.html", PostFilter(), stated=Stated(as_of=NOON))
    page = html.document_fromstring((tmp_path / "r.html").read_text(encoding="utf-8"))
    (doubt,) = page.xpath("//p[@class='byline']//span[@class='doubt']")
    assert squeezed(doubt) == "letters of several scripts: Cyrillic, Latin"
    assert "author id 77" in squeezed(page)


def test_a_long_text_stands_whole(tmp_path: Path) -> None:
    """3,000 characters, to the last one; where one endpoint cut it, the words of the other are shown."""
    text = ("Sample sentence that goes on. " * 100).strip()
    cut = say(f"{text[:270].strip()}…", truncated=True)
    store = delete_posts(tmp_path, [say(text), say("Sample, short…", truncated=True)], by_oembed=[cut, cut])
    report.write(store, tmp_path / "r.html", PostFilter(), stated=Stated(as_of=NOON))
    page = html.document_fromstring((tmp_path / "r.html").read_text(encoding="utf-8"))
    whole, short = (page.get_element_by_id(name) for name in ("p1", "p2"))
    assert whole.xpath(".//blockquote/p[@class='post']")[0].text == text
    assert "cut short" not in squeezed(whole)
    assert short.xpath(".//blockquote/p[@class='post']")[0].text == cut.text
    assert "the platform served it cut short" in squeezed(short)


def test_other_words_that_a_post_was_seen_to_say_stand_beside_the_last(tmp_path: Path) -> None:
    """Each once, with when and where; that an endpoint writes links otherwise makes no other words."""
    first = [
        say("Sample sentence, as it was first. https://t.co/SmplLink01"),
        say("Sample, the same https://t.co/SmplLink02"),
    ]
    later = [say("Sample sentence, as it was later."), say("Sample, the same pic.twitter.com/SmplLink02")]
    store = delete_posts(tmp_path, first, by_oembed=later)
    report.write(store, tmp_path / "r.html", PostFilter(), stated=Stated(as_of=NOON))
    page = html.document_fromstring((tmp_path / "r.html").read_text(encoding="utf-8"))
    changed, same = (squeezed(page.get_element_by_id(name)) for name in ("p1", "p2"))
    assert (
        "Other words it was seen to say 2026-03-01 12:00:00 UTC (first, syndication)Sample sentence, as it" in changed
    )
    assert "Other words" not in same


def test_the_same_archive_gives_the_same_bytes(room: Newsroom, tmp_path: Path) -> None:
    """Made twice, an hour of the clock between."""
    room.archive.report(tmp_path / "one.html")
    room.clock.advance(timedelta(hours=1))
    room.archive.report(tmp_path / "two.html")
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_the_policy_allows_this_style_sheet_and_nothing_else(page: html.HtmlElement) -> None:
    """The digest in the policy is that of the style sheet, to the byte."""
    (style,) = page.xpath("//style")
    (meta,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert meta.get("content") == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'none'; base-uri 'none'"
    )
    assert not re.search(r"@import|expression|url\((?!#hatch)", style.text)


def test_a_public_report_tells_no_words_and_names_nobody(room: Newsroom, tmp_path: Path) -> None:
    """No text, name, handle, id of an author, link, picture, article's words or digest of what was said."""
    page = read(room, tmp_path / "public.html", PostFilter(author="first_desk"), public=True)
    file = (tmp_path / "public.html").read_text(encoding="utf-8")
    post = room.listed(FIRST)
    assert len(cards(page, "deleted")) == 1
    assert "left out of this public report" in file
    kept = [room.rows("contents", id=row.content)[0] for row in room.rows("snapshots", post=post.number)]
    told = (*PERSIAN.splitlines(), "desk", post.author_id, "t.co", "courier", "data:image", "Sample prose", "twimg")
    for words in (*told, *(row.digest for row in kept)):
        assert words
        assert words.lower() not in file.lower().replace("img-src data:", ""), words
    assert all(row.commitment in file for row in kept)
    assert FIRST in file
    assert str(post.gone_by)[:10] in file


def test_an_empty_archive_has_a_report(tmp_path: Path) -> None:
    """Without a post, without a look."""
    store = make_store(tmp_path)
    assert report.write(store, tmp_path / "r.html", PostFilter(), stated=Stated(as_of=NOON)) == 0
    page = html.document_fromstring((tmp_path / "r.html").read_text(encoding="utf-8"))
    text = squeezed(page)
    assert "The archive holds no posts." in text
    assert "0 posts seen alive, then deleted" in text
    assert text.count("none was made") == 2
    assert page.xpath("//article") == []


def test_an_archive_without_a_deletion_has_a_report(tmp_path: Path) -> None:
    """The chart of verdicts, and no chart of disappearances."""
    store = delete_posts(tmp_path, [say("Sample, alive")], gone=False)
    report.write(store, tmp_path / "r.html", PostFilter(), stated=Stated(as_of=NOON))
    page = html.document_fromstring((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert "No post that this archive saw alive is called deleted." in squeezed(page)
    assert [each.get("id") for each in page.xpath("//svg/title[@id]")] == ["chart-verdicts"]


def test_what_the_caller_knows_is_printed(tmp_path: Path) -> None:
    """Weaker rules, the policy of retention, who holds a checkpoint, whose key, which authors."""
    store = make_store(tmp_path)
    stated = Stated(
        as_of=NOON,
        origin="0123456789abcdef",
        fingerprint="sha256:" + "ab" * 32,
        held_outside=("sample notary",),
        retention="words obtained through sample are removed after 30d",
        weaker_rules=("verdicts.unsafe_rounds = 2",),
        follow=("x:sample_wire",),
        in_bag=True,
    )
    report.write(store, tmp_path / "r.html", PostFilter(), stated=stated)
    text = squeezed(html.document_fromstring((tmp_path / "r.html").read_text(encoding="utf-8")))
    for words in (
        "0123456789abcdef",
        f"sha256:{'ab' * 32}",
        "Copies of a checkpoint were handed to: sample notary",
        "removed after 30d",
        "Weaker rules were in force than the standard ones: verdicts.unsafe_rounds = 2",
        "x:sample_wire",
        "verify.py",
    ):
        assert words in text


def test_weaker_rules_and_the_policy_of_the_configuration_are_stated(room: Newsroom, tmp_path: Path) -> None:
    """Row 97: whoever reads a report sees that its thresholds were lowered."""
    tree = room.archive.config.model_dump() | {
        "verdicts": {"unsafe_rounds": 2},
        "retention": {"thin_after": "30d"},
    }
    with Archive(Config.model_validate(tree), clock=room.clock) as archive:
        archive.report(tmp_path / "r.html")
    text = squeezed(html.document_fromstring((tmp_path / "r.html").read_text(encoding="utf-8")))
    assert "unsafe_rounds = 2" in text
    assert "answers that nothing rests upon are kept for 30d" in text


def test_a_full_disk_leaves_what_was_there(room: Newsroom, tmp_path: Path) -> None:
    """Row 96: the report is whole or not there, and the error names the file."""
    (tmp_path / "r.html").write_text("yesterday's", encoding="utf-8")
    with a_full_disk(10_000), pytest.raises(StorageError, match=r"r\.html: File too large"):
        room.archive.report(tmp_path / "r.html")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("r.html", "yesterday's")]


def test_another_suffix_is_refused(room: Newsroom, tmp_path: Path) -> None:
    """A report is a page."""
    with pytest.raises(UsageError, match=r"ends in \.html"):
        room.archive.report(tmp_path / "report.pdf")
    assert list(tmp_path.iterdir()) == []
