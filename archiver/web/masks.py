"""Secrets are taken out of what is recorded, and the names of what was taken are listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, unquote_plus, urlsplit, urlunsplit

from archiver.model.exchange import Headers
from archiver.web.settings import WebSettings

MASK = "***"


def masked_url(url: str, settings: WebSettings) -> tuple[str, tuple[str, ...]]:
    """The address with secret query values (and any userinfo) replaced, and the names of those keys."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return url.partition("?")[0], ()
    names: list[str] = []
    fields: list[str] = []
    for part in parts.query.split("&"):
        written = part.partition("=")[0]
        key = unquote_plus(written)
        secret = key.lower() in settings.masked_query and (host, key.lower()) not in settings.plain_query
        names += [key] * secret
        fields.append(f"{written}={MASK}" if secret else part)
    userinfo, at, place = parts.netloc.rpartition("@")
    if userinfo:
        names.append("userinfo")
        place = MASK + at + place
    if not names:
        return url, ()
    return urlunsplit(parts._replace(netloc=place, query="&".join(fields))), tuple(names)


def masked_headers(headers: Iterable[tuple[str, str]], secret: frozenset[str]) -> tuple[Headers, tuple[str, ...]]:
    """The headers with the values of those named in `secret` (lower case) replaced, and the names of these."""
    listed = tuple(headers)
    kept = tuple((name, MASK if name.lower() in secret else text) for name, text in listed)
    return kept, tuple(name for name, _ in listed if name.lower() in secret)


def secrets_of(url: str, settings: WebSettings, own: Mapping[str, str]) -> tuple[str, ...]:
    """The secret query values themselves, and those of a host's own headers without the scheme before them ("Bearer"),
    so that an echo of them (a `Location`) can be masked too. A header's value that may be a word is not looked for."""
    sent = tuple(secret for text in own.values() if len(secret := text.rpartition(" ")[2]) >= 8)
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        fields = parse_qsl(parts.query, max_num_fields=1000)
    except ValueError:
        return sent
    return sent + tuple(
        text
        for key, text in fields
        if key.lower() in settings.masked_query and (host, key.lower()) not in settings.plain_query
    )


def without(headers: Headers, secrets: tuple[str, ...]) -> Headers:
    """The headers with every echo of a secret replaced."""
    for secret in filter(None, secrets):
        headers = tuple((name, text.replace(secret, MASK)) for name, text in headers)
    return headers
