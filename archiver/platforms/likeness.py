"""Which of several posts an article quotes, by their words: the one that is clearly it, or none.

A corrected typo makes two posts of one author and day that differ in a letter, and one of them is gone. So a share of
agreeing letters cannot choose: the folded words must be the same, or stand whole in one another (an article's quotation
may be cut a word too early or late). Likeness only shows that another post is too near for that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

TOO_NEAR = 80
"""Of 100 letters, as many alike as make another post one that might be it as well."""
MOST_MISSING = 0.25
"""Share of the longer text that the shorter one may lack."""
LEAST_LETTERS = 20
"""Shorter words ("Thank you!") are said more than once a day."""
_MOST = 4000
_LINK = re.compile(r"(?:https?://|pic\.(?:twitter|x)\.com/|\bt\.co/)\S{1,500}")
_NAMED = re.compile(r"^(?:\s{0,5}@\w{1,20}){1,50}")


def folded(said: str) -> str:
    """The letters and digits of a text, case and forms made one; without links, and without whom it answers."""
    plain = unicodedata.normalize("NFKC", said[:_MOST]).casefold()
    plain = _NAMED.sub("", _LINK.sub(" ", plain).strip())
    return "".join(character for character in plain if character.isalnum())


def telling(quotations: Iterable[str]) -> set[str]:
    """The quotations, folded, that are long enough to tell posts apart."""
    return {words for each in quotations if len(words := folded(each)) >= LEAST_LETTERS}


def clearly(quotations: Iterable[str], said: Mapping[str, str]) -> tuple[str | None, bool]:
    """The key of the text that is clearly quoted, and whether any was near enough to be it.

    None with True: it might be several, or one that the article prints otherwise.
    """
    printed = telling(quotations)
    texts = {key: folded(text) for key, text in said.items()}
    same = [key for key, text in texts.items() if text in printed]
    if same:
        return (same[0] if len(same) == 1 else None), True
    near = [key for key, text in texts.items() if any(fuzz.ratio(words, text) >= TOO_NEAR for words in printed)]
    whole = [key for key, text in texts.items() if any(_holds(words, text) for words in printed)]
    # Even one that is near beside it, and may be it with a word changed, leaves a doubt.
    clear = len(whole) == 1 and set(near) <= set(whole)
    return (whole[0] if clear else None), bool(near or whole)


def _holds(one: str, other: str) -> bool:
    """Whether the shorter stands whole in the longer, which has not much more."""
    short, long = sorted((one, other), key=len)
    return len(short) >= LEAST_LETTERS and short in long and len(short) >= (1 - MOST_MISSING) * len(long)
