"""Quotations cut out of running text are cut again once their post was seen, and both cuts are kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.newsroom import Newsroom, born

POST = born(10, 5)
TEXT = "Sample words of the post itself, in two sentences. The second one ends it."


def test_a_seen_post_shows_where_its_quotation_begins(tmp_path: Path) -> None:
    """Prose that had run into the first cut is left out of the second; the first stays on file."""
    with Newsroom(tmp_path) as room:
        room.post(POST, "sample_wire", TEXT, short_codes=["SmplCode01"])
        flattened = room.flatten(POST, "SmplCode01")
        begin = flattened.index("Sample words of the post")
        prose = "It was late when it said so. "
        (room.articles / "a.txt").write_text(flattened[:begin] + prose + flattened[begin:], encoding="utf-8")
        room.archive.scan()
        (before,) = room.rows("embeds")
        room.archive.resolve()
        room.archive.check()
        _, (citation,), _ = room.archive.show(room.listed(POST).number)
        assert citation.first_quotation is not None
        assert citation.first_quotation.startswith(prose.strip())
        assert citation.quotation is not None
        assert citation.quotation.startswith(TEXT)
        assert (citation.cut, citation.confidence) == ("aligned", 99)
        assert [row.id for row in room.rows("embeds")] == [before.id]
        cut = room.rows("quotation_cuts")
        assert {row.embed for row in cut} == {before.id}
        room.clock.advance(timedelta(days=10))
        room.archive.make_due([room.listed(POST).number])
        room.archive.check()
        assert room.rows("quotation_cuts") == cut


def test_an_article_that_prints_other_words_keeps_its_first_cut(tmp_path: Path) -> None:
    """Too little agrees: that is kept as a cut without words, and the quotation stays as it was."""
    with Newsroom(tmp_path) as room:
        room.post(POST, "sample_wire", "نمونه متن دیگری که در مقاله نیست", short_codes=["SmplCode01"])
        flattened = room.flatten(POST, "SmplCode01")
        (room.articles / "a.txt").write_text(
            flattened.replace("نمونه متن دیگری که در مقاله نیست", "Sample words that the post never said"),
            encoding="utf-8",
        )
        room.archive.scan()
        room.archive.resolve()
        room.archive.check()
        _, (citation,), _ = room.archive.show(room.listed(POST).number)
        assert citation.quotation == citation.first_quotation
        assert citation.cut != "aligned"
        assert room.rows("quotation_cuts")
