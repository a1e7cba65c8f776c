"""Rows some of whose variables are ordinal."""

from __future__ import annotations

from dataclasses import dataclass

from vaar.sem.arrays import Floats, Ints
from vaar.sem.data.ordinal.sample import Missing, OrdinalSample, ordinal
from vaar.sem.data.screening import Screened
from vaar.sem.data.source import Source


@dataclass(frozen=True)
class OrdinalRows:
    """Rows, and what makes an ordinal sample of them.

    Attributes
    ----------
    categories : tuple of arrays
        The used categories of each variable in all groups; empty for a continuous one.
    pairwise : bool
        Whether each statistic is taken from all rows that have its answers.
    """

    rows: Source
    categories: tuple[Floats, ...]
    pairwise: bool

    def sample(self, screened: Screened) -> tuple[OrdinalSample, Ints]:
        """The kept groups, and where each row stood among the analysed ones."""
        sample, order = self.rows.sample(screened)
        missing: Missing = "pairwise" if self.pairwise else "listwise"
        return ordinal(sample, self.categories, missing), order
