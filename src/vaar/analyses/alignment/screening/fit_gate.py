"""Whether the model describes a group's answers at all: fitted to each group alone.

The bounds are set to leave correct models alone in 19 of 20 cases at 100 sessions and loadings of
.5; how often they really do has not been simulated yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

import vaar.sem as sem
from vaar.analyses.alignment import notes
from vaar.analyses.alignment.screening.each_group import Members, of_each_group
from vaar.analyses.notes import Note
from vaar.errors import DataError

LEAST_CFI = 0.90
EXACT_FIT_LEVEL = 0.01
MOST_RMSEA = 0.08
"""Flagged where even the lower end of the 90 % interval is above."""

FEWEST_DF = 5
STARTS = 4


@dataclass(frozen=True)
class GroupFit:
    """How the model fits one group alone.

    Attributes
    ----------
    cfi, rmsea, rmsea_lower : float
        Robust variants where the estimator has them.
    pvalue : float
        Of the test of exact fit, scaled where the estimator has that.
    largest_loading : float
        Largest absolute standardised loading.
    starts_disagree : bool
        Whether a search from another start ended at another minimum.
    """

    cfi: float
    rmsea: float
    rmsea_lower: float
    pvalue: float
    df: int
    largest_loading: float
    starts_disagree: bool

    @property
    def judged(self) -> bool:
        """Whether the model has degrees of freedom enough to fail."""
        return self.df >= FEWEST_DF

    @property
    def flaws(self) -> tuple[str, ...]:
        """Why it is flagged, in words; none where it is not."""
        found = []
        if self.judged and self.cfi < LEAST_CFI and self.pvalue < EXACT_FIT_LEVEL:
            found.append(f"CFI {self.cfi:.2f}, below {LEAST_CFI:.2f}, and exact fit rejected")
        if self.judged and self.rmsea_lower > MOST_RMSEA:
            found.append(f"RMSEA {self.rmsea:.2f}, its 90 % interval above {MOST_RMSEA:.2f}")
        if self.largest_loading > 1:
            found.append(f"a standardised loading of {self.largest_loading:.2f}, above 1")
        if self.starts_disagree:
            found.append("searches from several starts end at different solutions")
        return tuple(found)


def group_fits(
    scores: pd.DataFrame,
    model: str,
    groups: Sequence[str],
    map_chunks: sem.MapChunks | None = None,
    **estimation: Any,
) -> dict[str, GroupFit]:
    """Fit the model to each of these groups alone; one that cannot be fitted so is left out.

    Parameters
    ----------
    map_chunks : callable, optional
        Fits groups elsewhere; see :func:`vaar.sem.bootstrap`.
    **estimation
        Estimator and the like, as :func:`vaar.sem.fit` takes them.
    """
    return of_each_group(_Alone(model, estimation), scores, groups, map_chunks)


@dataclass(frozen=True)
class _Alone:
    """How a model fits each of some groups alone, where it can be fitted."""

    model: str
    estimation: Mapping[str, Any]

    def __call__(self, members: Members) -> dict[str, GroupFit]:
        found = {}
        for group, rows in members:
            try:
                fit = sem.fit(self.model, rows, std_lv=True, starts=STARTS, **self.estimation)
            except DataError:
                continue
            found[group] = _read(fit)
        return found


def notes_of_fits(fits: Mapping[str, GroupFit]) -> dict[str, list[Note]]:
    """What must be said of groups, by how the model fits them alone."""
    said = {}
    for group, own in fits.items():
        told = [notes.poor_fit(own.flaws)] if own.flaws else []
        if not own.judged:
            told.append(notes.fit_not_judged(own.df))
        if told:
            said[group] = told
    return said


def _read(fit: sem.Fit) -> GroupFit:
    measures, params = fit.measures, fit.params

    def best(name: str, *variants: str) -> float:
        known = (measures.get(f"{name}_{variant}", np.nan) for variant in variants)
        return float(next((v for v in known if np.isfinite(v)), measures.get(name, np.nan)))

    loadings = params.loc[params["op"] == "=~", "std_all"].abs()
    above = fit.searches["chisq_above"]
    return GroupFit(
        cfi=best("cfi", "robust", "scaled"),
        rmsea=best("rmsea", "robust", "scaled"),
        rmsea_lower=best("rmsea_ci_lower", "robust", "scaled"),
        pvalue=best("pvalue", "scaled"),
        df=int(measures.get("df", 0)),
        largest_loading=float(loadings.max()) if len(loadings) else 0.0,
        starts_disagree=bool((above > _SAME_CHISQ).any()),
    )


_SAME_CHISQ = 0.1
"""Minima whose χ² differ by less are one."""
