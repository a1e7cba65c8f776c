"""Factor scores: each row's place on the latent variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vaar.errors import DataError
from vaar.sem.arguments import checks_arguments
from vaar.sem.results.fit import Fit

if TYPE_CHECKING:
    import pandas as pd

METHODS = ("regression", "bartlett")


@checks_arguments
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
        An unknown method, Bartlett scores or standard errors of a fit of ordinal items, or a latent
        variable called as another column of the table is.

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
    names = ["group", *fit.spec.latents, *(f"{name}_se" for name in fit.spec.latents if se)]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise DataError(
            f"two columns of the scores would be called {twice[0]!r}: give the latent variable "
            "another name"
        )
    scores, errors = (np.full((fit.n_rows, latents), np.nan) for _ in range(2))
    for block in np.flatnonzero(np.diff(sample.edges)):
        rows = slice(sample.edges[block], sample.edges[block + 1])
        scores[rows], errors[rows] = fit.latent_scores(int(block), method)
    table = pd.DataFrame(scores, columns=list(fit.spec.latents))
    if se:
        table[[f"{name}_se" for name in fit.spec.latents]] = errors
    table.insert(0, "group", fit.row_groups)
    order = np.argsort(fit.row_index)
    labels = pd.RangeIndex(fit.n_rows) if fit.row_labels is None else fit.row_labels
    return table.iloc[order].set_index(labels[fit.row_index[order]])
