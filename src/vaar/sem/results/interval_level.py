"""The level of intervals: one check for all that have one."""

from __future__ import annotations

from numbers import Real

from vaar.errors import DataError


def checked_level(level: object) -> float:
    """The level as a number.

    Raises
    ------
    DataError
        It is no number above 0 and below 1.
    """
    if isinstance(level, Real) and not isinstance(level, bool) and 0 < float(level) < 1:
        return float(level)
    raise DataError(f"level got {level!r}; it is a number above 0 and below 1, as 0.95: give one")
