"""Articles for benchmarks: pages of a usual size, one in five with embeds; sample text throughout."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from archiver.demo.scenery import snowflake

_FILLER = "<p>Sample sentence of an article about nothing, with <a href='https://sample.example/a'>a link</a>.</p>\n"
_SHARE = '<a class="share" href="https://twitter.com/intent/tweet?url=https://sample.example/">Share</a>\n'


def embed(number: int) -> str:
    """An official blockquote."""
    native_id = snowflake(datetime(2022, 1 + number % 12, 1 + number % 28, number % 24, number % 60, tzinfo=UTC))
    return (
        f'<blockquote class="twitter-tweet"><p lang="en" dir="ltr">Sample text {number} '
        f'<a href="https://t.co/smpl{number:06}">pic.twitter.com/smpl{number:06}</a></p>&mdash; Sample {number} '
        f'(@sample_{number}) <a href="https://twitter.com/sample_{number}/status/{native_id}?ref_src=twsrc%5Etfw">'
        f"January 1, 2022</a></blockquote>\n"
    )


def write(folder: Path, count: int, kilobytes: int = 40) -> list[Path]:
    """Write `count` pages; every fifth holds two embeds."""
    folder.mkdir(parents=True)
    half = _FILLER * (kilobytes * 512 // len(_FILLER))
    paths = []
    for number in range(count):
        embeds = embed(2 * number) + "<p>Sample between.</p>" + embed(2 * number + 1) if number % 5 == 0 else ""
        page = f"<html><head><title>Sample {number}</title></head><body>{_SHARE}{half}{embeds}{half}</body></html>"
        path = folder / f"{number:06}.html"
        path.write_text(page, encoding="utf-8")
        paths.append(path)
    return paths
