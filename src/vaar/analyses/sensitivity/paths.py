"""Differences of paths and of VAAR between the levels of what was varied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

import vaar.sem as sem
from vaar.analyses.alignment.measurement import estimation
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.paths import PathIndex, estimates, replicated
from vaar.analyses.alignment.rate.arrays import Array
from vaar.analyses.alignment.rate.same_sign import KAPPA, log_rate, log_same_sign
from vaar.analyses.alignment.screening.copies import FEWEST_PATTERNS
from vaar.analyses.contrasts.wald import Difference, difference
from vaar.errors import DataError
from vaar.sem.model.parameters import specify
from vaar.study.model import Study

LEVEL = "level of the factor"


@dataclass(frozen=True)
class Levels:
    """One model fitted to all levels at once.

    Attributes
    ----------
    levels : tuple of str
        Those that could be fitted.
    estimate, se : ndarray, shape (L, K)
    replicates : ndarray, shape (R, L, K)
        Bootstrap replicates; whole personas are drawn where some repeat, those of all levels
        together.
    dependent : bool
        Whether personas repeat, so that errors come from the replicates.
    """

    levels: tuple[str, ...]
    estimate: Array
    se: Array
    replicates: Array
    dependent: bool


def fit_levels(
    scores: pd.DataFrame,
    level: pd.Series,
    study: Study,
    model: str,
    options: AlignmentOptions,
    replicates: int,
    personas: pd.Series | None,
) -> Levels | str:
    """Fit the model to the sessions of every level, loadings equal; or say why it cannot be.

    Parameters
    ----------
    scores : DataFrame
        One row a session, screened, with the observed variables.
    level : Series
        Of the sessions that take part.
    personas : Series, optional
        What sessions share, by the index of the scores.
    """
    rows = scores.loc[scores.index.intersection(level.index)]
    counts = level.loc[rows.index].value_counts()
    enough = [str(one) for one in level.cat.categories if counts.get(one, 0) >= FEWEST_PATTERNS]
    if len(enough) < 2 or str(level.cat.categories[0]) not in enough:
        return (
            f"paths take {FEWEST_PATTERNS} sessions of each level; there are "
            f"{', '.join(f'{counts.get(one, 0)} of {one}' for one in level.cat.categories)}"
        )
    rows = rows[level.loc[rows.index].isin(enough)]
    observed = [name for name in specify(model).observed if name in rows]
    table = rows[observed].assign(**{LEVEL: level.loc[rows.index].astype(str)})
    table = table.reset_index(drop=True)
    try:
        fit = sem.fit(
            model,
            table,
            group=LEVEL,
            group_equal=("loadings",),
            std_lv=True,
            **estimation(model, options),
        )
    except DataError as error:
        return str(error)
    if not fit.outcome.usable:
        return str(fit.outcome)
    index = PathIndex.of(fit, study.hypotheses)
    full = estimates(fit, index)
    shared = None if personas is None else personas.loc[rows.index].to_numpy()[fit.row_index]
    dependent = shared is not None and len(set(shared)) < len(shared)
    drawn = _samples(fit, shared if dependent else None, replicates, options.seed)
    again = replicated(sem.refit(fit, drawn, with_errors=False), index)
    n = index.n_fitted
    return Levels(
        index.groups[:n],
        full.std_estimate[:n],
        full.std_se[:n],
        again[:, :n],
        dependent,
    )


def path_difference(found: Levels, level: str, reference: str) -> Difference | None:
    """Differences of all paths, (K,): level less reference; None where one was not fitted."""
    if level not in found.levels or reference not in found.levels:
        return None
    a, b = found.levels.index(level), found.levels.index(reference)
    if not found.dependent:
        return difference(found.estimate[a], found.se[a], found.estimate[b], found.se[b])
    each = found.replicates[:, a] - found.replicates[:, b]
    each = each[np.isfinite(each).all(axis=1)]
    se = each.std(axis=0, ddof=1) if len(each) > 1 else np.full(each.shape[1], np.nan)
    return difference(found.estimate[a], se, found.estimate[b], np.zeros_like(se))


def rate_difference(
    found: Levels, level: str, reference: str, study: Study, kappa: float = KAPPA
) -> Difference | None:
    """Difference of VAAR at the estimates, its error that of the replicates.

    People's signs are taken as given (q = 1), and κ is the same for both levels.
    """
    if level not in found.levels or reference not in found.levels or len(found.replicates) < 2:
        return None
    a, b = found.levels.index(level), found.levels.index(reference)
    signs = np.array([h.sign for h in study.hypotheses], float)
    weights = np.array([h.weight for h in study.hypotheses], float)

    def rate(paths: Array) -> Array:
        log_a = log_same_sign(paths, signs, np.ones_like(signs), kappa)
        return np.asarray(np.exp(log_rate(log_a, weights)))

    each = rate(found.replicates[:, a]) - rate(found.replicates[:, b])
    each = each[np.isfinite(each)]
    if len(each) < 2:
        return None
    value, other = rate(found.estimate[a]), rate(found.estimate[b])
    return difference(value, each.std(ddof=1), other, 0.0)


def _samples(
    fit: sem.Fit, shared: np.ndarray | None, replicates: int, seed: int
) -> Iterator[np.ndarray]:
    """Positions of the rows of each replicate: within levels, or whole personas over all levels."""
    rng = np.random.default_rng(seed)
    if shared is None:
        members = [np.flatnonzero(fit.row_groups == group) for group in fit.groups]
        for _ in range(replicates):
            yield np.concatenate([rng.choice(own, len(own)) for own in members])
        return
    number = pd.factorize(shared)[0]
    units = [np.flatnonzero(number == unit) for unit in range(number.max() + 1)]
    for _ in range(replicates):
        yield np.concatenate([units[k] for k in rng.integers(len(units), size=len(units))])
