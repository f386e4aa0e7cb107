"""Kinds of sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.articles.registry import KINDS, open_source
from archiver.articles.source import Known
from archiver.config import Config, DirectorySettings
from archiver.config.sources import KINDS as CONFIGURED
from archiver.model.article import StoredArticle


def test_every_kind_that_can_be_configured_can_be_opened_and_no_other() -> None:
    """config/sources.py names the kinds, the registry opens them; the two agree."""
    assert list(KINDS) == list(CONFIGURED)


def test_a_source_has_its_name_and_its_settings(tmp_path: Path) -> None:
    """The name and the cap of the configuration reach the source."""
    (tmp_path / "a.html").write_text("Sample text one")
    (tmp_path / "b.html").write_text("Sample")
    source = open_source("sample", DirectorySettings(path=tmp_path, size_cap=10))
    assert source.name == "sample"
    read = [found for found in source.read(Known()) if isinstance(found, StoredArticle)]
    assert [(article.source, article.location) for article in read] == [("sample", "b.html")]


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"path": "a"}, "Directory"),
        ({"kind": "warc", "path": "a"}, "Warc"),
        ({"kind": "wxr", "path": "a"}, "Wxr"),
        ({"kind": "feed", "path": "a"}, "Feed"),
        ({"kind": "feed", "address": "https://news.example/feed"}, "LiveFeed"),
        ({"kind": "database", "address": "sqlite:///a.db", "query": "SELECT 1"}, "Database"),
        ({"kind": "jsonl", "path": "a", "html": "body"}, "JsonLines"),
    ],
)
def test_each_kind_of_table_opens_its_own_source(settings: dict[str, str], name: str) -> None:
    """Opening touches nothing yet: neither file nor network has to be there."""
    config = Config.model_validate({"sources": {"sample": settings}})
    source = open_source("sample", config.sources["sample"])
    assert (type(source).__name__, source.name) == (name, "sample")
