"""What one look asks of the network, and everything that was asked and answered for it."""

from __future__ import annotations

from collections.abc import Sequence

from archiver.model.exchange import Exchange
from archiver.web.client import Client


class Recorder:
    """Hands on to the client, as `Get` says when it is called and as `Send` says by `send`, and keeps each exchange."""

    def __init__(self, client: Client, seen: list[Exchange], also: Sequence[str] = ()) -> None:
        self._client = client
        self._seen = seen
        self._also = tuple(also)

    def __call__(self, url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        exchange = self._client.get(url, accept=accept, follow=follow, also=self._also)
        self._seen.extend((*exchange.hops, exchange))
        return exchange

    def send(
        self, url: str, *, method: str = "POST", content: bytes = b"", content_type: str = "", accept: str = "*/*"
    ) -> Exchange:
        """Send something, and keep what was answered."""
        exchange = self._client.send(url, method=method, content=content, content_type=content_type, accept=accept)
        self._seen.append(exchange)
        return exchange
