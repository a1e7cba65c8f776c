"""How far each row moves the parameters of a fit, to first order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vaar.sem.arrays import Floats
from vaar.sem.model.latent_response import with_derived
from vaar.sem.results.fit import Fit
from vaar.sem.solution.influence import column_influences
from vaar.sem.solution.standardise import standardised


def row_influences(fit: Fit, standard: bool) -> Iterator[Floats]:
    """For each group in turn, the (N, P) influence of every row on that group's parameters.

    The fit must have standard errors.

    Parameters
    ----------
    standard : bool
        On ``std_all`` instead of ``est``.
    """
    layout = fit.layout
    theta = layout.filled(fit.solution.theta)
    _, slope = standardised(theta, fit.solution.implied, fit.structure)
    if fit.structure.ordered and not standard:
        same = np.broadcast_to(np.eye(theta.shape[1]), slope.shape)
        slope, standard = with_derived(same, theta, fit.solution.implied, fit.structure), True
    streams = column_influences(fit.case_scores(), fit.sample.group, fit.solution, layout)
    for g, influence in enumerate(streams):
        spread = np.eye(layout.n_columns + 1)[layout.column[g]][:, : layout.n_columns]
        if layout.chain is not None:
            spread = spread @ layout.chain[g]
        if standard:
            spread = slope[g] @ spread
        yield influence @ spread.T
