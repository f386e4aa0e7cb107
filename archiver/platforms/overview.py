"""What can be seen of each platform: its endpoints, what their answers prove, and the most that can be concluded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from archiver.model.observation import SubjectKind
from archiver.model.outcome import Outcome, Strength
from archiver.platforms import registry
from archiver.platforms.adapter import Adapter, Endpoint, Setup
from archiver.platforms.rules import Rule
from archiver.platforms.stream import Stream


@dataclass(frozen=True, slots=True)
class EndpointListing:
    """One endpoint of one platform, for people."""

    platform: str
    endpoint: str
    is_asked: bool
    credential: str | None
    """What it needs; None where anybody may ask."""
    host: str
    """"" where each post is asked for at its own."""
    subject: str
    """"post" or "author"; "stream" for what is listened to."""
    ids_per_request: int
    """Of a stream: how many authors it may be listened to for."""
    absents: tuple[str, ...]
    """"strong", "weak", both or neither: what its absents are."""
    proves: tuple[str, ...]
    """Each answer that is more than unknown, and what it is read as."""
    sees: str
    limit: str
    strongest: str
    """What a post of the platform can at most be called."""
    adapter: str
    version: str


def endpoints(setups: Mapping[str, Setup], heard: Collection[str] = ()) -> Iterator[EndpointListing]:
    """Every endpoint of every platform; `setups` says which are asked, a platform without one is not; `heard` names the
    platforms whose streams are listened to."""
    for make in registry.ADAPTERS:
        plain = make(Setup())
        names = frozenset(credential.name for credential in plain.credentials)
        setup = setups.get(plain.platform)
        asked = make(setup).endpoints if setup is not None else ()
        strongest = _strongest(plain, asked)
        for endpoint in make(Setup(credentials=names)).endpoints:
            yield _listing(plain, endpoint, endpoint.name in {each.name for each in asked}, strongest)
        for stream in registry.STREAMS:
            if stream.platform == plain.platform:
                yield _stream_listing(stream, stream.platform in heard)


def _listing(adapter: Adapter, endpoint: Endpoint, is_asked: bool, strongest: str) -> EndpointListing:
    rules = [rule for rule in adapter.rules if rule.endpoint == endpoint.name]
    absents = {rule.strength for rule in rules if rule.outcome is Outcome.ABSENT}
    return EndpointListing(
        platform=adapter.platform,
        endpoint=endpoint.name,
        is_asked=is_asked,
        credential=endpoint.credential,
        host=endpoint.host,
        subject=str(endpoint.subject),
        ids_per_request=endpoint.ids_per_request,
        absents=tuple(str(strength) for strength in Strength if strength in absents),
        proves=tuple(_said(rule) for rule in rules if rule.outcome is not Outcome.UNKNOWN),
        sees=endpoint.sees,
        limit=endpoint.limit,
        strongest=strongest,
        adapter=adapter.name,
        version=adapter.version,
    )


def _stream_listing(stream: Stream, is_heard: bool) -> EndpointListing:
    return EndpointListing(
        platform=stream.platform,
        endpoint=stream.name,
        is_asked=is_heard,
        credential=stream.credential,
        host=stream.host,
        subject="stream",
        ids_per_request=stream.most_authors,
        absents=(str(Strength.STRONG),),
        proves=("a deletion that is told: absent (announced, strong), without controls, and no endpoint of any grade",),
        sees=stream.sees,
        limit=stream.limit,
        strongest="gone, unconfirmed",
        adapter=stream.name,
        version=stream.version,
    )


def _said(rule: Rule) -> str:
    status = "any status" if rule.status_code is None else f"{rule.status_code}"
    strength = f", {rule.strength}" if rule.strength else ""
    return f"{status}, {rule.where} {rule.says!r}: {rule.outcome} ({rule.reason}{strength})"


def _strongest(adapter: Adapter, asked: tuple[Endpoint, ...]) -> str:
    """The verdict rules ask for strong absents and for an account that is seen to be public."""
    names = {endpoint.name for endpoint in asked}
    if not names:
        return "not looked at"
    if not any(rule.strength is Strength.STRONG and rule.endpoint in names for rule in adapter.rules):
        return "gone, unattributed"
    if any(endpoint.subject is SubjectKind.AUTHOR for endpoint in asked):
        return "deleted"
    return "deleted, if another post of the author is seen"
