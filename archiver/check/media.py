"""Pictures of posts: fetched once, when the post is seen, from the hosts where its platform keeps them.

    a valid sighting ─→ pictures that its snapshot names and that were never asked for
       host among the adapter's `media_hosts`? ─→ the one door ─→ first bytes of a PNG, JPEG, GIF or WebP? small enough?
       the picture, or why not: one row and one line of the ledger; never asked for again

Only a host that asks us to wait is asked again, at the next sighting: nothing was said about the picture.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from archiver.check.batch import Tools
from archiver.check.summary import CheckSummary
from archiver.model.exchange import Exchange, Failure
from archiver.model.outcome import Reason
from archiver.model.picture import FetchedPicture, PictureType, ShownPicture
from archiver.store import media
from archiver.store.transaction import OpenRun, Store
from archiver.urls import host, within

ACCEPT = "image/webp,image/png,image/jpeg,image/gif"
NOT_SAID = frozenset({Reason.RATE_LIMITED, Reason.SKIPPED_PAUSED, Reason.INTERRUPTED})
"""Nothing was said about the picture: it is asked for again at the next sighting."""
PAUSE_SECONDS = 900
"""How long a host that wants to be asked less is left alone."""
_BY_STATUS = {401: Reason.REFUSED, 403: Reason.REFUSED, 404: Reason.NOT_FOUND, 410: Reason.NOT_FOUND}


@dataclass(slots=True)
class Pictures:
    """Fetches the pictures of posts that were just seen."""

    store: Store
    tools: Tools
    cap: int
    """Greatest size of one, in bytes."""

    def keep(self, run: OpenRun, hosts: Collection[str], looks: Collection[int], summary: CheckSummary) -> None:
        """Fetch what these observations show and what was never asked for, from these hosts (`media_hosts`)."""
        with self.store.reading() as connection:
            wanted = media.never_asked_for(connection, looks)
        for shown in wanted:
            if self.tools.stop.is_set():
                return
            fetched = self._fetch(shown, hosts)
            if fetched.reason in NOT_SAID:
                continue
            with self.store.writing(run.id) as transaction:
                media.append(transaction, fetched)
            run.count("pictures" if fetched.type else "pictures_not_kept")
            summary.pictures += fetched.type is not None
            if fetched.type is None:
                summary.not_kept.append(f"a picture of p{shown.post} could not be kept: {fetched.message}")

    def _fetch(self, shown: ShownPicture, hosts: Collection[str]) -> FetchedPicture:
        at = host(shown.address)
        if at is None or not shown.address.startswith("https://") or not lies_at(at, hosts, shown.host):
            exchange = self._refused(
                shown.address, f"{at or 'its address'} is no host where its platform keeps pictures"
            )
        else:
            exchange = self.tools.client.get(shown.address, accept=ACCEPT, also=(at,))
        reason, message = verdict_on(exchange, self.cap)
        if reason is Reason.RATE_LIMITED and at:
            self.tools.client.pause(at, PAUSE_SECONDS)
        return FetchedPicture(shown, exchange, type_of(exchange.body) if not message else None, reason, message)

    def _refused(self, address: str, message: str) -> Exchange:
        """The exchange that was never made."""
        clock, failure = self.tools.clock, Failure(Reason.HOST_NOT_ALLOWED, message)
        return Exchange.never_made(address, failure, clock.now(), clock.monotonic())


def lies_at(asked: str, hosts: Iterable[str], own: str | None) -> bool:
    """Whether a host is among those of an adapter's `media_hosts`; `own` is the post's host on a federated platform."""
    for pattern in hosts:
        if "{host}" in pattern and not own:
            continue
        name = pattern.replace("{host}", own or "")
        below = name.removeprefix("*.")
        if asked == name or (below != name and asked != below and within(asked, below)):
            return True
    return False


def verdict_on(exchange: Exchange, cap: int) -> tuple[Reason, str]:
    """(SERVED, "") for a picture that can be kept, else (why not, the same in words)."""
    if exchange.failure is not None:
        return Reason(exchange.failure.reason), exchange.failure.message
    code = exchange.status_code or 0
    if code == 429:
        return Reason.RATE_LIMITED, "the host asks us to wait"
    if code != 200:
        reason = Reason.REDIRECTED if 300 <= code < 400 else _BY_STATUS.get(code, Reason.UNEXPECTED_STATUS)
        return (Reason.SERVER_ERROR if code >= 500 else reason), f"the host answered {code}"
    if len(exchange.body) > cap:
        return Reason.TOO_LARGE, f"more than {cap} bytes"
    if type_of(exchange.body) is None:
        return Reason.UNEXPECTED_SHAPE, "what was served is no PNG, JPEG, GIF or WebP"
    return Reason.SERVED, ""


def type_of(body: bytes) -> PictureType | None:
    """What a picture is, by its first bytes alone: what the host calls it does not count. None for anything else."""
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if body.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if body[:4] == b"RIFF" and body[8:12] == b"WEBP" else None
