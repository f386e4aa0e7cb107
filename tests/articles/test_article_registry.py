"""Kinds of sources."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from archiver.articles.registry import KINDS, open_source
from archiver.config import SourceSettings
from archiver.model.article import Article


def test_every_kind_that_can_be_configured_can_be_opened_and_no_other() -> None:
    """config.py names the kinds, the registry opens them; the two agree."""
    assert set(KINDS) == set(get_args(SourceSettings.model_fields["kind"].annotation))


def test_a_source_has_its_name_and_its_settings(tmp_path: Path) -> None:
    """The name and the cap of the configuration reach the source."""
    (tmp_path / "a.html").write_text("Sample text one")
    (tmp_path / "b.html").write_text("Sample")
    source = open_source("sample", SourceSettings(path=tmp_path, size_cap=10))
    assert source.name == "sample"
    read = [found for found in source.read({}) if isinstance(found, Article)]
    assert [(article.source, article.location) for article in read] == [("sample", "b.html")]
