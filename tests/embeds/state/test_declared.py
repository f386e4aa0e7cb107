"""Objects of JSON that say they are a post."""

from __future__ import annotations

import json
from typing import Any

import pytest

from archiver.embeds.find import find
from tests.embeds.articles import POST_ID, article


@pytest.mark.parametrize(
    ("part", "native_id"),
    [
        ({"_type": "twitterEmbed", "url": f"https://x.com/sample_one/status/{POST_ID}"}, None),
        ({"__typename": "TwitterPost", "tweetUrl": f"https://x.com/sample_one/status/{POST_ID}"}, None),
        ({"__component": "embeds.twitter", "url": f"https://x.com/sample_one/status/{POST_ID}"}, None),
        ({"__component": "shared.tweet", "id": 3, "tweetId": POST_ID}, POST_ID),
        ({"type": "block", "fields": {"blockType": "twitterEmbed", "tweetId": POST_ID}}, POST_ID),
    ],
)
def test_a_part_of_the_pages_state_names_its_kind_in_its_own_words(part: dict[str, Any], native_id: str | None) -> None:
    """Sanity, GraphQL, Strapi and Payload each call a post's part otherwise, with no other word of X on the page."""
    state = json.dumps({"props": {"body": [{"type": "text", "text": "Sample words"}, part]}})
    page = f'<p>Sample words</p><script id="__NEXT_DATA__" type="application/json">{state}</script>'
    found = find(article(page)).embeds
    assert [(embed.form, embed.hint, embed.native_id) for embed in found] == [("json", "x", native_id)]
    assert [POST_ID in (embed.address or embed.native_id or "") for embed in found] == [True]


def test_the_settings_of_a_share_button_are_no_embed() -> None:
    """A page's state names X beside addresses of posts that it only links to."""
    state = json.dumps({"share": [{"name": "twitterShare", "url": f"https://x.com/sample_one/status/{POST_ID}"}]})
    page = f'<p>Sample words</p><script type="application/json">{state}</script>'
    assert find(article(page)).embeds == ()
