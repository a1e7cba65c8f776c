"""What digits and number words stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import inf

from vaar.coding.words import words_of

_COUNTING = words_of(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = words_of("twenty thirty forty fifty sixty seventy eighty ninety")

UNITS = {word: number for number, word in enumerate(_COUNTING)}
TENS = {word: 10 * number for number, word in enumerate(_TENS, start=2)}
NUMBER_WORDS = (
    UNITS
    | TENS
    | {
        f"{tens}-{unit}": ten + UNITS[unit]
        for tens, ten in TENS.items()
        for unit in _COUNTING[1:10]
    }
    | {"one-hundred": 100}
)
SIGN_WORDS = {"minus": -1, "negative": -1, "plus": 1, "positive": 1}
PER_CENT = frozenset({"%", "percent", "pct"})

_PLAIN = re.compile(r"[-+~≈]?\d{1,15}(?:\.\d{1,15})?")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:,\d{3})+")
_SHARE = re.compile(r"([-+]?\d{1,15}(?:\.\d{1,9})?)/(\d{1,15}(?:\.0{1,9})?)")
_PERCENTAGE = re.compile(r"(\d{1,15}(?:\.\d{1,15})?)%")
_OTHER_SCALE = re.compile(r"-?[\d.]+%|\.\d+|\d+")


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers of a response scale, from its first to its last."""

    first: int
    last: int

    @property
    def is_percentage(self) -> bool:
        """Whether "75 %" is a point of it."""
        return (self.first, self.last) == (0, 100)

    def holds(self, value: float) -> bool:
        """Whether a number is a point of it."""
        return self.first <= value <= self.last and value == int(value)

    def goes_on_from(self, value: float) -> bool:
        """Whether a longer number of it begins with the digits and sign of a whole number."""
        bound = self.last if value > 0 else -self.first
        return value != 0 and abs(value) * 10 <= bound


def number_of(text: str, span: Span) -> float | None:
    """The number that digits state.

    Returns
    -------
    float or None
        Infinite where they state a number of another scale ("80%", "8/10"); ``None`` where they
        state none ("4th", "3,4").
    """
    if _PLAIN.fullmatch(text):
        return float(text.lstrip("~≈"))
    if share := _SHARE.fullmatch(text):
        return float(share[1]) if float(share[2]) == span.last else inf
    if span.is_percentage and (percentage := _PERCENTAGE.fullmatch(text)):
        return float(percentage[1])
    if span.last >= 1000 and _THOUSANDS.fullmatch(text):
        return float(text.replace(",", ""))
    return inf if _OTHER_SCALE.fullmatch(text) else None
