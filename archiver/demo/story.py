"""The demo's story as facts: who posted what, and what becomes of it in five weeks.

The posts are those of the sample articles. Their ids are of the days that the articles print, and name no real post.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from archiver.clock import Clock
from archiver.demo.scenery import Picture, ShortLink, snowflake
from archiver.demo.world import World

STARTS_AT = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
LASTS = timedelta(days=35)


def _id(month: int, day: int, hour: int, minute: int) -> str:
    return snowflake(datetime(2026, month, day, hour, minute, tzinfo=UTC))


def _author(number: int) -> str:
    return snowflake(datetime(2019, 3, number, 12, 0, tzinfo=UTC))


# One constant a post, named for what becomes of it.
ALIVE = _id(6, 3, 14, 20)
RENAMED = _id(6, 4, 9, 5)
DELETED = _id(6, 5, 6, 45)
AUTHOR_SUSPENDED = _id(6, 11, 23, 55)
AUTHOR_PROTECTED = _id(6, 19, 11, 30)
ALIVE_PERSIAN = _id(6, 24, 17, 10)
GONE_BEFORE = _id(5, 28, 20, 0)
ALIVE_BESIDE = _id(7, 2, 8, 15)
EDITED = _id(8, 2, 8, 40)
EDITED_VERSION = _id(8, 2, 9, 5)
RESOLVED = _id(7, 14, 10, 0)
DEAD_LINK = _id(7, 14, 12, 30)
REUSED_MEDIA = _id(7, 15, 7, 50)
MEDIA_OWNER = _id(7, 10, 16, 0)

EMBEDDED = (
    ALIVE,
    RENAMED,
    DELETED,
    AUTHOR_SUSPENDED,
    AUTHOR_PROTECTED,
    ALIVE_PERSIAN,
    GONE_BEFORE,
    ALIVE_BESIDE,
    EDITED,
)
"""Posts whose id stands in an article; RESOLVED, DEAD_LINK and REUSED_MEDIA are embedded without one."""

PRESENT_CONTROLS = (_id(1, 12, 10, 0), _id(1, 13, 10, 0), _id(1, 14, 10, 0))
ABSENT_CONTROLS = (_id(2, 2, 3, 4), _id(2, 3, 4, 5), _id(2, 4, 5, 6))
"""No post of the world has these ids."""
CONTROL_AUTHORS = (_author(21), _author(22), _author(23))
"""The authors of PRESENT_CONTROLS, in their order."""
ABSENT_AUTHOR = _author(30)
"""No account of the world has this id."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that happens in the story, for whoever tells it."""

    time: datetime
    words: str


def _day(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return STARTS_AT.replace(hour=0, minute=0) + timedelta(days=day, hours=hour, minutes=minute)


OUTAGE = (_day(12, 6), _day(13, 6))

TURNS = (
    Turn(_day(-36, 9, 5), "@weather_mast edits its post after the article embedded it: the edit has a new id"),
    Turn(_day(-20), "@mithal_akhbar's post goes, before anybody looked"),
    Turn(_day(4, 12), "@reply_lamp takes the handle @reply_lantern"),
    Turn(_day(8, 15, 30), "@river_gauge's post is deleted"),
    Turn(OUTAGE[0], "X is out of order for a day: oEmbed answers 503, syndication answers 404 to everything"),
    Turn(_day(16, 4), "@city_desk_demo is suspended"),
    Turn(_day(21, 19), "@quiet_harbour turns protected"),
)


def build_world(clock: Clock) -> World:
    """The world of the story, seen from `clock`."""
    world = World(clock)
    _accounts(world)
    _posts(world)
    _posts_without_id(world)
    _events(world)
    return world


def _accounts(world: World) -> None:
    names = {
        "SampleWire": "Sample Wire",
        "reply_lamp": "Reply Lamp 💡",
        "river_gauge": "River Gauge (sample)",
        "city_desk_demo": "City Desk Demo",
        "quiet_harbour": "Quiet Harbour ⚓",
        "namune_khabar": "خبر نمونه",
        "mithal_akhbar": "أخبار المثال",
        "weather_mast": "Weather Mast",
        "sample_desk_fa": "Sample Desk — میز نمونه",
        "old_kiosk": "Old Kiosk",
        "echo_channel": "Echo Channel",
        "stock_clips": "Stock Clips (sample)",
    }
    for number, (handle, name) in enumerate(names.items(), start=1):
        world.account(handle, _author(number), name)
    for number, (native_id, author_id) in enumerate(zip(PRESENT_CONTROLS, CONTROL_AUTHORS, strict=True), start=1):
        world.account(f"sample_control{number}", author_id, f"Sample Control {number}")
        world.post(native_id, f"sample_control{number}", f"Sample control post {number}.")


def _posts(world: World) -> None:
    courier = ShortLink("SmplCour01", "https://courier.example/river-report", "courier.example/river-report")
    quoted = ShortLink("SmplQuot02", f"https://twitter.com/SampleWire/status/{ALIVE}", "twitter.com/SampleWire/sta…")
    world.post(ALIVE, "SampleWire", "Sample text one: the demo river stands at 1.20 m. https://t.co/SmplCour01 #sample",
               links=[courier])  # fmt: skip
    world.post(RENAMED, "reply_lamp", "Sample answer to sample text one. https://t.co/SmplQuot02", links=[quoted])
    world.post(DELETED, "river_gauge", "Sample text two: gauge at 9.99 m, which no river has.\nPlease compare 📏🌊")
    world.post(AUTHOR_SUSPENDED, "city_desk_demo", "Sample text three from the city desk that does not exist.")
    harbour = Picture("SmplHarb03", alternative_text="A drawing of a harbour without ships")
    world.post(AUTHOR_PROTECTED, "quiet_harbour", "Sample text four: no ships today, none tomorrow.", media=[harbour])
    world.post(ALIVE_PERSIAN, "namune_khabar", "نمونه متن پنج: این جمله فقط برای آزمایش است. 🌙\nخط دوم نمونه #نمونه",
               short_codes=["SmplPars04"], language="fa")  # fmt: skip
    world.post(GONE_BEFORE, "mithal_akhbar", "نص تجريبي ستة: هذه الجملة للاختبار فقط. 🧪", language="ar")
    world.post(ALIVE_BESIDE, "SampleWire", "Sample text seven: the demo river still stands.")
    world.post(EDITED, "weather_mast", "Sample text eight: wind from nowhere, force zreo.")


def _posts_without_id(world: World) -> None:
    world.post(MEDIA_OWNER, "stock_clips", "Sample clip, free to be used again.",
               media=[Picture("SmplClip05", kind="video")])  # fmt: skip
    world.post(RESOLVED, "sample_desk_fa", "Sample notice: the demo bridge stays open.\nنمونه متن برای بایگانی 🌉",
               short_codes=["SmplBrdg06"])  # fmt: skip
    world.post(DEAD_LINK, "old_kiosk", "Sample text nine: the kiosk sells nothing.", short_codes=["SmplDead07"])
    world.short_link("SmplDead07", None)
    again = Picture("SmplEcho08", kind="video", of=MEDIA_OWNER)
    world.post(REUSED_MEDIA, "echo_channel", "Sample text ten: look at this sample clip again.", media=[again])


def _events(world: World) -> None:
    edited, gone, renamed, deleted, _, suspended, protected = (turn.time for turn in TURNS)
    world.at(edited).edit(EDITED, EDITED_VERSION, "Sample text eight: wind from nowhere, force zero.")
    world.at(gone).delete(GONE_BEFORE, tombstone=False)
    world.at(renamed).rename("reply_lamp", "reply_lantern")
    world.at(deleted).delete(DELETED)
    world.at(suspended).suspend("city_desk_demo")
    world.at(protected).protect("quiet_harbour")
    world.outage(*OUTAGE, "503", host="publish.x.com")
    world.outage(*OUTAGE, "404_for_all", host="cdn.syndication.twimg.com")
