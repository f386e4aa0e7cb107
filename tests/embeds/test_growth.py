"""How time grows with a page: four times the page takes about four times as long, whatever it is made of."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from archiver.embeds.find import find
from archiver.embeds.reading.readable import few_breaks, of_html
from archiver.model.article import Markup
from tests.embeds.articles import BLOCKQUOTE, POST_ID, article

pytestmark = pytest.mark.no_cover  # it takes more than twice as long; others cover the same

BYTES = 40_000
FACTOR = 4
MOST = 2.2
"""Times as long as FACTOR: machines are busy. What grows with the square takes four times as long."""
ENOUGH_SECONDS = 0.08
"""Less than this is not worth measuring."""
TRIES = 5

ADDRESS = f"https://x.com/sample_one/status/{POST_ID}"
REPEATED = {
    "pictures behind a box": "[![a](b)](c) ",
    "follow buttons": "[F](https://x.com/intent/follow?screen_name=a)\n[](https://x.com/a/status/1428507067806646273)\n",
    "buttons to answer": (
        "[@a](https://x.com/a/status/1428507067806646273) "
        "[R](https://x.com/intent/tweet?in_reply_to=1428507067806646273) "
    ),
    "avatars": "[![X avatar for @a](b) ",
    "lines of players": "If playback doesn't begin shortly, try restarting your device.\n",
    "links to view": "- a ([View Tweet](https://x.com/a/status/1428507067806646273))\n",
    "statuses": "/status/",
    "tags without an end": "<a ",
    "declarations without an end": "— Sample (@sample_one)<?",
    "quoted values that run into each other": '<iframe class="instagram-media" src=\'x',
    "quoted values of tags that never end": '<iframe ="x" ',
    "comments that a form reads": f'<!-- wp:embed {{"url": "{ADDRESS}"}} --><p data-tweet-id=1>',
    "comments around markup": f"<!-- <p data-tweet-id={POST_ID}> -->",
    "comments without an end": '<!--<p class="twitter-tweet">',
    "elements within elements": f'<div data-tweet-id="{POST_ID}">',
    "elements of many names": "",
    "made-up elements without an end": "<twitter-widget ",
    "AMP elements without an end": "<amp-sample >",
    "frames without an end": f'<iframe src="{ADDRESS}">',
    "markup that waits in markup": f'<iframe srcdoc=\'<blockquote class="twitter-tweet"><a href={ADDRESS}>',
    "quotations within quotations": f'<blockquote><a href="{ADDRESS}"></a>',
    "templates": '<template><blockquote class="twitter-tweet">',
    "scripts": '<script>{"html": "<blockquote class=\'twitter-tweet\'>"}</script>',
    "scripts whose tags never end": f'<script {{"tweet_id": "{ADDRESS}"}}</script ',
    "JSON in attributes": f'<div data-props=\'{{"block": {{"type": "tweet", "id": "{POST_ID}"}}}}\'>',
    "JSON of attributes without a tag": "&quot;type&quot;:&quot;tweet&quot;,&quot;url&quot;:&quot;//youtu.be/x",
    "addresses in a tag without an end": "https://www.facebook.com/sample/ ",
    "markers in a tag without an end": 'a="twitter-tweet" ',
    "JSON without an end": '{"type": "tweet", "id": "',
    "arrays in arrays": '[{"a":',
    "links of one author": f'— Sample (@sample_one) <a href="{ADDRESS}">May 1, 2020</a>',
    "attributions": "— Sample (@sample_one) May 1, 2020 ",
    "attributions without a day": "— Sample (@sample_one)\n",
    "signatures": "Sample (@sample_one) May 1, 2020\n",
    "picture links": "pic.twitter.com/AbCdEfGhIj ",
    "days": "(@sample_one) 5 марта 2022 г. ",
    "addresses": f"{ADDRESS}\n",
    "shortcodes without an end": "[tweet {{< tweet {% twitter ",
    "components without an end": '<Tweet id="',
    "lines of code": "`youtube: abcdefghijk\n",
    "songs": "♬ a - b\n",
    "heads of posts": "Sample (@sample_one)\n",
    "addresses in brackets": "[https://example.com/:embed",
    "sounds": "@sample_one ♬ original sound\n",
    "placeholders": "Post by @sample_one > > View on ",
    "hours": "9:34 PM - Aug 20, 2021\n",
    "hours below a handle": "@sample_one\n1 2 3 4\n9:34 PM - Aug 20, 2021\n",
    "comments of readers": f'<div class="comments"><a href="{ADDRESS}">',
    "directives": ":::tweet[{{tweet @[tweet](\n",
    "tags of forums": "[MEDIA=twitter]{youtube}",
    "players of films": '<script>jwplayer("a", file: "',
    "what a box carries": '<div data-component-name="Twitter2ToDOM" data-attrs=\'{"full_text": "<a href="',
    "fences": "```\n",
    "code below paragraphs": "  a\n\n    b\n\n",
    "backticks": "`",
    "brackets": "[(](",
    "references": "&lt;&#",
    "white space": " \n",
    "rendered posts": '<div class="react-tweet-theme"><p>a',
    "links in a rendered post": f'<a class="react-tweet-theme" href="{ADDRESS}?">a</a>',
    "links in a quotation": f'<a href="{ADDRESS}">a</a> <a href="https://x.com/intent/like">b</a>',
    "credits": '<blockquote>“Sample” <a href="https://x.com/sample_one">tweet</a>',
    "words of a state behind commas": '"tweet",',
    "objects of a program without an end": "<script>" + '{type: "tweet", ' * 20,
    "objects of a program": '{type: "tweet", id: "1"}, ',
    "states in Base64": '"eyJ' + "I" * 110 + '"',
    "strings of a function without an end": '\\"',
    "white space behind a function": " ",
    "quotations of broken tags": "\n> <a" + "\n>       x" * 8,
    "caches of many posts": "",
    "players": '<div data-plyr-provider="youtube" data-plyr-embed-id="',
}
FUNCTION = '<script>"x":"tweet";__NUXT__=(function(a){return {a:["tweet",'
AROUND = {
    "pictures behind a box": "> [!tweet] @a · Jul 07, 2026\n> " + "word " * 10_000 + "\n\n",
    "links in a rendered post": '<div class="react-tweet-theme">',
    "links in a quotation": "<blockquote>",
    "addresses in a tag without an end": "<div x='",
    "markers in a tag without an end": "<div ",
    "objects of a program": "<script>",
    "strings of a function without an end": FUNCTION + '"',
    "white space behind a function": FUNCTION,
}
"""What is open around all of it."""
AT_THE_END = (
    *("tags without an end", "declarations without an end", "markers in a tag without an end"),
    "scripts whose tags never end",
)
"""What is followed by no ">"."""


def page(name: str, size: int) -> str:
    if name == "elements of many names":
        return "".join(f"<x-a{number} data-tweet-id=1></x-a{number}>" for number in range(size // 40))
    if name == "caches of many posts":
        cache = '<p data-archiver-meta="_oembed_a"><blockquote class="twitter-tweet"><a href="https://x.com/sample_one/status/'
        return "".join(f'{cache}{int(POST_ID) + number}"></a></blockquote></p>' for number in range(size // 100))
    repeated = AROUND.get(name, "") + REPEATED[name] * (size // len(REPEATED[name]))
    return BLOCKQUOTE + repeated if name in AT_THE_END else repeated + BLOCKQUOTE


def seconds(act: Callable[[], object]) -> float:
    """Of the processor."""
    began = time.process_time()
    act()
    return time.process_time() - began


def in_proportion(short: Callable[[], object], long: Callable[[], object]) -> bool:
    """Whether the long one takes about FACTOR times as long. Each is measured again before it is said to take longer: a
    busy machine is no failure of ours, and makes nothing quicker than it is."""
    took_short, took_long = [], []
    for _ in range(TRIES):
        took_long.append(seconds(long))
        if min(took_long) < ENOUGH_SECONDS:
            return True
        took_short.append(seconds(short))
        if min(took_long) < MOST * FACTOR * min(took_short):
            return True
    return False


def finding(source: str, markup: Markup) -> Callable[[], object]:
    read = article(source, markup)
    return lambda: find(read)


@pytest.mark.parametrize("markup", ["html", "markdown"])
@pytest.mark.parametrize("name", REPEATED)
def test_time_grows_with_the_length_of_a_page(name: str, markup: Markup) -> None:
    """Nothing is looked at again for each that comes before it."""
    assert in_proportion(*(finding(page(name, size), markup) for size in (BYTES, FACTOR * BYTES)))


@pytest.mark.parametrize("inside", ["<p ", "<!--", "<!--a>", "<![if ", "<p a='", "&", "</", "<b></i>"])
def test_a_piece_that_lxml_cannot_read_is_read_in_linear_time(inside: str) -> None:
    """html.parser looks for the end of whatever has none, to the end of the piece, each time: none is left to it."""
    deep = "<div>" * 300 + f'<a href="{ADDRESS}">May 1, 2020</a>'
    pages = ['<blockquote class="twitter-tweet">' + deep + inside * (size // len(inside)) for size in (8_000, 32_000)]
    assert in_proportion(*(finding(source, "html") for source in pages))


@pytest.mark.parametrize("repeated", ["<?", "<a ", "<a b='>"])
def test_markup_is_made_readable_in_linear_time(repeated: str) -> None:
    """A tag without an end is not sought to the end of the page for each of them."""
    short, long = (repeated * (size // len(repeated)) for size in (BYTES, FACTOR * BYTES))
    assert in_proportion(lambda: of_html(short), lambda: of_html(long))


def test_blanks_at_the_end_of_a_line_go_in_linear_time() -> None:
    """They are not taken off one by one."""
    short, long = ("Sample" + " " * size + "\n" for size in (10 * BYTES, FACTOR * 10 * BYTES))
    assert in_proportion(lambda: few_breaks(short), lambda: few_breaks(long))
