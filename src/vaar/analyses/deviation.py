"""Where a measure departs from the paper that it is after, for its report and its documentation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from vaar.tables.table import Table, tabulate, text


@dataclass(frozen=True)
class Deviation:
    """One departure.

    Attributes
    ----------
    here, there : str
        What is done in this package, and in the paper.
    """

    here: str
    there: str
    reason: str


def deviations_table(paper: str, deviations: Sequence[Deviation]) -> Table:
    """The departures as a table of the report.

    Parameters
    ----------
    paper : str
        Authors, year and where it is.
    """
    columns = [text(name, name) for name in ("here", "there", "reason")]
    return tabulate(f"What differs from {paper}", columns, map(asdict, deviations))
