"""What the simulated X answers, in the shapes recorded of the real one: pure functions of the world and a request.

Which answer belongs to which situation, and how sure that is, stands in the platform facts of the design (1.c).
"""

from __future__ import annotations

import html
import json

from archiver.demo.oembed import oembed, oembed_not_found
from archiver.demo.pictures import HOST as MEDIA_HOST
from archiver.demo.pictures import picture
from archiver.demo.scenery import OutageKind
from archiver.demo.shapes import HTML, JSON, TEXT, Answer, Asked, not_found_page
from archiver.demo.syndication import timeline_profile, tweet_result
from archiver.demo.wayback import HOST as WAYBACK_HOST
from archiver.demo.wayback import wayback
from archiver.demo.world import World

OEMBED_HOSTS = ("publish.x.com", "publish.twitter.com")
SYNDICATION_HOST = "cdn.syndication.twimg.com"
TIMELINE_HOST = "syndication.twitter.com"
SHORT_HOST = "t.co"


def answer(world: World, asked: Asked) -> Answer:
    """What X says to this now."""
    outage = world.outage_now(asked.host)
    if outage:
        return _out_of_order(outage, asked)
    if asked.host in OEMBED_HOSTS and asked.path == "/oembed":
        return oembed(world, asked)
    if asked.host == SYNDICATION_HOST and asked.path == "/tweet-result":
        return tweet_result(world, asked)
    if asked.host == TIMELINE_HOST and asked.path.startswith("/srv/timeline-profile/"):
        return timeline_profile(world, asked)
    if asked.host == SHORT_HOST:
        return _short_link(world, asked)
    if asked.host == WAYBACK_HOST:
        return wayback(world, asked)
    if asked.host == MEDIA_HOST:
        return picture(world, asked)
    return not_found_page()


def _out_of_order(kind: OutageKind, asked: Asked) -> Answer:
    if kind == "404_for_all":
        return oembed_not_found() if asked.host in OEMBED_HOSTS else not_found_page()
    login = b"<!DOCTYPE html><html><head><title>Log in to X / X</title></head><body><div id=root></div></body></html>"
    return {
        "503": Answer(503, TEXT, b"Over capacity"),
        "rate_limit": Answer(429, "text/plain", b"Rate limit exceeded", (("retry-after", "900"),)),
        "empty_json": Answer(200, JSON, b"{}"),
        "login_page": Answer(200, HTML, login),
        "login_redirect": Answer(302, HTML, b"", (("location", "https://x.com/i/flow/login"),)),
        "reset": Answer(0, TEXT, b"", reset=True),
    }[kind]


def _short_link(world: World, asked: Asked) -> Answer:
    target = world.short_links.get(asked.path.removeprefix("/"))
    if target is None:
        return not_found_page()
    if "Mozilla" not in asked.user_agent:
        return Answer(301, HTML, b"", (("location", target), ("cache-control", "private,max-age=300")))
    escaped, script = html.escape(target), json.dumps(target).replace("/", "\\/")
    page = (
        f'<head><noscript><META http-equiv="refresh" content="0;URL={escaped}"></noscript>'
        f"<title>{escaped}</title></head><script>window.opener = null; location.replace({script})</script>"
    )
    return Answer(200, HTML, page.encode(), (("cache-control", "private,max-age=300"),))
