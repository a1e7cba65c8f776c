"""What the data say of one path, before any rate: as in people, against, negligible, undecided."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from vaar.analyses.alignment.rate.negligible import DELTA
from vaar.tables.text import is_missing


class Verdict(StrEnum):
    """What is said of one path."""

    AS_IN_PEOPLE = "as in people"
    AGAINST = "against"
    NEGLIGIBLE = "negligible"
    UNDECIDED = "undecided"
    NOT_ESTIMABLE = "not estimable"


def verdicts(
    path: ArrayLike,
    se: ArrayLike,
    sign: ArrayLike,
    delta: float = DELTA,
    df: ArrayLike = np.inf,
) -> NDArray[np.object_]:
    """The verdict on each path, in this order of questions.

    1. *Negligible* if the 90 % interval lies inside (−δ, δ): two one-sided tests at 5 %
       (Schuirmann 1987), whatever the direction.
    2. *As in people* or *against* if the 95 % interval excludes 0.
    3. *Undecided* otherwise.

    Parameters
    ----------
    path, se : array_like, shape (..., K)
        Standardised paths and standard errors; NaN where not estimable.
    sign : array_like, shape (K,)
        Expected signs.
    delta : float
        δ ≥ 0. With 0 no path is negligible.
    df : array_like
        Degrees of freedom of t where few clusters carry the standard errors; infinite otherwise.

    Returns
    -------
    ndarray of Verdict, shape (..., K)

    References
    ----------
    .. [1] Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power
       approach. Journal of Pharmacokinetics and Biopharmaceutics, 15(6), 657–680.
       https://doi.org/10.1007/BF01068419
    """
    path, se = np.asarray(path, float), np.asarray(se, float)
    with np.errstate(invalid="ignore"):
        known = np.isfinite(path) & np.isfinite(se) & (se > 0)
        negligible = np.abs(path) + stdtrit(df, 0.95) * se < delta
        decided = np.abs(path) > stdtrit(df, 0.975) * se
        agrees = np.asarray(sign) * path > 0
    out = np.empty(path.shape, object)
    out.fill(Verdict.UNDECIDED)
    out[decided & agrees] = Verdict.AS_IN_PEOPLE
    out[decided & ~agrees] = Verdict.AGAINST
    out[negligible] = Verdict.NEGLIGIBLE
    out[~known] = Verdict.NOT_ESTIMABLE
    return out


def certain_but_negligible(
    path: ArrayLike, se: ArrayLike, verdict: NDArray[np.object_]
) -> NDArray[np.bool_]:
    """Where the direction is decided at 95 % and the size is negligible all the same."""
    with np.errstate(invalid="ignore"):
        decided = np.abs(np.asarray(path, float)) > stdtrit(np.inf, 0.975) * np.asarray(se, float)
    return np.asarray(decided & (verdict == Verdict.NEGLIGIBLE))


def path_interval(record: Mapping[Any, Any]) -> tuple[float, float, float]:
    """A row of ``paths.csv``: its standardised path, and the ends of its 95 % interval.

    Of t where few personas carry its standard error, else normal; NaN where there is no path.
    """
    path, se, df = (_number(record[name]) for name in ("std_estimate", "std_se", "df"))
    reach = float(stdtrit(df if df > 0 else np.inf, 0.975)) * se
    return path, path - reach, path + reach


def _number(value: Any) -> float:
    return float("nan") if is_missing(value) else float(value)
