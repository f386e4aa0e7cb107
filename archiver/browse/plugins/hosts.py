"""For Datasette: it answers to this machine's own names only.

A page elsewhere may let its own name lead to 127.0.0.1 and then read what stands here; its requests carry that name.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from pluggy import HookimplMarker

hookimpl = HookimplMarker("datasette")

OWN = frozenset({"127.0.0.1", "localhost", "[::1]"})

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def is_own(scope: Scope) -> bool:
    """Whether a request names this machine in exactly one Host header."""
    names = [told.decode("latin-1").lower() for header, told in scope.get("headers", ()) if header.lower() == b"host"]
    return len(names) == 1 and re.sub(r":[0-9]{1,5}$", "", names[0]) in OWN


@hookimpl
def asgi_wrapper() -> Callable[[App], App]:
    """Datasette hands every request through it."""

    def wrap(app: App) -> App:
        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            if scope.get("type") != "http" or is_own(scope):
                await app(scope, receive, send)
                return
            await send({"type": "http.response.start", "status": 421, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"This archive answers to 127.0.0.1 only.\n"})

        return guarded

    return wrap
