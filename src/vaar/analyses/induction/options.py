"""Choices of the analysis of assigned values."""

from __future__ import annotations

from dataclasses import dataclass

from vaar.analyses.options import Options, option
from vaar.errors import OptionError


@dataclass(frozen=True)
class InductionOptions(Options):
    """Choices of the analysis of assigned values.

    Attributes
    ----------
    assigned : tuple of str
        ``FACT=VALUE``: a fact with two levels that assigns more of a value by its first level, and
        the variable of the structural model that measures the value.

    Raises
    ------
    OptionError
        One is not of that form.
    """

    assigned: tuple[str, ...] = option(
        (), "Facts that assign a value, as assigned_privacy=privacy; by default none does."
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        for one in self.assigned:
            fact, equals, value = one.partition("=")
            if not (equals and fact and value):
                raise OptionError(
                    f"induction.assigned is {one!r}; allowed is FACT=VALUE, as "
                    "assigned_privacy=privacy"
                )

    @property
    def value_of(self) -> dict[str, str]:
        """The value that each fact assigns."""
        return {one.partition("=")[0]: one.partition("=")[2] for one in self.assigned}
