"""Small pools of connections, one a host, whose sockets are ours (`wire.py`), by public names of httpx and httpcore."""

from __future__ import annotations

import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import unquote

import certifi
import httpcore
import httpx

from archiver.model.outcome import Reason
from archiver.web.settings import WebSettings
from archiver.web.wire import Dialer, OpenSockets, WireError

CONNECTIONS_PER_HOST = 8
IDLE_SECONDS = 30.0


class _Chunks(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class Transport(httpx.BaseTransport):
    """httpx over a pool that dials by our own backend; httpcore's exceptions pass, `failures.py` knows them.

    Asked without an `httpx.Client` round it: that one keeps cookies, reads the environment, and throws an answer away
    whose `Location` it cannot parse.
    """

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        asked = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.read(),
            extensions=request.extensions,
        )
        response = self._pool.handle_request(asked)
        return httpx.Response(
            response.status, headers=response.headers, stream=_Chunks(response), extensions=response.extensions
        )

    def close(self) -> None:
        self._pool.close()


class Pools:
    """One small transport a host, made when first needed. Safe to share between threads."""

    def __init__(self, settings: WebSettings, sockets: OpenSockets, guarded: Dialer) -> None:
        self._proxy = httpx.URL(settings.proxy) if settings.proxy else None
        self._guarded = guarded
        # What the configuration itself names may be private and on any port: a detour, a proxy.
        self._named = Dialer(sockets, blocked=lambda _address: False, ports=None)
        self._tls = _trust(str(settings.ca_file) if settings.ca_file else certifi.where())
        self._lock = threading.Lock()
        self._transports: dict[tuple[str, str | None], Transport] = {}

    def transport(self, host: str, detour: str | None) -> Transport:
        """The host's own, kept alive."""
        with self._lock:
            transport = self._transports.get((host, detour))
            if transport is None:
                transport = self._transports[host, detour] = Transport(self._pool(detour))
            return transport

    def wire(self, host: str, port: int, detour: str | None) -> httpcore.NetworkStream:
        """A connection to the host for whoever speaks another protocol over it: secured, but on a detour.

        Raises what `failures.EXPECTED` names. `wire.ATTEMPT` bounds it.
        """
        if detour is not None:
            base = httpx.URL(detour)
            return self._named.connect_tcp(base.host, base.port or 80)
        plain = self._guarded.connect_tcp(host, port) if self._proxy is None else self._tunnel(self._proxy, host, port)
        return plain.start_tls(self._tls, server_hostname=host)

    def _tunnel(self, proxy: httpx.URL, host: str, port: int) -> httpcore.NetworkStream:
        """Through the proxy, which looks the name up itself."""
        place = f"{host}:{port}".encode("ascii")
        headers = [(b"Host", place), (b"Accept", b"*/*")]
        if proxy.username:
            pair = f"{unquote(proxy.username)}:{unquote(proxy.password)}".encode()
            headers.append((b"Proxy-Authorization", b"Basic " + b64encode(pair)))
        url = httpcore.URL(scheme=b"http", host=proxy.raw_host, port=proxy.port or 80, target=place)
        origin = httpcore.Origin(b"http", proxy.raw_host, proxy.port or 80)
        stream = self._named.connect_tcp(proxy.host, proxy.port or 80)
        try:
            connection = httpcore.HTTP11Connection(origin=origin, stream=stream)
            response = connection.handle_request(httpcore.Request(b"CONNECT", url, headers=headers))
            if not 200 <= response.status < 300:
                raise WireError(Reason.CONNECT, f"the proxy answered {response.status}")
            tunnel: httpcore.NetworkStream = response.extensions["network_stream"]
        except BaseException:
            stream.close()
            raise
        return tunnel

    def close(self) -> None:
        with self._lock:
            for transport in self._transports.values():
                transport.close()
            self._transports.clear()

    def _pool(self, detour: str | None) -> httpcore.ConnectionPool:
        if detour is None and self._proxy is not None:
            url = self._proxy
            return httpcore.HTTPProxy(
                httpcore.URL(scheme=b"http", host=url.raw_host, port=url.port or 80, target=b"/"),
                proxy_auth=(url.username, url.password) if url.username else None,
                ssl_context=self._tls,
                max_connections=CONNECTIONS_PER_HOST,
                keepalive_expiry=IDLE_SECONDS,
                network_backend=self._named,
            )
        return httpcore.ConnectionPool(
            ssl_context=self._tls,
            max_connections=CONNECTIONS_PER_HOST,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=self._guarded if detour is None else self._named,
        )


def _trust(ca_file: str) -> ssl.SSLContext:
    """Verifies name and chain. Made by hand: `create_default_context` obeys SSLKEYLOGFILE and SSL_CERT_FILE."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(ca_file)
    return context
