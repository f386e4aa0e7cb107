"""Snapshot: what the post said, fixed at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class PostLink:
    """A link inside a post."""

    url: str
    """The short address as it stands in the text."""
    expanded: str | None
    """Where the platform says it leads; None if it does not say."""
    text: str | None
    """What the platform shows for it; None if it does not say."""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, film or recording of a post: its address only."""

    address: str
    kind: str
    """"photo", "video", "animation" or "audio"."""
    alternative_text: str | None
    """The author's description; None if there is none."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The words and links of a post, as one endpoint served them."""

    text: str
    """Exact, in any script, newlines kept."""
    links: tuple[PostLink, ...]
    media: tuple[Media, ...]
    author_id: str | None
    """None where the endpoint gives only the handle."""
    author_handle: str | None
    author_name: str | None
    published_at: datetime | None
    """UTC; from the id where it holds a time, else as the platform says."""
    language: str | None
    truncated: bool
    """True where the endpoint cut a long post."""
    edit_chain: tuple[str, ...] = ()
    """Ids of all versions that the platform names, oldest first."""
    edited_at: datetime | None = None
    """When the platform says that the words were last changed in place, UTC; None where it does not say so."""

    def canonical(self) -> dict[str, Any]:
        """A JSON value for digest and storage; empty fields are left out, so that a new field changes no old digest."""
        full: dict[str, Any] = {
            "text": self.text,
            "links": [_without_empty({"url": k.url, "expanded": k.expanded, "text": k.text}) for k in self.links],
            "media": [
                _without_empty({"address": m.address, "kind": m.kind, "alternative_text": m.alternative_text})
                for m in self.media
            ],
            "author_id": self.author_id,
            "author_handle": self.author_handle,
            "author_name": self.author_name,
            "published_at": self.published_at.isoformat() if self.published_at else None,
            "language": self.language,
            "truncated": self.truncated or None,
            "edit_chain": list(self.edit_chain),
            "edited_at": self.edited_at.isoformat() if self.edited_at else None,
        }
        return _without_empty(full)

    @classmethod
    def from_canonical(cls, noun: dict[str, Any]) -> Snapshot:
        """The snapshot that `canonical` wrote."""
        published_at, edited_at = noun.get("published_at"), noun.get("edited_at")
        return cls(
            text=noun.get("text", ""),
            links=tuple(PostLink(k["url"], k.get("expanded"), k.get("text")) for k in noun.get("links", ())),
            media=tuple(Media(m["address"], m["kind"], m.get("alternative_text")) for m in noun.get("media", ())),
            author_id=noun.get("author_id"),
            author_handle=noun.get("author_handle"),
            author_name=noun.get("author_name"),
            published_at=datetime.fromisoformat(published_at) if published_at else None,
            language=noun.get("language"),
            truncated=bool(noun.get("truncated")),
            edit_chain=tuple(noun.get("edit_chain", ())),
            edited_at=datetime.fromisoformat(edited_at) if edited_at else None,
        )


def _without_empty(noun: dict[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in noun.items() if part not in (None, [], "")}
