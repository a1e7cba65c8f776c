"""Correlations of measures over models: real models by themselves, simulated ones by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from vaar.analyses.correlation import (
    corrected,
    pearson,
    reliability,
    spearman,
)
from vaar.comparison.families import with_holm
from vaar.comparison.figures import COLUMN, told_apart
from vaar.comparison.tables import CORRELATIONS

FEWEST_MODELS = 6
"""Models from which a correlation is told."""


def correlations_table(figures: pd.DataFrame) -> pd.DataFrame:
    """Every pair of leading measures, over the models that have both in their latest run.

    Parameters
    ----------
    figures : DataFrame
        From :func:`vaar.comparison.figures.figures_table`.

    Returns
    -------
    DataFrame
        As :data:`vaar.comparison.tables.CORRELATIONS`. People are in none, nor are figures with a
        flaw. Pairs with too few models have a row that says so.
    """
    rows = [
        {"simulated": simulated} | row
        for simulated in (False, True)
        for row in _pairs(figures, simulated)
    ]
    table = CORRELATIONS.filled(rows)
    return CORRELATIONS.checked(with_holm(table, "simulated"))


def _pairs(figures: pd.DataFrame, simulated: bool) -> Iterator[dict[str, Any]]:
    known = figures.assign(name=told_apart(figures))
    known = known[
        known["latest"] & known["leading"] & ~known["people"] & known["simulated"].eq(simulated)
    ]
    measures = [own for _, own in known.groupby(COLUMN, sort=False)]
    for one, other in combinations(measures, 2):
        left, right = (
            own[own["flaw"].eq("") & own["value"].notna()].set_index("respondent")
            for own in (one, other)
        )
        models = left.index.intersection(right.index, sort=False)
        yield {
            "one": one["name"].iloc[0],
            "other": other["name"].iloc[0],
            "models": len(models),
            **_correlated(left.loc[models], right.loc[models]),
        }


def _correlated(left: pd.DataFrame, right: pd.DataFrame) -> dict[str, Any]:
    if len(left) < FEWEST_MODELS:
        return {"why_not": f"fewer than {FEWEST_MODELS} models have both"}
    x, y = (own["value"].to_numpy(float) for own in (left, right))
    r, rho = pearson(x, y), spearman(x, y)
    if np.isnan(r.value):
        return {"why_not": "one of the two is the same for all models"}
    reliabilities = reliability(x, _errors(left)), reliability(y, _errors(right))
    told = {"pearson": r, "spearman": rho, "corrected": corrected(r, *reliabilities)}
    bounded = {
        name + end: value
        for name, one in told.items()
        for end, value in (("", one.value), ("_lower", one.lower), ("_upper", one.upper))
    }
    return {
        **bounded,
        "p": r.p,
        "reliability_one": reliabilities[0],
        "reliability_other": reliabilities[1],
        "why_not": "",
    }


def _errors(own: pd.DataFrame) -> np.ndarray:
    """Standard errors, from the width of the intervals."""
    width: np.ndarray = (own["value_upper"] - own["value_lower"]).to_numpy(float)
    return width / (2 * 1.959963984540054)
