"""config.toml: what it means, what it refuses, and what it says then."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr, ValidationError

from archiver.config import Config, DatabaseSettings, DirectorySettings, Schedule, SourceSettings, Verdicts, parse
from archiver.config.mistakes import lines_of
from archiver.config.sources import KINDS
from archiver.config.units import duration, duration_text, size, size_text
from archiver.errors import ConfigurationError
from archiver.model.verdict import Rules

EXAMPLE = Path(__file__).resolve().parent.parent / "config.example.toml"
FOLDER = PurePosixPath("/srv/news")


def read(text: str, **environ: str) -> Config:
    return parse(text, origin="config.toml", folder=FOLDER, environ=environ)


def problems(text: str, **environ: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read(text, **environ)
    assert caught.value.exit_code == 78
    return caught.value.problems


def keys_of(model: type[BaseModel], above: str = "") -> list[str]:
    """Every key of a section and of the sections below it, dotted; a free name is written *, a source's is its kind."""
    found = []
    for key, field in model.model_fields.items():
        shape: Any = field.annotation
        path = f"{above}{key}"
        if path == "sources":
            found += [each for kind, source in KINDS.items() for each in keys_of(source, f"sources.{kind}.")]
            continue
        named = next((part for part in get_args(shape) if isinstance(part, type) and issubclass(part, BaseModel)), None)
        if named:
            found += keys_of(named, f"{path}.*.")
        elif isinstance(shape, type) and issubclass(shape, BaseModel):
            found += keys_of(shape, f"{path}.")
        else:
            found.append(path)
    return found


def test_every_key_stands_in_the_example_in_force_or_commented_out() -> None:
    """A reader of config.example.toml sees all there is to set."""
    shown = set()
    table = ""
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if header := re.fullmatch(r"(?:# )?\[(.+)\]", line):
            table = re.sub(r"^(retention\.sources|evidence\.sinks)\..*", r"\1.*", header[1])
        elif key := re.match(r"(?:# )?([a-z_]+) = (.*)", line):
            if table.startswith("sources.") and key[1] == "kind":
                table = f"sources.{key[2][1:-1]}"
            shown.add(f"{table}.{key[1]}")
    assert shown == set(keys_of(Config))


def test_the_example_works_as_it_is_and_shows_the_defaults() -> None:
    """The example is a good configuration and differs from the defaults in its sample source and X's controls only."""
    config = read(EXAMPLE.read_text(encoding="utf-8"))
    assert _path(config.sources["sample"]) == Path("/srv/news/archiver/demo/articles")
    defaults = read("")
    controls = config.platforms.x.controls
    assert (len(controls.present), len(controls.absent), controls.missing()) == (6, 4, None)
    plain = config.platforms.x.model_copy(update={"controls": defaults.platforms.x.controls})
    platforms = config.platforms.model_copy(update={"x": plain})
    assert config.model_copy(update={"sources": {}, "platforms": platforms}) == defaults
    assert config.unsafe == ()
    assert config.rules == Rules()


def test_the_commented_keys_of_the_example_work_too() -> None:
    """What the example offers behind "#" is good once the sign is taken away, and each unsafe key is told."""
    sources, follow, text = EXAMPLE.read_text(encoding="utf-8").partition("[follow]")
    wanted = dict.fromkeys(re.findall(r"^# (\w+) = ", text, re.MULTILINE))
    for key in wanted:
        text = re.sub(rf"^{key} = .*\n", "", text, flags=re.MULTILINE)
        text = re.sub(rf"^# {key} = ", f"{key} = ", text, flags=re.MULTILINE)
    text = re.sub(r"^# \[", "[", text, flags=re.MULTILINE)
    sources = re.sub(r"^# (\w+ = |\[)", r"\1", sources, flags=re.MULTILINE)
    config = read(sources + follow + text, CMS_PASSWORD="p@ss")
    assert {source.kind for source in config.sources.values()} == set(KINDS)
    assert config.follow.authors == ("AsvakaNews", "republic", "x:TajudenSoroush")
    assert config.web.pace_per_host == {"publish.x.com": timedelta(seconds=2)}
    assert len(config.unsafe) == sum(key.startswith("unsafe_") for key in wanted) == 17
    assert config.schedule.gap == timedelta(days=30)
    assert {sink.kind for sink in config.evidence.sinks.values()} == {"file", "webhook", "print"}


def test_a_sink_has_what_its_kind_needs_and_nothing_else() -> None:
    """What is missing, and what is too much, is told with its place; an address is never shown."""
    one = "[evidence.sinks.one]\n"
    assert problems(one) == ["config.toml:1: evidence.sinks.one.kind: this key is needed"]
    assert problems(one + 'kind = "file"') == ['config.toml:1: evidence.sinks.one: a sink of kind "file" needs path']
    assert problems(one + 'kind = "print"\npath = "a"') == [
        'config.toml:1: evidence.sinks.one: a sink of kind "print" has no path'
    ]
    assert problems(one + 'kind = "webhook"\naddress = "ftp://keeper.example/"') == [
        'config.toml:3: evidence.sinks.one.address: an address stands here: "https://keeper.example/checkpoints"'
    ]
    config = read(one + 'kind = "webhook"\naddress = "https://keeper.example/Geheim"')
    assert "Geheim" not in str(config.masked()) + repr(config)
    assert config.secrets == [("evidence", "sinks", "one", "address")]


def test_every_mistake_is_reported_at_once_with_its_line() -> None:
    """Unknown keys, wrong durations and weak thresholds come together, each with its line and its dotted path."""
    web = '[web]\ndeadlin = "3s"\ndeadline = "-3s"\n\n'
    text = web + '[follow]\nauthors = [\n  "sample_one",\n  "a b",\n]\n[verdicts]\nrounds = 2\n'
    assert problems(text) == [
        'config.toml:6: follow.authors[1]: an author is a handle, with or without "@", '
        'or a platform and a handle: "x:handle"',
        "config.toml:3: web.deadline: a duration is longer than zero",
        'config.toml:2: web.deadlin: unknown key; did you mean "deadline"?',
        'config.toml:11: verdicts.rounds: weaker than the standard, 5; only "unsafe_rounds" may say so',
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[wbe]", 'config.toml:1: wbe: unknown key; did you mean "web"?'),
        ("[sources.a]\nkind = 'directory'", "config.toml:1: sources.a.path: this key is needed"),
        (
            "[sources.a]\nkind = 'ftp'\npath = 'a'",
            'sources.a.kind: there is no kind "ftp"; there is: directory, warc, wxr, feed, database, jsonl',
        ),
        ("[sources]\na = 3", "config.toml:2: sources.a: a table stands here"),
        ("[sources.a]\nkind = 'warc'\npth = 'a'\npath = 'a'", 'sources.a.pth: unknown key; did you mean "path"?'),
        ("[sources.a]\nkind = 'wxr'", "config.toml:1: sources.a.path: this key is needed"),
        ("[sources.a]\nkind = 'feed'", "config.toml:1: sources.a: a feed has either a path or an address"),
        ("[sources.a]\nkind = 'feed'\naddress = 'ftp://a'", "config.toml:3: sources.a.address: an address stands here"),
        ("[sources.a]\nkind = 'feed'\naddress = 'https://a:b@c/'", "sources.a.address: no user name or password"),
        ("[sources.a]\nkind = 'jsonl'\npath = 'a'\nhtml = 3", "config.toml:4: sources.a.html: a text in quotes"),
        (
            "[sources.a]\nkind = 'jsonl'\npath = 'a'\nhtml = ''\ntext = ''\nmarkdown = ''",
            "config.toml:1: sources.a: one of html, markdown and text names a field",
        ),
        (
            "[sources.a]\nkind = 'database'\nquery = 'q'\naddress = 'postgresql://a:word@b/c'",
            "config.toml:4: sources.a.address: no password stands in this file",
        ),
        (
            "[sources.a]\nkind = 'database'\nquery = 'q'\naddress = 'mysql://b/c?password=word'",
            "config.toml:4: sources.a.address: no password stands in this file",
        ),
        (
            "[sources.a]\nkind = 'database'\nquery = 'q'\naddress = 'postgresql://a:${NO_WORD}@b/c'",
            "config.toml:4: sources.a.address: the environment has no NO_WORD",
        ),
        (
            "[sources.a]\nkind = 'database'\nquery = 'q'\naddress = 'news.db'",
            "config.toml:4: sources.a.address: an address of SQLAlchemy stands here",
        ),
        ("[sources.a]\npath = ''", "config.toml:2: sources.a.path: a path is not empty"),
        ("[sources.a]\npath = '~/a'", 'config.toml:2: sources.a.path: "~" is not expanded here'),
        ("[sources.'a b']\npath = 'a'", "config.toml:1: sources.a b: string should match pattern"),
        ("[sources.a]\npath = 'a'\nsize_cap = 0", "config.toml:3: sources.a.size_cap: a size is more than zero"),
        ("[store]\npth = 'a'", 'config.toml:2: store.pth: unknown key; did you mean "path"?'),
        ("[schedule]\nlongest_gap = '30d'", "config.toml:2: schedule.longest_gap: weaker than the standard, 5d;"),
        ("[schedule]\ntick = '0s'", "config.toml:2: schedule.tick: a duration is longer than zero"),
        ("[schedule]\ntick = 60", "config.toml:2: schedule.tick: a duration is written in quotes"),
        ("[schedule]\njitter_percent = 51", "config.toml:2: schedule.jitter_percent: input should be less than"),
        ("[verdicts]\nhours = 71", 'config.toml:2: verdicts.hours: weaker than the standard, 72; only "unsafe_hours"'),
        ("[verdicts]\nhours = true", "config.toml:2: verdicts.hours: a whole number stands here"),
        ("[verdicts]\naccount_age = '25h'", "config.toml:2: verdicts.account_age: weaker than the standard, 1d"),
        ("[verdicts]\nunsafe_rounds = 0", "config.toml:2: verdicts.unsafe_rounds: input should be greater than"),
        ("[platforms.y]", "config.toml:1: platforms.y: unknown key; there is: x, bluesky, mastodon"),
        ("[platforms.x]\negress_country = 'us'", "config.toml:2: platforms.x.egress_country: string should match"),
        ("[platforms.x.controls]\npresent = [20]", "config.toml:2: platforms.x.controls.present[0]: an id stands in"),
        ("[platforms.x.controls]\nabsent = ['٢٠']", "config.toml:2: platforms.x.controls.absent[0]: an id is 1 to 19"),
        (
            "[platforms.x.controls]\nabsent_author = '1e18'",
            "config.toml:2: platforms.x.controls.absent_author: an id is",
        ),
        ("[platforms.x.controls]\npresent = ['20']\nabsent = ['20']", "20 cannot be present and absent at once"),
        ("[web]\nproxy = 'http://me:word@proxy'", "config.toml:2: web.proxy: no user name or password stands"),
        ("[web]\nproxy = 'socks5://proxy:1'", "config.toml:2: web.proxy: an address of scheme and host"),
        ("[web]\nconnect_to = { 'X.com' = 'http://a' }", "config.toml:2: web.connect_to.X.com: a host is written"),
        ("[web]\nconnect_to = { '*' = 'http://a:99999' }", "config.toml:2: web.connect_to.*: an address of scheme"),
        ("[web]\ncontact = 'a\\r\\nEvil: b'", "config.toml:2: web.contact: a contact is an address"),
        ("[follow]\nauthors = 'republic'", 'config.toml:2: follow.authors: a list stands here: ["…", "…"]'),
        ("[follow]\nauthors = ['nowhere:a']", 'there is no platform "nowhere"; there is: x, bluesky, mastodon'),
        ("web = 3", "config.toml:1: web: a table stands here"),
        ("[web]\ndeadline = ", "config.toml:2: not TOML: Invalid value"),
        ("[web]\npace = '1s'\npace = '1s'", "config.toml:3: not TOML: Cannot overwrite a value"),
        ("a = " + "[" * 5000, "config.toml: not TOML: nested too deeply"),
    ],
)
def test_a_mistake_is_refused_with_its_place_and_the_mend(text: str, problem: str) -> None:
    """One bad line is one problem, and the problem says where and what."""
    said = problems(text)
    assert len(said) == 1
    assert problem in said[0]


def test_paths_are_taken_from_the_folder_of_the_file() -> None:
    """A relative path, the default one too, starts at the file's folder; an absolute one stays."""
    config = read("[sources.a]\npath = 'in'\n[sources.b]\npath = '/mnt/in'")
    assert config.store.path == Path("/srv/news/archive")
    assert [_path(source) for source in config.sources.values()] == [Path("/srv/news/in"), Path("/mnt/in")]
    config = read("[sources.a]\nkind = 'database'\naddress = 'sqlite:///in/news.db'\nquery = 'q'")
    assert _address(config.sources["a"]) == "sqlite:////srv/news/in/news.db"


def _path(source: SourceSettings) -> Path:
    assert isinstance(source, DirectorySettings)
    return source.path


def _address(source: SourceSettings) -> str:
    assert isinstance(source, DatabaseSettings)
    return source.address.get_secret_value()


def test_a_databases_password_comes_from_the_environment_and_is_never_shown() -> None:
    """`${NAME}` is a part of the address, quoted as one must be, or the whole of it."""
    database = "[sources.a]\nkind = 'database'\nquery = 'q'\naddress = "
    config = read(database + "'postgresql://reader:${WORD}@host/news'", WORD="p@ss/word")
    assert _address(config.sources["a"]) == "postgresql://reader:p%40ss%2Fword@host/news"
    whole = read(database + "'${ADDRESS}'", ADDRESS="postgresql://reader:p@host/news")
    assert _address(whole.sources["a"]) == "postgresql://reader:p@host/news"
    assert config.masked()["sources"]["a"]["address"] == "**********"
    assert "ss/word" not in repr(config)
    assert "ss%2Fword" not in repr(config)


def test_all_mistakes_in_sources_of_many_kinds_are_told_at_once() -> None:
    """Each kind has its own keys, and a mistake in one source hides none in another."""
    text = "[sources.a]\nkind = 'warc'\npath = ''\nsize_cap = 0\n[sources.b]\nkind = 'feed'\nquery = 'q'\n[sources.c]\n"
    assert problems(text) == [
        "config.toml:4: sources.a.size_cap: a size is more than zero and at most 1000GB",
        "config.toml:3: sources.a.path: a path is not empty",
        "config.toml:7: sources.b.query: unknown key; there is: kind, size_cap, path, address",
        "config.toml:8: sources.c.path: this key is needed",
    ]


def test_the_environment_overrides_the_file() -> None:
    """ARCHIVER_SECTION__KEY wins over the file, finds names in any case, and reads lists and tables as TOML."""
    config = read(
        '[web]\ndeadline = "20s"\n[sources.Sample]\npath = "a"\n',
        ARCHIVER_WEB__DEADLINE="10s",
        ARCHIVER_SOURCES__SAMPLE__PATH="b",
        ARCHIVER_FOLLOW__AUTHORS='["@sample_one"]',
        ARCHIVER_WEB__CONNECT_TO='{ "*" = "http://127.0.0.1:8001" }',
        ARCHIVER_SCHEDULE__JITTER_PERCENT="0",
        ARCHIVER_PLATFORMS__X__ENABLED="false",
        ARCHIVER_STORE__GROUP="",
        ARCHIVER_CONFIG="/elsewhere/config.toml",
        OTHER__NAME="1",
    )
    assert config.web.deadline == timedelta(seconds=10)
    assert _path(config.sources["Sample"]) == Path("/srv/news/b")
    assert config.follow.authors == ("sample_one",)
    assert config.web.connect_to == {"*": "http://127.0.0.1:8001"}
    assert config.schedule.jitter_percent == 0
    assert not config.platforms["x"].enabled


def test_a_mistake_in_the_environment_names_the_variable() -> None:
    """Unknown names with two underscores are mistakes as well, and each is told by its variable."""
    said = problems(
        "",
        ARCHIVER_WEB__DEADLIN="1s",
        ARCHIVER_WEB__PACE="0s",
        ARCHIVER_NEWS__KEY="1",
        ARCHIVER__KEY="1",
        ARCHIVER_WEB__PACE__MORE="1",
        ARCHIVER_FOLLOW__AUTHORS="[",
    )
    assert len(said) == 6
    assert 'ARCHIVER_WEB__DEADLIN: web.deadlin: unknown key; did you mean "deadline"?' in said
    assert "ARCHIVER_WEB__PACE: web.pace: a duration is longer than zero" in said
    assert any(each.startswith("ARCHIVER_NEWS__KEY: news: unknown key; there is: store, sources") for each in said)
    assert "ARCHIVER__KEY: names no key: write ARCHIVER_SECTION__KEY" in said
    assert "ARCHIVER_WEB__PACE__MORE: web.pace.more: unknown key, it stands below a key that is no table" in said
    assert any(line.startswith("ARCHIVER_FOLLOW__AUTHORS: follow.authors: not TOML: ") for line in said)


def test_stricter_rules_are_free_and_their_version_says_so() -> None:
    """A stricter threshold needs no special key, and verdicts by it can be told from standard ones."""
    config = read('[verdicts]\nrounds = 6\naccount_age = "12h"\n')
    assert config.rules.grade_a_rounds == 6
    assert config.rules.account_age == timedelta(hours=12)
    assert config.rules.version == "2+account_age=12h,grade_a_rounds=6"
    assert config.unsafe == ()


def test_weaker_rules_come_through_unsafe_keys_only_and_are_listed() -> None:
    """An unsafe key is in force, and everything that prints results can list it."""
    config = read('[verdicts]\nunsafe_rounds = 2\nunsafe_hours = 1\n[schedule]\nunsafe_longest_gap = "4w"\n')
    assert config.rules.grade_a_rounds == 2
    assert config.rules.grade_a_span == timedelta(hours=1)
    assert config.schedule.gap == timedelta(days=28)
    assert config.unsafe == (
        "schedule.unsafe_longest_gap = 28d",
        "verdicts.unsafe_rounds = 2",
        "verdicts.unsafe_hours = 1",
    )


def test_every_threshold_of_the_rules_has_a_key() -> None:
    """Each key changes one field of Rules, and together they change them all."""
    changed = set()
    for key in Verdicts.model_fields:
        if key.startswith("unsafe_"):
            rules = Verdicts.model_validate({key: 1 if _is_count(key) else "1m"}).rules()
            fields = {name for name in Rules.__slots__ if getattr(rules, name) != getattr(Rules(), name)} - {"version"}
            assert len(fields) == 1, key
            changed |= fields
    assert changed == set(Rules.__slots__) - {"version"}


def _is_count(key: str) -> bool:
    return isinstance(getattr(Verdicts(), key.removeprefix("unsafe_")), int)


def test_a_config_is_made_from_python_too() -> None:
    """Without a file: from a tree or from keywords, with the same checks."""
    assert Config().platforms["x"].enabled
    assert Config(schedule=Schedule(tick=timedelta(seconds=1))).schedule.tick == timedelta(seconds=1)
    assert Config.model_validate({"store": {"path": "a"}}).store.path == Path("a")
    with pytest.raises(ValidationError, match="longer than zero"):
        Config.model_validate({"web": {"pace": "0s"}})
    with pytest.raises(ValidationError, match="frozen"):
        Config().store = Config().store


def test_what_is_shown_is_a_configuration_again() -> None:
    """The tree of `config show` is in the file's own words and reads back as the same configuration."""
    config = read(EXAMPLE.read_text(encoding="utf-8"))
    shown = config.masked()
    assert shown["web"]["deadline"] == "30s"
    assert shown["sources"]["sample"]["size_cap"] == "50MB"
    assert Config.model_validate(shown) == config


def test_a_secret_is_masked_where_it_is_shown() -> None:
    """Whatever section ever holds a secret, the shown tree does not tell it."""

    class WithToken(Config):
        token: SecretStr = SecretStr("sample secret")

    assert WithToken().masked()["token"] == "**********"
    assert "sample secret" not in repr(WithToken())


@given(st.integers(1, 3660 * 86_400_000))
def test_a_duration_reads_back_as_it_was_written(milliseconds: int) -> None:
    """Any whole number of milliseconds up to ten years."""
    span = timedelta(milliseconds=milliseconds)
    assert duration(duration_text(span)) == span


@pytest.mark.parametrize(
    "written", ["", "5", "h", "1 h", "1h, 30m", "1y", "1mo", "-1s", "٣s", "1e3s", "999999999w", 5, None]
)
def test_what_is_no_duration_is_refused(written: object) -> None:
    """No unit, no number, an unknown unit, or more than can be meant."""
    with pytest.raises(ValueError, match="a duration is"):
        duration(written)


@pytest.mark.parametrize(
    ("written", "hours"), [("90s", 0.025), ("1h30m", 1.5), ("6h", 6), ("1.5h", 1.5), ("5d", 120), ("2w", 336)]
)
def test_a_duration_is_the_sum_of_its_parts(written: str, hours: float) -> None:
    """Seconds, minutes, hours, days and weeks."""
    assert duration(written) == timedelta(hours=hours)


@given(st.integers(1, 10**12))
def test_a_size_reads_back_as_it_was_written(count: int) -> None:
    """Any number of bytes up to 1000 GB."""
    assert size(size_text(count)) == count


def test_lines_are_found_through_every_way_of_writing() -> None:
    """Dotted and quoted keys, values of many lines that look like keys, comments, inline tables and CRLF."""
    text = (
        '# x = 1\r\ntop = """\r\n[web]\r\npace = 1\r\n"""\r\n[ a . "b c" ]\r\nd.e = [ # ]\r\n  "x]", \'\'\'\r\n]\r\n'
        "''',\r\n]\r\nf = { g = 1 }\r\n[h]\r\n"
    )
    assert lines_of(text) == {
        ("top",): 2,
        ("a",): 6,
        ("a", "b c"): 6,
        ("a", "b c", "d"): 7,
        ("a", "b c", "d", "e"): 7,
        ("a", "b c", "f"): 12,
        ("a", "b c", "f", "g"): 12,
        ("h",): 13,
    }


def test_a_mistake_below_ten_thousand_authors_is_found_without_delay() -> None:
    """The search for lines does not grow with the square of a long list."""
    authors = "".join(f'  "sample_{number}",\n' for number in range(10_000))
    assert problems(f'[follow]\nauthors = [\n{authors}]\n[web]\npace = "x"\n')[0].startswith(
        "config.toml:10005: web.pace"
    )
