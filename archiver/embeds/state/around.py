"""What an object of a program stands in: `{related: [{type: "tweet", …}]}` is of another article."""

from __future__ import annotations

import re
from functools import lru_cache

_ELSEWHERE = re.compile(
    r"related|recommend|trending|popular|most_?read|latest|similar|suggest|recirc|onward|breaking_?news|editors?_?picks?"
    r"|read_?(?:next|more|also)|(?:also|up)_?(?:read|next)|you_?m(?:ay|ight)|more_?(?:from|like_?this|in_?section)"
    r"|(?:more|recent|other|all)_?(?:post|stor(?:y|ies)|article|new)s?|(?:top|featured)_?(?:posts|stories|articles|news)"
    r"|story_?package"
    r"|(?:next|prev(?:ious)?)_?(?:article|story|post)|teasers?$|sidebar|right_?rail|footer|comments$|replies$"
    r"|^share(?!d)|social_?(?:links|feeds?|walls?|streams?)|(?:instagram|tiktok|facebook)_?(?:feed|wall|gallery)|socials$|accounts?$|profiles?$|networks$|providers$|oauth|apps$|pixels?$|^analytics|^tracking"
    r"|^more_?videos$|^seo$|^schema(?:s|_?org|_?markup)?$|^menu|menus?$|^nav|^tags$|^topics$|^authors?$",
    re.IGNORECASE,
)
"""Keys under which a page's state carries other articles, what readers say, and accounts and buttons."""
_THINGS = r"(?:_?(?:media|network|icon|link|button|item|info|us|me)s?)?s?"
_MAY_BE_ACCOUNTS = re.compile(rf"social{_THINGS}|socials|(?:social_?)?(?:links|icons)", re.IGNORECASE)
"""Keys of lists that may name accounts: `{"links": [{"type": "telegram", "url": …}]}`."""
_OF_ACCOUNTS = re.compile(
    rf"(?:contact|messenger|share|follow){_THINGS}|(?:social_?)?buttons|same_?as|subscribe|subscriptions", re.IGNORECASE
)
"""Keys of lists that name nothing else."""
_NESTS = re.compile(
    rb"(?:[^{}\[\]\"']++|\"(?:[^\"\\\n]++|\\.)*+\"?|'(?:[^'\\\n]++|\\.)*+'?)*+([{}\[\]]?)",
    re.DOTALL,
)
"""To the next bracket outside of strings. It matches wherever it begins, or time would grow with the square."""
_NAME = re.compile(rb"([\w$-]{1,60})[\"']?\s{0,9}:\s{0,9}$")
_MOST_AROUND = 50
"""Objects around one, the nearest ones, whose names count."""


@lru_cache(maxsize=4096)
def is_elsewhere(key: str) -> bool:
    """Whether what is called so is of other articles, or of what readers say."""
    return len(key) < 60 and _ELSEWHERE.search(key.replace("-", "_")) is not None


@lru_cache(maxsize=4096)
def may_be_accounts(key: str) -> bool:
    """Whether a list that is called so may be one of accounts, or of buttons that lead to them."""
    return len(key) < 60 and (is_of_accounts(key) or _MAY_BE_ACCOUNTS.fullmatch(key.replace("-", "_")) is not None)


def is_of_accounts(key: str) -> bool:
    """Whether it can be nothing else."""
    return _OF_ACCOUNTS.fullmatch(key.replace("-", "_")) is not None


class Around:
    """The names that what begins at a place of a program stands under. Asked for places in order."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._at = 0
        self._open: list[int] = []
        """Where the objects and lists begin that are open, the outermost first."""

    def names(self, begin: int) -> list[str]:
        """Those of an object or list, where strings are whole, the nearest _MOST_AROUND and its own."""
        for nested in _NESTS.finditer(self._source, self._at, begin + 1):
            if nested[1] in (b"{", b"["):
                self._open.append(nested.start(1))
            elif nested[1]:
                del self._open[-1:]
        self._at = begin + 1
        named = (_NAME.search(self._source, max(at - 80, 0), at) for at in self._open[-_MOST_AROUND:])
        return [name[1].decode() for name in named if name]
