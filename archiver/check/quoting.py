"""Cutting quotations again: a post that was seen tells where an article's quotation of it begins and ends."""

from __future__ import annotations

from collections.abc import Mapping

from archiver.embeds.align import HOW, cut_again
from archiver.store import cuts, snapshots
from archiver.store.transaction import Transaction


def cut_quotations(transaction: Transaction, shown: Mapping[int, int]) -> None:
    """Cut every quotation of these posts (post → snapshot) by the words of the snapshot, once; the cuts before it stay.

    Where too little of the post stands in the article, that is kept too: a cut without words.
    """
    for post in cuts.waiting(transaction.connection, shown):
        _cut(transaction, post, shown[post])


def _cut(transaction: Transaction, post: int, snapshot: int) -> None:
    said = snapshots.load(transaction.connection, snapshot)
    if said is None or not said.text:
        return
    for each in cuts.open_text_embeds(transaction.connection, post, snapshot):
        before, after = each.context.get("before", ""), each.context.get("after", "")
        found = cut_again(f"{before}\n", each.words.get("quotation") or "", f"\n{after}", said.text)
        words, confidence = (found.words.strip(), found.confidence) if found else (None, None)
        cuts.append(transaction, each.embed, cuts.Cut(words, HOW, confidence, "snapshot"), snapshot)
