"""Factor scores: each row's place on the latent variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Bools, Floats
from vaar.sem.result import Fit

if TYPE_CHECKING:
    import pandas as pd

METHODS = ("regression", "bartlett")


def factor_scores(fit: Fit, method: str = "regression") -> pd.DataFrame:
    """Estimate the latent variables of every analysed row.

    Parameters
    ----------
    method : {'regression', 'bartlett'}
        Regression scores [1]_ have the smallest error; Bartlett's [2]_ are unbiased given the
        latent variables, and exist only for those with observed indicators. Rows with missing
        answers are scored by what they hold.

    Raises
    ------
    DataError
        An unknown method, or a fit of ordinal items.

    Returns
    -------
    DataFrame
        A row for each analysed row, indexed by its position in the data frame, with its group and
        a column for each latent variable. NaN where a score does not exist.

    References
    ----------
    .. [1] Thurstone (1935), The Vectors of Mind.
    .. [2] Bartlett (1937), British Journal of Psychology 28, 97–104.
    """
    import pandas as pd

    if method not in METHODS:
        raise DataError(f"method got {method!r}; allowed are {', '.join(METHODS)}: choose one")
    if fit.spec.ordered:
        raise DataError(
            f"factor scores are for continuous indicators, and the fit by {fit.estimator.name} has "
            "ordinal ones: fit the model with ML or MLR to score it"
        )
    sample, latents = fit.sample, len(fit.spec.latents)
    scores = np.full((fit.n_rows, latents), np.nan)
    for block in np.flatnonzero(np.diff(sample.edges)):
        rows = slice(sample.edges[block], sample.edges[block + 1])
        group, seen = int(sample.block_group[block]), sample.observed[block]
        find = _regression if method == "regression" else _bartlett
        scores[rows] = find(fit, group, seen, sample.values[rows])
    table = pd.DataFrame(scores, index=fit.row_index, columns=list(fit.spec.latents))
    table.insert(0, "group", fit.row_groups)
    return table.sort_index()


def _centred(fit: Fit, group: int, seen: Bools, values: Floats) -> Floats:
    if not fit.spec.mean_structure:
        return np.asarray((values - fit.sample.moments.mean[group])[:, seen])
    return np.asarray((values - fit.solution.implied.mean[group])[:, seen])


def _regression(fit: Fit, group: int, seen: Bools, values: Floats) -> Floats:
    implied, count = fit.solution.implied, len(fit.spec.latents)
    cross = (implied.matrices.loading[group] @ implied.phi[group])[seen, :count]
    cov = implied.cov[group][np.ix_(seen, seen)]
    gain = np.linalg.solve(cov, cross)
    return np.asarray(implied.eta[group, :count] + _centred(fit, group, seen, values) @ gain)


def _bartlett(fit: Fit, group: int, seen: Bools, values: Floats) -> Floats:
    implied, count = fit.solution.implied, len(fit.spec.latents)
    residual = implied.matrices.residual_cov[group]
    used = seen & (np.diagonal(residual) > 0)
    loading = implied.matrices.loading[group][used, :count]
    measured = np.flatnonzero(np.any(loading != 0, axis=0))
    loading = loading[:, measured]
    out = np.full((len(values), count), np.nan)
    weight = np.linalg.solve(residual[np.ix_(used, used)], loading)
    inner = loading.T @ weight
    if measured.size and np.linalg.cond(inner) < 1e12:
        gain = np.linalg.solve(inner, weight.T)
        out[:, measured] = (
            implied.eta[group, measured] + _centred(fit, group, used, values) @ gain.T
        )
    return out
