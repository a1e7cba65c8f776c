"""Words and one number that every layer shares, each defined here alone."""

from __future__ import annotations

from enum import StrEnum

HUMAN = "human"
"""The group of people whose answers are the reference; no model may be called so."""

KEY_MARK = "[key]"
"""What stands in a stored text for a key that a server repeated."""

Z_95 = 1.959963984540054
"""The 97.5 % quantile of the normal distribution: half-width of a 95 % interval in standard
errors."""


class Estimability(StrEnum):
    """Whether a result has a number: the values of every column ``status``."""

    ESTIMATED = "estimated"
    PARTLY_ESTIMABLE = "partly_estimable"
    NOT_ESTIMABLE = "not_estimable"
