"""Pages that an archiver made long by writing into them all that they show."""

from __future__ import annotations

import time

from archiver.embeds.find import find
from archiver.embeds.reading.lightened import LONG, lightened
from tests.embeds.articles import BLOCKQUOTE, article
from tests.slowness import slowness

PICTURE = "data:image/jpeg;base64," + "Sample+/" * 50_000
STYLE = "<style>" + "a { color: red }" * 20_000 + "</style>"


def frames(number: int) -> str:
    """A film and a post a time, each in a frame whose document an archiver kept."""
    return "".join(
        f'<p>Sample prose {at}.</p><iframe title="X Post" data-tweet-id={1428507067806646273 + at} '
        f'srcdoc="<!DOCTYPE html><html><style>a{{background:url(&quot;{PICTURE}&quot;)}}</style><body>Sample</html>">'
        f'</iframe><p>Sample prose.</p><iframe srcdoc="<!DOCTYPE html><html>{STYLE}<link rel=canonical '
        f'href=&quot;https://www.youtube.com/watch?v=SampleId{at:03d}&quot;><body>Sample</html>"></iframe>'
        for at in range(number)
    )


def test_every_frame_of_a_long_page_is_seen() -> None:
    """Pictures and style sheets in the documents of frames use up none of the room for embeds."""
    found = find(article(f"<!DOCTYPE html><html><body>{frames(12)}</body></html>"))
    assert len(found.embeds) == 24
    assert found.doubts == ()


def test_only_pictures_and_styles_are_left_out() -> None:
    """Words, short pictures and markup in Base64 stay."""
    kept = "<p>data:image/png;base64,iVBORw0KGgo= words</p><iframe src='data:text/html;base64," + "PGJs" * 200 + "'>"
    long = f"<img src='{PICTURE}'>" * (LONG // len(PICTURE) + 1)
    assert lightened((kept + long).encode()) == kept.encode() + b"<img src='data:,'>" * (LONG // len(PICTURE) + 1)
    assert lightened(PICTURE.encode()) == PICTURE.encode()


def test_what_is_no_picture_takes_no_time() -> None:
    """Beginnings without an end are passed over once."""
    for begun in ("data:image/png;base64,A", "<style>a", "<style " + "x" * 290, "data:image/" + "x" * 79):
        page = (begun * (4 * LONG // len(begun)) + ";base64," + BLOCKQUOTE).encode()
        start = time.process_time()
        lightened(page)
        assert time.process_time() - start < 1 * slowness()
