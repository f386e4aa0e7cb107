"""Pictures of posts: each address of each post is asked for once, and what came of it is one row for ever."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import Connection, select

from archiver.model.observation import SubjectKind
from archiver.model.outcome import Outcome, Reason
from archiver.model.picture import FetchedPicture, PictureType, ShownPicture, StoredPicture
from archiver.store import contents, exchanges
from archiver.store.columns import add_row, portions
from archiver.store.tables import batches, media, observations, post_states, snapshots
from archiver.store.tables import contents as content_rows
from archiver.store.transaction import Transaction

KIND = "photo"
"""Of what a snapshot names only this is fetched: never a film, and no snapshot names an avatar."""


def never_asked_for(connection: Connection, looks: Collection[int]) -> list[ShownPicture]:
    """The pictures that these observations' snapshots name and that were never asked for, in order, each once.

    Only valid sightings of posts count.
    """
    found: dict[tuple[int, str], ShownPicture] = {}
    for part in portions(sorted(looks)):
        rows = connection.execute(
            select(observations.c.snapshot, snapshots.c.post, snapshots.c.content, post_states.c.host)
            .join(batches, batches.c.id == observations.c.batch)
            .join(snapshots, snapshots.c.id == observations.c.snapshot)
            .join(post_states, post_states.c.post == snapshots.c.post)
            .where(
                observations.c.id.in_(part),
                observations.c.subject_kind == SubjectKind.POST,
                observations.c.outcome == Outcome.PRESENT,
                batches.c.valid,
            )
            .order_by(observations.c.id)
        ).all()
        said = contents.get_json(connection, [row.content for row in rows])
        for row in rows:
            for each in said.get(row.content, {}).get("media", ()):
                if each["kind"] == KIND:
                    shown = ShownPicture(row.post, row.host, row.snapshot, each["address"])
                    found.setdefault((row.post, shown.address), shown)
    on_file = _on_file(connection, {post for post, _ in found})
    return [shown for key, shown in found.items() if key not in on_file]


def append(transaction: Transaction, fetched: FetchedPicture) -> int:
    """Store what came of asking for a picture. Returns its number.

    Of an answer that is no picture that we keep, the body is left out.
    """
    connection, shown, exchange = transaction.connection, fetched.shown, fetched.exchange
    kept = exchanges.keep(connection, exchange, with_payload=fetched.type is not None)
    content = contents.put(connection, exchange.body) if fetched.type else None
    address = contents.put(connection, shown.address.encode())
    number = add_row(
        connection,
        media,
        post=shown.post,
        snapshot=shown.snapshot,
        address=address.id,
        content=content.id if content else None,
        type=fetched.type,
        reason=fetched.reason,
        request=kept.request.id,
        response=kept.response.id if kept.response else None,
        payload=kept.payload.id if kept.payload else None,
        status_code=exchange.status_code,
        peer=exchange.peer,
        tls_digest=exchange.tls_digest,
        detour=exchange.detour,
        truncated=exchange.truncated,
        sent_at=exchange.sent_at,
        received_at=exchange.received_at,
        run=transaction.run,
        ledger=transaction.ledger.next_number,
    )
    transaction.ledger.append(
        "media",
        exchange.received_at,
        media=number,
        post=shown.post,
        snapshot=shown.snapshot,
        address=address.commitment,
        content=content.commitment if content else None,
        type=fetched.type,
        reason=str(fetched.reason),
        exchange=kept.commitments,
        run=transaction.run,
    )
    return number


def of_posts(connection: Connection, numbers: Collection[int]) -> dict[int, list[StoredPicture]]:
    """What is on file of these posts' pictures, by post, in the order in which they were fetched."""
    found: dict[int, list[StoredPicture]] = {}
    for part in portions(sorted(numbers)):
        rows = connection.execute(
            select(media, content_rows.c.digest, content_rows.c.commitment, content_rows.c.size)
            .outerjoin(content_rows, content_rows.c.id == media.c.content)
            .where(media.c.post.in_(part))
            .order_by(media.c.id)
        ).all()
        for row in rows:
            address = contents.get(connection, row.address)
            found.setdefault(row.post, []).append(_stored(row, address.decode() if address else ""))
    return found


def _on_file(connection: Connection, numbers: Collection[int]) -> set[tuple[int, str]]:
    return {(post, each.address) for post, stored in of_posts(connection, numbers).items() for each in stored}


def _stored(row: Any, address: str) -> StoredPicture:
    return StoredPicture(
        number=row.id,
        post=row.post,
        snapshot=row.snapshot,
        address=address,
        content=row.content,
        type=cast(PictureType | None, row.type),
        reason=Reason(row.reason),
        digest=row.digest or None,
        commitment=row.commitment,
        size=row.size or None,
        taken_at=row.received_at,
        ledger=row.ledger,
    )
