"""Fit measures, under lavaan's names.

References: Bentler (1990) for CFI; Tucker & Lewis (1973); Steiger (1990) for RMSEA, with the
multi-group factor √G of Steiger (1998); Yuan & Bentler (2000) for the scaled test; Brosseau-Liard &
Savalei (2014) and Brosseau-Liard, Savalei & Li (2012) for the robust CFI, TLI and RMSEA.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from vaar.sem.arrays import Bools, Floats

_CLOSE = 0.05  # RMSEA of "close fit"
_TAIL = 0.05  # each tail of the 90 % interval of RMSEA


@dataclass(frozen=True)
class ChiSquare:
    """A test of a model against the saturated one.

    Attributes
    ----------
    value, df : float
        The unscaled statistic.
    factor : float
        What scaling divides it by; 1 for a test that is not robust.
    shift : float
        What is then added, so that the variance is right too.
    """

    value: float
    df: float
    factor: float = 1.0
    shift: float = 0.0

    @property
    def scaled(self) -> float:
        return self.value / self.factor + self.shift if self.df else self.value

    @property
    def p_value(self) -> float:
        return upper_tail(self.value, self.df)

    @property
    def scaled_p_value(self) -> float:
        return upper_tail(self.scaled, self.df)


def upper_tail(value: float, df: float) -> float:
    """P(χ²_df > value); NaN without degrees of freedom."""
    if not df > 0 or not np.isfinite(value):
        return float("nan")
    return float(scipy.special.chdtrc(df, max(value, 0.0)))


def incremental(test: ChiSquare, baseline: ChiSquare, scaled: bool) -> tuple[float, float]:
    """CFI and TLI; NaN where a statistic is missing."""
    value = test.scaled if scaled else test.value
    base = baseline.scaled if scaled else baseline.value
    return _cfi_tli(value, test.df, base, baseline.df, 1.0, 1.0)


def robust_incremental(test: ChiSquare, baseline: ChiSquare) -> tuple[float, float]:
    """CFI and TLI as they would be under normality."""
    return _cfi_tli(test.value, test.df, baseline.value, baseline.df, test.factor, baseline.factor)


def _cfi_tli(
    value: float, df: float, base: float, base_df: float, c: float, base_c: float
) -> tuple[float, float]:
    excess, base_excess = value - c * df, base - base_c * base_df
    if df < 0 or not (np.isfinite(excess) and np.isfinite(base_excess)):
        return float("nan"), float("nan")
    worst = max(excess, base_excess, 0.0)
    cfi = 1.0 - max(excess, 0.0) / worst if worst > 0 else 1.0
    defined = df > 0 and base_excess != 0
    tli = 1.0 - (excess * base_df) / (base_excess * df) if defined else 1.0
    return float(cfi), float(tli)


def rmsea(value: float, df: float, n: float, groups: int, factor: float = 1.0) -> dict[str, float]:
    """RMSEA, its 90 % interval, and the p-values of close and of poor fit.

    Parameters
    ----------
    value : float
        The statistic; one already divided by ``factor``.
    factor : float
        1, or the scaling factor for the robust variant.
    """
    if not df > 0 or not np.isfinite(value):
        point = 0.0 if df == 0 else float("nan")
        return dict.fromkeys(("rmsea", "ci_lower", "ci_upper", "pvalue"), point) | {
            "pvalue": float("nan")
        }
    unit = np.sqrt(groups * factor / (n * df))
    lower = _noncentrality(value, df, 1 - _TAIL)
    upper = _noncentrality(value, df, _TAIL)
    close = n * df * _CLOSE**2 / (groups * factor)
    return {
        "rmsea": float(unit * np.sqrt(max(value - df, 0.0))),
        "ci_lower": float(unit * np.sqrt(lower)),
        "ci_upper": float(unit * np.sqrt(upper)),
        "pvalue": float(1 - scipy.special.chndtr(value, df, close)),
    }


def _noncentrality(value: float, df: float, probability: float) -> float:
    """The noncentrality at which P(χ² ≤ value) has this probability; 0 where none has."""
    if scipy.special.chndtr(value, df, 0.0) < probability:
        return 0.0
    low, high = 0.0, max(value, df, 1.0)
    while scipy.special.chndtr(value, df, high) > probability:
        high *= 2
    for _ in range(200):
        middle = 0.5 * (low + high)
        if scipy.special.chndtr(value, df, middle) > probability:
            low = middle
        else:
            high = middle
        if high - low < 1e-12 * high:
            break
    return 0.5 * (low + high)


def srmr(
    cov: Floats,
    mean: Floats,
    implied_cov: Floats,
    implied_mean: Floats,
    present: Bools,
    n: Floats,
    with_means: bool,
) -> float:
    """Standardised root mean square residual, averaged over groups by their rows.

    Parameters
    ----------
    cov, mean, implied_cov, implied_mean : (G, p, p) and (G, p) arrays
    present : (G, p) array
    n : (G,) array
    """
    scale = np.sqrt(np.where(present, np.einsum("gii->gi", cov), 1.0))
    residual = (cov - implied_cov) / (scale[:, :, None] * scale[:, None, :])
    gap = (mean - implied_mean) / scale if with_means else None
    return float(np.average(root_mean_squares(residual, gap, present), weights=n))


def root_mean_squares(
    square: Floats, level: Floats | None, present: Bools, offset: int = 0
) -> Floats:
    """(G,) root mean squares of the (G, p, p) upper triangles from a diagonal on, and the (G, p)
    levels; 0 where there is nothing."""
    upper = np.triu(np.ones(square.shape[1:], dtype=bool), offset)
    inside = present[:, :, None] & present[:, None, :] & upper
    total = np.sum(square**2, axis=(1, 2), where=inside)
    count = np.count_nonzero(inside, axis=(1, 2))
    if level is not None:
        total += np.sum(level**2, axis=1, where=present)
        count += np.count_nonzero(present, axis=1)
    return np.asarray(np.sqrt(total / np.maximum(count, 1)))


def information_criteria(logl: float, npar: float, n: float) -> dict[str, float]:
    """AIC, BIC and the sample-size adjusted BIC."""
    return {
        "aic": -2 * logl + 2 * npar,
        "bic": -2 * logl + npar * np.log(n),
        "bic2": -2 * logl + npar * np.log((n + 2) / 24),
    }
