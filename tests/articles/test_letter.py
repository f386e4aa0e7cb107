"""Newsletters saved as messages."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from archiver.articles.compose import compose
from archiver.articles.letter import read_letter
from archiver.model.article import Stamp, StoredArticle

WORDS = (
    "Sample words of a newsletter, and a line that is longer than any line of a letter may be, so that it is broken."
)
PAGE = f"<html><body><p>{WORDS} نمونه</p></body></html>"


def letter(words: str | None, page: str | None, encoding: str = "base64") -> bytes:
    message = EmailMessage(policy=SMTP)
    message["Received"] = "from a.example " + "by b.example " * 400
    message["From"], message["To"] = "desk@news.example", "archive@news.example"
    message["Subject"], message["Date"] = "Sample title نمونه", "Mon, 06 May 2024 07:08:09 +0200"
    message["Message-ID"] = "<1@news.example>"
    if words is not None:
        message.set_content(words, cte=encoding)
    if page is not None and words is not None:
        message.add_alternative(page, subtype="html", cte=encoding)
    elif page is not None:
        message.set_content(page, subtype="html", cte=encoding)
    return bytes(message)


def stored(payload: bytes, location: str = "letter.eml") -> StoredArticle:
    return StoredArticle("", location, payload, Stamp(len(payload), 0, 0))


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("words", [None, WORDS])
@pytest.mark.parametrize("location", ["letter.EML", "-"])
def test_a_letter_is_its_page(encoding: str, words: str | None, location: str) -> None:
    """Its encodings are undone, its headers tell title and date; also without a telling name, behind long headers."""
    article = compose(stored(letter(words, PAGE, encoding), location))
    assert article.text.strip() == PAGE
    assert (article.markup, article.title, article.doubts) == ("html", "Sample title نمونه", ())
    assert article.published_at == datetime(2024, 5, 6, 5, 8, 9, tzinfo=UTC)


def test_a_letter_without_a_page_is_its_words() -> None:
    """As it was written."""
    article = compose(stored(letter(WORDS, None, "quoted-printable")))
    assert (article.text.strip(), article.markup) == (WORDS, "text")


def test_what_is_attached_is_not_the_letter() -> None:
    """A page that is attached is a file beside it; without words or page of its own a letter is no article."""
    message = EmailMessage(policy=SMTP)
    message["To"] = "archive@news.example"
    message.add_attachment(PAGE.encode(), maintype="text", subtype="html", filename="page.html")
    assert read_letter(stored(bytes(message))) is None


def in_parts(*parts: tuple[str, str]) -> bytes:
    bodies = "".join(f"--B\n{headers}\n\n{body}\n" for headers, body in parts)
    return f"Subject: Sample\nContent-Type: multipart/mixed; boundary=B\n\n{bodies}--B--\n".encode()


HTML, PLAIN = "Content-Type: text/html", "Content-Type: text/plain"


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (in_parts((PLAIN, "Sample"), (f'{HTML}; name="a.html"', "<p>One</p>")), "<p>One</p>"),
        (in_parts((PLAIN, "Sample"), (f"{HTML}\nContent-Disposition: attachment", "<p>One</p>")), "Sample"),
        (
            in_parts((HTML, "<p>One</p>"), ("Content-Type: image/png", "x"), (HTML, "<p>Two</p>")),
            "<p>One</p>\n<p>Two</p>",
        ),
        (in_parts((PLAIN, "Sample"), (HTML, " ")), "Sample"),
        (b"Subject: Sample\n\nSample", "Sample"),
    ],
)
def test_which_parts_are_the_letter(payload: bytes, words: str) -> None:
    """What is not attached, has words and is of the best kind, in however many parts; by its name also without
    addressee."""
    assert compose(stored(payload)).text == words


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\0\xff",
        b"To: a\n\n",
        b"To: =?utf-8?b?//8=?=\nSubject: =?x-none?b?AA?=\nContent-Type: text/html; charset=x\n\n<p>",
    ],
)
def test_no_letter_breaks_the_reading(payload: bytes) -> None:
    """Empty, binary, without a body, with names of charsets that nobody knows."""
    assert compose(stored(payload)).payload is not None
