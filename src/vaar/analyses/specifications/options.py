"""Choices of the analysis of specifications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from vaar.analyses.options import Options, option
from vaar.analyses.specifications.declared import DEFAULT, Specification, declared


@dataclass(frozen=True)
class SpecificationsOptions(Options):
    """Choices of the analysis of specifications.

    Attributes
    ----------
    declared : tuple of str
        The list, at most 24 lines: see :mod:`vaar.analyses.specifications.declared`.
    replicates : int
        Bootstrap replicates of every specification on parcels or composites; 0: VAAR at the
        estimates alone, without an interval.
    item_replicates : int
        The same on items, where each replicate takes seconds.

    Raises
    ------
    OptionError
        A line cannot be read, or there are too many.
    """

    declared: tuple[str, ...] = option(
        DEFAULT, "The declared specifications, at most 24, each as KEY=VALUE with spaces between."
    )
    replicates: Annotated[int, Field(ge=0)] = option(
        200, "Bootstrap replicates of each specification on parcels or composites."
    )
    item_replicates: Annotated[int, Field(ge=0)] = option(
        0, "Bootstrap replicates of each specification on items; 0: no interval of VAAR."
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "declared", tuple(one.line for one in declared(self.declared)))

    @property
    def specifications(self) -> tuple[Specification, ...]:
        """The list, read."""
        return declared(self.declared)
