"""The source of kind "jsonl", against lines that are good, bad and hostile."""

from __future__ import annotations

import gzip
import json
import os
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.articles.jsonl import Fields, JsonLines
from archiver.articles.source import Known
from archiver.model.article import Reached, StoredArticle, Unchanged, Unread
from tests.articles.reading import articles, assert_resumes, places, read, refusals, remembered, vanished


def line(**fields: object) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def source(tmp_path: Path, raw: bytes, name: str = "a.jsonl", fields: Fields | None = None, **limits: int) -> JsonLines:
    path = tmp_path / name
    path.write_bytes(raw)
    return JsonLines("sample", path, fields, **limits)


def test_a_line_is_an_article_by_its_fields(tmp_path: Path) -> None:
    """The names of the configuration, also those that lead into nested objects."""
    fields = Fields(html="content.rendered", title="title.rendered", address="link", date="date_gmt", key="id")
    raw = line(
        id=7,
        link="https://news.example/7",
        date_gmt="2021-08-20T10:00:00",
        title={"rendered": "Sample title"},
        content={"rendered": "<p>نمونه متن</p>"},
    )
    findings = read(source(tmp_path, raw, fields=fields))
    (article,) = articles(findings)
    assert (article.location, article.address, article.title) == (
        "a.jsonl/7",
        "https://news.example/7",
        "Sample title",
    )
    assert article.published_at == datetime(2021, 8, 20, 10, tzinfo=UTC)
    assert (article.payload.decode(), article.markup, article.charset) == ("<p>نمونه متن</p>", "html", "utf-8")
    assert isinstance(findings[-1], Reached)
    assert findings[-1].complete


def test_the_first_of_the_three_fields_that_a_line_has_is_the_article(tmp_path: Path) -> None:
    """HTML before Markdown before plain text; a line with none of them is reported."""
    raw = (
        line(html=None, text="Sample") + line(markdown="# Sample", text="Sample") + line(html="<p>", text="x") + line()
    )
    findings = read(source(tmp_path, raw))
    assert [article.markup for article in articles(findings)] == ["text", "markdown", "html"]
    assert list(refusals(findings).values()) == ["unparsed"]
    refusal = next(found for found in findings if isinstance(found, Unread))
    assert '"html", "markdown", "text"' in refusal.message


def test_a_field_is_read_as_scrapers_write_it(tmp_path: Path) -> None:
    """In pieces, escaped, counted in seconds; an empty one stands back for one that has words."""
    raw = (
        line(html=["<p>One</p>", "<p>Two</p>"], date=1629453600)
        + line(html="&lt;p&gt;One&lt;/p&gt;", date="1629453600000")
        + line(html="", text="Sample")
        + line(html=[], markdown={})
        + line(html="")
    )
    findings = read(source(tmp_path, raw))
    found = articles(findings)
    assert [article.payload for article in found] == [b"<p>One</p>\n<p>Two</p>", b"<p>One</p>", b"Sample", b""]
    assert [article.markup for article in found] == ["html", "html", "text", "html"]
    assert {article.published_at for article in found[:2]} == {datetime(2021, 8, 20, 10, tzinfo=UTC)}
    assert list(refusals(findings).values()) == ["unparsed"]


def test_blocks_of_an_editor_are_read_where_they_stand_in_a_page(tmp_path: Path) -> None:
    """As an object, a list or a text of JSON: they are laid in a script, which their strings cannot end."""
    blocks = [{"_type": "block", "text": "Sample </p>"}, {"_type": "twitter", "id": "1428507067806646273"}]
    raw = line(html=blocks) + line(html={"blocks": blocks}) + line(html=json.dumps(blocks)) + line(html="[Sample]")
    pages = [article.payload.decode() for article in articles(read(source(tmp_path, raw)))]
    assert [page.startswith('<script type="application/json">') for page in pages] == [True, True, True, False]
    assert [page.count("</") for page in pages] == [1, 1, 1, 0]
    within = [json.loads(page.partition(">")[2].removesuffix("</script>")) for page in pages[:3]]
    assert within == [blocks, {"blocks": blocks}, blocks]


def test_posts_of_wordpress_are_read_as_its_exports_are(tmp_path: Path) -> None:
    """Its name of the field tells; an address on its line is then an embed."""
    post = "https://twitter.com/sample_one/status/1428507067806646273"
    raw = line(post_content=f"One\n{post}\nTwo", html=None)
    (article,) = articles(read(source(tmp_path, raw, fields=Fields(html="post_content"))))
    assert article.payload.decode() == f"One\n<p>{post}</p>\nTwo"


def test_without_a_key_a_line_is_found_by_its_address(tmp_path: Path) -> None:
    """Wherever it stands; what is no address counts for nothing, and a key wins."""
    one, two = (
        line(text="Sample", address="https://news.example/1"),
        line(text="x", address="https://news.example/é\u202e"),
    )
    three, four = line(text="x", address="news"), line(text="x", address="https://news.example/4", key="4")
    names = ["a.jsonl/https://news.example/1", "a.jsonl/https://news.example/é\\xe2\\x80\\xae"]
    assert places(read(source(tmp_path, one + two + three + four))) == [
        *names,
        f"a.jsonl/@{len(one + two)}",
        "a.jsonl/4",
    ]
    assert places(read(source(tmp_path, two + line(text="new", key="5") + one))) == [names[1], "a.jsonl/5", names[0]]


def test_lines_with_one_address_are_different_articles(tmp_path: Path) -> None:
    """Only the first is called by the address alone, so that none is taken for a new version of another."""
    one = line(text="Sample", address="https://news.example/1")
    other = line(text="Other", address="https://news.example/1")
    name = "a.jsonl/https://news.example/1"
    second, third = f"{name} @{len(one)}", f"{name} @{len(one + other)}"
    first = read(source(tmp_path, one + other + other))
    assert places(first) == [name, second, third]
    again = read(source(tmp_path, one + other + other.replace(b"Other", b"Third")), remembered(first))
    assert [(article.location, article.payload) for article in articles(again)] == [
        (name, b"Sample"),
        (second, b"Other"),
        (third, b"Third"),
    ]


@pytest.mark.parametrize("squeeze", [bytes, gzip.compress])
def test_a_file_that_has_grown_is_read_on(tmp_path: Path, squeeze: Callable[[bytes], bytes]) -> None:
    """From where it ended; a line without its end counts when it has one, a key that stood there before is a later
    version, an address that stood there before another article."""
    name = "a.jsonl.gz" if squeeze is gzip.compress else "a.jsonl"
    address = "https://news.example/1"
    raw = line(text="Sample", key="1") + line(text="Sample", address=address)
    torn = line(text="Whole", key="2")
    pieces = [raw, line(text="New", key="1"), line(text="Other", address=address), torn[:-1], b"\n", torn]
    if squeeze is bytes:
        pieces += [torn[:9], torn[9:]]
    known, file = Known(), b""
    told = []
    for piece in pieces:
        file += squeeze(piece)
        findings = read(source(tmp_path, file, name), known)
        told.append(places(findings))
        gone = vanished(known, findings)
        assert not gone
        known = remembered(findings, known)
    second = f"{name}/{address} @{len(raw + pieces[1])}"
    assert told[:4] == [[f"{name}/1", f"{name}/{address}"], [f"{name}/1"], [second], [f"{name}/2"]]
    assert told[4:] in ([[], [f"{name}/2"]], [[], [f"{name}/2"], [], [f"{name}/2"]])


def test_a_file_that_was_touched_is_not_looked_through_again(tmp_path: Path) -> None:
    """It is what it was, byte for byte."""
    file = source(tmp_path, line(text="Sample", key="1"))
    known = remembered(read(file))
    os.utime(tmp_path / "a.jsonl", ns=(1, 1))
    findings = read(file, known)
    assert [type(found) for found in findings] == [Unchanged, Reached]
    known = remembered(findings, known)
    assert read(file, known) == [Unchanged("a.jsonl", below=True)]


def test_a_file_that_was_corrected_and_has_grown_is_read_again(tmp_path: Path) -> None:
    """Though the correction is as long as what it corrects, and stands far from the end."""
    lines = [line(text="Sample 1", key=str(number)) for number in range(50)]
    known = remembered(read(source(tmp_path, b"".join(lines))))
    lines[3] = lines[3].replace(b"Sample 1", b"Sample 2")
    findings = read(source(tmp_path, b"".join(lines[:-1]) + line(text="New", key="n") * 2), known)
    assert len(places(findings)) == 51
    assert vanished(known, findings) == {"a.jsonl/49"}


def test_a_scan_that_is_killed_while_a_file_grows_goes_on_too(tmp_path: Path) -> None:
    """What it had stored behind the last point is handed over once more: it may be other words by now."""
    lines = [line(text="Sample", key=str(number)) for number in range(900)]
    first = list(islice(source(tmp_path, b"".join(lines[:700])).read(Known()), 350))
    known = remembered(first)
    second = read(source(tmp_path, b"".join(lines)), known)
    assert not vanished(known, second)
    assert set(places(first)) | set(places(second)) == {f"a.jsonl/{number}" for number in range(900)}
    assert len(places(second)) == 700


def test_a_later_version_is_not_lost_where_a_scan_was_killed(tmp_path: Path) -> None:
    """Its place is on file with the stamp of this very file, by the version before it."""
    raw = b"".join(line(text="Sample", key=str(number)) for number in range(300))
    file = source(tmp_path, raw + line(text="Later", key="7"))
    known = remembered(list(islice(file.read(Known()), 250)))
    assert [article.payload for article in articles(read(file, known))][-1] == b"Later"


@settings(max_examples=20, deadline=None)
@given(stop=st.integers(0, 700))
def test_a_line_is_called_the_same_wherever_reading_began(tmp_path_factory: pytest.TempPathFactory, stop: int) -> None:
    """A scan that was killed goes on behind the line that had the address first."""
    folder = tmp_path_factory.getbasetemp() / "killed-addresses"
    if not folder.exists():
        folder.mkdir()
        raw = b"".join(line(text="Sample", address=f"https://news.example/{number % 250}") for number in range(600))
        (folder / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + raw)
        (folder / "b.jsonl.gz").write_bytes(gzip.compress(b"bad\n" + raw))
    assert_resumes(JsonLines("sample", folder), [stop])


def test_without_key_and_address_a_line_is_found_by_its_offset(tmp_path: Path) -> None:
    """Empty lines and a mark at the beginning are no articles; the last line may lack its end."""
    raw = b"\xef\xbb\xbf" + line(text="Sample") + b"\r\n \n" + line(text="Sample").rstrip()
    second = 3 + len(line(text="Sample")) + 4
    assert places(read(source(tmp_path, raw))) == ["a.jsonl/@3", f"a.jsonl/@{second}"]


@pytest.mark.parametrize(
    "bad",
    [
        b"no json",
        b"[1]",
        b'"text"',
        b'{"text": "cut',
        b"[" * 100_000,
        b'{"text": "x", "n": ' + b"9" * 10_000 + b"}",
        b'{"text": "\xff"}',
        b"\0\0\0",
        b'{"text": 3}',
    ],
)
def test_a_bad_line_costs_no_other(tmp_path: Path, bad: bytes) -> None:
    """Torn, nested without end, numbers of ten thousand digits, bytes that are no text: reported at their offset."""
    first = line(text="Sample", key="1")
    findings = read(source(tmp_path, first + bad + b"\n" + line(text="Sample", key="2")))
    assert places(findings) == ["a.jsonl/1", "a.jsonl/2"]
    assert refusals(findings) == {f"a.jsonl/@{len(first)}": "unparsed"}


def test_what_json_can_write_and_no_text_can_hold_is_replaced(tmp_path: Path) -> None:
    """Half of a surrogate pair in the text, the title and the key; control characters in the key."""
    raw = b'{"text": "Sample \\ud800", "title": "\\udfff", "key": "\\ud800\\n/x"}\n'
    (article,) = articles(read(source(tmp_path, raw)))
    assert article.payload == b"Sample ?"
    assert article.location == "a.jsonl/\\xed\\xa0\\x80\\x0a/x"
    article.location.encode()
    (article.title or "").encode()


def test_a_long_line_is_read_and_one_over_the_cap_is_reported_with_its_size(tmp_path: Path) -> None:
    """Ten megabytes are nothing special; over the cap the line is skipped without being held."""
    long = line(text="a" * 10_000_000, key="long")
    assert places(read(source(tmp_path, long))) == ["a.jsonl/long"]
    tracemalloc.start()
    findings = read(source(tmp_path, long + line(text="Sample", key="2"), size_cap=100_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert places(findings) == ["a.jsonl/2"]
    refusal = next(found for found in findings if isinstance(found, Unread))
    assert refusal.location == "a.jsonl/@0"
    assert refusal.message == f"a line of {len(long)} bytes, the cap is 100000"
    # The writing of the file holds it twice.
    assert peak < 3 * len(long)


def test_a_compressed_file_is_read_and_a_torn_one_up_to_there(tmp_path: Path) -> None:
    """Several frames are one file; what breaks off is reported."""
    lines = [line(text=f"Sample {number}" * 500, key=str(number)) for number in range(100)]
    whole = gzip.compress(b"".join(lines[:50])) + gzip.compress(b"".join(lines[50:]))
    assert len(places(read(source(tmp_path, whole, "a.jsonl.gz")))) == 100
    torn = read(source(tmp_path, whole[:-30], "a.jsonl.gz"))
    assert 50 <= len(articles(torn)) < 100
    assert refusals(torn) == {"a.jsonl.gz": "undecodable"}


def test_a_bomb_is_given_up(tmp_path: Path) -> None:
    """More lines than any honest file of its size can hold."""
    bomb = gzip.compress((b" " * 1000 + b"\n") * 30_000)
    assert refusals(read(source(tmp_path, bomb, "a.jsonl.gz"))) == {"a.jsonl.gz": "io"}


def test_a_file_of_nothing_but_bad_lines_is_told_a_thousand_times_and_no_more(tmp_path: Path) -> None:
    """The rest of it waits for the next scan, which goes on behind them."""
    file = source(tmp_path, b"x\n" * 1500 + line(text="Sample", key="1"))
    first = read(file)
    assert len([found for found in first if isinstance(found, Unread)]) == 1002
    assert refusals(first)["a.jsonl"] == "unparsed"
    assert places(read(file, remembered(first))) == ["a.jsonl/1"]


def test_other_fields_in_the_configuration_read_everything_again(tmp_path: Path) -> None:
    """A first try with a wrong name costs nothing."""
    raw = line(body="<p>Sample</p>", key="1") + line(html="<p>x</p>", key="2")
    first = read(source(tmp_path, raw))
    assert places(first) == ["a.jsonl/2"]
    known = remembered(first)
    assert read(JsonLines("sample", tmp_path / "a.jsonl"), known) == [Unchanged("a.jsonl", below=True)]
    mended = JsonLines("sample", tmp_path / "a.jsonl", Fields(html="body", text="html"))
    assert places(read(mended, known)) == ["a.jsonl/1", "a.jsonl/2"]


def test_memory_stays_flat_over_a_long_file(tmp_path: Path) -> None:
    """Thirty megabytes of lines: one is held at a time."""
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        for number in range(3000):
            file.write(line(text="Sample text " * 850, key=str(number)))
    assert path.stat().st_size > 29_000_000
    tracemalloc.start()
    count = sum(isinstance(found, StoredArticle) for found in JsonLines("sample", path).read(Known()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 3000
    assert peak < 2_000_000


@settings(max_examples=20, deadline=None)
@given(stop=st.integers(0, 1250))
def test_a_scan_that_is_killed_anywhere_goes_on_where_it_was(
    tmp_path_factory: pytest.TempPathFactory, stop: int
) -> None:
    """Plain and compressed, with bad lines between."""
    folder = tmp_path_factory.getbasetemp() / "killed-jsonl"
    if not folder.exists():
        folder.mkdir()
        raw = b"".join(line(text="Sample", key=str(number)) + b"bad\n" * (number % 40 == 0) for number in range(600))
        (folder / "a.jsonl").write_bytes(raw)
        (folder / "b.ndjson.gz").write_bytes(gzip.compress(raw))
    assert_resumes(JsonLines("sample", folder), [stop])


def test_a_folder_is_walked_as_any_folder_of_articles(tmp_path: Path) -> None:
    """By the ends of names in any case, at any depth; links and pipes below it are skipped, a named one is followed."""
    folder = tmp_path / "in"
    (folder / "b").mkdir(parents=True)
    for name in ("b/x.NDJSON", "a.jsonl", "c.json", ".hidden.jsonl"):
        (folder / name).write_bytes(line(text="Sample", key="1"))
    (folder / "link.jsonl").symlink_to(folder / "a.jsonl")
    os.mkfifo(folder / "pipe.jsonl")
    findings = read(JsonLines("sample", folder))
    assert places(findings) == ["a.jsonl/1", "b/x.NDJSON/1"]
    assert refusals(findings) == {"link.jsonl": "symlink", "pipe.jsonl": "not_regular"}
    assert places(read(JsonLines("sample", folder / "link.jsonl"))) == ["link.jsonl/1"]


def test_what_a_person_named_is_never_passed_over(tmp_path: Path) -> None:
    """A pipe, a link that leads round in a circle, a path that cannot be: a failure of the whole source."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    reasons = {}
    for name in ("pipe", "round", "none", "a\0b"):
        (refusal,) = read(JsonLines("sample", tmp_path / name))
        assert isinstance(refusal, Unread)
        assert (refusal.location, refusal.harmless) == ("", False)
        reasons[name] = refusal.reason
    assert reasons == {"pipe": "not_regular", "round": "io", "none": "missing", "a\0b": "missing"}


def test_a_key_without_end_is_cut_in_a_location(tmp_path: Path) -> None:
    """Two long keys that differ at their ends are still two articles."""
    found = places(read(source(tmp_path, line(text="x", key="k" * 5000) + line(text="x", key="k" * 4999 + "l"))))
    assert len(set(found)) == 2
    assert all(len(place) < 600 for place in found)
