"""κ in force: stated, or estimated where a study varies contexts enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vaar.analyses.alignment.rate.arrays import Array, estimable
from vaar.analyses.alignment.rate.heterogeneity import (
    FEWEST_CONTEXTS,
    LEAST_KAPPA,
    estimate_heterogeneity,
)
from vaar.analyses.alignment.rate.same_sign import KAPPA
from vaar.analyses.groups import levels_of

CONTEXT_FACTORS = frozenset({"order", "items", "options", "wording"})
"""Groups split by these, or by condition, are contexts of one model; personas are not."""


@dataclass(frozen=True)
class Kappa:
    """How far a path moves from context to context, for each of G groups.

    Attributes
    ----------
    value : ndarray, shape (G,)
    lower, upper : ndarray, shape (G,)
        95 % interval of an estimate; NaN where κ is stated.
    contexts : int
        Contexts of the model that has the most.
    """

    value: Array
    lower: Array
    upper: Array
    contexts: int = 1

    @property
    def estimated(self) -> bool:
        """Whether any was estimated."""
        return bool(np.isfinite(self.lower).any())


def stated(n_groups: int, kappa: float = KAPPA) -> Kappa:
    """The same κ for every group, without an interval."""
    unknown = np.full(n_groups, np.nan)
    return Kappa(np.full(n_groups, kappa), unknown, unknown)


def kappa_of(
    groups: Sequence[str], about: pd.DataFrame, estimate: Array, se: Array, asked: float = 0.0
) -> Kappa:
    """κ of every group.

    Parameters
    ----------
    groups : sequence of str
        The G groups of the paths.
    about : DataFrame
        As :func:`vaar.analyses.groups.groups_table` lays groups out.
    estimate, se : ndarray, shape (G, K)
    asked : float
        κ > 0 to be taken as it is; 0: estimated by REML, pooled over paths and over models that
        have ten contexts or more, real and simulated ones apart; else :data:`KAPPA`.
    """
    if asked:
        return stated(len(groups), asked)
    value, lower, upper = np.full((3, len(groups)), np.nan)
    value[:] = KAPPA
    place = {group: g for g, group in enumerate(groups)}
    most = 1
    known = about[about["group"].isin(place) & ~about["people"].astype(bool)]
    known = known[known["levels"].map(lambda c: set(levels_of(c)) <= CONTEXT_FACTORS).astype(bool)]
    for _, of_kind in known.groupby(known["simulated"].astype(bool)):
        models = [
            _estimable([place[str(g)] for g in own["group"]], estimate, se)
            for _, own in of_kind.groupby("respondent", sort=False)
        ]
        most = max(most, *map(len, models))
        if enough := [rows for rows in models if len(rows) >= FEWEST_CONTEXTS]:
            columns = [(rows, k) for rows in enough for k in range(estimate.shape[1])]
            found = estimate_heterogeneity(
                [estimate[rows, k] for rows, k in columns], [se[rows, k] for rows, k in columns]
            )
            here = [place[str(group)] for group in of_kind["group"]]
            value[here] = max(found.value, LEAST_KAPPA)
            lower[here] = max(found.lower, LEAST_KAPPA)
            upper[here] = max(found.upper, LEAST_KAPPA)
    return Kappa(value, lower, upper, most)


def _estimable(rows: Sequence[int], estimate: Array, se: Array) -> list[int]:
    known = estimable(estimate, se)
    return [row for row in rows if known[row].all()]
