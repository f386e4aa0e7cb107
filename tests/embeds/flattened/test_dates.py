"""Dates of attributions, in every language that X's widgets speak."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from datetime import date

import pytest
from babel import localedata
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.embeds.flattened.attribution import attributions
from archiver.embeds.flattened.dates import LANGUAGES, _dates_of, is_cut_date, read_day

SPOKEN = (  # noqa: SIM905
    "en ar bn cs da de el es fa fi fil fr he hi hu id it ja ko ms nl no pl pt ro ru sv th tr uk ur vi zh_Hans zh_Hant"
).split()
EARLIER = "eu gl gu kn lv mr ta".split()  # noqa: SIM905
"""What the widgets once spoke, and CLDR still does."""
DIGITS = {
    "ar": "٠١٢٣٤٥٦٧٨٩",
    "fa": "۰۱۲۳۴۵۶۷۸۹",
    "ur": "۰۱۲۳۴۵۶۷۸۹",
    "bn": "০১২৩৪৫৬৭৮৯",
    "hi": "०१२३४५६७८९",
    "th": "๐๑๒๓๔๕๖๗๘๙",
}
DAYS = st.dates(date(2006, 3, 21), date(2100, 12, 31))
WIDTHS = st.sampled_from(["long", "medium"])


def native(text: str, language: str) -> str:
    """With the digits of the language."""
    return text.translate({ord("0") + number: sign for number, sign in enumerate(DIGITS.get(language, ""))})


def test_every_language_of_the_widgets_is_known() -> None:
    """English needs no list."""
    assert {*SPOKEN, *EARLIER} - {"en"} <= {name for names in LANGUAGES.values() for name in names.split()}


@pytest.mark.parametrize("language", SPOKEN + EARLIER)
@settings(max_examples=60, deadline=None)
@given(day=DAYS, width=WIDTHS, own_digits=st.booleans(), decomposed=st.booleans())
def test_a_date_is_read_back_in_every_language(
    language: str, day: date, width: str, own_digits: bool, decomposed: bool
) -> None:
    """The long and the medium date of CLDR, in an attribution, with any digits, composed or decomposed."""
    printed = format_date(day, width, language)
    printed = native(printed, language) if own_digits else printed
    printed = unicodedata.normalize("NFD", printed) if decomposed else printed
    text = f"Sample text one\n— Sample Name (@sample_one) {printed}\nProse goes on."
    (found,) = attributions(text)
    assert (found.handle, found.day) == ("sample_one", day)
    assert text[found.end :].lstrip(". \u200f").startswith("\nProse")


@pytest.mark.parametrize("language", SPOKEN + EARLIER)
@settings(max_examples=40, deadline=None)
@given(day=DAYS, share=st.floats(0.3, 0.99))
def test_a_date_may_be_cut_anywhere(language: str, day: date, share: float) -> None:
    """Extractors cut attributions in the middle of a word; what is left is known as the beginning of a date."""
    printed = format_date(day, "long", language)
    left = printed[: max(3, int(len(printed) * share))]
    text = f"Sample text one pic.twitter.com/AbCdEfGhI1\n— Sample Name (@sample_one) {left}"
    (found,) = attributions(text)
    assert found.handle == "sample_one"
    # "March 21" without its last digit is a whole date again where the day comes last.
    assert found.day in (None, day) or printed.startswith(str(day.year))
    assert is_cut_date(left) or read_day(left) is not None


@given(DAYS)
def test_thai_years_may_be_those_of_buddha(day: date) -> None:
    """Browsers print the Buddhist era in Thai, with and without its name."""
    for printed in (format_date(day, "medium", "th"), format_date(day, "long", "th").replace("ค.ศ.", "พ.ศ.")):
        read = read_day(printed.replace(str(day.year), str(day.year + 543)))
        assert read is not None
        assert read.day == day


@pytest.mark.parametrize(
    ("printed", "expected", "length"),
    [
        ("August 20, 2021", date(2021, 8, 20), 15),
        ("Aug 20, 2021 and on", date(2021, 8, 20), 12),
        ("Sept. 4, 2021", date(2021, 9, 4), 13),
        ("20 August 2021", date(2021, 8, 20), 14),
        ("25. September 2018", date(2018, 9, 25), 18),
        ("16 мая 2018 г. дальше", date(2018, 5, 16), 14),
        ("16 травня 2018 р.", date(2018, 5, 16), 17),
        ("6 Φεβρουαρίου 2018", date(2018, 2, 6), 18),
        ("3 de mayo de 2020", date(2020, 5, 3), 17),
        ("1er mars 2020", date(2020, 3, 1), 13),
        ("2019. június 8.", date(2019, 6, 8), 15),
        ("2019 m. birželio 8 d.", date(2019, 6, 8), 21),
        ("2019年1月26日", date(2019, 1, 26), 10),
        ("2019년 1월 26일", date(2019, 1, 26), 12),
        ("۲۰ اوت ۲۰۲۱", date(2021, 8, 20), 11),
        ("\u200f20 أغسطس\u200f 2021", date(2021, 8, 20), 15),
        ("August 20, 2021The next sentence", date(2021, 8, 20), 15),
        ("2021-08-20", date(2021, 8, 20), 10),
        ("25 سبتمبر، 2018", date(2018, 9, 25), 15),
        ("25 ستمبر، 2018", date(2018, 9, 25), 14),
    ],
)
def test_a_printed_date_is_read_in_its_language(printed: str, expected: date, length: int) -> None:
    """Shapes and languages that stored articles show, and how much of the text they take."""
    assert read_day(printed) == (expected, length)


@pytest.mark.parametrize("printed", ["August 20, 1999", "March 20, 2006", "20 août 2149", "1. Januar 2105"])
def test_a_day_before_x_or_in_the_far_future_is_read_but_not_kept(printed: str) -> None:
    """The date takes its characters, and names no day of a post."""
    assert read_day(printed) == (None, len(printed))
    (found,) = attributions(f"Sample text one\n— Sample Name (@sample_one) {printed}\nProse goes on.")
    assert (found.handle, found.day) == ("sample_one", None)
    assert list(attributions(f"Sample text one\nSample Name (@sample_one) {printed}\nProse goes on.")) == []


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "June 31, 2020",
        "Sample 20, 2021",
        "20 2021",
        "August",
        "Augustus 20 BC",
        "31. Februar 2020",
        "20 sample 2021",
    ],
)
def test_what_is_no_date_is_not_read_as_one(printed: str) -> None:
    """Days that no month has, and words that are no month."""
    assert read_day(printed) is None


@pytest.mark.parametrize(
    "left", ["Februa", "May", "25. Septem", "2019. júni", "16 de", "3 de mayo d", "20", "16 мая 201", "2019年1月"]
)
def test_a_cut_date_is_known(left: str) -> None:
    """In the middle of the month, behind the day, within the year."""
    assert is_cut_date(left)


@pytest.mark.parametrize(
    "left", ["", "Februa and more", "Sample", "writes about sport.", "5 stars", "said in 2015", "1 2 3 4", "12345"]
)
def test_a_sentence_that_goes_on_is_no_cut_date(left: str) -> None:
    """Nothing but the rest of a date may stand there."""
    assert not is_cut_date(left)


def test_what_babel_knows_besides_is_not_kept() -> None:
    """A process of a scan would hold 36 MB of it, for as long as it runs."""
    _dates_of.cache_clear()
    for language in SPOKEN + EARLIER:
        if language != "en":
            _dates_of(language)
    assert not localedata._cache  # type: ignore[attr-defined, unused-ignore]


def test_english_dates_and_prose_need_no_babel() -> None:
    """To import it costs more than to read a hundred articles."""
    script = (
        "import sys\n"
        "from archiver.embeds.flattened.text import read\n"
        "text = 'Sample one pic.x.com/AbCdEfGhI1 — Sample (@sample_one) August 20, 2021\\n'\n"
        "found = list(read(text + 'Jane Sample (@sample_two) said in 2015 that 20 people came.\\n' + text))\n"
        "assert len(found) == 2 and 'babel' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
