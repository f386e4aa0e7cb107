"""The forms without any short cut: every element of the parsed page, every script, all of its readable text."""

from __future__ import annotations

from html import escape

from bs4 import BeautifulSoup, Comment, Tag

from archiver.embeds.forms import ELEMENT_FORMS, TEXT_FORMS
from archiver.embeds.prefilter.hints import TAGS
from archiver.embeds.reading import holders, readable
from archiver.embeds.reading.page import Element
from archiver.embeds.sighting import Sighting
from archiver.embeds.state import script

NAMES = {tag[1:] for tag in TAGS if tag[1] not in "!/"} | holders.NAMES
"""The elements that forms are shown."""


def everything(source: str) -> list[Sighting]:
    """What the forms see on a page that BeautifulSoup has parsed whole."""
    soup = BeautifulSoup(source, "html.parser")
    found = [seen for tag in soup.find_all(_is_shown) if (seen := _seen(tag)) is not None]
    for each in soup.find_all("script"):
        found.extend(
            sighting
            for group in script.read(each.get_text().encode("utf-8", "replace"), 0, 0, [])
            for sighting in group
        )
    for hidden in soup.find_all(["script", "style"]):
        hidden.decompose()
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    text = readable.of_html(str(soup))
    found.extend(sighting for form in TEXT_FORMS for sighting in form(text))
    return found


def _is_shown(tag: Tag) -> bool:
    is_card = tag.name == "a" and ("embedly-card" in str(tag) or "iframely" in str(tag))
    return tag.name in NAMES or "-" in tag.name or ":" in tag.name or is_card


def _seen(tag: Tag) -> Sighting | None:
    source = str(tag)
    attributes = "".join(f' {name}="{escape(_flat(value))}"' for name, value in tag.attrs.items())
    opening = f"<{tag.name}{attributes}>"
    element = Element(tag.name, 0, len(source), source, opening, opening.lower())
    return next((seen for form in ELEMENT_FORMS if (seen := form(element)) is not None), None)


def _flat(value: object) -> str:
    return value if isinstance(value, str) else " ".join(map(str, value)) if isinstance(value, list) else ""
