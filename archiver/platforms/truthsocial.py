"""Truth Social: one server that speaks Mastodon's language, and gives its numbers (platforms.md 11).

It shows posts to the logged-out only if their authors allow that, and answers 404 for the others, for those of closed
groups and for private ones: every absent is weak, and `gone_unattributed` is the most that is ever said of a post.
An account that is not found is `unknown`, for the same reason. Cloudflare's challenges (403) are `unknown`.
"""

from __future__ import annotations

from archiver.model.observation import SubjectKind
from archiver.model.post import AuthorRef, PostRef
from archiver.platforms.adapter import Endpoint, Setup
from archiver.platforms.mastodon_api import Server
from archiver.platforms.mastodon_rules import API_RULES
from archiver.platforms.mastodon_server import ACCOUNT, STATUS, SpeaksMastodon
from archiver.platforms.rules import Rule

HOST = "truthsocial.com"

TRUTH_STATUS = Endpoint(
    STATUS,
    HOST,
    SubjectKind.POST,
    sees="posts whose authors show them to the logged-out; a 404 is weak; often refused by a challenge",
)
TRUTH_ACCOUNT = Endpoint(
    ACCOUNT,
    HOST,
    SubjectKind.AUTHOR,
    sees="the account: open to the logged-out, hidden from them, or suspended",
)


class TruthSocial(SpeaksMastodon):
    """Posts."""

    platform: str = "truthsocial"
    examples: tuple[str, ...] = (
        "https://truthsocial.com/@sample_desk/posts/109876543210987654",
        "https://truthsocial.com/@sample_desk/109876543210987654/embed",
        "https://truthsocial.com/users/sample_desk/statuses/109876543210987654",
    )
    name: str = "truthsocial-public"
    media_hosts: tuple[str, ...] = (f"*.{HOST}",)
    endpoints: tuple[Endpoint, ...] = (TRUTH_STATUS, TRUTH_ACCOUNT)
    rules: tuple[Rule, ...] = API_RULES

    def __init__(self, setup: Setup = Setup()) -> None:
        """Nothing of the setup matters: anybody may ask, from anywhere."""

    def permalink(self, ref: PostRef) -> str:
        """`https://truthsocial.com/@HANDLE/posts/NUMBER`."""
        return f"https://truthsocial.com/@{ref.author_handle or '_'}/posts/{ref.native_id}"

    def _server(self, ref: PostRef | AuthorRef) -> Server | None:
        return Server(HOST, federated=False)
