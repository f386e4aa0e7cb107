"""The simulated oEmbed."""

from __future__ import annotations

import html
import re

from archiver.demo.scenery import WorldPost, snowflake_time
from archiver.demo.shapes import Answer, Asked, cut, existing, json_answer
from archiver.demo.world import World


def oembed_not_found() -> Answer:
    """oEmbed's word for a post that is gone or never was."""
    return json_answer(404, {"errors": [{"message": "Sorry, that page does not exist", "code": 34}]})


def oembed(world: World, asked: Asked) -> Answer:
    found = re.search(r"/status(?:es)?/(\d{1,19})(?!\d)", asked.query("url") or "")
    post = existing(world, found.group(1)) if found else None
    if post is None:
        return oembed_not_found()
    now = world.clock.now()
    presence, standing = post.presence.at(now), post.account.standing.at(now)
    if standing == "suspended":
        return json_answer(403, {"error": "User has been suspended.", "request": asked.target})
    if presence in ("deleted", "vanished", "broke_rules"):
        return oembed_not_found()
    if standing != "open" or presence != "served":
        return json_answer(403, {"error": "Sorry, you are not authorized to see this status.", "request": asked.target})
    return _card(world, post)


def _card(world: World, post: WorldPost) -> Answer:
    handle = post.account.handle.at(world.clock.now())
    address = f"https://twitter.com/{handle}/status/{post.native_id}"
    born = snowflake_time(post.native_id)
    direction = "rtl" if post.language in ("ar", "fa", "he", "ur") else "ltr"
    markup = (
        f'<blockquote class="twitter-tweet"><p lang="{post.language}" dir="{direction}">{_linked(world, post)}</p>'
        f"&mdash; {html.escape(post.account.name, quote=False)} (@{handle}) "
        f'<a href="{address}?ref_src=twsrc%5Etfw">{born:%B} {born.day}, {born.year}</a></blockquote>\n'
        '<script async src="https://platform.twitter.com/widgets.js" charset="utf-8"></script>\n\n'
    )
    card = {
        "url": address,
        "author_name": post.account.name,
        "author_url": f"https://twitter.com/{handle}",
        "html": markup,
        "width": 550,
        "height": None,
        "type": "rich",
        "cache_age": "3153600000",
        "provider_name": "Twitter",
        "provider_url": "https://twitter.com",
        "version": "1.0",
    }
    return json_answer(200, card, (("cache-control", "must-revalidate, max-age=3153600000"),))


def _linked(world: World, post: WorldPost) -> str:
    """The text as oEmbed prints it: short links, names and tags as links, line breaks as <br>."""
    text = cut(post.text.at(world.clock.now()))
    pictures = {picture.code for picture in post.pictures}

    def link(match: re.Match[str]) -> str:
        if code := match.group("code"):
            shown = f"pic.twitter.com/{code}" if code in pictures else f"https://t.co/{code}"
            return f'<a href="https://t.co/{code}">{shown}</a>'
        mark, word = match.group("mark"), match.group("word")
        path = word if mark == "@" else f"hashtag/{word}"
        source = "ref_src=twsrc%5Etfw" if mark == "@" else "src=hash&amp;ref_src=twsrc%5Etfw"
        return f'<a href="https://twitter.com/{path}?{source}">{mark}{word}</a>'

    escaped = html.escape(text, quote=False)
    linked = re.sub(r"https://t\.co/(?P<code>\w+)|(?<!\w)(?P<mark>[@#])(?P<word>\w+)", link, escaped)
    return linked.replace("\n", "<br>")
