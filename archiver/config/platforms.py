"""The tables [platforms.NAME]: which platforms are looked at, as whom, and which posts are probed beside the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from archiver.config.section import Section


def _written(given: object) -> object:
    if not isinstance(given, str):
        raise ValueError('an id stands in quotes, so that no digit of it can be lost: "20"')
    if not re.fullmatch(r"[!-~]{1,500}", given):
        raise ValueError("an id is 1 to 19 digits, or elsewhere an id or address of ASCII letters without spaces")
    return given


def _x_id(given: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,18}", given):
        raise ValueError("an id is 1 to 19 digits, without a leading zero")
    return given


def _none_if_empty(given: object) -> object:
    return None if given == "" else given


Written = Annotated[str, BeforeValidator(_written)]
XId = Annotated[str, BeforeValidator(_written), AfterValidator(_x_id)]
Secret = Annotated[SecretStr | None, Field(min_length=1)]


class Controls(Section):
    """[platforms.NAME.controls]: posts probed beside the others, without which no absence is ever confirmed."""

    present: tuple[Written, ...] = ()
    """Ids or addresses of posts known to be alive, of different long-lived accounts."""
    absent: tuple[Written, ...] = ()
    """Ids or addresses that never were a post's."""
    absent_author: Annotated[Written | None, BeforeValidator(_none_if_empty)] = None
    """Id of an account that never existed."""
    age_gated: tuple[Written, ...] = ()
    """Live posts that are shown to adults only: beside one of them alone an absent of such a post counts."""
    withheld: tuple[Written, ...] = ()
    """The same of live posts that are withheld where we look."""

    @model_validator(mode="after")
    def _make_sense(self) -> Controls:
        if both := sorted(set(self.present) & set(self.absent)):
            raise ValueError(f"{both[0]} cannot be present and absent at once")
        return self

    def missing(self) -> str | None:
        """Which of the keys are not set without which nothing is ever confirmed; None for none."""
        if not (self.present and self.absent):
            return "present and absent"
        return None if self.absent_author else "absent_author"


class XControls(Controls):
    """The same of X, whose posts and accounts are all known by numbers."""

    present: tuple[XId, ...] = ()
    absent: tuple[XId, ...] = ()
    absent_author: Annotated[XId | None, BeforeValidator(_none_if_empty)] = None
    age_gated: tuple[XId, ...] = ()
    withheld: tuple[XId, ...] = ()


class Credentials(Section):
    """[platforms.NAME.credentials]: what the platform gave us to ask with. None for most."""

    def given(self) -> dict[str, str]:
        """Those that are set, by name."""
        found = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: secret.get_secret_value() for name, secret in found.items() if secret is not None}


class BearerToken(Credentials):
    """Of an app: X's API v2."""

    bearer_token: Secret = None


class ApiKey(Credentials):
    """Of a project: YouTube's Data API."""

    api_key: Secret = None


class App(Credentials):
    """Of a registered app: Reddit's API."""

    client_id: Secret = None
    client_secret: Secret = None


class AccessToken(Credentials):
    """Of an app: Meta's oEmbed, which may be asked more often with one than without."""

    access_token: Secret = None


class Platform(Section):
    """[platforms.NAME]: one platform."""

    enabled: bool = True
    """False: its posts are stored, not looked at."""
    controls: Controls = Controls()
    credentials: Credentials = Credentials()

    @property
    def is_asked(self) -> bool:
        """Whether its posts are looked at."""
        return self.enabled


class ListeningPlatform(Platform):
    """[platforms.NAME] of a platform that tells by itself what is deleted."""

    stream: bool = False
    """Whether the daemon listens to that."""

    @property
    def is_listened_to(self) -> bool:
        """Whether its stream is listened to: only where its posts are looked at."""
        return self.stream and self.is_asked


class XPlatform(ListeningPlatform):
    egress_country: Annotated[str, Field(pattern=r"^(?:[A-Z]{2})?$")] = ""
    """Country from which we look, two capital letters; decides whether "withheld in" means us. "" if not known."""
    controls: XControls = XControls()
    credentials: BearerToken = BearerToken()

    @model_validator(mode="after")
    def _can_listen(self) -> XPlatform:
        if self.stream and self.credentials.bearer_token is None:
            raise ValueError("stream = true needs credentials.bearer_token: X tells deletions to its apps only")
        return self


class YouTubePlatform(Platform):
    credentials: ApiKey = ApiKey()


class RedditPlatform(Platform):
    credentials: App = App()

    @property
    def is_asked(self) -> bool:
        """Only as an app: nothing that anybody may ask tells a live post from a deleted one."""
        return self.enabled and self.credentials.given().keys() == App.model_fields.keys()


class MetaPlatform(Platform):
    credentials: AccessToken = AccessToken()


class Platforms(Section):
    """Every platform that can be looked at; one that the file does not name has its defaults."""

    x: XPlatform = XPlatform()
    bluesky: ListeningPlatform = ListeningPlatform()
    mastodon: Platform = Platform()
    youtube: YouTubePlatform = YouTubePlatform()
    instagram: MetaPlatform = MetaPlatform()
    facebook: MetaPlatform = MetaPlatform()
    threads: MetaPlatform = MetaPlatform()
    tiktok: Platform = Platform()
    reddit: RedditPlatform = RedditPlatform()
    telegram: Platform = Platform()
    truthsocial: Platform = Platform()

    def __getitem__(self, name: str) -> Platform:
        """By name in lower case. Raises KeyError for a platform that cannot be looked at."""
        if name not in PLATFORMS:
            raise KeyError(name)
        platform: Platform = getattr(self, name)
        return platform

    @property
    def are_listened_to(self) -> bool:
        """Whether the stream of any of them is listened to."""
        return any(isinstance(each, ListeningPlatform) and each.is_listened_to for _, each in self.items())

    def items(self) -> Iterator[tuple[str, Platform]]:
        """(name, platform), in the order in which they are looked at."""
        return ((name, self[name]) for name in PLATFORMS)


PLATFORMS = tuple(Platforms.model_fields)
"""The platforms that can be looked at, as their adapters name themselves."""
