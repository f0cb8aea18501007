"""Integers as bits, written and read back one after the other.

Contents
--------
BitWriter           appends integers; counts bits by part
BitReader           reads them back; refuses what no writer wrote

Notation
--------
*Fixed*: w binary digits of 0 <= x < 2^w, with w known to both sides. *Self-delimiting*:
the code gamma of Elias for x + 1, 2 floor(log2(x + 1)) + 1 bits; negative integers are
folded to 0, -1, 1, -2, 2, ... first. *Block*: the smallest entry and a width w, both
self-delimiting, then each entry minus the smallest in w bits.

References
----------
[Elias1975]_
"""

from collections.abc import Iterable, Sequence
from typing import final

from exact_wlra.errors import MalformedMessageError

# No integer of a message is wider: what says so was damaged.
_WIDEST = 1 << 20


@final
class BitWriter:
    """Appends integers and counts the bits of each part.

    Examples
    --------
    >>> writer = BitWriter()
    >>> writer.fixed(5, 3, part="indices")
    >>> writer.natural(0, part="header")
    >>> writer.payload().hex(), writer.parts
    ('b0', {'indices': 3, 'header': 1})
    """

    def __init__(self) -> None:
        self._digits: list[str] = []
        self.parts: dict[str, int] = {}

    def fixed(self, value: int, width: int, *, part: str) -> None:
        """Append 0 <= value < 2^width in `width` bits."""
        if not 0 <= value < 1 << width:
            raise ValueError(f"{value} does not fit {width} bits.")
        self._append(format(value, f"0{width}b") if width else "", part)

    def natural(self, value: int, *, part: str) -> None:
        """Append value >= 0, self-delimiting."""
        digits = format(value + 1, "b")
        self._append("0" * (len(digits) - 1) + digits, part)

    def integer(self, value: int, *, part: str) -> None:
        """Append an integer of either sign, self-delimiting."""
        self.natural(2 * value if value >= 0 else -2 * value - 1, part=part)

    def block(self, values: Sequence[int], *, part: str) -> None:
        """Append integers that share one width; their number is known to the reader."""
        low = min(values, default=0)
        width = max((value - low for value in values), default=0).bit_length()
        self.integer(low, part=part)
        self.natural(width, part=part)
        for value in values:
            self.fixed(value - low, width, part=part)

    def payload(self) -> bytes:
        """Return the bits as bytes, filled up with zeros."""
        digits = "".join(self._digits)
        n_bytes = -(-len(digits) // 8)
        return int(digits.ljust(8 * n_bytes, "0") or "0", 2).to_bytes(n_bytes, "big")

    def _append(self, digits: str, part: str) -> None:
        self._digits.append(digits)
        self.parts[part] = self.parts.get(part, 0) + len(digits)


@final
class BitReader:
    """Reads what a `BitWriter` wrote, in the same order.

    Examples
    --------
    >>> reader = BitReader(bytes.fromhex("b0"))
    >>> reader.fixed(3), reader.natural()
    (5, 0)
    >>> reader.finish()
    """

    def __init__(self, payload: bytes) -> None:
        n_bits = 8 * len(payload)
        self._digits = (
            format(int.from_bytes(payload, "big"), f"0{n_bits}b") if n_bits else ""
        )
        self._at = 0

    def fixed(self, width: int) -> int:
        """Return the next `width` bits as an integer."""
        end = self._at + width
        if end > len(self._digits):
            raise MalformedMessageError(
                f"the message ends after bit {len(self._digits)}, where "
                f"{end - len(self._digits)} more are needed; send it again."
            )
        digits = self._digits[self._at : end]
        self._at = end
        return int(digits or "0", 2)

    def natural(self) -> int:
        """Return the next self-delimiting integer >= 0."""
        first = self._digits.find("1", self._at)
        n_zeros = first - self._at
        if first < 0 or n_zeros > _WIDEST:
            raise MalformedMessageError(
                f"the integer at bit {self._at + 1} of the message has no end; "
                "send it again."
            )
        self._at = first
        return self.fixed(n_zeros + 1) - 1

    def integer(self) -> int:
        """Return the next self-delimiting integer of either sign."""
        folded = self.natural()
        return -(folded + 1) // 2 if folded % 2 else folded // 2

    def block(self, count: int) -> list[int]:
        """Return the next `count` integers that share one width."""
        low, width = self.integer(), self.natural()
        if width > _WIDEST:
            raise MalformedMessageError(
                f"the message announces integers of {width} bits; send it again."
            )
        return [low + self.fixed(width) for _ in range(count)]

    def ascending(self, count: int, width: int, below: int) -> list[int]:
        """Return `count` ascending indices below `below`, of `width` bits each."""
        found = [self.fixed(width) for _ in range(count)]
        if any(a >= b for a, b in zip(found, [*found[1:], below], strict=True)):
            raise MalformedMessageError(
                f"indices before bit {self._at + 1} of the message do not ascend "
                f"below {below}; send it again."
            )
        return found

    def is_at_end(self) -> bool:
        """Tell whether only zeros that fill a byte can be left."""
        rest = self._digits[self._at :]
        return len(rest) < 8 and "1" not in rest

    def finish(self) -> None:
        """Refuse the message if anything is left but the zeros that fill a byte."""
        if not self.is_at_end():
            raise MalformedMessageError(
                f"the message has {len(self._digits) - self._at} bits after its end; "
                "send it again."
            )


def index_width(count: int) -> int:
    """Return the bits of an index below `count`: ceil(log2 count).

    Examples
    --------
    >>> index_width(8), index_width(9), index_width(1)
    (3, 4, 0)
    """
    return max(count - 1, 0).bit_length()


def flat(rows: Iterable[Iterable[int]]) -> list[int]:
    """Return the entries row by row as Python integers."""
    return [int(x) for row in rows for x in row]
