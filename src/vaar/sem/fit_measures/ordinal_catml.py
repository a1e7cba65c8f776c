"""Robust CFI, TLI and RMSEA of a model of ordinal items: what they would be for normal data.

The measures of least squares depend on its weights. Those here take the normal-theory fit function
of the polychoric correlations R at the estimates, and its expectation for a model that holds [1]_:
where r are the residuals of the correlations, F ≈ r'Vr, with expectation tr(VΩ) for Ω the
covariances of r.

For several groups the expectation of the baseline weighs group g by N/n_g, as lavaan 0.6-14 does:
that lowers CFI and TLI in the third decimal, against a plain sum.

References
----------
.. [1] Savalei (2021), Improving fit indices in structural equation modeling with categorical data.
   Multivariate Behavioral Research 56, 390–407. doi:10.1080/00273171.2020.1717922
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vaar.sem.arrays import Floats
from vaar.sem.data.ordinal.sample import Frame
from vaar.sem.fit_measures.chi_square_tests import rmsea_measures
from vaar.sem.fit_measures.measures import ChiSquare, robust_incremental
from vaar.sem.fit_measures.ordinal_robust import Piece


@dataclass(frozen=True)
class Expected:
    """Normal-theory χ² of the model and of independence, and their expectations."""

    value: float = 0.0
    mean: float = 0.0
    base: float = 0.0
    base_mean: float = 0.0
    base_df: float = 0.0

    def __add__(self, other: Expected) -> Expected:
        return Expected(
            self.value + other.value,
            self.mean + other.mean,
            self.base + other.base,
            self.base_mean + other.base_mean,
            self.base_df + other.base_df,
        )


def robust_measures(expected: Expected, n: float, groups: int, df: float) -> dict[str, float]:
    """The measures by name.

    Parameters
    ----------
    expected : Expected
        Summed over groups.
    """
    test = ChiSquare(expected.value, df, expected.mean / df)
    base = ChiSquare(expected.base, expected.base_df, expected.base_mean / expected.base_df)
    cfi, tli = robust_incremental(test, base)
    found = rmsea_measures(test, n - groups, groups, robust=True)
    robust = {name: value for name, value in found.items() if name.endswith("_robust")}
    return {"cfi_robust": cfi, "tli_robust": tli} | robust


def expected_of(
    piece: Piece, frame: Frame, sample: Floats, implied: Floats, n_rows: float
) -> Expected:
    """What a group adds, all of whose variables are ordinal.

    Parameters
    ----------
    sample, implied : (p, p) arrays
        Correlations, positive definite.
    n_rows : float
        Rows of all groups.
    """
    n, p = piece.n, len(sample)
    place = np.full((p, p), len(frame.first))
    place[frame.first, frame.second] = np.arange(len(frame.first))
    place = np.minimum(place, place.T).ravel()
    weight = np.linalg.inv(implied)
    log_det = np.linalg.slogdet(sample)[1]
    distance = np.linalg.slogdet(implied)[1] + np.vdot(weight, sample) - log_det - p
    influence = piece.influence[:, frame.n_levels :]
    slopes = piece.slopes[frame.n_levels :]

    def weighted(rows: Floats) -> Floats:
        """Rows times V: the pairs of W E W, for E with a row's pairs on both sides."""
        symmetric = np.pad(rows, ((0, 0), (0, 1))).take(place, axis=1).reshape(-1, p)
        half = (symmetric @ weight).reshape(-1, p, p).transpose(0, 2, 1)
        both = half.reshape(-1, p) @ weight
        return np.asarray(both.reshape(-1, p * p).take(frame.first * p + frame.second, axis=1))

    pulled = weighted(influence)
    drift = piece.scores @ piece.bread
    mean = np.vdot(pulled, influence) / n - 2 * np.vdot(pulled @ slopes, drift)
    mean += n * np.vdot(weighted(slopes.T) @ slopes, piece.inner)
    base_mean = np.vdot(influence, influence) / n * (n_rows / n)
    return Expected(
        float(n * distance),
        float(mean),
        float(-n * log_det),
        float(base_mean),
        float(len(frame.first)),
    )
