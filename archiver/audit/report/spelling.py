"""What came from outside, as a reader may see it: nothing hidden, nothing that looks like something else.

Handles whose letters are of several scripts are named, hosts in other scripts stand beside their ASCII form, and
characters that a reader cannot see are written out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import idna

from archiver import urls

_TELLING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Controls, half surrogates and what is no character: no HTML may hold them."""
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]")
_OVERRIDING = re.compile("[\u00ad\u180e\u200b\u2028-\u202e\u2060-\u206f\ufeff]")
"""Of those, what no name needs: the joiners and marks of Persian, Indic scripts and emoji stay."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_NO_LANGUAGE = frozenset({"und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"})
"""X's own codes for posts without words are among them."""
_TOGETHER = (
    frozenset({"HAN", "HIRAGANA", "KATAKANA"}),
    frozenset({"HAN", "HANGUL"}),
    frozenset({"HAN", "BOPOMOFO"}),
)
"""Scripts that are written together every day."""
_NAMED = {"CJK": "HAN", "IDEOGRAPHIC": "HAN"}
LONGEST_HOST = 253


@dataclass(frozen=True, slots=True)
class Address:
    """An address as it is printed."""

    text: str
    href: str | None
    """Where a click leads: the address itself, for https with an honest host only; None for text."""
    host: str | None
    """Where the host is written in another script than ASCII: both forms, side by side; else None."""


def storable(text: str) -> str:
    """The text with what no HTML may hold written out: "\\x00" as "\\u0000"."""
    return _TELLING.sub(_written, text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """A name or a title: one line, in which nothing overrides the direction of other words."""
    return _OVERRIDING.sub(_written, storable(text).replace("\n", " ").replace("\t", " "))


def exact_line(text: str) -> str:
    """A handle or an address: every character that cannot be seen, or that turns others round, is written out."""
    return _UNSEEN.sub(_written, _TELLING.sub(_written, text).replace("\n", "\\n").replace("\t", "\\t"))


def turns(text: str) -> bool:
    """Whether characters in the text turn the direction of others."""
    return _TURNING.search(text) is not None


def language(code: str | None) -> str | None:
    """A language for `lang`; None where none is told."""
    known = code is not None and _LANGUAGE.fullmatch(code) and code.lower() not in _NO_LANGUAGE
    return code if known else None


def address(given: str) -> Address:
    """How an address is shown, and whether it may be followed."""
    name = urls.host(given)
    plain = given.isprintable() and not set(given) & set(" \\\"'<>`")
    href = given if name is not None and plain and given.startswith("https://") else None
    return Address(exact_line(given), href, two_forms(name) if name else None)


def two_forms(name: str) -> str | None:
    """ "ASCII form, which reads: other script" of a host; None where they are one."""
    lower = name.lower()
    if len(lower) > LONGEST_HOST or not any(label.startswith("xn--") for label in lower.split(".")):
        return None
    try:
        shown = idna.decode(lower)
    except (idna.IDNAError, UnicodeError):
        return f"{exact_line(lower)}, which cannot be read"
    return f"{lower}, which reads {exact_line(shown)}"


def doubt_of_handle(handle: str) -> str | None:
    """Why a handle may not be what it seems; None where nothing strikes."""
    if forms := two_forms(handle.rpartition("@")[2]):
        return forms
    scripts = _scripts(handle)
    if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
        return f"letters of several scripts: {', '.join(sorted(each.capitalize() for each in scripts))}"
    hidden = _UNSEEN.search(handle)
    return "holds characters that cannot be seen" if hidden else None


def _scripts(text: str) -> set[str]:
    found = set()
    for letter in text:
        if unicodedata.category(letter).startswith("L"):
            first = unicodedata.name(letter, "UNNAMED").partition(" ")[0].partition("-")[0]
            found.add(_NAMED.get(first, first))
    # Full-width and mathematical letters are Latin to the eye, and are not.
    return found


def _written(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
