"""The simulated syndication: `tweet-result` and the profile timeline."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import unquote

from archiver.demo.scenery import Account, Standing, WorldPost, snowflake_time
from archiver.demo.shapes import HTML, Answer, Asked, cut, existing, json_answer, not_found_page
from archiver.demo.world import World

TOMBSTONES = {
    "deleted": "This Post was deleted by the Post author. Learn more",
    "broke_rules": "This Post violated the X Rules. Learn more",
    "withheld": "This Post from @{handle} has been withheld in response to a report from the copyright holder. "
    "Learn more",
    "age_gated": "Age-restricted adult content. This content might not be appropriate for people under 18 years old. "
    "To view this media, you’ll need to log in to X. Learn more",
}
ACCOUNT_TOMBSTONES: dict[Standing, str] = {
    "suspended": "This Post is from a suspended account. Learn more",
    "protected": "You’re unable to view this Post because this account owner limits who can view their Posts. "
    "Learn more",
    "deactivated": "This Post is from an account that no longer exists. Learn more",
}


def tweet_result(world: World, asked: Asked) -> Answer:
    native_id = asked.query("id") or ""
    if not re.fullmatch(r"[0-9]{1,19}", native_id) or int(native_id) >= 1 << 63:
        return json_answer(400, {"error": "Bad request."})
    if not asked.query("token"):
        return json_answer(200, {})
    post = existing(world, native_id)
    if post is None:
        return not_found_page()
    now = world.clock.now()
    presence, standing = post.presence.at(now), post.account.standing.at(now)
    if presence in ("vanished", "age_gated_404"):
        return not_found_page()
    if presence == "deleted":
        return _tombstone(TOMBSTONES[presence], asked)
    if standing != "open":
        return _tombstone(ACCOUNT_TOMBSTONES[standing], asked)
    if presence == "age_gated_silent":
        return json_answer(200, {"__typename": "TweetTombstone", "tombstone": {}})
    if presence != "served":
        return _tombstone(TOMBSTONES[presence].format(handle=post.account.handle.at(now)), asked)
    return json_answer(200, tweet(world, post))


def _tombstone(text: str, asked: Asked) -> Answer:
    # Whoever does not ask for English gets another language, which says nothing to a reader of the English texts.
    shown = text if asked.language == "en" else f"({asked.language}) …"
    start = max(shown.find("Learn more"), 0)
    notices = "https://help.twitter.com/rules-and-policies/notices-on-twitter"
    entity = {
        "from_index": start,
        "to_index": len(shown),
        "ref": {"__typename": "TimelineUrl", "url": notices, "url_type": "ExternalUrl"},
    }
    return json_answer(
        200,
        {"__typename": "TweetTombstone", "tombstone": {"text": {"text": shown, "entities": [entity], "rtl": False}}},
    )


def tweet(world: World, post: WorldPost) -> dict[str, Any]:
    """The post as `tweet-result` serves it."""
    now = world.clock.now()
    full, versions = post.text.at(now), post.versions.at(now)
    shown = cut(full)
    born_at = snowflake_time(post.native_id)
    media = [_media(world, post, picture.code, shown) for picture in post.pictures]
    served: dict[str, Any] = {
        "__typename": "Tweet",
        "lang": post.language,
        "favorite_count": max((now - born_at).days, 0),
        "possibly_sensitive": False,
        "created_at": born_at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "display_text_range": [0, len(shown)],
        "entities": {"hashtags": [], "urls": _urls(post, shown), "user_mentions": [], "symbols": []},
        "id_str": post.native_id,
        "text": html.escape(shown, quote=False),
        "user": user(world, post.account),
        "edit_control": {
            "edit_tweet_ids": list(versions),
            "editable_until_msecs": str(int(born_at.timestamp() * 1000) + 3_600_000),
            "is_edit_eligible": True,
            "edits_remaining": str(5 - len(versions) + 1),
        },
        "mediaDetails": media,
        "photos": [_photo(detail) for detail in media if detail["type"] == "photo"],
        "conversation_count": 0,
        "news_action_type": "conversation",
        "isEdited": len(versions) > 1 and versions[0] != post.native_id,
        "isStaleEdit": versions[-1] != post.native_id,
    }
    if media:
        keys = ("display_url", "expanded_url", "indices", "url")
        served["entities"]["media"] = [{key: detail[key] for key in keys} for detail in media]
    if countries := post.withheld_in.at(now):
        served["withheld_in_countries"] = list(countries)
    if shown != full:
        served["note_tweet"] = {"id": f"Tm90ZTp7cG9zdH0{post.native_id}"}
    return served


def user(world: World, account: Account) -> dict[str, Any]:
    """An account as syndication names it."""
    return {
        "id_str": account.author_id,
        "name": account.name,
        "profile_image_url_https": "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png",
        "screen_name": account.handle.at(world.clock.now()),
        "verified": False,
        "is_blue_verified": False,
        "profile_image_shape": "Circle",
    }


def _indices(text: str, address: str) -> list[int]:
    start = text.find(address)
    return [start, start + len(address)]


def _urls(post: WorldPost, shown: str) -> list[dict[str, Any]]:
    found = []
    for link in post.links:
        address = f"https://t.co/{link.code}"
        if address in shown:
            place = _indices(shown, address)
            found.append({"display_url": link.display, "expanded_url": link.expanded, "indices": place, "url": address})
    return found


def _media(world: World, post: WorldPost, code: str, shown: str) -> dict[str, Any]:
    picture = next(p for p in post.pictures if p.code == code)
    address = f"https://t.co/{code}"
    detail: dict[str, Any] = {
        "display_url": f"pic.twitter.com/{code}",
        "expanded_url": world.media_address(post, picture, world.clock.now()),
        "ext_media_availability": {"status": "Available"},
        "indices": _indices(shown, address),
        "media_url_https": f"https://pbs.twimg.com/media/sample-{code}.jpg",
        "original_info": {"height": 800, "width": 1200},
        "sizes": {"large": {"h": 800, "resize": "fit", "w": 1200}, "thumb": {"h": 150, "resize": "crop", "w": 150}},
        "type": picture.kind,
        "url": address,
    }
    if picture.alternative_text:
        detail["ext_alt_text"] = picture.alternative_text
    if picture.kind == "video":
        film = {"content_type": "video/mp4", "url": f"https://video.twimg.com/sample/{code}.mp4", "bitrate": 288000}
        detail["video_info"] = {"aspect_ratio": [3, 2], "duration_millis": 1000, "variants": [film]}
    return detail


def _photo(detail: dict[str, Any]) -> dict[str, Any]:
    size = detail["original_info"]
    photo = {"expandedUrl": detail["expanded_url"], "url": detail["media_url_https"]}
    photo |= {"width": size["width"], "height": size["height"], "backgroundColor": {"red": 0, "green": 0, "blue": 0}}
    return photo | ({"accessibilityLabel": detail["ext_alt_text"]} if "ext_alt_text" in detail else {})


def timeline_profile(world: World, asked: Asked) -> Answer:
    kind, _, name = asked.path.removeprefix("/srv/timeline-profile/").partition("/")
    account = world.account_named_now(unquote(name)) if kind == "screen-name" else world.accounts.get(name)
    posts = world.timeline(account) if account else []
    entries = [_entry(world, post) for post in posts]
    props: dict[str, Any] = {
        "contextProvider": {
            "features": {},
            "scribeData": {"client_version": None, "dnt": False, "widget_id": "embed-0", "widget_frame": ""},
            "messengerContext": {"embedId": "embed-0"},
            "hasResults": bool(entries),
            "lang": "en",
            "theme": "light",
        },
        "lang": "en",
        "maxHeight": None,
        "showHeader": True,
        "timeline": {"entries": entries},
    }
    if account and entries:
        props |= {"latest_tweet_id": posts[0].native_id}
        props |= {"headerProps": {"screenName": account.handle.at(world.clock.now())}}
    page = {"props": {"pageProps": props, "__N_SSP": True}, "page": f"/timeline-profile/{kind}/[{kind}]", "query": {}}
    # A script element ends at the first "</script": "<" is written so that no text can end it.
    noun = json.dumps(page, ensure_ascii=False).replace("<", "\\u003c")
    body = (
        '<!DOCTYPE html><html><head><meta charSet="utf-8"/><meta name="robots" content="noindex"/></head><body>'
        f'<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{noun}</script></body></html>'
    )
    return Answer(200, HTML, body.encode())


def _entry(world: World, post: WorldPost) -> dict[str, Any]:
    text = html.escape(post.text.at(world.clock.now()), quote=False)
    shown = {
        "id_str": post.native_id,
        "conversation_id_str": post.native_id,
        "created_at": snowflake_time(post.native_id).strftime("%a %b %d %H:%M:%S +0000 %Y"),
        "full_text": text,
        "text": text,
        "lang": post.language,
        "permalink": f"/{post.account.handle.at(world.clock.now())}/status/{post.native_id}",
        "user": user(world, post.account) | {"protected": False},
    }
    name = f"tweet-{post.native_id}"
    return {"type": "tweet", "entry_id": name, "sort_index": post.native_id, "content": {"tweet": shown}}
