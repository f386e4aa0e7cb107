"""Pages written from the tests: `python -m tests.docs` rewrites them, and a test holds them equal to the cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.markup import Case

FORMS_PAGE = Path(__file__).resolve().parent / "forms.md"
LONGEST_EXAMPLE = 1500
"""Characters of an example that are shown."""
_FENCE = {"html": "html", "text": "text", "markdown": "markdown"}

PLATFORMS = {
    "x": "X",
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "youtube": "YouTube",
    "instagram": "Instagram",
    "facebook": "Facebook",
    "threads": "Threads",
    "tiktok": "TikTok",
    "reddit": "Reddit",
    "telegram": "Telegram",
    "truthsocial": "Truth Social",
}
FORMS = {
    "blockquote": "The platform's own markup around the post's words, which stay readable when the post is gone. "
    "The last link that leads to a post is the post's own.",
    "iframe": "The platform's frame, or a go-between's, also while it waits for the reader to scroll or to consent.",
    "amp": "The elements that AMP pages have for each platform.",
    "custom_element": "Any other element that names a post in its attributes: rendered widgets, Facebook's divs, "
    "placeholders of consent and lazy-loading scripts.",
    "object": "Players of the Flash age.",
    "bare_address": "A post's address alone on its line, which content systems turn into an embed.",
    "shortcode": "The tags and comments by which content systems name a post before they print the page.",
    "script": "Calls of a platform's script.",
    "json": "The article's own text, or objects that say they are an embed, in a page's JSON; escaped once or twice.",
    "text": "What is left when markup is flattened to plain text: words, an attribution, a day, no address.",
    "also": "One post in several forms at one place is one embed: the form that tells most wins, the others are listed "
    "as `also`. The same post at two places is two embeds.",
    "not_an_embed": "Pages that name platforms and posts and show none.",
}
"""What each folder of cases shows, in the order of the page."""


def forms_page(cases: Iterable[Case]) -> str:
    """The page that lists every form with its cases, as Markdown."""
    by_form = {form: list(group) for form, group in groupby(cases, lambda case: case.form)}
    assert set(by_form) <= set(FORMS), "a folder of cases that the page does not know"
    return "\n".join(_lines(by_form)) + "\n"


def _lines(by_form: dict[str, list[Case]]) -> Iterator[str]:
    yield "# The forms in which articles show posts"
    yield ""
    yield "Written from the cases in `tests/markup` by `python -m tests.docs`; a test fails when they differ."
    yield "Each example is tested to give exactly the embeds below it."
    yield ""
    for form, about in FORMS.items():
        group = by_form.get(form, [])
        yield f"- [{_title(form)}](#{_title(form).lower().replace(' ', '-')}): {len(group)} cases. {about}"
    for form in FORMS:
        yield from ("", f"## {_title(form)}", "", FORMS[form])
        for case in by_form.get(form, []):
            yield from _case_lines(case)


def _case_lines(case: Case) -> Iterator[str]:
    yield from ("", f"### {_title(case.name)}", "")
    platforms = dict.fromkeys(PLATFORMS[embed["hint"]] for embed in case.embeds if embed.get("hint"))
    about = case.about[:1].upper() + case.about[1:]
    introduced = [f"*{', '.join(platforms)}.*"] if platforms else []
    introduced += [f"{about}."] if about else []
    if introduced:
        yield from (" ".join(introduced), "")
    example = _shortened((case.snippet or case.text).strip("\n"))
    fence = "````" if "```" in example else "```"
    yield from (fence + _FENCE[case.markup], example, fence, "")
    for embed in case.embeds:
        yield f"- {_reading(embed)}"
    if not case.embeds:
        yield "- no embed"
    if case.doubts:
        yield f"- doubts: {', '.join(case.doubts)}"


def _title(name: str) -> str:
    words = name.replace("_", " ")
    return words.upper() if words in ("amp", "json") else words[:1].upper() + words[1:]


def _shortened(example: str) -> str:
    half = LONGEST_EXAMPLE // 2
    return example if len(example) <= LONGEST_EXAMPLE else f"{example[:half]}\n…\n{example[-half:]}"


def _reading(embed: dict[str, Any]) -> str:
    """What is read of one embed, in the words of `archiver.model.embed.Embed`."""
    said = [f"**{embed['form']}**"] if "form" in embed else []
    said += [f"{name} `{_flat(embed[field])}`" for field, name in _READ if embed.get(field)]
    if embed.get("links"):
        said.append(f"{len(embed['links'])} links")
    if embed.get("also"):
        said.append(f"also {', '.join(embed['also'])}")
    return ", ".join(said) or "an embed"


def _flat(words: str) -> str:
    return " ".join(words.split()).replace("`", "'")


_READ = (
    ("address", "address"),
    ("native_id", "id"),
    ("quotation", "words"),
    ("author_name", "by"),
    ("author_handle", "handle"),
    ("published_on", "on"),
    ("language", "in"),
)
