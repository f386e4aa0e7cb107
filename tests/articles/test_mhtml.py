"""Pages saved as MHTML."""

from __future__ import annotations

import base64
import contextlib
import html
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.articles.mhtml import unpacked

PAGE = "<p>Sample text one = نمونه</p>"


def part(body: bytes, *headers: str) -> bytes:
    return b"--edge\r\n" + "\r\n".join(headers).encode() + b"\r\n\r\n" + body + b"\r\n"


def message(*parts: bytes, more: str = "") -> bytes:
    head = (
        "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://news.example/snapshot\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\t"
        f'type="text/html";{more}\r\n\tboundary="edge"\r\n\r\n'
    )
    return head.encode() + b"".join(parts) + b"--edge--\r\n"


HTML = "Content-Type: text/html; charset=utf-8"
LOCATION = "Content-Location: https://news.example/1"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("quoted-printable", quopri.encodestring(PAGE.encode())),
        ("base64", base64.encodebytes(PAGE.encode())),
        ("8bit", PAGE.encode()),
    ],
)
def test_the_page_is_the_first_part_with_its_encoding_undone(encoding: str, body: bytes) -> None:
    """Its bytes, the charset of its header, the address that it was saved from."""
    page = part(body, HTML, LOCATION, f"Content-Transfer-Encoding: {encoding}")
    picture = part(b"iVBORw0KGgo=", "Content-Type: image/png", "Content-Transfer-Encoding: base64")
    payload, charset, address = unpacked(message(page, picture))
    assert payload.decode().strip() == PAGE
    assert (charset, address) == ("utf-8", "https://news.example/1")


def test_the_start_of_the_message_names_another_part() -> None:
    """A frame may stand before the page itself."""
    frame = part(b"<p>frame</p>", HTML, "Content-ID: <frame@sample>")
    page = part(b"<p>page</p>", "Content-Type: text/html", "Content-ID: <page@sample>")
    payload, charset, address = unpacked(message(frame, page, more='\r\n\tstart="<page@sample>";'))
    assert payload.strip() == b"<p>page</p>"
    assert (charset, address) == (None, "https://news.example/snapshot")


def test_a_frame_is_named_by_the_address_it_was_saved_from() -> None:
    """An embedded post in a frame is known by its address alone; one that is not in the message stays as it is."""
    page = part(b'<iframe src="cid:one@sample"></iframe><iframe src="cid:two@sample"></iframe>', HTML, LOCATION)
    embed = "Content-Location: https://platform.example/embed?id=20&lang=en"
    frames = [
        part(b"<p>post</p>", HTML, "Content-ID: <one@sample>", embed),
    ]
    payload, _, _ = unpacked(message(page, *frames))
    assert b'src="https://platform.example/embed?id=20&amp;lang=en"' in payload
    assert b'src="cid:two@sample"' in payload


def test_a_frame_without_an_address_stands_in_the_page() -> None:
    """Scripts write posts into "about:blank"; Chrome gives such a frame its own name as its address."""
    page = part(b'<p>Sample</p><iframe src="cid:one@sample"></iframe><iframe src="cid:one@sample">', HTML, LOCATION)
    post = '<blockquote class="twitter-tweet"><p>نمونه</p></blockquote>'
    frame = part(post.encode(), HTML, "Content-ID: <one@sample>", "Content-Location: cid:one@sample")
    payload, _, _ = unpacked(message(page, frame))
    assert html.unescape(payload.decode("ascii")) == (
        f'<p>Sample</p><iframe srcdoc="{post}"></iframe><iframe src="cid:one@sample">'
    )


def test_a_page_alone_is_a_message_too() -> None:
    """Without pictures some programs write one part only."""
    raw = f"MIME-Version: 1.0\r\n{HTML}\r\n{LOCATION}\r\n\r\n{PAGE}".encode()
    assert unpacked(raw) == (PAGE.encode(), "utf-8", "https://news.example/1")


def test_a_message_that_breaks_off_gives_what_it_has() -> None:
    """Cut within the page: its beginning may hold an embed."""
    page = part(quopri.encodestring(PAGE.encode() * 50), HTML, LOCATION, "Content-Transfer-Encoding: quoted-printable")
    payload, _, _ = unpacked(message(page)[:900])
    assert payload.startswith(PAGE.encode())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<p>Sample</p>",
        b"Sample: header\r\n\r\nSample text",
        message(part(b"x", "Content-Type: image/png")),
        b"Content-Type: text/plain\r\n\r\nSample",
        b"\0" * 1000,
    ],
)
def test_what_holds_no_page_is_refused(raw: bytes) -> None:
    """Text, pictures, nothing at all."""
    with pytest.raises(ValueError, match="no MHTML"):
        unpacked(raw)


def test_messages_within_messages_without_end_are_refused() -> None:
    """A thousand boxes in boxes end in a refusal, not in a crash."""
    raw = b""
    for number in range(1500):
        raw += f'Content-Type: multipart/mixed; boundary="b{number}"\r\n\r\n--b{number}\r\n'.encode()
    with pytest.raises(ValueError, match="no MHTML"):
        unpacked(raw)


@given(st.binary(max_size=400), st.integers(0, 700))
def test_no_bytes_make_it_fail_otherwise(noise: bytes, place: int) -> None:
    """Whatever stands in the file: a page or a refusal."""
    raw = message(part(PAGE.encode(), HTML, LOCATION))
    with contextlib.suppress(ValueError):
        assert isinstance(unpacked(raw[:place] + noise + raw[place:])[0], bytes)
