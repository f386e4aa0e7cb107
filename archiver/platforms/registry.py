"""The platforms, as one explicit ordered tuple; the first adapter that claims an embed or an address has it."""

from __future__ import annotations

from datetime import datetime

from archiver.model.embed import Embed, Identification
from archiver.model.post import PostRef
from archiver.platforms.adapter import Adapter
from archiver.platforms.x import X


def adapters(egress_country: str | None = None) -> tuple[Adapter, ...]:
    """Every adapter, for requests that come out in `egress_country` (two letters; None if that is not known)."""
    return (X(egress_country),)


ADAPTERS: tuple[Adapter, ...] = adapters()


def identify(embed: Embed, now: datetime) -> Identification | None:
    """Which post an embed shows; None if no adapter knows it: the embed is kept, unidentified."""
    found = (adapter.identify(embed, now) for adapter in ADAPTERS)
    return next((identification for identification in found if identification is not None), None)


def reference(address: str) -> PostRef | None:
    """The post behind an address; None if no adapter claims it."""
    found = (adapter.reference(address) for adapter in ADAPTERS)
    return next((ref for ref in found if ref is not None), None)


def adapter_for(platform: str, egress_country: str | None = None) -> Adapter | None:
    """The adapter of a platform by its name in lower case; None for a platform without one."""
    return next((adapter for adapter in adapters(egress_country) if adapter.platform == platform), None)
