"""Each command does what it says, on an archive behind which no network listens."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import sqlite3
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from archiver import __version__
from archiver.cli import faults
from archiver.cli.main import program
from archiver.errors import BusyError, DataRefusedError, StorageError
from archiver.store.engine import Database
from tests.cli.desk import Desk, blockquote

EMBED_KEYS = [
    "article",
    "position",
    "form",
    "platform",
    "host",
    "post_id",
    "permalink",
    "author_handle",
    "author_name",
    "published_on",
    "id_window",
    "quotation",
    "links",
    "cut",
    "confidence",
    "also",
]

UNIDENTIFIED = """\
<div class="fb-post" data-href="https://www.facebook.com/sample.page/posts/no-id-at-all">Sample</div>
"""

CHECK_KEYS = [
    *("posts", "looks", "identified", "captured", "saved", "pictures", "pictures_not_kept", "verdicts", "void"),
    *("unreachable", "alarms"),
    "adapter_errors",
]


def commands(
    group: click.Group = program, above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*above, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))


COMMANDS = dict(commands())


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(names: tuple[str, ...]) -> None:
    """--help needs no configuration, ends well and shows how the command is written."""
    answer = CliRunner().invoke(program, [*names, "--help"])
    assert answer.exit_code == 0
    assert "Example:\n" in answer.stdout
    assert f"archiver {' '.join(names)}" in answer.stdout


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_every_example_is_one_that_the_program_reads(names: tuple[str, ...]) -> None:
    """The options and arguments of each example are the command's own."""
    lines = (COMMANDS[names].epilog or "").partition("Example:\n")[2].splitlines()
    assert lines
    for line in lines:
        words = shlex.split(line.partition("archiver ")[2].partition(" |")[0])
        if words[0] == "--config":
            words = words[2:]
        command: click.Command = program
        # A group that is a command by itself may stand alone.
        while isinstance(command, click.Group) and (words or not command.invoke_without_command):
            command = command.commands[words.pop(0)]
        command.make_context(line, words)


def test_the_version_is_the_packages_own() -> None:
    """--version prints name and version."""
    assert CliRunner().invoke(program, ["--version"]).stdout == f"archiver {__version__}\n"


def test_words_that_make_no_sense_are_usage() -> None:
    """An unknown command or option, or a missing argument: exit code 2, one line and where to read more."""
    for words in (["frobnicate"], ["posts", "--colour"], ["show"], ["embeds"], ["posts", "--verdict", "dead"]):
        answer = CliRunner().invoke(program, words)
        assert answer.exit_code == 2, words
        assert answer.stderr.startswith("archiver: ")
        assert "--help" in answer.stderr


def test_init_makes_an_archive_once(desk: Desk) -> None:
    """The first init makes it with modes for its owner alone, the second finds nothing to do."""
    first, second = desk.run("init"), desk.run("init")
    assert (first.exit_code, second.exit_code) == (0, 0)
    archive = str(desk.database.parent)
    (made, key), (again, same) = (
        (record, record.pop("key")) for record in map(json.loads, (first.stdout, second.stdout))
    )
    assert [made, again] == [{"archive": archive, "changed": True}, {"archive": archive, "changed": False}]
    assert key == same
    assert re.fullmatch("sha256:[0-9a-f]{64}", key)
    told = desk.run("init", "--format", "table").stdout.splitlines()
    assert told[0] == f"nothing to do: the archive in {archive} is up to date"
    assert key in told[1]
    assert desk.database.stat().st_mode & 0o777 == 0o600


def test_embeds_prints_its_keys_in_order_without_an_archive(tmp_path: Path, desk: Desk) -> None:
    """One JSON object an embed, exactly the keys of its contract; absent is null, no links is []."""
    answer = CliRunner().invoke(program, ["embeds", str(desk.articles)])
    assert answer.exit_code == 0
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [list(row) for row in rows] == [EMBED_KEYS, EMBED_KEYS]
    first, second = rows
    assert first["article"] == f"{desk.articles}/one.html"
    assert (first["position"], first["platform"], first["host"]) == (0, "x", None)
    assert first["post_id"] == "1428601213012340737"
    assert first["author_handle"] == "sample_one"
    assert first["author_name"] == "نام نمونه"
    assert first["quotation"] == "نمونه متن آسواکا"
    assert first["links"] == []
    assert (second["post_id"], second["permalink"]) == (None, None)
    assert second["published_on"] == "2022-07-04"
    assert all(isinstance(end, str) for end in second["id_window"])
    assert second["links"] == [{"url": "https://pic.twitter.com/AbCdEfGhIj", "text": "pic.twitter.com/AbCdEfGhIj"}]
    assert not desk.database.exists()


def test_an_embed_that_nobody_identifies_keeps_its_stated_address(desk: Desk) -> None:
    """The address that the markup states is its permalink, and no platform is claimed."""
    row = json.loads(desk.run("embeds", "-", stdin=UNIDENTIFIED.encode()).stdout)
    assert (row["platform"], row["post_id"]) == (None, None)
    assert row["permalink"] == "https://www.facebook.com/sample.page/posts/no-id-at-all"


def test_embeds_reads_standard_input_and_thousands_of_paths(desk: Desk) -> None:
    """ "-" is standard input; as many paths as a command line holds are fine."""
    piped = desk.run("embeds", "-", stdin=blockquote(1, "Sample text").encode())
    assert json.loads(piped.stdout)["article"] == "-"
    path = str(desk.articles / "one.html")
    many = desk.run("embeds", *[path] * 2000)
    assert many.exit_code == 0
    assert len(many.stdout.splitlines()) == 2000


def test_embeds_lists_what_it_cannot_read_and_goes_on(desk: Desk) -> None:
    """A missing path is one line on standard error and exit code 1; the next path is read; an empty file is fine."""
    empty = desk.print_article("empty.html", "")
    answer = desk.run("embeds", "missing.html", str(empty), str(desk.articles / "two.txt"))
    assert answer.exit_code == 1
    assert answer.stderr.startswith("archiver: missing.html: ")
    assert len(answer.stderr.splitlines()) == 1
    assert len(answer.stdout.splitlines()) == 1
    assert desk.run("embeds", str(empty)).exit_code == 0


def test_a_web_archive_on_standard_input_is_refused(desk: Desk) -> None:
    """One line says what to do instead of nothing, and the exit code is 1. By its name it is read."""
    payload = b"WARC/1.0\r\n\r\n"
    answer = desk.run("embeds", "-", stdin=payload)
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr == 'archiver: -: a WARC file: configure it as a source of kind "warc"\n'
    path = desk.folder / "crawl.warc"
    path.write_bytes(payload)
    answer = desk.run("embeds", str(path))
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr == f"archiver: {path}/0: it does not say how long it is\n"


def test_a_scan_tells_what_it_met_and_reads_nothing_twice(desk: Desk) -> None:
    """The summary counts what was read; the second scan finds all unchanged."""
    first = desk.run("scan", "--format", "table")
    assert first.stdout.startswith("2 articles read, 0 unchanged, 0 vanished; 2 embeds, 0 unidentified")
    (desk.articles / "two.txt").unlink()
    (desk.articles / "three.jpg").touch()
    figures = {
        "read": 0,
        "unchanged": 1,
        "vanished": 1,
        "embeds": 0,
        "unidentified": 0,
        "still_unread": 0,
        "unread": [],
    }
    assert desk.rows("scan") == [figures | {"passed_over": {".jpg": 1}}]
    assert "1 file passed over by name: 1 .jpg" in desk.run("scan", "--format", "table").stdout


def test_a_broken_article_never_stops_a_scan(desk: Desk) -> None:
    """What cannot be read is listed one line each, the rest is scanned, and the exit code says so."""
    with desk.config.open("a", encoding="utf-8") as file:
        file.write('[sources.gone]\npath = "no-such-folder"\n[sources.small]\npath = "small"\nsize_cap = "10B"\n')
    (desk.folder / "small").mkdir()
    (desk.folder / "small" / "long\n\x1b.html").write_text("x" * 11, encoding="utf-8")
    os.mkfifo(desk.articles / "pipe.html")
    answer = desk.run("scan")
    assert answer.exit_code == 1
    counted = json.loads(answer.stdout)
    assert counted["read"] == 2
    assert {(each["location"], each["message"]) for each in counted["unread"]} == {
        ("", "No such file or directory"),
        ("long\\x0a\\x1b.html", "11 bytes, the cap is 10"),
    }
    lines = answer.stderr.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("archiver: ") for line in lines)
    assert "\x1b" not in answer.stderr


def test_a_skipped_pipe_is_listed_and_no_failure(desk: Desk) -> None:
    """What a walk skips by rule is told; the exit code stays 0."""
    os.mkfifo(desk.articles / "pipe.html")
    answer = desk.run("scan")
    assert answer.exit_code == 0
    assert answer.stderr.startswith("archiver: desk: pipe.html: ")


def test_without_a_network_nothing_is_called_gone(desk: Desk) -> None:
    """run --once ends well: quotations are archived, each post says why it was not seen, the banner stands there."""
    answer = desk.run("run", "--once")
    assert answer.exit_code == 0, answer.stderr
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    assert {row["words"] for row in rows} == {"not yet seen: x.com could not be reached"}
    assert "Sample text two" in rows[0]["text"]
    assert rows[1]["text"] == "نمونه متن آسواکا"
    assert "x.com could not be reached: 2 posts not yet seen" in answer.stderr
    assert "absent never goes past unconfirmed: set present and absent in [platforms.x.controls]" in answer.stderr


def test_a_check_tells_what_it_looked_at(desk: Desk) -> None:
    """The summary of a check of what is due, then of one post by name; that one is listed."""
    assert desk.run("scan").exit_code == 0
    due = desk.run("check", "--due")
    assert due.exit_code == 0
    counted = json.loads(due.stdout)
    assert list(counted) == CHECK_KEYS
    assert (counted["posts"], counted["verdicts"], counted["alarms"]) == (2, [], [])
    assert counted["unreachable"]
    assert "absent never goes past unconfirmed: set present and absent in [platforms.x.controls]" in due.stderr
    assert [row["post"] for row in desk.rows("check", "1428601213012340737")] == ["p1"]
    assert desk.rows("check", "p2")[0]["last_checked_at"] > desk.rows("posts")[1]["last_checked_at"][:10]


def test_a_check_without_names_is_told_to_a_person_in_prose(desk: Desk) -> None:
    """As a table the summary is sentences, and says why nothing was seen."""
    assert desk.run("scan").exit_code == 0
    told = desk.run("check", "--format", "table").stdout
    assert told.startswith("2 posts looked at in ")
    assert "x.com could not be reached: 2 posts not yet seen" in told


def test_due_and_names_exclude_each_other(desk: Desk) -> None:
    """--due with a name is usage."""
    assert desk.run("check", "--due", "p1").exit_code == 2


@pytest.mark.parametrize(
    "name", ["p1", "1428601213012340737", "https://x.com/sample_one/status/1428601213012340737?s=20"]
)
def test_a_post_is_named_by_number_id_or_permalink(desk: Desk, name: str) -> None:
    """All three lead to the same post."""
    assert desk.run("scan").exit_code == 0
    assert desk.rows("show", name)[0]["post"] == "p1"


@pytest.mark.parametrize("name", ["p99", "p", "12", "https://example.org/", "p٣", "\udcff", "p99999999999999999999"])
def test_an_unknown_post_is_usage(desk: Desk, name: str) -> None:
    """A name that leads nowhere is exit code 2 and one line."""
    assert desk.run("init").exit_code == 0
    answer = desk.run("show", name)
    assert answer.exit_code == 2
    assert len(answer.stderr.splitlines()) == 1


def test_show_prints_the_post_its_places_and_its_timeline(desk: Desk) -> None:
    """The table has the words either side of the embed; JSON has all of it; CSV is the timeline."""
    assert desk.run("scan").exit_code == 0
    shown = desk.run("show", "p1", "--format", "table").stdout
    assert "پیش از نمونه. ▐ نمونه متن آسواکا ▌ پس از نمونه." in shown
    assert "https://news.example/fa/one" in shown
    assert "found in one.html" in shown
    record = desk.rows("show", "p1")[0]
    assert record["embeds"][0]["before"].endswith("پیش از نمونه.")
    events = list(csv.DictReader(io.StringIO(desk.run("show", "p1", "--format", "csv").stdout)))
    assert [event["title"] for event in events] == [event["title"] for event in record["timeline"]]


def test_show_tells_how_certain_it_is_where_the_words_of_a_flattened_post_begin(desk: Desk) -> None:
    """Else the article's own sentence could pass for a person's words; markup leaves no doubt."""
    assert desk.run("scan").exit_code == 0
    posts = {row["author_handle"]: row["post"] for row in desk.rows("posts")}
    record = desk.rows("show", posts["sample_two"])[0]
    shown = desk.run("show", posts["sample_two"], "--format", "table").stdout
    assert f"where its words begin is {record['embeds'][0]['confidence']} % certain" in shown
    assert "% certain" not in desk.run("show", "p1", "--format", "table").stdout


@pytest.mark.parametrize("words", ['"', "NEAR(", "a AND", "*", "-x", "x" * 100_000, "\x00", "\udcff", "OR", ")("])
def test_any_words_are_a_search(desk: Desk, words: str) -> None:
    """No text is an error to the search."""
    assert desk.run("scan").exit_code == 0
    answer = desk.run("search", words)
    assert answer.exit_code == 0, answer.stderr
    assert answer.stderr == ""


def test_search_finds_persian_in_arabic_spelling(desk: Desk) -> None:
    """A word is found in any spelling of its letters; a mistyped option is not taken for a word."""
    assert desk.run("scan").exit_code == 0
    assert [row["post"] for row in desk.rows("search", "آسواكا")] == ["p1"]
    assert desk.run("search", "sample", "--limmit").exit_code == 2


def test_suspicious_articles_are_those_to_look_at(desk: Desk) -> None:
    """An article with an embed that no adapter knows is suspicious; a plain one is not."""
    desk.print_article("odd.html", UNIDENTIFIED + blockquote(3, "Sample"))
    assert desk.rows("scan")[0]["unidentified"] == 1
    listed = desk.rows("articles", "--suspicious")
    assert [(row["location"], row["embeds"], row["unidentified"]) for row in listed] == [("odd.html", 2, 1)]


def test_what_could_not_be_read_is_listed(desk: Desk) -> None:
    """With why, since when, and when a scan met it last; it is no article, so no filter of posts applies."""
    folder = desk.print_article("plain.html", blockquote(3, "Sample")).parent
    assert desk.run("articles", "--unread").stdout == ""
    (folder / "export.jsonl").write_text("{broken\n", encoding="utf-8")
    assert desk.run("scan").exit_code == 1
    assert desk.rows("status")[0]["counts"]["unread places"] == 1
    (row,) = desk.rows("articles", "--unread")
    assert (row["location"], row["reason"], row["failed_at"]) == ("export.jsonl/@0", "unparsed", row["last_failed_at"])
    assert "no JSON" in desk.run("articles", "--unread", "--format", "table").stdout
    assert desk.run("articles", "--unread", "--suspicious").exit_code == 2
    assert desk.run("articles", "--unread", "--platform", "x").exit_code == 2


def test_export_writes_the_deleted_and_those_gone_before_apart(tour: Desk, tmp_path: Path) -> None:
    """Two files, each told with its count; another suffix is usage; a folder that is not there is exit code 74."""
    answer = tour.run("export", str(tmp_path / "gone.jsonl"))
    assert answer.exit_code == 0
    apart = tmp_path / "gone-gone-before-first-look.jsonl"
    assert [json.loads(line) for line in answer.stdout.splitlines()] == [
        {"file": str(tmp_path / "gone.jsonl"), "records": 1},
        {"file": str(apart), "records": 1},
    ]
    told = tour.run("export", str(tmp_path / "gone.jsonl"), "--format", "table")
    assert told.stdout == f"{tmp_path / 'gone.jsonl'}: 1\n{apart}: 1\n"
    assert json.loads(apart.read_text(encoding="utf-8"))["record"] == "gone_before_first_look"
    assert tour.run("export", str(tmp_path / "gone.pdf")).exit_code == 2
    assert tour.run("export", str(tmp_path / "missing" / "gone.csv")).exit_code == 74


def test_status_counts_and_names_the_last_runs(desk: Desk) -> None:
    """How much there is, in every format; no daemon runs."""
    assert desk.run("scan").exit_code == 0
    record = desk.rows("status")[0]
    assert record["counts"]["articles"] == 2
    assert record["daemon_runs"] is False
    assert [run["kind"] for run in record["runs"]] == ["key", "scan"]
    told = desk.run("status", "--format", "table").stdout
    assert "does not run" in told
    assert "no checkpoint is held outside" in told
    assert '"articles","2"' in desk.run("status", "--format", "csv").stdout


def test_config_show_prints_what_is_in_force(desk: Desk) -> None:
    """As TOML that reads back, as JSON and as CSV; what the environment overrides is in it."""
    env = {"ARCHIVER_WEB__DEADLINE": "10s"}
    printed = tomllib.loads(desk.run("config", "show", "--format", "table", env=env).stdout)
    record = json.loads(desk.run("config", "show", env=env).stdout)
    assert printed == record
    assert record["web"]["deadline"] == "10s"
    assert '"web.deadline","10s"' in desk.run("config", "show", "--format", "csv", env=env).stdout


def test_reading_needs_an_archive(desk: Desk) -> None:
    """A query before the first scan is exit code 74 and names the command that makes one; nothing is made."""
    for words in (("posts",), ("search", "x"), ("articles",), ("show", "p1"), ("status",), ("check", "p1")):
        answer = desk.run(*words)
        assert answer.exit_code == 74, words
        assert "archiver init" in answer.stderr
    assert not desk.database.parent.exists()


@pytest.mark.parametrize("payload", [b"", b"not a database", b"x" * 5000], ids=["zero bytes", "text", "long text"])
def test_a_file_that_is_no_archive_is_left_as_it_is(desk: Desk, payload: bytes) -> None:
    """Readers and writers refuse it with exit code 65; not a byte changes, nothing is put beside it."""
    desk.database.parent.mkdir()
    desk.database.write_bytes(payload)
    for command in ("posts", "scan", "init"):
        answer = desk.run(command)
        assert answer.exit_code == 65, answer.stderr
        assert str(desk.database) in answer.stderr
    assert desk.database.read_bytes() == payload
    assert os.listdir(desk.database.parent) == ["archive.db"]


def test_another_programs_database_is_refused(desk: Desk) -> None:
    """A database without our application id is exit code 65 and stays as it is."""
    desk.database.parent.mkdir()
    with sqlite3.connect(desk.database) as connection:
        connection.execute("CREATE TABLE notes (words TEXT)")
    connection.close()
    before = desk.database.read_bytes()
    assert desk.run("scan").exit_code == 65
    assert desk.run("posts").exit_code == 65
    assert desk.database.read_bytes() == before


def test_a_newer_archive_is_refused(desk: Desk) -> None:
    """An archive of a later program is exit code 65 for readers and writers."""
    assert desk.run("init").exit_code == 0
    with sqlite3.connect(desk.database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for command in ("posts", "scan"):
        answer = desk.run(command)
        assert answer.exit_code == 65
        assert "newer" in answer.stderr


def test_a_locked_database_is_busy(desk: Desk) -> None:
    """While another tool holds the write lock a writer gives up with 75's error, and nothing is written."""
    assert desk.run("init").exit_code == 0
    database = Database(desk.database.parent, busy_milliseconds=200)
    holder = sqlite3.connect(desk.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(BusyError) as caught, database.writing():
            pass
        assert faults.tell(caught.value) == 75
        assert desk.run("posts").exit_code == 0, "readers go on"
    finally:
        holder.close()
        database.close()


def test_each_error_is_told_with_its_own_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    """Refusals, storage, busyness, interruption and bugs: one line each."""
    errors: list[tuple[BaseException, int, str]] = [
        (DataRefusedError("a"), 65, "archiver: a"),
        (StorageError("b\nc"), 74, "archiver: b\\u{a}c"),
        (OSError(28, "No space left on device"), 74, "archiver: standard output: No space left on device"),
        (KeyboardInterrupt(), 130, "archiver: interrupted"),
        (
            ValueError("odd"),
            1,
            "archiver: this is a bug, please report it: ValueError: odd (ARCHIVER_DEBUG=1 shows where)",
        ),
    ]
    for error, code, line in errors:
        assert faults.tell(error) == code
        assert capsys.readouterr().err == line + "\n"


def test_a_bug_shows_where_only_when_asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """ARCHIVER_DEBUG=1 prints the traceback."""
    monkeypatch.setenv("ARCHIVER_DEBUG", "1")
    try:
        raise ValueError("odd")
    except ValueError as error:
        faults.tell(error)
    assert "Traceback" in capsys.readouterr().err


def test_files_that_embeds_passes_over_are_told(desk: Desk) -> None:
    """A folder of web archives is no folder without embeds."""
    folder = desk.articles / "crawls"
    folder.mkdir()
    (folder / "crawl.warc.gz").write_bytes(b"")
    answer = desk.run("embeds", str(folder))
    assert (answer.exit_code, answer.stdout) == (0, "")
    assert answer.stderr == "archiver: 1 file passed over by name: 1 .warc.gz\n"
