"""Factor scores: each row's place on the latent variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Bools, Floats
from vaar.sem.data.ordinal.sample import OrdinalSample
from vaar.sem.model.matrices import Matrices, Structure
from vaar.sem.names import checks_names
from vaar.sem.results.fit import Fit
from vaar.sem.results.ordinal_factor_scores import ordinal_scores

if TYPE_CHECKING:
    import pandas as pd

METHODS = ("regression", "bartlett")
_EXACT = 1e-9  # share of its variance that an indicator without a residual is given one of


@checks_names
def factor_scores(fit: Fit, method: str = "regression", se: bool = False) -> pd.DataFrame:
    """Estimate the latent variables of every analysed row.

    Parameters
    ----------
    method : {'regression', 'bartlett'}
        Regression scores [1]_ have the smallest error; Bartlett's [2]_ are unbiased given the
        latent variables, and exist only for those with observed indicators. Rows with missing
        answers are scored by what they hold. For ordinal items the first are the most probable
        values of the latent variables given the answers (lavaan's EBM), with the responses taken as
        independent of each other given the latent variables; the second do not exist.

    se : bool
        Whether columns with standard errors are added, ``f_se`` for ``f``: of the latent variable
        about its regression score, or of the Bartlett score about the latent variable, the
        estimates of the fit being taken as known.

    Raises
    ------
    DataError
        An unknown method, or Bartlett scores or standard errors of a fit of ordinal items.

    Returns
    -------
    DataFrame
        A row for each analysed row, in the order and with the index of the data frame, so that the
        two can be joined; with its group and a column for each latent variable. NaN where a score
        does not exist.

    References
    ----------
    .. [1] Thurstone (1935), The Vectors of Mind.
    .. [2] Bartlett (1937), British Journal of Psychology 28, 97–104.
    """
    import pandas as pd

    if method not in METHODS:
        raise DataError(f"method got {method!r}; allowed are {', '.join(METHODS)}: choose one")
    if fit.spec.ordered and method != "regression":
        raise DataError(
            f"{method} scores are for continuous indicators, and the fit by {fit.estimator.name} "
            "has ordinal ones: use method='regression'"
        )
    if fit.spec.ordered and se:
        raise DataError(
            f"standard errors of scores are for continuous indicators, and the fit by "
            f"{fit.estimator.name} has ordinal ones: leave se out"
        )
    sample, latents = fit.rows_for("scoring"), len(fit.spec.latents)
    scores, errors = (np.full((fit.n_rows, latents), np.nan) for _ in range(2))
    for block in np.flatnonzero(np.diff(sample.edges)):
        rows = slice(sample.edges[block], sample.edges[block + 1])
        group, seen = int(sample.block_group[block]), sample.observed[block]
        if isinstance(sample, OrdinalSample):
            scores[rows] = ordinal_scores(fit, sample, int(block), rows)
            continue
        find = _regression if method == "regression" else _bartlett
        scores[rows], errors[rows] = find(fit, group, seen, sample.values[rows])
    table = pd.DataFrame(scores, columns=list(fit.spec.latents))
    if se:
        table[[f"{name}_se" for name in fit.spec.latents]] = errors
    table.insert(0, "group", fit.row_groups)
    order = np.argsort(fit.row_index)
    labels = pd.RangeIndex(fit.n_rows) if fit.row_labels is None else fit.row_labels
    return table.iloc[order].set_index(labels[fit.row_index[order]])


def _centred(fit: Fit, group: int, seen: Bools, values: Floats) -> Floats:
    if not fit.spec.mean_structure:
        return np.asarray((values - fit.sample.moments.mean[group])[:, seen])
    return np.asarray((values - fit.solution.implied.mean[group])[:, seen])


def _regression(fit: Fit, group: int, seen: Bools, values: Floats) -> tuple[Floats, Floats]:
    implied, count = fit.solution.implied, len(fit.spec.latents)
    cross = (implied.matrices.loading[group] @ implied.phi[group])[seen, :count]
    cov = implied.cov[group][np.ix_(seen, seen)]
    gain = np.linalg.solve(cov, cross)
    left = np.diagonal(implied.phi[group])[:count] - np.einsum("ij,ij->j", cross, gain)
    scores = implied.eta[group, :count] + _centred(fit, group, seen, values) @ gain
    return scores, np.sqrt(np.maximum(left, 0.0))


def _bartlett(fit: Fit, group: int, seen: Bools, values: Floats) -> tuple[Floats, Floats]:
    """Generalised least squares on the indicators, each less what its observed predictors say."""
    implied, count = fit.solution.implied, len(fit.spec.latents)
    loading, path, residual = _measurement(fit.structure, implied.matrices, group, count)
    indicator = np.array([name in fit.spec.scale for name in fit.spec.observed])
    known = ~((path != 0) & ~seen).any(axis=1)
    used = seen & known & indicator & (np.diagonal(residual) >= 0)
    measured = np.flatnonzero(np.any(loading[used] != 0, axis=0))
    loading = loading[np.ix_(used, measured)]
    out, error = np.full((len(values), count), np.nan), np.full(count, np.nan)
    exact = np.diagonal(residual) == 0
    residual = residual + np.diag(_EXACT * exact * np.diagonal(implied.cov[group]))
    weight = np.linalg.solve(residual[np.ix_(used, used)], loading)
    inner = loading.T @ weight
    if measured.size and _invertible(inner):
        centred = _centred(fit, group, seen, values)
        own = (np.eye(len(path)) - path)[np.ix_(used, seen)]
        gain = np.linalg.solve(inner, weight.T)
        out[:, measured] = implied.eta[group, measured] + centred @ own.T @ gain.T
        error[measured] = np.sqrt(np.diagonal(np.linalg.inv(inner)))
    return out, error


def _invertible(inner: Floats) -> bool:
    diagonal = np.diagonal(inner)
    if not (diagonal > 0).all():
        return False
    scale = np.sqrt(diagonal)
    return bool(np.linalg.cond(inner / np.outer(scale, scale)) < 1e12)


def _measurement(
    structure: Structure, matrices: Matrices, group: int, count: int
) -> tuple[Floats, Floats, Floats]:
    """(p, count) loadings on the latent variables, (p, p) paths from observed variables and (p, p)
    residual covariances of the observed variables of a group, those with paths among them."""
    loading = matrices.loading[group, :, :count].copy()
    residual = matrices.residual_cov[group].copy()
    at = np.array([structure.names.index(name) for name in structure.factors[count:]], dtype=int)
    regression = matrices.regression[group, count:]
    path = np.zeros_like(residual)
    loading[at] = regression[:, :count]
    path[np.ix_(at, at)] = regression[:, count:]
    residual[np.ix_(at, at)] = matrices.latent_cov[group, count:, count:]
    return loading, path, residual
