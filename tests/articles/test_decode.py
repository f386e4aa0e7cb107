"""Charsets: what is stated, what is plain from the bytes, and what must be guessed."""

from __future__ import annotations

import codecs
import dataclasses

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from archiver.articles import decode
from archiver.articles.compose import compose
from archiver.articles.decode import _AS_BROWSERS_DO, browsers_charset, charset_of
from archiver.articles.directory import read_stream
from archiver.model.article import StoredArticle


def piped(payload: bytes) -> StoredArticle:
    stored = read_stream(payload)
    assert isinstance(stored, StoredArticle)
    return stored


# Label as pages declare it, the codec that such a page is written with, and letters that it has.
DECLARED = [
    ("windows-1252", "cp1252", "äöüß€“”"),
    ("ISO-8859-1", "cp1252", "éèç“”"),
    ("windows-1251", "cp1251", "абвгдежзиклмнопрстуфхя"),
    ("koi8-r", "koi8-r", "абвгдежзиклмнопрстуфхя"),
    ("windows-1256", "cp1256", "ابتثجحخدذرزسشصضطظعغفقکلمن"),
    ("iso-8859-9", "cp1254", "ğışçöü"),
    ("gb2312", "gb18030", "样本文字中国人民"),
    ("big5", "big5hkscs", "樣本文字中國人民"),
    ("Shift_JIS", "cp932", "見本の文字テスト"),
    ("euc-kr", "cp949", "견본글자한국"),
    ("EUC-JP", "euc_jp", "見本の文字テスト"),
    ("iso-2022-jp", "iso2022_jp", "見本の文字テスト"),
]
SAMPLES = [
    ("cp1251", "Это пример текста, по которому можно узнать кодировку страницы. Пример длинный и обычный."),
    ("koi8-r", "Это пример текста, по которому можно узнать кодировку страницы. Пример длинный и обычный."),
    ("gb18030", "这是一个用来识别字符编码的样本文字，它足够长，而且很普通。今天天气很好，我们去公园散步。"),
    ("cp932", "これは文字コードを見分けるための見本の文章です。とても普通で、十分に長いものです。"),
    ("cp949", "이것은 문자 집합을 알아보기 위한 견본 글입니다. 아주 평범하고 충분히 긴 글입니다."),
    ("big5hkscs", "這是一個用來識別字元編碼的樣本文字，它足夠長，而且很普通。今天天氣很好，我們去公園散步。"),
]
characters = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(characters, st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]))
def test_a_byte_order_mark_decides_and_is_no_part_of_the_text(text: str, charset: str) -> None:
    """Any text comes back as it was written, without a doubt."""
    article = compose(piped(("\ufeff" + text).encode(charset)))
    assert article.text == text
    assert "charset_guessed" not in article.doubts


@given(characters)
def test_utf8_comes_back_as_it_was_written(text: str) -> None:
    """With a declaration of it, or none."""
    assert charset_of(f'<meta charset="utf-8"><p>{text}'.encode(), "html") == ("utf-8", False)
    payload = ("a" + text).encode()
    assert payload.decode(charset_of(payload, "text")[0]) == "a" + text


@given(st.sampled_from(DECLARED), st.lists(st.integers(0, 6), min_size=1, max_size=60))
def test_a_declared_charset_comes_back_as_it_was_written(case: tuple[str, str, str], picks: list[int]) -> None:
    """As the HTML standard reads the declaration, unless the bytes are valid UTF-8."""
    label, codec, letters = case
    text = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={label}"><p>' + "".join(
        letters[pick % len(letters)] for pick in picks
    )
    payload = text.encode(codec)
    assume(codec == "iso2022_jp" or not _is_utf8(payload))
    charset, guessed = charset_of(payload, "html")
    assert not guessed
    assert payload.decode(charset) == text


@given(st.binary(max_size=300), st.sampled_from(["html", "text", "markdown"]))
def test_any_bytes_can_be_read(payload: bytes, markup: str) -> None:
    """Junk gets a charset that Python knows, and a text."""
    charset, _ = charset_of(payload, markup)  # type: ignore[arg-type]
    payload.decode(charset, "replace")


@pytest.mark.parametrize(("codec", "text"), SAMPLES, ids=[codec for codec, _ in SAMPLES])
def test_a_charset_that_nobody_states_is_guessed_and_doubted(codec: str, text: str) -> None:
    """Running text tells its charset; the reading says that it was guessed."""
    article = compose(piped(f"<p>{text}</p>".encode(codec)))
    assert text in article.text
    assert article.doubts == ("charset_guessed",)


def test_a_guess_looks_where_the_letters_are() -> None:
    """A long page may begin with a megabyte of script."""
    codec, text = SAMPLES[0]
    assert text in compose(piped(b"<script>" + b"a = 1;" * 300_000 + text.encode(codec))).text


@pytest.mark.parametrize(
    ("payload", "markup", "expected"),
    [
        (b"", "html", ("utf-8", False)),
        (b"Sample text", "text", ("utf-8", False)),
        (b"Sample \0\0 text \0", "html", ("utf-8", False)),
        ("<meta charset=windows-1252>نمونه متن".encode(), "html", ("utf-8", True)),
        ("<meta charset=utf-8>нет".encode("cp1252", "replace") + b"\xe9", "html", ("cp1252", True)),
        ("نمونه متن".encode() * 20 + b"\xff" + b"a", "text", ("utf-8", True)),
        (("نمونه متن" * 2).encode()[:-1], "text", ("utf-8", True)),
        (b"caf\xe9", "text", ("cp1252", True)),
        (b"<!-- <meta charset=windows-1251> --><meta charset=windows-1252>\xe9", "html", ("cp1252", False)),
        (b"<?xml version='1.0' encoding='windows-1251'?><p>\xef\xf0\xe8", "html", ("cp1251", False)),
        (b"<META CHARSET = 'windows-1251' >\xef\xf0\xe8", "html", ("cp1251", False)),
        (b" " * 5000 + b"<meta charset=windows-1251>caf\xe9", "html", ("cp1252", True)),
        ("<p>Sample نمونه text</p>".encode("utf-16-le"), "html", ("utf-16-le", True)),
        ("<p>Sample text</p>".encode("utf-16-be"), "html", ("utf-16-be", True)),
        (b"<meta charset=utf-16><p>Sample", "html", ("utf-8", False)),
        (b"\xff\xfe\0\0a\0", "text", ("utf-16-le", False)),
        (b"\xff\xfe<p>Sample text of one byte a letter</p>", "html", ("cp1252", True)),
    ],
)
def test_each_kind_of_evidence_has_its_weight(payload: bytes, markup: str, expected: tuple[str, bool]) -> None:
    """Marks, strict UTF-8, declarations right and wrong, broken places, junk."""
    assert charset_of(payload, markup) == expected  # type: ignore[arg-type]


def test_a_plain_text_declares_nothing() -> None:
    """An example of markup in a text is not about the text."""
    assert charset_of(b"<meta charset=windows-1251>\xef\xf0", "html") == ("cp1251", False)
    assert charset_of(b"<meta charset=windows-1251>\xef\xf0", "text")[1]


@pytest.mark.parametrize("label", ["idna", "unicode_escape", "utf-7", "rot13", "hex", "cp037", "../a", "none-such"])
def test_what_no_browser_would_read_cannot_be_declared(label: str) -> None:
    """Python's other codecs stay closed to whoever writes a page."""
    assert browsers_charset(label) is None


def test_every_charset_that_can_be_chosen_is_one_of_pythons() -> None:
    """A slip in the table would fail on a reader's page only."""
    for name, chosen in _AS_BROWSERS_DO.items():
        assert codecs.lookup(name).name == name
        assert b"Sample".decode(chosen)


def _is_utf8(payload: bytes) -> bool:
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize(
    ("payload", "stated", "expected"),
    [
        (b"\xef\xbb\xbfSample", "windows-1251", ("utf-8", False)),
        (b"Sample", "windows-1251", ("utf-8", False)),
        ("нет".encode(), "windows-1251", ("utf-8", True)),
        ("нет".encode(), "utf-8", ("utf-8", False)),
        (b"<meta charset=koi8-r>\xef\xf0\xe8", " 'Windows-1251' ", ("cp1251", False)),
        (b"<meta charset=koi8-r>\xef\xf0\xe8", "none-such", ("koi8-r", False)),
        (b"<meta charset=koi8-r>\xef\xf0\xe8", "utf-8", ("koi8-r", False)),
        ("<meta charset=koi8-r>нет".encode(), "utf-8", ("utf-8", False)),
        (b"\x1b$B8+K\\", "iso-2022-jp", ("iso2022_jp", False)),
        ("نمونه متن".encode("utf-16-le"), "UTF-16", ("utf-16-le", False)),
        ("نمونه متن".encode("utf-16-be"), "utf-16be", ("utf-16-be", False)),
        (b"Sample text", "utf-16", ("utf-8", False)),
    ],
)
def test_what_the_source_states_counts_like_a_header(payload: bytes, stated: str, expected: tuple[str, bool]) -> None:
    """Below a mark and valid UTF-8, above the page's own declaration; a label that no page uses says nothing."""
    assert charset_of(payload, "html", stated) == expected


def test_a_charset_that_the_source_states_is_that_of_a_plain_text_too() -> None:
    """There it is the only one stated."""
    stored = dataclasses.replace(piped(b"caf\xe9 \xef\xf0"), markup="text", charset="windows-1251")
    assert (compose(stored).charset, compose(stored).doubts) == ("cp1251", ())


@given(
    st.lists(st.sampled_from(["a" * 8190, "é", "€", "😀", "\n"]), max_size=6), st.sampled_from([b"", b"\xe2", b"\xff"])
)
def test_utf8_is_utf8_wherever_its_pieces_are_cut(parts: list[str], end: bytes) -> None:
    """It is read by pieces that may cut a letter; one that is broken off at the very end is no UTF-8."""
    payload = "".join(parts).encode() + end
    assert decode._is_utf8(payload) == (not end)


PROLOGUE = st.sampled_from(
    [
        *("<meta ", "<meta charset=", "charset=", '<?xml encoding="', "utf-8", "koi8-r", "windows-1251", '"', "'", ">"),
        *("<!--", "-->", "-", " ", "/", "content='text/html; "),
    ]
)


@settings(max_examples=600)
@given(st.lists(PROLOGUE, max_size=12).map(lambda parts: "".join(parts).encode()))
@example(b"<meta charset=koi8<!-- -->-r>")
@example(b"<meta <!-- > --> charset=koi8-r>")
def test_what_a_comment_declares_counts_for_nothing(page: bytes) -> None:
    """As if the comments had been taken out before anything was looked for."""
    plain = decode._DECLARATION.search(decode._COMMENT.sub(b"", page))
    assert decode._declared(page) == (browsers_charset((plain[1] or plain[2]).decode()) if plain else None)
