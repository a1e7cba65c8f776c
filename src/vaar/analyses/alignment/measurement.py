"""Which measurement model the paths are read from, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

import vaar.sem as sem
from vaar.analyses.alignment.items import indicators
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.errors import NoGroupError
from vaar.sem.model.parameters import specify

LADDER = ("configural", "metric", "scalar")
_NO_LADDER = pd.DataFrame(
    columns=[
        *("level", "chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr", "aic", "bic"),
        *("delta_chisq", "delta_df", "delta_pvalue", "delta_cfi", "delta_rmsea", "delta_srmr"),
        *("tenable", "outcome", "variant", "chosen"),
    ]
)


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
    fit : sem.Fit or None
        The fit at that level; None where no group can carry the model.
    dropped : mapping of str to str
        Groups that were not fitted, and why.
    screening : DataFrame
        As :attr:`vaar.sem.Fit.screening`.
    equal : str
        The level that must be tenable for sizes of paths to be compared between groups.
    """

    ladder: pd.DataFrame
    level: str
    why: str
    fit: sem.Fit | None
    dropped: Mapping[str, str]
    screening: pd.DataFrame
    equal: str = "metric"

    @property
    def comparable(self) -> bool:
        """Whether equal loadings (of ordinal items: and thresholds) are tenable, so that sizes of
        paths may be compared."""
        rows = self.ladder.set_index("level")["tenable"]
        return self.equal in rows and bool(rows[self.equal])


def measure(
    scores: pd.DataFrame,
    model: str,
    options: AlignmentOptions,
    levels: Sequence[str] = LADDER,
) -> Measurement:
    """Climb the invariance ladder and choose the level that the paths are read from.

    Loadings must be equal for paths to be compared between groups; equal intercepts add nothing to
    that, so the ladder's scalar step is shown but the paths are read from ``metric`` at most. Of
    ordinal items thresholds must be equal too, without which their scale is a convention (Wu &
    Estabrook 2016): there the paths are read from ``scalar``.

    Parameters
    ----------
    levels : sequence of str
        Steps of the ladder that are fitted: see :func:`levels_needed`.
    """
    equal = _equal(options)
    latents = specify(model).latents  # scale means of the same names stand beside their items
    try:
        ladder = sem.invariance(
            model,
            scores.drop(columns=[name for name in latents if name in scores]),
            group="group",
            levels=levels,
            std_lv=True,
            **estimation(model, options),
        )
    except NoGroupError as error:
        why = "No group can carry the model, so there are no paths to read."
        return Measurement(_NO_LADDER, "none", why, None, error.dropped, error.screening, equal)
    table = ladder.table.copy()
    level, why = _choose(table, options.level, equal)
    table["chosen"] = table["level"] == level
    fit = ladder.fits.get(level, ladder.fits[levels[0]])  # in one group all are the same model
    return Measurement(table, level, why, fit, fit.dropped, fit.screening, equal)


def levels_needed(options: AlignmentOptions, n_groups: int) -> tuple[str, ...]:
    """Steps of the ladder without which the paths cannot be read.

    In one group nothing can be equal, and all levels are the same model.
    """
    if n_groups == 1 or options.level != "auto":
        return (_equal(options) if options.level == "auto" else options.level,)
    return LADDER[: LADDER.index(_equal(options)) + 1]


def _equal(options: AlignmentOptions) -> str:
    """The level that must be tenable for sizes of paths to be compared between groups."""
    return "scalar" if options.estimator == "WLSMV" else "metric"


def estimation(model: str, options: AlignmentOptions) -> dict[str, Any]:
    """Estimator, treatment of missing answers and ordinal items, as :func:`vaar.sem.fit` takes."""
    if options.estimator != "WLSMV":
        return {"estimator": options.estimator, "missing": options.missing}
    pairwise = "pairwise" if options.missing == "fiml" else options.missing
    return {"estimator": "WLSMV", "missing": pairwise, "ordered": indicators(model)}


def nothing_measured() -> Measurement:
    """What is there where every group was left out before the fit."""
    why = "Every group was left out before the fit, so there are no paths to read."
    nothing = pd.DataFrame(columns=["group", "item", "finding", "action", "detail"])
    return Measurement(_NO_LADDER, "none", why, None, {}, nothing)


def _choose(table: pd.DataFrame, asked: str, equal: str) -> tuple[str, str]:
    rows = table.set_index("level")
    if asked != "auto":
        return asked, f"The {asked} model was asked for."
    what = "Equal loadings" if equal == "metric" else "Equal loadings and thresholds"
    metric = rows.loc[equal]
    change = f"ΔCFI {metric['delta_cfi']:+.3f}, ΔRMSEA {metric['delta_rmsea']:+.3f}"
    if metric["tenable"]:
        return equal, (
            f"{what} are tenable ({change}; bounds −.010 and +.015, Chen 2007), so the "
            f"paths are read from the {equal} model and can be compared between groups."
        )
    return "configural", (
        f"{what} are not tenable ({change}; bounds −.010 and +.015, Chen 2007), so the "
        "paths are read from the configural model: their directions hold within each group, but "
        "their sizes should not be compared between groups."
    )
