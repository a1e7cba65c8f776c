"""Cronbach's α and McDonald's ω total of one scale, each with a distribution-free interval.

Both work on complete rows and never raise on data that cannot carry them: the estimate is then NaN
and the result names the reason. The intervals do not assume normal items, for the answers of
language models are often skewed: each row's influence on the coefficient gives its standard error.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from vaar.scoring.one_factor import BOUNDARY, OneFactor, fit_one_factors

MIN_ROWS = 3
"""Complete rows below which no reliability is estimated."""

Array = NDArray[np.float64]


class Flaw(StrEnum):
    """Why an estimate or its interval is NaN."""

    SINGLE_ITEM = "a single item"
    FEW_ROWS = "too few complete rows"
    CONSTANT_ITEM = "an item that does not vary"
    CONSTANT_TOTAL = "a total that does not vary"
    SINGULAR = "items that determine one another, or fewer complete rows than items"
    NEGATIVE_COVARIANCE = "two items that do not covary positively"
    NOT_CONVERGED = "a one-factor model that did not converge"
    NO_INTERVAL = "items that determine one another: the estimate stands, its interval does not"
    NO_FACTOR = "items without a common factor: the estimate stands, its interval does not"
    UNIDENTIFIED = "loadings at zero: the estimate stands, its interval does not"
    IMPROPER = "a residual variance at zero: the estimate stands, its interval does not"


@dataclass(frozen=True)
class Reliability:
    """A reliability coefficient.

    Attributes
    ----------
    estimate : float
        At most 1; α has no lower bound, ω lies in [0, 1].
    lower, upper : float
        Ends of the interval.
    flaw : Flaw or None
        Why the estimate, or only the interval, is NaN.
    """

    estimate: float = math.nan
    lower: float = math.nan
    upper: float = math.nan
    flaw: Flaw | None = None


def alpha(items: ArrayLike, confidence: float = 0.95) -> Reliability:
    """Cronbach's α [1]_.

    Parameters
    ----------
    items : array_like, n × k
        Keyed answers, NaN where missing; incomplete rows are left out.
    confidence : float
        Coverage of the interval, in (0, 1).

    Returns
    -------
    Reliability
        With the distribution-free interval of [2]_, on the scale ln(1 − α) and Student's t.

    References
    ----------
    .. [1] Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests.
       *Psychometrika*, 16, 297–334. https://doi.org/10.1007/BF02310555
    .. [2] Maydeu-Olivares, A., Coffman, D. L., & Hartmann, W. M. (2007). Asymptotically
       distribution-free (ADF) interval estimation of coefficient alpha. *Psychological Methods*,
       12, 157–176. https://doi.org/10.1037/1082-989X.12.2.157
    """
    rows = _complete(items)
    if flaw := _flaw(rows):
        return Reliability(flaw=flaw)
    estimate, error = _alpha(rows)
    if error <= 1e-12 or estimate >= 1 - 1e-12:
        return Reliability(estimate, flaw=Flaw.NO_INTERVAL)
    reach = _quantile(len(rows), confidence) * error / (1 - estimate)
    lower, upper = 1 - (1 - estimate) * np.exp([reach, -reach])
    return Reliability(estimate, float(lower), float(upper))


def omega(items: ArrayLike, confidence: float = 0.95) -> Reliability:
    """McDonald's ω total [1]_ of a one-factor model fitted by maximum likelihood.

    Parameters
    ----------
    items : array_like, n × k
        Keyed answers, NaN where missing; incomplete rows are left out.
    confidence : float
        Coverage of the interval, in (0, 1).

    Returns
    -------
    Reliability
        ω = (Σλ)² / ((Σλ)² + Σθ), with a distribution-free interval [2]_ on the scale logit(ω)
        and Student's t. Two items identify no factor unless their loadings are equal; ω then
        equals α, and takes α's interval.

    References
    ----------
    .. [1] McDonald, R. P. (1999). *Test theory: A unified treatment*. Erlbaum.
       https://doi.org/10.4324/9781410601087
    .. [2] Yuan, K.-H., & Bentler, P. M. (2002). On robustness of the normal-theory based asymptotic
       distributions of three reliability coefficient estimates. *Psychometrika*, 67, 251–259.
       https://doi.org/10.1007/BF02294845
    """
    return omegas([items], confidence)[0]


def omegas(samples: Iterable[ArrayLike], confidence: float = 0.95) -> list[Reliability]:
    """McDonald's ω of each of many samples, as :func:`omega` has it, and many times as fast."""
    complete = [_complete(items) for items in samples]
    found = [_omega_without_model(rows, confidence) for rows in complete]
    left = [place for place, known in enumerate(found) if known is None]
    models = fit_one_factors([np.cov(complete[place], rowvar=False) for place in left])
    for place, model in zip(left, models, strict=True):
        found[place] = (
            Reliability(flaw=Flaw.NOT_CONVERGED)
            if model is None
            else _omega(model, complete[place], confidence)
        )
    return [one for one in found if one is not None]


def _omega_without_model(rows: Array, confidence: float) -> Reliability | None:
    """ω where it takes no model, or why there is none; None where a model is to be fitted."""
    if flaw := _flaw(rows):
        return Reliability(flaw=flaw)
    if rows.shape[1] == 2:
        return _omega_of_two(rows, confidence)
    if len(rows) <= rows.shape[1] or _is_singular(np.cov(rows, rowvar=False)):
        return Reliability(flaw=Flaw.SINGULAR)
    return None


def _complete(items: ArrayLike) -> Array:
    rows: Array = np.asarray(items, dtype=float)
    complete: Array = rows[np.isfinite(rows).all(axis=1)]
    return complete


def _flaw(rows: Array) -> Flaw | None:
    if rows.shape[1] < 2:
        return Flaw.SINGLE_ITEM
    if len(rows) < MIN_ROWS:
        return Flaw.FEW_ROWS
    if (np.ptp(rows, axis=0) == 0).any():
        return Flaw.CONSTANT_ITEM
    total = rows.sum(axis=1)
    return Flaw.CONSTANT_TOTAL if np.ptp(total) <= 1e-9 * np.abs(rows).max() else None


def _quantile(n: int, confidence: float) -> float:
    return float(special.stdtrit(n - 1, (1 + confidence) / 2))


def _alpha(rows: Array) -> tuple[float, float]:
    """α = k/(k − 1) (1 − T/V), T the sum of the items' variances, V the total's; its error."""
    n, k = rows.shape
    deviations = rows - rows.mean(axis=0)
    parts, whole = (deviations**2).sum(axis=1), deviations.sum(axis=1) ** 2
    t, v = parts.sum() / (n - 1), whole.sum() / (n - 1)
    influence = k / (k - 1) * (t * whole - v * parts) / v**2
    return float(k / (k - 1) * (1 - t / v)), _error(influence)


def _error(influence: Array) -> float:
    """Standard error of an estimate from each row's influence on it; n − 1 as lavaan's MLM."""
    return float(influence.std(ddof=1) / math.sqrt(len(influence) - 1))


def _omega_of_two(rows: Array, confidence: float) -> Reliability:
    if np.cov(rows, rowvar=False)[0, 1] <= 0:
        return Reliability(flaw=Flaw.NEGATIVE_COVARIANCE)
    return alpha(rows, confidence)


def _is_singular(covariance: Array) -> bool:
    scale = np.sqrt(np.diag(covariance))
    return bool(np.linalg.eigvalsh(covariance / np.outer(scale, scale))[0] < 1e-8)


def _omega(model: OneFactor, rows: Array, confidence: float) -> Reliability:
    common = model.loadings.sum() ** 2
    estimate = float(common / (common + model.residuals.sum()))
    if estimate <= 0:
        return Reliability(estimate, flaw=Flaw.NO_FACTOR)
    if (model.residuals <= 1.01 * BOUNDARY * rows.var(axis=0, ddof=1)).any():
        return Reliability(estimate, flaw=Flaw.IMPROPER)
    error = _omega_error(model, rows)
    if math.isnan(error):
        return Reliability(estimate, flaw=Flaw.UNIDENTIFIED)
    reach = _quantile(len(rows), confidence) * error / (estimate * (1 - estimate))
    lower, upper = special.expit(special.logit(estimate) + np.array([-reach, reach]))
    return Reliability(estimate, float(lower), float(upper))


def _omega_error(model: OneFactor, rows: Array) -> float:
    """Standard error of ω by the delta method; NaN where the information is singular."""
    loading, residual = model.loadings.sum(), model.residuals.sum()
    total = loading**2 + residual
    by_loading = 2 * loading * residual / total**2
    by_residual = -(loading**2) / total**2
    gradient = np.repeat([by_loading, by_residual], len(model.loadings))
    information = model.information()
    scale = np.sqrt(np.diag(information))
    if scale.min() == 0 or np.linalg.eigvalsh(information / np.outer(scale, scale))[0] < 1e-9:
        return math.nan
    return _error(model.scores(rows) @ np.linalg.solve(information, gradient))
