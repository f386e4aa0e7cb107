"""All steps of a verifier in their order, and the program around them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator

from archiver.audit.verifier.ed25519 import is_signed
from archiver.audit.verifier.reading import Folder, Tampered
from archiver.audit.verifier.said import Sayings
from archiver.audit.verifier.seal import Seals
from archiver.audit.verifier.warc import exchanges

VERIFIED, TAMPERED, NOT_FULLY = 0, 1, 2
NOBODY_SIGNED = "nobody signed this bag: whoever exported it had no key, and anybody can make such a manifest"
NO_CHECKPOINT = "there is no checkpoint: nobody vouches for the ledger"
NO_TRUST = "whose key this is was not checked: compare it with the one published elsewhere, by --trust FINGERPRINT"
NO_HELD = "no checkpoint kept elsewhere was given (--held FILE): with the key stolen, the end could have been cut off"
NO_PAYLOADS = "a public bag holds no exchanges, only commitments to them"


def bag_steps(
    path: str, trust: str | None, held: bytes | None, verifies: Callable[[bytes, bytes, bytes], bool] = is_signed
) -> Iterator[tuple[str, bool | None, str]]:
    """(step, whether it passed, what was found) in order; None: not checked. Ends with the first that failed."""
    seals = Seals(Folder(path), verifies)
    try:
        yield "files", True, seals.files()
        yield _or_not("signature", seals.signature(), NOBODY_SIGNED)
        yield "chain", True, seals.chain()
        yield "keys", True, seals.succession()
        yield _or_not("checkpoints", seals.checkpoints(), NO_CHECKPOINT)
        yield _or_not("trust", seals.trust(trust) if trust else "", NO_TRUST)
        yield _or_not("held", seals.held(held) if held is not None else "", NO_HELD)
        sayings = Sayings(seals.folder, seals.told, seals.heads)
        yield from _said(seals.folder, sayings)
    except Tampered as error:
        yield error.step, False, error.found


def _said(folder: Folder, sayings: Sayings) -> Iterator[tuple[str, bool | None, str]]:
    # With a stolen key anything can be written in a bag: what is not even of the right shape is tampered with.
    step = "contents"
    try:
        yield step, True, sayings.contents()
        step = "records"
        yield step, True, sayings.records()
        step = "complete"
        yield step, True, sayings.complete()
        step = "counts"
        yield step, True, sayings.counts()
        step = "exchanges"
        yield _or_not(step, exchanges(folder, sayings), NO_PAYLOADS)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError):
        raise Tampered(step, "a record has not the shape of one") from None


def _or_not(step: str, found: str, otherwise: str) -> tuple[str, bool | None, str]:
    return (step, True, found) if found else (step, None, otherwise)


def code_of(steps: dict[str, bool | None]) -> int:
    """The exit code: a step that failed is tampering; without signature, checkpoint or trust nothing is verified."""
    if False in steps.values():
        return TAMPERED
    return VERIFIED if all(steps.get(step) for step in ("signature", "checkpoints", "trust")) else NOT_FULLY


def main() -> int:
    """Check the bag that this file lies in, or the one that is named."""
    parser = argparse.ArgumentParser(
        description="Checks a bag: 0 verified, 1 tampered with, 2 not fully checked.",
        epilog="example: python3 data/verify.py . --trust sha256:... --held checkpoint.txt",
    )
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("bag", nargs="?", default=here, help="the bag's folder; without it, the one this file is in")
    parser.add_argument("--trust", metavar="FINGERPRINT", help="the key that was published elsewhere")
    parser.add_argument("--held", metavar="FILE", help="a checkpoint that was kept elsewhere")
    given = parser.parse_args()
    try:
        with open(os.path.join(given.bag, "bagit.txt"), "rb"):
            pass
        held = None
        if given.held:
            with open(given.held, "rb") as file:
                held = file.read()
    except OSError as error:
        sys.stderr.write("verify.py: " + str(error.filename) + ": " + str(error.strerror) + "\n")
        return NOT_FULLY
    done: dict[str, bool | None] = {}
    try:
        for step, passed, found in bag_steps(given.bag, given.trust, held):
            done[step] = passed
            mark = {True: "ok          ", False: "FAILED      ", None: "not checked "}[passed]
            sys.stdout.write(mark + step + ": " + printable(found) + "\n")
            sys.stdout.flush()
    except OSError as error:
        sys.stderr.write("verify.py: " + printable(str(error.filename)) + ": " + str(error.strerror) + "\n")
        return NOT_FULLY
    code = code_of(done)
    sys.stdout.write(("VERIFIED", "TAMPERED WITH", "NOT FULLY CHECKED: no step failed")[code] + "\n")
    return code


def printable(words: str) -> str:
    """Words for a terminal: nothing in them commands it."""
    return "".join(each if " " <= each <= "~" else "?" for each in words)
