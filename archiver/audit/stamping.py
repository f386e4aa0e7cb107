"""Time-stamps (RFC 3161): an authority says that it has seen a checkpoint, and when.

The authority's whole answer is kept as it came. It is looked at only as far as is needed to know that it answers this
request: granted, of these bytes, with our nonce, by a certificate that was in force. Who the authority is, a reader
checks with `openssl ts -verify`, which takes tokens that the library refuses.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from archiver.model.exchange import Send

GRANTED = 0


def stamp(send: Send, address: str, note: bytes) -> tuple[bytes | None, str | None]:
    """The authority's answer about these bytes and None, or None and why there is none that is good for anything."""
    try:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
    except ImportError:
        return None, "needs the extra: pip install 'embed-archiver[timestamp]'"
    request = TimestampRequestBuilder(note, HashAlgorithm.SHA256, nonce=True, cert_req=True).build()
    answer = send(
        address,
        content=request.as_bytes(),
        content_type="application/timestamp-query",
        accept="application/timestamp-reply",
    )
    if answer.failure is not None:
        return None, answer.failure.message
    if answer.status_code != 200:
        return None, f"the authority answered {answer.status_code}"
    refusal = _refusal(answer.body, note, request.nonce)
    return (None, refusal) if refusal else (answer.body, None)


def covers(token: bytes, note: bytes) -> bool:
    """Whether a kept answer is about these bytes. Needs no library: the digest stands in it as it is."""
    return hashlib.sha256(note).digest() in token


def _refusal(body: bytes, note: bytes, nonce: int | None) -> str | None:
    """Why the answer is not good; None for one that is."""
    from rfc3161_client import decode_timestamp_response

    try:
        answer = decode_timestamp_response(body)
        if answer.status != GRANTED:
            return "the authority granted nothing"
        told = answer.tst_info
        if told.message_imprint.message != hashlib.sha256(note).digest():
            return "the authority's answer is about something else"
        if told.nonce != nonce:
            return "the authority's answer has another nonce: it was given to another request"
        return None if _is_in_force(answer, told.gen_time) else "no certificate of the authority was in force"
    except ValueError:
        return "the authority's answer is no time-stamp"


def _is_in_force(answer: Any, at: datetime) -> bool:
    """Whether the certificate that signed was valid then. Raises ValueError for what is no certificate."""
    from cryptography import x509

    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    serials = {signer.serial_number for signer in answer.signed_data.signer_infos}
    found = [x509.load_der_x509_certificate(raw) for raw in answer.signed_data.certificates]
    signers = [each for each in found if each.serial_number in serials]
    return any(each.not_valid_before_utc <= at <= each.not_valid_after_utc for each in signers)
