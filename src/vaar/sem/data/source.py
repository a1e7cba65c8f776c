"""Where the sample of a choice of groups comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from vaar.sem.arrays import Ints
from vaar.sem.data.frame import Table
from vaar.sem.data.sample import Sample, sample_of
from vaar.sem.data.sampling_design import SamplingDesign
from vaar.sem.data.screening import Screened


class Source(Protocol):
    """Data of some kind."""

    def sample(self, screened: Screened) -> tuple[Sample, Ints]:
        """The kept groups, and where each row stood among the analysed ones."""


@dataclass(frozen=True)
class Rows:
    """Rows of one level, to be cut to those that are analysed.

    Attributes
    ----------
    design : SamplingDesign
        Of the rows of the table.
    """

    table: Table
    design: SamplingDesign

    def sample(self, screened: Screened) -> tuple[Sample, Ints]:
        number = np.full(len(self.table.names), -1)
        number[list(screened.kept)] = np.arange(len(screened.kept))
        rows = slice(None) if screened.rows.all() else screened.rows
        values, group = screened.values[rows], self.table.group[rows]
        design = self.design.select(rows).scaled()
        return sample_of(values, number[group], screened.present, design)
