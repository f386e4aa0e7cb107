"""A desk with a few articles, a configuration behind which no network listens, and the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from click.testing import CliRunner, Result

from archiver.cli.main import program

ROOT = Path(__file__).resolve().parents[2]
WAIT_SECONDS = 60

CONFIGURATION = """\
[store]
path = "archive"

[sources.desk]
path = "articles"

[schedule]
tick = "1s"

[web]
pace = "1ms"
connect_to = { "*" = "http://127.0.0.1:1" }
"""

PERSIAN = """\
<html lang="fa"><head><meta charset="utf-8"><title>مقالهٔ نمونه</title>
<link rel="canonical" href="https://news.example/fa/one"></head><body><p>پیش از نمونه.</p>
<blockquote class="twitter-tweet"><p lang="fa" dir="rtl">نمونه متن آسواکا</p>&mdash; نام نمونه (@sample_one)
<a href="https://twitter.com/sample_one/status/1428601213012340737">August 20, 2021</a></blockquote>
<p>پس از نمونه.</p></body></html>
"""

FLAT = """\
A sample article in plain text.

Sample text two pic.twitter.com/AbCdEfGhIj

— Sample Two (@sample_two) July 4, 2022
"""


def blockquote(number: int, words: str, name: str = "Sample") -> str:
    """One embed, as X's own markup has it."""
    address = f"https://twitter.com/sample_many/status/{1428601213012340737 + number}"
    return (
        f'<blockquote class="twitter-tweet"><p>{words}</p>&mdash; {name} (@sample_many) '
        f'<a href="{address}">August 20, 2021</a></blockquote>\n'
    )


@dataclass
class Desk:
    """Runs the program on its own configuration."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def articles(self) -> Path:
        return self.folder / "articles"

    @property
    def database(self) -> Path:
        return self.folder / "archive" / "archive.db"

    def print_article(self, name: str, text: str) -> Path:
        """Lay an article down."""
        path = self.articles / name
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *words: str, stdin: bytes | None = None, env: dict[str, str] | None = None) -> Result:
        """The program in this process; standard output is no terminal."""
        return CliRunner(env=env).invoke(program, ["--config", str(self.config), *words], input=stdin)

    def rows(self, *words: str) -> list[dict[str, Any]]:
        """The JSON lines that a command prints; it must end well."""
        answer = self.run(*words)
        assert answer.exit_code == 0, answer.stderr
        return [json.loads(line) for line in answer.stdout.splitlines()]

    def start(
        self, *words: str, stdin: int | None = None, stdout: int | IO[bytes] = subprocess.PIPE
    ) -> subprocess.Popen[bytes]:
        """The program as a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "archiver", "--config", str(self.config), *words],
            cwd=self.folder,
            env=environment(),
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
        )


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that finds the program, and no configuration but its own."""
    kept = {name: setting for name, setting in os.environ.items() if not name.startswith("ARCHIVER_")}
    return kept | {"PYTHONPATH": str(ROOT)} | more


def make_desk(folder: Path) -> Desk:
    """A desk with two articles, not yet scanned."""
    desk = Desk(folder)
    desk.articles.mkdir(parents=True)
    desk.config.write_text(CONFIGURATION, encoding="utf-8")
    desk.print_article("one.html", PERSIAN)
    desk.print_article("two.txt", FLAT)
    return desk
