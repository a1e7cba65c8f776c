"""Which measurement model the paths are read from, and why."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

import vaar.sem as sem
from vaar.alignment.options import AnalysisOptions

LADDER = ("configural", "metric", "scalar")


@dataclass(frozen=True)
class Measurement:
    """The fit that the paths are read from.

    Attributes
    ----------
    ladder : DataFrame
        The invariance ladder, one row a level, with a column ``chosen``.
    level : str
        The chosen level.
    why : str
        The reason, as a sentence.
    fit : sem.Fit
        The fit at that level.
    """

    ladder: pd.DataFrame
    level: str
    why: str
    fit: sem.Fit


def measure(scores: pd.DataFrame, model: str, options: AnalysisOptions) -> Measurement:
    """Climb the invariance ladder and choose the level that the paths are read from.

    Loadings must be equal for paths to be compared between groups; equal intercepts add nothing to
    that, so the ladder's scalar step is shown but the paths are read from ``metric`` at most.
    """
    ladder = sem.invariance(
        model,
        scores,
        group="group",
        estimator=options.estimator,
        missing=options.missing,
        levels=LADDER,
        std_lv=True,
    )
    table = ladder.table.copy()
    level, why = _choose(table, options.level)
    table["chosen"] = table["level"] == level
    return Measurement(table, level, why, ladder.fits[level])


def _choose(table: pd.DataFrame, asked: str) -> tuple[str, str]:
    rows = table.set_index("level")
    if asked != "auto":
        return asked, f"The {asked} model was asked for."
    metric = rows.loc["metric"]
    change = f"ΔCFI {metric['delta_cfi']:+.3f}, ΔRMSEA {metric['delta_rmsea']:+.3f}"
    if metric["tenable"]:
        return "metric", (
            f"Equal loadings are tenable ({change}; bounds −.010 and +.015, Chen 2007), so the "
            "paths are read from the metric model and can be compared between groups."
        )
    return "configural", (
        f"Equal loadings are not tenable ({change}; bounds −.010 and +.015, Chen 2007), so the "
        "paths are read from the configural model: their directions hold within each group, but "
        "their sizes should not be compared between groups."
    )
