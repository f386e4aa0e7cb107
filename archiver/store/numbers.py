"""Sets of row numbers that stay small: a bit for each number, so that a set of millions takes kilobytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class Numbers:
    """A set of positive whole numbers, walked through in ascending order."""

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self._bits = bytearray()
        self._count = 0
        self.update(numbers)

    def add(self, number: int) -> bool:
        """Put a number in. True if it was not in yet."""
        place, bit = number >> 3, 1 << (number & 7)
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1 - len(self._bits) + len(self._bits) // 4))
        if self._bits[place] & bit:
            return False
        self._bits[place] |= bit
        self._count += 1
        return True

    def update(self, numbers: Iterable[int | None]) -> None:
        """Put numbers in; None is passed over."""
        for number in numbers:
            if number is not None:
                self.add(number)

    def __contains__(self, number: int) -> bool:
        place = number >> 3
        return place < len(self._bits) and bool(self._bits[place] & (1 << (number & 7)))

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[int]:
        for place, byte in enumerate(self._bits):
            if byte:
                yield from ((place << 3) + bit for bit in range(8) if byte & (1 << bit))

    def portions(self, size: int) -> Iterator[list[int]]:
        """The numbers a list at a time, ascending."""
        part: list[int] = []
        for number in self:
            part.append(number)
            if len(part) == size:
                yield part
                part = []
        if part:
            yield part
