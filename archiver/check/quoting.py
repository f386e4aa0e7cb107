"""Cutting quotations again: a post that was seen tells where an article's quotation of it begins and ends."""

from __future__ import annotations

from archiver.embeds.align import HOW, cut_again
from archiver.store import cuts, snapshots
from archiver.store.transaction import Transaction


def cut_quotations(transaction: Transaction, post: int, snapshot: int) -> int:
    """Cut every quotation of the post by the words of this snapshot, once; the cuts before it stay. Returns how many.

    Where too little of the post stands in the article, that is kept too: a cut without words.
    """
    waiting = cuts.open_text_embeds(transaction.connection, post, snapshot)
    said = snapshots.load(transaction.connection, snapshot) if waiting else None
    if said is None or not said.text:
        return 0
    for each in waiting:
        before, after = each.context.get("before", ""), each.context.get("after", "")
        found = cut_again(f"{before}\n", each.words.get("quotation") or "", f"\n{after}", said.text)
        words, confidence = (found.words.strip(), found.confidence) if found else (None, None)
        cuts.append(transaction, each.embed, cuts.Cut(words, HOW, confidence, "snapshot"), snapshot)
    return len(waiting)
