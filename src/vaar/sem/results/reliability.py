"""Reliability of scales, read from a fitted model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vaar.sem.arguments import checks_arguments
from vaar.sem.results.fit import Fit

if TYPE_CHECKING:
    import pandas as pd


@checks_arguments
def reliability(fit: Fit) -> pd.DataFrame:
    """Composite reliability and average variance extracted, for each latent variable and group.

    omega is the share of the variance of the sum of a latent variable's indicators that the latent
    variable accounts for, (Σλ)² φ over the model's variance of the sum [1]_: between 0 and 1 for an
    admissible solution. ave is the mean, over the indicators, of the share of an indicator's
    variance that the latent variable accounts for [2]_. Items masked in a group are left out;
    latent variables without observed indicators are not listed. For ordinal items both are those of
    the latent responses, not of the answers.

    Returns
    -------
    DataFrame
        group, latent, items, omega, ave.

    References
    ----------
    .. [1] McDonald (1999), Test Theory, ch. 6.
    .. [2] Fornell & Larcker (1981), Journal of Marketing Research 18, 39–50.
    """
    import pandas as pd

    implied, out = fit.solution.implied, []
    for g, group in enumerate(fit.groups):
        for latent, names in fit.spec.indicators.items():
            at = [fit.spec.observed.index(n) for n in names if n in fit.spec.observed]
            at = [j for j in at if fit.sample.present[g, j] and _is_plain(fit, j)]
            if not at:
                continue
            f = fit.structure.factors.index(latent)
            loading = implied.matrices.loading[g][at, f]
            common = implied.phi[g, f, f]
            cov = implied.cov[g][np.ix_(at, at)]
            omega = loading.sum() ** 2 * common / cov.sum()
            ave = np.mean(loading**2 * common / np.diagonal(cov))
            out.append((group, latent, len(at), float(omega), float(ave)))
    return fit.named(pd.DataFrame(out, columns=["group", "latent", "items", "omega", "ave"]))


def _is_plain(fit: Fit, j: int) -> bool:
    return fit.spec.observed[j] not in fit.spec.structural
