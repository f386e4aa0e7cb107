"""What a bag says of itself: its filters and its counts, in `bag-info.txt`.

The same bytes stand in `data/statement.txt`, for the signature is over the manifest of `data/`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from archiver import __version__
from archiver.audit.bag.order import Counted, Order
from archiver.clock import utc_text
from archiver.model.verdict import State

NOBODY = "nobody"


def text(order: Order, counted: Counted) -> str:
    """The lines of bag-info.txt, in RFC 8493's form."""
    return "".join(f"{label}: {told}\n" for label, told in _lines(order, counted))


def _lines(order: Order, counted: Counted) -> Iterator[tuple[str, str]]:
    yield "Bag-Software-Agent", f"embed-archiver {__version__}"
    yield "Bagging-Date", counted.as_of.date().isoformat()
    yield "Archive-Origin", counted.origin or "none"
    yield "As-Of", utc_text(counted.as_of)
    yield "Profile", order.profile
    yield from filters(order)
    yield "Weaker-Rules", "; ".join(order.unsafe) or "none"
    yield "Signed-By", order.key or NOBODY
    yield "Ledger-Lines", str(counted.lines)
    yield "Checkpoint-Lines", str(counted.covered)
    yield "Checkpoint-Head", counted.head or "none"
    for state in State:
        archived, held = counted.archived.get(state, 0), counted.posts.get(state, 0)
        yield f"Posts-{state}", f"archive={archived} bag={held} left-out={archived - held}"
    for name, rows in counted.files.items():
        yield f"Rows-{name}", str(rows)


def filters(order: Order) -> Iterator[tuple[str, str]]:
    """The filters that were given. A public bag names no person: those that could are only said to have been given."""
    wanted = order.wanted
    given = {
        "Author": wanted.author,
        "Platform": wanted.platform,
        "Verdict": " ".join(wanted.verdict) or None,
        "Article": wanted.article,
        "Since": wanted.since,
        "Until": wanted.until,
        "Gone-Since": wanted.gone_since,
        "Gone-Until": wanted.gone_until,
    }
    named = {name: asked for name, asked in given.items() if asked is not None}
    for name, asked in named.items():
        if order.profile == "public" and name in ("Author", "Article"):
            yield f"Filter-{name}", "given, withheld in this profile"
        else:
            # On one line and in quotes, whatever was given.
            said = utc_text(asked) if isinstance(asked, datetime) else json.dumps(asked, ensure_ascii=False)
            yield f"Filter-{name}", said
    if not named:
        yield "Filter", "none: every post of the archive"
