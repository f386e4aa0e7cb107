"""What lies in a bag besides evidence: how to read it, and how to check it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from archiver.audit.bag.order import Counted, Order
from archiver.audit.bag.statement import filters
from archiver.audit.verifier import joined
from archiver.clock import utc_text

_PUBLIC = """
This is the public edition: no words, names, addresses of persons or received bytes are in it, only our own numbers,
ids at the platforms, times, verdicts, and commitments to everything that was left out. There is no exchanges.warc.gz.
Whoever holds the full edition can show that the two agree.
"""
_WEAKER = """
WEAKER RULES WERE IN FORCE than those described below: {rules}
"""
_SIGNED = """signed by the key {key}.
   A key that lies in the bag vouches for nothing: compare these characters with those that the newsroom published
   elsewhere (its imprint, a printed page, a letter), and give them to the verifier with --trust"""
_UNSIGNED = """NOT SIGNED: whoever exported it had no key. Nobody vouches for it as a whole, and the verifiers say so"""
_CHECKPOINT = "its newest checkpoint is of {at} and covers {covered} of the {lines} lines of the ledger"
_SINCE = (
    "those\n   after it, which tell of this checkpoint among other things, are bound by the signature of the list alone"
)
_NO_CHECKPOINT = "no checkpoint vouches for its ledger"


def lay(folder: Path, order: Order, counted: Counted) -> None:
    """Write README.txt and the two verifiers."""
    here = files("archiver.audit.bag")
    (folder / "verify.sh").write_text((here / "verify.sh").read_text(encoding="utf-8"), encoding="utf-8", newline="\n")
    (folder / "verify.py").write_text(joined.text(), encoding="utf-8", newline="\n")
    told = (
        (here / "README.template.txt")
        .read_text(encoding="utf-8")
        .format(
            as_of=utc_text(counted.as_of),
            origin=counted.origin or "none yet",
            filters="\n".join(f"   {label}: {said}" for label, said in filters(order)),
            profile=_PUBLIC if order.profile == "public" else "",
            signed=_SIGNED.format(key=order.key) if order.key else _UNSIGNED,
            checkpoint=_checkpoint(counted),
            weaker=_WEAKER.format(rules="; ".join(order.unsafe)) if order.unsafe else "",
            hex=(order.key or "sha256:KEY").partition(":")[2],
        )
    )
    (folder / "README.txt").write_text(told, encoding="utf-8", newline="\n")


def _checkpoint(counted: Counted) -> str:
    if not counted.covered:
        return _NO_CHECKPOINT
    told = _CHECKPOINT.format(at=utc_text(counted.as_of), covered=counted.covered, lines=counted.lines)
    return f"{told}; {_SINCE}" if counted.signed_by and counted.covered < counted.lines else told
