"""The pictures of the simulated X: drawn from their codes, so that a code always has the same one."""

from __future__ import annotations

import hashlib
import re
import struct
import zlib

from archiver.demo.shapes import Answer, Asked, not_found_page
from archiver.demo.world import World

HOST = "pbs.twimg.com"
WIDTH, HEIGHT = 480, 320
_PATH = re.compile(r"/media/sample-([A-Za-z0-9]+)\.jpg")


def picture(world: World, asked: Asked) -> Answer:
    """A picture of a post that is served now; X's media host outlives its posts, this one does not."""
    match = _PATH.fullmatch(asked.path)
    now = world.clock.now()
    shown = (each for each in world.posts.values() if each.presence.at(now) == "served")
    if match is None or all(match[1] != own.code for each in shown for own in each.pictures):
        return not_found_page()
    return Answer(200, "image/jpeg", drawing(match[1]))


def drawing(code: str) -> bytes:
    """A PNG of a sky above water, in colours that follow from the code."""
    sky, water = hashlib.sha256(code.encode()).digest()[:3], hashlib.sha256(code[::-1].encode()).digest()[:3]
    rows = []
    for y in range(HEIGHT):
        colour, depth = (sky, y / HEIGHT) if y < HEIGHT * 0.6 else (water, 1.3 - y / HEIGHT)
        rows.append(b"\0" + bytes(int(96 + part * 0.45 * (0.4 + depth)) & 255 for part in colour) * WIDTH)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(b"".join(rows), 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
