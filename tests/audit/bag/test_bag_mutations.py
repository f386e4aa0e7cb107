"""The verifiers agree on bags that chance has changed: a few here, the same each time. The full campaign, by chance:

ARCHIVER_MUTATIONS=1000 pytest tests/audit/bag/test_bag_mutations.py
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.audit.bag.conftest import Desk
from tests.audit.bags import OWN, PY, SH, VERIFIERS, Forger, verify

pytestmark = pytest.mark.campaign

ASKED = os.environ.get("ARCHIVER_MUTATIONS")
MUTATIONS = int(ASKED or 12)
FLIPS = int(ASKED or 40)


def mutate(bag: Path, chance: random.Random) -> str:
    """Change one thing in a bag; tells what."""
    paths = sorted(path for path in bag.rglob("*") if path.is_file())
    path = chance.choice(paths)
    payload = bytearray(path.read_bytes())
    place = chance.randrange(len(payload))
    flipped = bytes([payload[place] ^ 1 << chance.randrange(8)])
    lines = bytes(payload).splitlines(keepends=True)
    at = chance.randrange(len(lines))
    ways: dict[str, Callable[[], object]] = {
        "flip": lambda: path.write_bytes(payload[:place] + flipped + payload[place + 1 :]),
        "take out": lambda: path.write_bytes(payload[:place] + payload[place + 1 :]),
        "put in": lambda: path.write_bytes(payload[:place] + bytes([chance.randrange(256)]) + payload[place:]),
        "cut": lambda: path.write_bytes(payload[:place]),
        "grow": lambda: path.write_bytes(payload + b"\n"),
        "drop a line": lambda: path.write_bytes(b"".join(lines[:at] + lines[at + 1 :])),
        "double a line": lambda: path.write_bytes(b"".join([*lines[: at + 1], *lines[at:]])),
        "delete": path.unlink,
        "rename": lambda: path.rename(path.with_name(f"{path.name}x")),
        "add": lambda: path.with_name(f"{path.name} more\n").write_bytes(bytes(payload)),
        "link": lambda: link(path, bag.parent / "moved"),
        "empty": lambda: path.write_bytes(b""),
    }  # fmt: skip
    way = chance.choice(sorted(ways))
    ways[way]()
    return f"{way} {path.relative_to(bag)} at {place}, line {at}"


def link(path: Path, elsewhere: Path) -> None:
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


@pytest.mark.parametrize("turn", range(MUTATIONS))
def test_shell_and_python_agree_on_a_changed_bag(told_desk: Desk, tmp_path: Path, turn: int) -> None:
    """Whatever was changed, all say that it was; covered up without the key, too."""
    chance = random.Random(None if ASKED else turn)
    bag = tmp_path / "bag"
    shutil.copytree(told_desk.bag, bag)
    told = mutate(bag, chance)
    is_covered = chance.random() < 0.3 and (bag / "data").is_dir() and not list(bag.rglob("*\n"))
    if is_covered:
        Forger(bag).cover()
    if not (bag / "bagit.txt").exists():
        return  # Told from a forged bag, as a folder that is none.
    judged = {verifier: verify(verifier, bag, trust=told_desk.trust) for verifier in VERIFIERS}
    said = {verifier: each.code for verifier, each in judged.items()}
    # To list the files again mends a manifest that was changed; a missing signature leaves it unsigned.
    wanted = 0 if _is_whole(bag, told_desk.bag) else 1
    assert said == {SH: wanted, PY: wanted, OWN: wanted}, f"{told}, covered: {is_covered}: {judged}"


def _is_whole(bag: Path, original: Path) -> bool:
    names = [sorted(path.relative_to(each) for path in each.rglob("*")) for each in (bag, original)]
    files = [name for name in names[1] if (original / name).is_file()]
    linked = any(path.is_symlink() for path in bag.rglob("*"))
    return (
        names[0] == names[1]
        and not linked
        and all((bag / name).read_bytes() == (original / name).read_bytes() for name in files)
    )


def test_every_flipped_bit_is_found(told_desk: Desk, tmp_path: Path) -> None:
    """Bits of any file of the bag, at random, one at a time."""
    chance = random.Random(None if ASKED else 7)
    bag = tmp_path / "bag"
    shutil.copytree(told_desk.bag, bag)
    paths = sorted(path for path in bag.rglob("*") if path.is_file())
    for _ in range(FLIPS):
        path = chance.choice(paths)
        payload = path.read_bytes()
        place, bit = chance.randrange(len(payload)), chance.randrange(8)
        path.write_bytes(payload[:place] + bytes([payload[place] ^ 1 << bit]) + payload[place + 1 :])
        judged = verify(OWN, bag, trust=told_desk.trust)
        assert (judged.code, judged.step) == (1, "files"), f"{path}, byte {place}, bit {bit}"
        path.write_bytes(payload)
