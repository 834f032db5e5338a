"""Which of many numbered things have a name, and which have all of several: found without looking at each of them."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

FEW = 16
"""So many are looked at one by one; of more the bits are compared, all at once."""
NOBODY: tuple[int, ...] = ()


class Numbers:
    """For each name the numbers of what has it; where they are many, also as the bits of one integer."""

    def __init__(self) -> None:
        self._lists: defaultdict[Hashable, list[int]] = defaultdict(list)
        self._bits: dict[Hashable, int] = {}

    def add(self, name: Hashable, number: int) -> None:
        """Give a number a name; numbers come in ascending order, and all before the first question."""
        self._lists[name].append(number)

    def of(self, name: Hashable) -> Sequence[int]:
        """All that had the name from the start."""
        return self._lists.get(name, NOBODY)

    def having(
        self, names: Iterable[Hashable], wanted: Callable[[], int], *, last_first: bool = False
    ) -> Iterator[int]:
        """In their order those that have all of the names; some that have not, and unwanted ones, where they are few."""
        called = list(names)
        fewest = min(map(self.of, called), key=len, default=NOBODY)
        if len(fewest) <= FEW:
            yield from reversed(fewest) if last_first else fewest
            return
        bits = wanted()
        for name in called:
            bits &= self._bits_of(name)
        while bits:
            number = (bits if last_first else bits & -bits).bit_length() - 1
            yield number
            bits ^= 1 << number

    def drop(self, name: Hashable, number: int) -> None:
        """Take the name from a number, so that it is not met in vain again."""
        if self._bits.get(name, 0) >> number & 1:
            self._bits[name] ^= 1 << number

    def _bits_of(self, name: Hashable) -> int:
        if name not in self._bits:
            self._bits[name] = bits_of(self._lists[name])
        return self._bits[name]


class Amounts:
    """Which of the numbered have at least some amount; asked for smaller and smaller ones that costs little."""

    def __init__(self, amounts: Sequence[int | None]) -> None:
        self._largest_first = sorted(((amount, number) for number, amount in enumerate(amounts) if amount is not None))
        self._largest_first.reverse()
        self.any = bits_of([number for _, number in self._largest_first])
        """Those that have an amount at all."""
        self._met = self._bits = 0
        self._last: int | None = None

    def at_least(self, amount: int | None) -> int:
        """The bits of those that are as large; everything is as large as nothing."""
        if amount is None:
            return -1
        if self._last is not None and amount > self._last:
            self._met = self._bits = 0
        self._last = amount
        fresh: list[int] = []
        while self._met < len(self._largest_first) and self._largest_first[self._met][0] >= amount:
            fresh.append(self._largest_first[self._met][1])
            self._met += 1
        self._bits |= bits_of(fresh)
        return self._bits


def bits_of(numbers: Sequence[int]) -> int:
    """An integer with these bits."""
    if len(numbers) <= 1:
        return 1 << numbers[0] if numbers else 0
    held = bytearray(max(numbers) // 8 + 1)
    for number in numbers:
        held[number // 8] |= 1 << number % 8
    return int.from_bytes(held, "little")
