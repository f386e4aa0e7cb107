"""The source of kind "warc", against files that are whole, compressed in every way, broken and hostile."""

from __future__ import annotations

import gzip
import io
import struct
import sys
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.articles.source import Known
from archiver.articles.warc import MISSING, Warc
from archiver.model.article import Reached, StoredArticle, Unchanged, Unread
from tests.articles.reading import articles, assert_resumes, places, read, refusals, remembered, vanished

PAGE = b"<p>Sample text one</p>"
HTML = "Content-Type: text/html; charset=utf-8"

Squeeze = Callable[[bytes], bytes]


def zstd(payload: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(payload)


def raw_deflate(payload: bytes) -> bytes:
    squeezer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return squeezer.compress(payload) + squeezer.flush()


def chunked(payload: bytes) -> bytes:
    pieces = (payload[start : start + 7] for start in range(0, len(payload), 7))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def record(
    number: int,
    body: bytes = PAGE,
    *http: str,
    status: str = "200 OK",
    kind: str = "response",
    length: int | None = None,
    more: str = "",
    end: bytes = b"\r\n\r\n",
) -> bytes:
    """One WARC record by hand, so that it can also be wrong."""
    headers = http or (HTML,)
    if kind == "resource":
        block, block_type = body, http[0].removeprefix("Content-Type: ") if http else "text/html"
    else:
        block = ("\r\n".join([f"HTTP/1.1 {status}", *headers]) + "\r\n\r\n").encode() + body
        block_type = "application/http; msgtype=response"
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://news.example/{number}\r\n"
        f"WARC-Date: 2021-01-02T03:04:05Z\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n{more}"
        f"Content-Type: {block_type}\r\nContent-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + end


def source(tmp_path: Path, raw: bytes, name: str = "a.warc", **limits: int) -> Warc:
    path = tmp_path / name
    path.write_bytes(raw)
    return Warc("sample", path, **limits)


def addresses(tmp_path: Path, raw: bytes) -> list[str]:
    return [
        (article.address or "").removeprefix("https://news.example/")
        for article in articles(read(source(tmp_path, raw)))
    ]


def test_a_response_is_an_article_at_its_target_and_offset(tmp_path: Path) -> None:
    """The address is the target's, the charset the header's, the location the record's offset."""
    first = record(1)
    findings = read(source(tmp_path, first + record(2, b"Sample text", "Content-Type: text/plain")))
    one, two = articles(findings)
    assert (one.location, two.location) == ("a.warc/0", f"a.warc/{len(first)}")
    assert (one.address, one.payload, one.markup, one.charset) == ("https://news.example/1", PAGE, "html", "utf-8")
    assert (two.payload, two.markup, two.charset) == (b"Sample text", "text", None)
    assert (one.published_at, one.doubts) == (None, ())
    assert isinstance(findings[-1], Reached)
    assert (findings[-1].stamp, findings[-1].complete) == (one.stamp, True)
    assert findings[-1].position.endswith(f";{len(first)}")


def test_only_texts_that_were_published_are_articles(tmp_path: Path) -> None:
    """Other answers, pictures, requests and a crawler's own notes are passed over without a word."""
    notes = record(5, b"Sample", kind="resource").replace(b"https://news.example/5", b"urn:text:https://n/5")
    raw = (
        record(1, PAGE, HTML, status="404 Not Found")
        + record(2, PAGE, HTML, status="301 Moved")
        + record(3, b"\x89PNG", "Content-Type: image/png")
        + record(4, kind="request")
        + notes
        + record(6, b"\x89PNG\0\1", "Server: sample")
        + record(7, PAGE, "Server: sample")
        + record(8, b"# Sample", "Content-Type: text/markdown", kind="resource")
    )
    found = articles(read(source(tmp_path, raw)))
    assert [article.address for article in found] == ["https://news.example/7", "https://news.example/8"]
    assert [article.markup for article in found] == [None, "markdown"]


def revisit(number: int, of: int, *, more: str = "", http: str = HTML, status: str = "200 OK") -> bytes:
    """A record that says: what came stands in the record of another number."""
    refers = f"WARC-Refers-To-Target-URI: https://news.example/{of}\r\nWARC-Refers-To-Date: 2021-01-02T03:04:05Z\r\n"
    return record(number, b"", http, kind="revisit", more=refers + more, status=status)


def test_a_revisit_of_the_same_address_is_known_already(tmp_path: Path) -> None:
    """Its payload stands in an earlier record: it is met, not read, and no picture's revisit is even met."""
    raw = record(1) + revisit(1, 1) + revisit(3, 3, http="Content-Type: image/png")
    findings = read(source(tmp_path, raw))
    assert places(findings) == ["a.warc/0"]
    assert [found.location for found in findings if isinstance(found, Unchanged)] == [f"a.warc/{len(record(1))}"]
    assert not refusals(findings)


@pytest.mark.parametrize("squeeze", [bytes, gzip.compress, zstd])
@pytest.mark.parametrize("named", ["by address and date", "by digest", "by address"])
def test_a_revisit_of_another_address_is_an_article_with_the_payload_it_refers_to(
    tmp_path: Path, squeeze: Squeeze, named: str
) -> None:
    """A print page of the same words; asked for once more it is no new article."""
    payload_digest = "WARC-Payload-Digest: sha1:ABC\r\n" if named == "by digest" else ""
    refers = "WARC-Refers-To-Target-URI: https://news.example/1\r\n" if named == "by address" else payload_digest
    print_page = record(2, b"", HTML, kind="revisit", more=refers)
    if named == "by address and date":
        print_page = revisit(2, 1)
    suffix = {"compress": ".gz", "zstd": ".zst"}.get(squeeze.__name__, "")
    raws = [record(1, more=payload_digest), print_page, print_page]
    findings = read(source(tmp_path, b"".join(map(squeeze, raws)), f"a.warc{suffix}"))
    first, second = articles(findings)
    assert (first.address, second.address) == ("https://news.example/1", "https://news.example/2")
    assert first.location != second.location
    assert (second.payload, second.markup, second.charset) == (PAGE, "html", "utf-8")
    assert sum(isinstance(found, Unchanged) for found in findings) == 1


def test_what_a_revisit_refers_to_may_stand_in_any_file_of_the_source(tmp_path: Path) -> None:
    """In one that was read by an earlier scan, in a later one, in a WACZ."""
    (tmp_path / "b.warc").write_bytes(record(1))
    known = remembered(read(Warc("sample", tmp_path)))
    (tmp_path / "a.warc").write_bytes(revisit(2, 1) + revisit(3, 5))
    with zipfile.ZipFile(tmp_path / "c.wacz", "w") as archive:
        archive.writestr("archive/x.warc", record(5))
    (tmp_path / "d.warc").write_bytes(revisit(6, 5))
    findings = read(Warc("sample", tmp_path), known)
    assert [article.address for article in articles(findings)] == [f"https://news.example/{n}" for n in (2, 3, 5, 6)]
    assert {article.payload for article in articles(findings)} == {PAGE}
    assert not refusals(findings)


def test_a_revisit_of_what_is_nowhere_is_reported(tmp_path: Path) -> None:
    """One by one, however many: nothing is wrong with the file, and it is read to its end."""
    lost = revisit(1, 1) + revisit(3, 2)
    findings = read(source(tmp_path, lost + record(4) + revisit(9, 8) * 1100 + record(5)))
    assert len(places(findings)) == 2
    assert set(refusals(findings).values()) == {"missing"}
    assert len(refusals(findings)) == 1102
    assert isinstance(findings[-1], Reached)
    assert not findings[0].harmless if isinstance(findings[0], Unread) else False


def test_a_revisit_of_what_is_no_article_is_none(tmp_path: Path) -> None:
    """A picture, by its own headers, by its original's or by its address; an answer that something has moved."""
    picture = record(1, b"x", "Content-Type: image/png")
    bare = revisit(2, 1, http="Server: sample")
    named = revisit(3, 9, http="Server: sample").replace(b"example/3", b"example/3.jpg")
    findings = read(source(tmp_path, picture + bare + named + revisit(4, 9, status="301 Moved Permanently")))
    assert [type(found) for found in findings] == [Reached]


def test_a_revisit_of_a_page_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    """It is longer than may be, there as here."""
    findings = read(source(tmp_path, record(1, PAGE * 100) + revisit(2, 1), size_cap=1000))
    assert refusals(findings) == {"a.warc/0": "too_large", f"a.warc/{len(record(1, PAGE * 100))}": "too_large"}


@pytest.mark.parametrize("squeeze", [bytes, gzip.compress, zstd])
def test_a_file_that_has_grown_is_read_on(tmp_path: Path, squeeze: Squeeze) -> None:
    """Nothing of what stood there is handed over again, and none of it has vanished, by the next scans either."""
    suffix = {"compress": ".gz", "zstd": ".zst"}.get(squeeze.__name__, "")
    frames = [squeeze(record(number)) for number in range(6)]
    known = Known()
    for count in (2, 3, 3, 6):
        warc = source(tmp_path, b"".join(frames[:count]), f"a.warc{suffix}")
        findings = read(warc, known)
        assert len(places(findings)) == count - len(known.stamps)
        assert not vanished(known, findings)
        known = remembered(findings, known)
    assert len(known.stamps) == 6


@pytest.mark.parametrize("header", [b"WARC/1.0\r\n\r\n", b"WARC/1.0\r\nWARC-Type: response\r\n\r\n"])
@pytest.mark.parametrize("squeeze", [bytes, gzip.compress])
def test_a_record_that_does_not_say_how_long_it_is_is_reported(tmp_path: Path, header: bytes, squeeze: Squeeze) -> None:
    """Its header was cut; the records before and behind it are read."""
    findings = read(source(tmp_path, squeeze(record(0)) + squeeze(header) + squeeze(record(1)), "a.warc"))
    assert len(places(findings)) == 2
    assert refusals(findings) == {f"a.warc/{len(squeeze(record(0)))}": "unparsed"}


@pytest.mark.parametrize("header", [b"WARC/1.0\r\n", b"WARC/1.0\r\n\r\n", b"WARC/1.0\r\nWARC-Type: resp"])
def test_a_file_that_ends_within_a_header_is_reported(tmp_path: Path, header: bytes) -> None:
    """Alone or behind a record that is whole."""
    for before in (b"", record(0)):
        findings = read(source(tmp_path, before + header, "a.warc"))
        assert refusals(findings) == {f"a.warc/{len(before)}": "unparsed"}
        assert len(places(findings)) == bool(before)


@pytest.mark.parametrize("squeeze", [bytes, gzip.compress])
@pytest.mark.parametrize("cut", [1, 30, 100, 230])
def test_a_record_that_was_still_being_written_is_read_when_it_is_whole(
    tmp_path: Path, squeeze: Squeeze, cut: int
) -> None:
    """Wherever the first scan found its end."""
    suffix = ".gz" if squeeze is gzip.compress else ""
    whole = b"".join(squeeze(record(number)) for number in range(3))
    known = remembered(read(source(tmp_path, whole[:-cut], f"a.warc{suffix}")))
    known = remembered(read(source(tmp_path, whole, f"a.warc{suffix}"), known), known)
    assert len(known.stamps) == 3


def test_a_file_that_was_changed_and_has_grown_is_read_again(tmp_path: Path) -> None:
    """Though its length up to there, its beginning and its end are what they were."""
    records = [record(number) for number in range(5)]
    known = remembered(read(source(tmp_path, b"".join(records))))
    records[2] = record(2, PAGE.replace(b"one", b"two"))
    findings = read(source(tmp_path, b"".join(records) + record(5)), known)
    assert len(places(findings)) == 6
    assert not vanished(known, findings)


@pytest.mark.parametrize(
    ("name", "squeeze"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("br", brotli.compress),
        ("zstd", zstd),
    ],
)
def test_every_encoding_is_undone(tmp_path: Path, name: str, squeeze: Squeeze) -> None:
    """Alone, in chunks, and where the header stayed though the body was stored decoded."""
    body = PAGE * 400
    told = f"Content-Encoding: {name}"
    raw = (
        record(1, squeeze(body), HTML, told)
        + record(2, chunked(squeeze(body)), HTML, told, "Transfer-Encoding: chunked")
        + record(3, squeeze(body), HTML, told, "Transfer-Encoding: chunked")
        + record(4, body, HTML, told, "Transfer-Encoding: chunked")
        + record(5, chunked(body), HTML, "Transfer-Encoding: chunked")
    )
    found = articles(read(source(tmp_path, raw)))
    if squeeze is raw_deflate:
        found = [article for article in found if article.address != "https://news.example/2"]
    assert all(article.payload == body and article.doubts == () for article in found)
    assert len(found) >= 4


@pytest.mark.parametrize("squeeze", [gzip.compress, zlib.compress])
def test_a_body_that_breaks_off_is_read_with_a_doubt(tmp_path: Path, squeeze: Squeeze) -> None:
    """What could be undone may hold an embed; a person is told that it is not all."""
    name = "gzip" if squeeze is gzip.compress else "deflate"
    raw = record(1, squeeze(PAGE * 400)[:-12], HTML, f"Content-Encoding: {name}")
    (article,) = articles(read(source(tmp_path, raw + record(2, more="WARC-Truncated: length\r\n"))))[:1]
    assert article.doubts == ("truncated",)
    assert (PAGE * 400).startswith(article.payload)
    assert article.payload


@pytest.mark.parametrize("name", ["br", "zstd", "gzip, foo"])
def test_a_body_that_nobody_can_undo_is_reported(tmp_path: Path, name: str) -> None:
    """Binary that is not what its header says: unread below the file, and the rest is read."""
    findings = read(source(tmp_path, record(1, bytes(range(256)), HTML, f"Content-Encoding: {name}") + record(2)))
    assert refusals(findings) == {"a.warc/0": "undecodable"}
    assert len(articles(findings)) == 1


@pytest.mark.parametrize("kind", ["plain", "gz", "zst", "one gz", "one zst", "dictionary"])
def test_every_compression_is_read_and_read_on(tmp_path: Path, kind: str) -> None:
    """A frame a record, one frame for all, and a dictionary before all; cut short anywhere."""
    records = [record(number, PAGE * number) for number in range(1, 8)]
    ways: dict[str, Callable[[], bytes]] = {
        "plain": lambda: b"".join(records),
        "gz": lambda: b"".join(map(gzip.compress, records)),
        "zst": lambda: b"".join(map(zstd, records)),
        "one gz": lambda: gzip.compress(b"".join(records)),
        "one zst": lambda: zstd(b"".join(records)),
        "dictionary": lambda: with_dictionary(records),
    }
    warc = source(tmp_path, ways[kind]())
    found = articles(read(warc))
    assert [article.payload for article in found] == [PAGE * number for number in range(1, 8)]
    if kind == "gz":
        offsets = [sum(len(gzip.compress(each)) for each in records[:count]) for count in range(7)]
        assert [article.location for article in found] == [f"a.warc/{offset}" for offset in offsets]
    if kind == "one gz":
        assert [article.location for article in found][:3] == ["a.warc/0", "a.warc/0.1", "a.warc/0.2"]
    for article, position in zip(found, range(7), strict=True):
        known = Known(
            {each.location: each.stamp for each in found[: position + 1]},
            {"a.warc": Reached("a.warc", article.stamp, article.location.removeprefix("a.warc/"), complete=False)},
        )
        assert articles(read(warc, known)) == found[position + 1 :]


def with_dictionary(records: list[bytes]) -> bytes:
    dictionary = zstandard.ZstdCompressionDict(b"".join(records)[:2000] + b"WARC/1.0\r\nWARC-Type: response")
    squeezer = zstandard.ZstdCompressor(dict_data=dictionary)
    stored = dictionary.as_bytes()
    return struct.pack("<II", 0x184D2A5D, len(stored)) + stored + b"".join(map(squeezer.compress, records))


@pytest.mark.parametrize(
    "wrong",
    [
        record(2, length=20),
        record(2, length=len(record(2))),
        record(2, length=10**10),
        record(2, length=-5),
        record(2, more="X-Long: " + "a" * 1_000_000 + "\r\n"),
        record(2, PAGE, HTML, "X-Long: " + "a" * 1_000_000),
        b"garbage\r\n\r\nmore",
    ],
)
def test_a_broken_record_is_skipped_and_counted_and_the_rest_is_read(tmp_path: Path, wrong: bytes) -> None:
    """A wrong Content-Length, garbage between two records, a record of 10 GB in a small file."""
    findings = read(source(tmp_path, record(1) + wrong + record(3) + record(4)))
    assert [article.address for article in articles(findings)][-2:] == [
        "https://news.example/3",
        "https://news.example/4",
    ]
    assert len(refusals(findings)) == 1
    assert all(place.startswith("a.warc/") for place in refusals(findings))
    assert isinstance(findings[-1], Reached)
    assert findings[-1].complete


@pytest.mark.parametrize("squeeze", [gzip.compress, zstd])
def test_a_damaged_frame_costs_no_other_record(tmp_path: Path, squeeze: Squeeze) -> None:
    """Broken in the middle, without its first bytes, or cut at the file's end."""
    noise = bytes(range(256)) * 40
    frames = [squeeze(record(number, PAGE + noise, "Content-Type: text/plain")) for number in range(1, 5)]
    hurt = bytearray(frames[1])
    hurt[len(hurt) // 2] ^= 0xFF
    hurt[len(hurt) // 2 + 1] ^= 0xFF
    headless = b"\0\0\0\0" + frames[1][4:]
    assert addresses(tmp_path, frames[0] + bytes(hurt) + frames[2] + frames[3])[-2:] == ["3", "4"]
    findings = read(source(tmp_path, frames[0] + headless + frames[2] + frames[3]))
    assert len(articles(findings)) == 3
    assert len(refusals(findings)) == 1
    cut = read(source(tmp_path, b"".join(frames)[:-40]))
    assert len(articles(cut)) == 3
    assert len(refusals(cut)) == 1


def test_a_file_may_end_without_its_newlines_or_hold_nothing(tmp_path: Path) -> None:
    """Neither is anything wrong."""
    assert addresses(tmp_path, record(1, end=b"\r\n") + record(2, end=b"")) == ["1", "2"]
    assert [type(found) for found in read(source(tmp_path, b""))] == [Reached]


def test_what_is_no_warc_is_unread_as_a_whole(tmp_path: Path) -> None:
    """A page that was given the wrong name."""
    assert refusals(read(source(tmp_path, PAGE))) == {"a.warc": "io"}


def test_a_thousand_false_beginnings_are_given_up(tmp_path: Path) -> None:
    """Garbage that looks like the beginning of a record over and over ends in time."""
    begun = time.monotonic()
    findings = read(source(tmp_path, record(1) + b"WARC/1.0\r\n\0" * 200_000))
    assert refusals(findings) == {"a.warc": "io"}
    assert len(articles(findings)) == 1
    assert time.monotonic() - begun < 5


def test_a_long_record_is_reported_with_its_size(tmp_path: Path) -> None:
    """Over the cap as stored, and over the cap once decoded."""
    long = record(1, PAGE * 100) + record(2, gzip.compress(PAGE * 100), HTML, "Content-Encoding: gzip") + record(3)
    findings = read(source(tmp_path, long, size_cap=1000))
    assert set(refusals(findings).values()) == {"too_large"}
    assert len(refusals(findings)) == 2
    assert len(articles(findings)) == 1
    message = next(found.message for found in findings if isinstance(found, Unread))
    assert message == "2200 bytes, the cap is 1000"


@pytest.mark.parametrize(("name", "squeeze"), [("gzip", gzip.compress), ("br", brotli.compress), ("zstd", zstd)])
def test_a_bomb_is_not_decoded(tmp_path: Path, name: str, squeeze: Squeeze) -> None:
    """Forty megabytes of nothing in a few bytes: refused at the cap, and the next record is read."""
    bomb = squeeze(bytes(40_000_000))
    findings = read(source(tmp_path, record(1, bomb, HTML, f"Content-Encoding: {name}") + record(2)))
    assert refusals(findings) == {"a.warc/0": "too_large"}
    assert len(articles(findings)) == 1


def test_memory_stays_flat_over_a_hundred_megabytes(tmp_path: Path) -> None:
    """Records stream: neither a big file nor many records are ever held."""
    path = tmp_path / "big.warc.gz"
    page = gzip.compress(PAGE * 100 + bytes(range(1, 256)) * 1000)
    with path.open("wb") as file:
        file.write(gzip.compress(record(0)))
        big = gzip.compress(record(1, page * 40, HTML), compresslevel=0)
        for _ in range(100_000_000 // len(big)):
            file.write(big)
    assert path.stat().st_size > 99_000_000
    tracemalloc.start()
    count = sum(isinstance(found, StoredArticle) for found in Warc("sample", path).read(Known()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count > 100
    assert peak < 8_000_000


@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
def test_what_warcio_writes_is_read(tmp_path: Path) -> None:
    """The files of another program, a frame a record."""
    path = tmp_path / "written.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record("written.warc.gz", {"software": "sample"}))
        for number in range(3):
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            body = io.BytesIO(PAGE * (number + 1))
            address = f"https://news.example/{number}"
            writer.write_record(writer.create_warc_record(address, "response", payload=body, http_headers=headers))
    found = articles(read(Warc("sample", path)))
    assert [article.payload for article in found] == [PAGE, PAGE * 2, PAGE * 3]
    raw = path.read_bytes()
    for article in found:
        offset = int(article.location.rpartition("/")[2])
        assert raw[offset:].startswith(b"\x1f\x8b")


@settings(max_examples=15, deadline=None)
@given(stop=st.integers(0, 1100))
def test_a_scan_that_is_killed_anywhere_goes_on_where_it_was(
    tmp_path_factory: pytest.TempPathFactory, stop: int
) -> None:
    """Each article is handed over once, whatever the place; nothing vanishes by it."""
    folder = tmp_path_factory.getbasetemp() / "killed"
    if not folder.exists():
        folder.mkdir()
        (folder / "a.warc.gz").write_bytes(b"".join(gzip.compress(record(number)) for number in range(450)))
        (folder / "b.warc").write_bytes(b"".join(record(number) for number in range(450)))
        zipped(folder / "c.wacz", {"archive/a.warc.gz": b"".join(gzip.compress(record(n)) for n in range(130))})
    assert_resumes(Warc("sample", folder), [stop])


def test_an_unchanged_archive_is_not_opened_and_a_changed_one_is_read_again(tmp_path: Path) -> None:
    """A complete container with the stamp on file is one finding; what left it has vanished, also after a kill."""
    warc = source(tmp_path, b"".join(record(number) for number in range(300)))
    known = remembered(read(warc))
    assert read(warc, known) == [Unchanged("a.warc", below=True)]
    source(tmp_path, b"".join(record(number) for number in range(250)))
    changed = read(warc, known)
    assert len(articles(changed)) == 250
    assert len(vanished(known, changed)) == 50
    half = changed[:220]
    assert any(isinstance(found, Reached) for found in half)
    on_file = Known({**known.stamps, **remembered(half).stamps}, {**known.reached, **remembered(half).reached})
    rest = read(warc, on_file)
    assert len(articles(half)) + len(articles(rest)) == 250
    assert len(vanished(on_file, rest)) == 50


def zipped(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, payload in members.items():
            archive.writestr(name, payload)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_wacz_is_read_where_it_stands(tmp_path: Path, method: int) -> None:
    """Only the members of archive/ count; other names are never paths, and a zip within the zip is not opened."""
    inner = tmp_path / "inner.wacz"
    zipped(inner, {"archive/x.warc": record(9)})
    path = tmp_path / "a.wacz"
    members = {
        "../../etc/cron.d/x.warc": record(3),
        "/archive/absolute.warc": record(4),
        "archive/../up.warc": record(5),
        "archive/inner.wacz": inner.read_bytes(),
        "archive/b.warc": record(2),
        "archive/a.warc.gz": gzip.compress(record(0)) + gzip.compress(record(1)),
        "pages/pages.jsonl": b"{}",
    }
    zipped(path, members, method)
    before = sorted(tmp_path.iterdir())
    found = articles(read(Warc("sample", path)))
    second = len(gzip.compress(record(0)))
    assert [article.location for article in found] == [
        "a.wacz/archive/a.warc.gz/0",
        f"a.wacz/archive/a.warc.gz/{second}",
        "a.wacz/archive/b.warc/0",
    ]
    assert sorted(tmp_path.iterdir()) == before
    assert_resumes(Warc("sample", path), range(5))


def test_a_zip_that_is_not_to_be_trusted_is_refused(tmp_path: Path) -> None:
    """A member that shrank a thousandfold, a table of contents without end, a torn file: each in one line."""
    path = tmp_path / "a.wacz"
    zipped(path, {"archive/bomb.warc": bytes(20_000_000), "archive/good.warc": record(1)}, zipfile.ZIP_DEFLATED)
    findings = read(Warc("sample", path))
    assert refusals(findings) == {"a.wacz/archive/bomb.warc": "unparsed"}
    assert len(articles(findings)) == 1
    zipped(path, {f"{'n' * 90}{number}": b"" for number in range(20_000)})
    assert refusals(read(Warc("sample", path))) == {"a.wacz": "unparsed"}
    zipped(path, {"archive/good.warc": record(1)})
    path.write_bytes(path.read_bytes()[:-30])
    assert refusals(read(Warc("sample", path))) == {"a.wacz": "unparsed"}


def test_a_damaged_member_costs_no_other(tmp_path: Path) -> None:
    """One that is no WARC, one that is broken within its compression."""
    path = tmp_path / "a.wacz"
    zipped(path, {"archive/a.warc": b"no archive", "archive/b.warc": record(1)})
    assert refusals(read(Warc("sample", path))) == {"a.wacz/archive/a.warc": "unparsed"}
    assert places(read(Warc("sample", path))) == ["a.wacz/archive/b.warc/0"]
    zipped(path, {"archive/a.warc": record(1) * 50, "archive/b.warc": record(2)}, zipfile.ZIP_DEFLATED)
    raw = bytearray(path.read_bytes())
    raw[100] ^= 0xFF
    path.write_bytes(raw)
    findings = read(Warc("sample", path))
    assert "a.wacz/archive/a.warc" in " ".join(refusals(findings))
    assert places(findings)[-1] == "a.wacz/archive/b.warc/0"


def test_without_the_extra_the_source_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, and nothing has vanished."""
    monkeypatch.setitem(sys.modules, "fastwarc", None)
    assert read(source(tmp_path, record(1))) == [Unread("", "unparsed", MISSING)]


def test_a_source_that_is_not_there_is_missing_as_a_whole(tmp_path: Path) -> None:
    """So that nothing of it has vanished."""
    assert refusals(read(Warc("sample", tmp_path / "none"))) == {"": "missing"}
