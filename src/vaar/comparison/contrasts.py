"""Each model less itself: the same figure in two runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from vaar.analyses.headlines import Units
from vaar.comparison.change import Estimate, change
from vaar.comparison.families import with_holm
from vaar.comparison.figures import COLUMN
from vaar.comparison.paired import paired_change
from vaar.comparison.runs import ComparedRun
from vaar.comparison.tables import CONTRASTS

_OWN = ("measure", "facet", "respondent")
_KEPT = (*COLUMN, "title", "short", "respondent", "unit")
_KEY = ("run", "analysis", *_OWN)
NO_INTERVAL = "one of the two figures has no interval"


def contrasts_table(figures: pd.DataFrame, runs: Sequence[ComparedRun]) -> pd.DataFrame:
    """Every figure that a model has in two runs or more, each later one less the first.

    Only figures of one definition are held against each other; those with a flaw, and people's, are
    left out.

    Parameters
    ----------
    figures : DataFrame
        From :func:`vaar.comparison.figures.figures_table`, the earliest run first.
    runs : sequence of ComparedRun
        The runs behind them.

    Returns
    -------
    DataFrame
        As :data:`vaar.comparison.tables.CONTRASTS`.
    """
    known = figures[figures["flaw"].eq("") & figures["value"].notna() & ~figures["people"]]
    grouped = known.groupby([*COLUMN, "respondent", "simulated"], sort=False)
    units = _units(runs)
    rows = [row for _, own in grouped for row in _rows(own, units)]
    table = CONTRASTS.filled(rows)
    return CONTRASTS.checked(with_holm(table, "leading"))


def _units(runs: Sequence[ComparedRun]) -> dict[tuple[Any, ...], Units]:
    """What each figure is the mean of, by run, analysis, measure, facet and respondent."""
    return {
        (run.label, one.analysis, *(getattr(one.headline, name) for name in _OWN)): (
            one.headline.units
        )
        for run in runs
        for one in run.readings
    }


def _rows(own: pd.DataFrame, units: Mapping[tuple[Any, ...], Units]) -> Iterator[dict[str, Any]]:
    first, *later = own.to_dict("records")
    for record in later:
        of_both = (units[tuple(r[name] for name in _KEY)] for r in (record, first))
        paired = paired_change(*of_both)
        found = paired or change(_estimate(record), _estimate(first))
        yield {
            **{str(name): record[name] for name in _KEPT},
            "simulated": record["simulated"],
            "leading": record["leading"],
            "earlier": first["run"],
            "later": record["run"],
            "earlier_value": first["value"],
            "later_value": record["value"],
            "difference": found.value,
            "difference_lower": found.lower,
            "difference_upper": found.upper,
            "paired": paired is not None,
            "p": found.p,
            "why_not": NO_INTERVAL if np.isnan(found.p) else "",
        }


def _estimate(record: dict[Any, Any]) -> Estimate:
    return Estimate(record["value"], record["value_lower"], record["value_upper"])
