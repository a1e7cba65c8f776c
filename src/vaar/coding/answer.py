"""The coded reply: a value on the scale, or a named reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why an item has no value.

    Members are strings, so that they can be stored and compared as such.
    """

    REFUSED = "refused"
    UNPARSEABLE = "unparseable"
    OUT_OF_RANGE = "out_of_range"
    TRUNCATED = "truncated"
    PROVIDER_ERROR = "provider_error"
    WITHHELD = "withheld"  # it repeated a key, and is not what was said any more
    NOT_ASKED = "not_asked"
    NOT_CODED = "not_coded"  # answered in words, which are kept as they are


@dataclass(frozen=True, slots=True)
class Answer:
    """The coded reply to one item. Exactly one of the two fields is set.

    Attributes
    ----------
    value : int or None
        A number of the response scale.
    reason : Reason or None
        Why there is no value.
    """

    value: int | None = None
    reason: Reason | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError(
                f"an Answer has a value or a reason, got value={self.value!r} and "
                f"reason={self.reason!r}; give exactly one"
            )
