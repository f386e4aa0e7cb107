"""Dates as attributions print them: in the language of the page that embeds the post.

The order of day, month and year was seen in stored articles (platforms.md 1.a.2); the month names are those of
Unicode CLDR (genitive and nominative) for the languages that X's widgets speak.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import NamedTuple

_NAMES = {
    1: """
        january januar января январь ιανουαρίου ιανουάριος janvier enero gennaio janeiro januari ocak ژانویهٔ
        ژانویه يناير január stycznia styczeń ledna leden tammikuuta tammikuu січня січень ianuarie gener जनवरी
        জানুয়ারী ינואר มกราคม جنوری jan""",
    2: """
        february februar февраля февраль φεβρουαρίου φεβρουάριος février febrero febbraio fevereiro februari şubat
        فوریهٔ فوریه فبراير február lutego luty února únor helmikuuta helmikuu лютого лютий februarie febrer फ़रवरी
        ফেব্রুয়ারী פברואר กุมภาพันธ์ pebrero فروری feb""",
    3: """
        march märz марта март μαρτίου μάρτιος mars marzo março maart mart مارس március marca marzec března březen
        marts maaliskuuta maaliskuu березня березень martie maret mac març मार्च মার্চ מרץ มีนาคม marso مارچ mar""",
    4: """
        april апреля апрель απριλίου απρίλιος avril abril aprile nisan آوریل أبريل április kwietnia kwiecień dubna
        duben huhtikuuta huhtikuu квітня квітень aprilie अप्रैल এপ্রিল אפריל เมษายน اپریل apr""",
    5: """
        may mai мая май μαΐου μάιος mayo maggio maio mei mayıs مهٔ مه مايو május maja maj května květen toukokuuta
        toukokuu травня травень maig मई মে מאי พฤษภาคม مئی""",
    6: """
        june juni июня июнь ιουνίου ιούνιος juin junio giugno junho haziran ژوئن يونيو június czerwca czerwiec
        června červen kesäkuuta kesäkuu червня червень iunie jun juny जून জুন יוני มิถุนายน hunyo جون""",
    7: """
        july juli июля июль ιουλίου ιούλιος juillet julio luglio julho temmuz ژوئیهٔ ژوئیه يوليو július lipca
        lipiec července červenec heinäkuuta heinäkuu липня липень iulie julai juliol जुलाई জুলাই יולי กรกฎาคม hulyo
        جولائی jul""",
    8: """
        august августа август αυγούστου αύγουστος août agosto augustus ağustos اوت أغسطس augusztus sierpnia
        sierpień srpna srpen augusti elokuuta elokuu серпня серпень agustus ogos agost अगस्त আগস্ট אוגוסט สิงหาคม
        اگست aug""",
    9: """
        september сентября сентябрь σεπτεμβρίου σεπτέμβριος septembre septiembre settembre setembro eylül سپتامبر
        سبتمبر szeptember września wrzesień září syyskuuta syyskuu вересня вересень septembrie setembre सितंबर
        সেপ্টেম্বর ספטמבר กันยายน setyembre ستمبر sep sept""",
    10: """
        october oktober октября октябрь οκτωβρίου οκτώβριος octobre octubre ottobre outubro ekim اکتبر أكتوبر
        október października październik října říjen lokakuuta lokakuu жовтня жовтень octombrie अक्टूबर অক্টোবর
        אוקטובר ตุลาคม oktubre اکتوبر oct""",
    11: """
        november ноября ноябрь νοεμβρίου νοέμβριος novembre noviembre novembro kasım نوامبر نوفمبر listopada
        listopad listopadu marraskuuta marraskuu листопада листопад noiembrie नवंबर নভেম্বর נובמבר พฤศจิกายน
        nobyembre نومبر nov""",
    12: """
        december dezember декабря декабрь δεκεμβρίου δεκέμβριος décembre diciembre dicembre dezembro aralık دسامبر
        ديسمبر grudnia grudzień prosince prosinec desember joulukuuta joulukuu грудня грудень decembrie disember
        desembre दिसंबर ডিসেম্বর דצמבר ธันวาคม disyembre دسمبر dec""",
}
_MONTHS = {name: month for month, names in _NAMES.items() for name in names.split()}

_WORD = r"(?P<month>[^\s\d,.()\[\]<>]{2,20})"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        _WORD + r"\.? {1,3}(?P<day>\d{1,2})(?:st|nd|rd|th)?,? {1,3}(?P<year>\d{4})(?!\d)",
        r"(?P<day>\d{1,2})(?:\.|er|º)? {1,3}(?:de |d’|d'|di )?"
        + _WORD
        + r"\.?,? {1,3}(?:de |del )?(?P<year>\d{4})(?!\d)",
        r"(?P<year>\d{4})\. {0,3}" + _WORD + r" {1,3}(?P<day>\d{1,2})\.?",
        r"(?P<year>\d{4}) {0,2}[年년] {0,2}(?P<number>\d{1,2}) {0,2}[月월] {0,2}(?P<day>\d{1,2}) {0,2}[日일]",
        r"(?P<day>\d{1,2}) tháng (?P<number>\d{1,2}),? {1,3}(?P<year>\d{4})(?!\d)",
        r"(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})(?!\d)",
    )
)
_ERAS = re.compile(r" {0,2}(?:г\.|р\.|m\.)")
_SPACES = str.maketrans(dict.fromkeys("\t\u00a0\u2009\u202f\u200e\u200f", " "))


class PrintedDay(NamedTuple):
    """A date that was read."""

    day: date
    length: int
    """Characters that it takes."""


def read_day(text: str) -> PrintedDay | None:
    """The date that `text` begins with, in any of the shapes and languages above; None if there is none."""
    plain = text[:60].translate(_SPACES)
    for shape in _SHAPES:
        found = shape.match(plain)
        if found is None:
            continue
        parts = found.groupdict()
        month = _month(parts["month"]) if parts.get("month") else int(parts["number"])
        try:
            day = date(int(parts["year"]), month, int(parts["day"]))
        except ValueError:
            continue
        era = _ERAS.match(plain, found.end())
        return PrintedDay(day, era.end() if era else found.end())
    return None


def begins_month(text: str) -> bool:
    """Whether `text` begins with a month's name, or is cut in the middle of one ("Februa")."""
    word = re.match(r"[^\W\d_]{1,20}", text)
    if word is None:
        return False
    start = unicodedata.normalize("NFC", word.group()).lower()
    cut = len(word.group()) == len(text.rstrip()) and len(start) > 2
    return start in _MONTHS or (cut and any(name.startswith(start) for name in _MONTHS))


def _month(word: str) -> int:
    word = unicodedata.normalize("NFC", word).lower().strip(".,’'")
    return _MONTHS.get(word, 0)
