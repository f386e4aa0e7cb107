"""What goes to a terminal: no character of a stranger's may command it, hide text or forge a line."""

from __future__ import annotations

import contextlib
import os
import sys
import time
import unicodedata
from collections.abc import Callable

BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Embeddings, overrides and isolates. The marks LRM and RLM, and the joiners, are needed to read Persian: they stay."""

CLUSTER_CODE_POINTS = 16
"""What is kept of one grapheme when text is shortened: no true one is longer than a family emoji."""

PROGRESS_SECONDS = 0.1


def is_harmless(character: str) -> bool:
    """Whether a terminal merely shows it. Of the categories "C" only format characters are, less the bidi controls."""
    if character.isprintable() or character == "\n":
        return True
    category = unicodedata.category(character)
    return category == "Zs" or (category == "Cf" and character not in BIDI_CONTROLS)


def term(text: str) -> str:
    r"""Text for a terminal: what is not harmless is written as \u{1b}; newlines stay."""
    return escaped(text, lambda character: f"\\u{{{ord(character):x}}}")


def escaped(text: str, write: Callable[[str], str]) -> str:
    """The text with every character that is not harmless written by `write`."""
    if text.isprintable():
        return text
    return "".join(each if is_harmless(each) else write(each) for each in text)


def one_line(text: str) -> str:
    """The same on one line: runs of white space are one space."""
    return term(" ".join(text.split()))


def exact_line(text: str) -> str:
    r"""The same on one line, for names and messages: a newline is written as \u{a}, nothing is joined."""
    return term(text).replace("\n", "\\u{a}")


def shorten(text: str, cells: int) -> str:
    """At most so many cells of the screen, cut between graphemes; what is cut off ends in "…"."""
    from rich.cells import split_graphemes

    spans, width = split_graphemes(text)
    room = cells if width <= cells else cells - 1
    kept: list[str] = []
    for start, end, taken in spans:
        if taken > room:
            break
        room -= taken
        kept.append(text[start : min(end, start + CLUSTER_CODE_POINTS)])
    return "".join(kept) + ("…" if width > cells else "")


def clip(text: str, graphemes: int) -> str:
    """At most so many graphemes; what is cut off ends in "…"."""
    from rich.cells import split_graphemes

    spans, _ = split_graphemes(text)
    kept = "".join(text[start : min(end, start + CLUSTER_CODE_POINTS)] for start, end, _ in spans[:graphemes])
    return kept + ("…" if len(spans) > graphemes else "")


def say(message: str) -> None:
    """One line of chatter on standard error."""
    sys.stderr.write(exact_line(message) + "\n")


def complain(message: str) -> None:
    """One line on standard error that says what is wrong."""
    say(f"archiver: {message}")


def prepare_streams() -> None:
    """UTF-8 into pipes and files whatever the locale; a terminal keeps its encoding. Nothing fails to be written."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            encoding = stream.encoding if stream.isatty() else "utf-8"
            reconfigure(encoding=encoding, errors="backslashreplace")


def silence_stdout() -> None:
    """Nobody reads standard output any more, or it is full: what is still buffered goes nowhere, in silence."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


class Progress:
    """How far a long work is, on one line of standard error that is written over; silent where that is no terminal."""

    def __init__(self, noun: str = "articles") -> None:
        self._noun = noun
        self._is_shown = sys.stderr.isatty()
        self._next = 0.0

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._is_shown and self._next:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def __call__(self, met: int, location: str) -> None:
        if not self._is_shown or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + PROGRESS_SECONDS
        place = shorten(exact_line(location), 60)
        sys.stderr.write(f"\r\x1b[K{met} {self._noun}  {place}")
        sys.stderr.flush()

    def so_far(self, met: int, total: int) -> None:
        """The same where the whole is known."""
        self(met, f"of {total}")
