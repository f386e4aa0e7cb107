"""Ed25519 (RFC 8032, section 5.1.7): whether a signature is good. Nothing here is secret, so nothing need be hidden."""

from __future__ import annotations

import hashlib

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
EDWARDS = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the key with these 32 raw public bytes made this signature of 64 raw bytes over the message."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, point = to_point(public), to_point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or point is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    return is_same(times(scalar, GENERATOR), plus(point, times(challenge, key)))


def to_point(encoded: bytes) -> tuple[int, int, int, int] | None:
    """The point that 32 bytes encode, as (X, Y, Z, T); None where they encode none."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(EDWARDS * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (x * x - square) % PRIME or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = PRIME - x
    return (x, y, 1, x * y % PRIME)


def plus(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, int, int, int]:
    """The sum of two points."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % PRIME
    b = (one[1] + one[0]) * (other[1] + other[0]) % PRIME
    c = 2 * one[3] * other[3] * EDWARDS % PRIME
    d = 2 * one[2] * other[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME)


def times(scalar: int, point: tuple[int, ...]) -> tuple[int, int, int, int]:
    """A point so many times."""
    total, each = (0, 1, 1, 0), point
    while scalar:
        if scalar & 1:
            total = plus(total, each)
        each = plus(each, each)
        scalar >>= 1
    return total


def is_same(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether two points are one."""
    same_x = (one[0] * other[2] - other[0] * one[2]) % PRIME == 0
    return same_x and (one[1] * other[2] - other[1] * one[2]) % PRIME == 0


GENERATOR = to_point(bytes.fromhex("5866666666666666666666666666666666666666666666666666666666666666")) or ()
