"""Bags for the tests: made of a newsroom's archive with a key of its own, forged in every way, and verified thrice."""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from archiver import checkpoints, digest
from archiver.audit.bag import files
from archiver.audit.verifier import joined
from archiver.audit.verify_bag import exit_code, verify_bag
from archiver.checkpoints import Checkpoint, PrivateKey

ROOT = Path(__file__).resolve().parents[2]
SH, PY, OWN = "verify.sh", "verify.py", "archiver verify"
VERIFIERS = (SH, PY, OWN)


class Judged(NamedTuple):
    """What a verifier said."""

    code: int
    step: str
    """The step that failed; "" where none did."""
    words: str


def verify(verifier: str, bag: Path, *, trust: str | None = None, held: Path | None = None) -> Judged:
    """Run a verifier on a bag. The two that lie in bags are taken from the program: the bag's own may be forged."""
    if verifier == OWN:
        steps = list(verify_bag(bag, trust, held))
        failed = [step for step in steps if step.passed is False]
        return Judged(exit_code(steps), failed[0].name if failed else "", "\n".join(map(str, steps)))
    words = [*_command(verifier), *(["--trust", trust] if trust else []), *(["--held", str(held)] if held else [])]
    done = subprocess.run([*words, str(bag)], capture_output=True, text=True, timeout=300, check=False)
    failed_lines = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    step = failed_lines[0].split()[1].rstrip(":") if failed_lines else ""
    return Judged(done.returncode, step, done.stdout + done.stderr)


def chain_by_hand(readme: str) -> list[str]:
    """The command that checks the whole chain with stock tools, as README.txt (or its template) prints it."""
    _, told = readme.split("so on to the end, which at once is:\n")
    return ["sh", "-c", told.partition("\n   head ")[0]]


def _command(verifier: str) -> list[str]:
    if verifier == SH:
        return ["sh", str(ROOT / "archiver" / "audit" / "bag" / "verify.sh")]
    return [sys.executable, "-I", "-S", str(_joined())]


@cache
def _joined() -> Path:
    """verify.py, as bags have it; it stays as long as the tests run."""
    folder = tempfile.TemporaryDirectory(prefix="verify-")
    atexit.register(folder.cleanup)
    place = Path(folder.name) / "verify.py"
    place.write_text(joined.text(), encoding="utf-8")
    return place


# forging


@dataclass
class Forger:
    """Changes a bag, and covers the traces as far as the keys at hand allow."""

    bag: Path
    key: PrivateKey | None = None
    """The stolen key; None for who has none."""

    def place(self, name: str) -> Path:
        return self.bag / "data" / name

    def lines(self, name: str) -> list[bytes]:
        return self.place(name).read_bytes().splitlines(keepends=True)

    def write(self, name: str, lines: list[bytes]) -> None:
        self.place(name).write_bytes(b"".join(lines))

    def edit(self, name: str, change: Callable[[dict[str, Any]], bool | None]) -> None:
        """Change records until `change` says that it has (True): every record if it never does."""
        records = [json.loads(line) for line in self.lines(name)]
        for record in records:
            if change(record):
                break
        self.write(name, [digest.canonical(record) + b"\n" for record in records])

    def drop(self, name: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Take out the first record that is wanted, and count again; returns it."""
        lines = self.lines(name)
        found = next(place for place, line in enumerate(lines) if wanted(json.loads(line)))
        record: dict[str, Any] = json.loads(lines.pop(found))
        self.write(name, lines)
        self.state(f"Rows-{name}", str(len(lines)))
        return record

    def state(self, label: str, said: str) -> None:
        """Let the bag say something else of itself."""
        told = self.place("statement.txt").read_text(encoding="utf-8").splitlines()
        kept = [f"{label}: {said}" if line.startswith(f"{label}: ") else line for line in told]
        for path in (self.place("statement.txt"), self.bag / "bag-info.txt"):
            path.write_text("\n".join(kept) + "\n", encoding="utf-8")

    def rechain(self) -> None:
        """Bind every line of the ledger to the one before it again."""
        head, lines = "sha256:" + "0" * 64, []
        for number, line in enumerate(self.lines("ledger.jsonl"), 1):
            noun = json.loads(line) | {"number": number, "previous": head}
            lines.append(digest.canonical(noun) + b"\n")
            head = digest.of_bytes(lines[-1])
        self.write("ledger.jsonl", lines)
        self.state("Ledger-Lines", str(len(lines)))

    def recheck(self, lines: int | None = None) -> None:
        """Sign a new checkpoint over the first `lines` of the ledger instead of all that were there."""
        assert self.key is not None
        ledger = self.lines("ledger.jsonl")
        lines = lines or len(ledger)
        folder = self.place("checkpoints")
        old = checkpoints.parse(sorted(folder.glob("*.txt"))[-1].read_bytes()).checkpoint
        for each in folder.glob("*.txt"):
            each.unlink()
        new = Checkpoint(old.origin, lines, digest.of_bytes(ledger[lines - 1]), old.at)
        (folder / f"{lines:010}-1.txt").write_bytes(checkpoints.sign(new, self.key).whole())
        self.state("Checkpoint-Lines", str(lines))
        self.state("Checkpoint-Head", new.head)

    def renest(self) -> None:
        """Let records hold the lines of the ledger as they are now."""
        ledger = {noun["number"]: noun for noun in map(json.loads, self.lines("ledger.jsonl"))}
        for name in ("batches.jsonl", "observations.jsonl", "posts.jsonl"):
            records = [_renested(json.loads(line), ledger) for line in self.lines(name)]
            self.write(name, [digest.canonical(record) + b"\n" for record in records])

    def cover(self) -> None:
        """List all files again, and sign the list with the key at hand."""
        manifest = files.manifest(self.bag, files.payload_names(self.bag))
        (self.bag / files.MANIFEST).write_bytes(manifest)
        if self.key is not None:
            (self.bag / files.SIGNATURE).write_bytes(self.key.sign(manifest))
        tags = [name for name in ("bagit.txt", "bag-info.txt", files.MANIFEST, files.SIGNATURE)
                if (self.bag / name).exists()]  # fmt: skip
        (self.bag / files.TAG_MANIFEST).write_bytes(files.manifest(self.bag, tags))


def _renested(part: Any, ledger: dict[int, Any]) -> Any:
    if isinstance(part, list):
        return [_renested(each, ledger) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        name: ledger[said["number"]] if name == "line" and said.get("number") in ledger else _renested(said, ledger)
        for name, said in part.items()
    }
