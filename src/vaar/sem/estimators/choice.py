"""The estimators by their names."""

from __future__ import annotations

from vaar.errors import DataError
from vaar.sem.estimators.dwls.estimator import LeastSquares
from vaar.sem.estimators.maximum_likelihood import MaximumLikelihood

NAMES = ("ML", "MLR")
ORDINAL_NAMES = ("WLSMV", "WLSM", "DWLS")
MISSING = ("listwise", "fiml")
ORDINAL_MISSING = ("listwise", "pairwise")


def robust_name(name: str) -> str:
    """The estimator with the same estimates, a sandwich and a scaled test, which clusters and
    sampling weights ask for.

    Raises
    ------
    DataError
        There is none.
    """
    upper = str(name).upper()
    if upper == "DWLS":
        raise DataError(
            "estimator 'DWLS' has a test that holds for independent rows of equal weight only, and "
            "cluster or sampling_weights is given: use WLSMV or WLSM"
        )
    return "MLR" if upper == "ML" else upper


def estimator_of(name: str, missing: str, mean_structure: bool) -> MaximumLikelihood:
    """The estimator of that name.

    Raises
    ------
    DataError
        An unknown name or way with missing answers.
    """
    upper = str(name).upper()
    if upper not in NAMES:
        allowed = ", ".join((*NAMES, *ORDINAL_NAMES))
        raise DataError(f"estimator got {name!r}; allowed are {allowed}: choose one")
    lower = {"ml": "fiml", "direct": "fiml"}.get(str(missing).lower(), str(missing).lower())
    if lower not in MISSING:
        raise DataError(f"missing got {missing!r}; allowed are {', '.join(MISSING)}: choose one")
    return MaximumLikelihood(upper == "MLR", lower == "fiml", mean_structure)


def is_ordinal(estimator: str) -> bool:
    """Whether an estimator is one for ordinal items."""
    return str(estimator).upper() in ORDINAL_NAMES


def least_squares_of(estimator: str, missing: str) -> LeastSquares:
    """The estimator of that name.

    Raises
    ------
    DataError
        An unknown way with missing answers.
    """
    lower = str(missing).lower()
    if lower not in ORDINAL_MISSING:
        raise DataError(
            f"missing got {missing!r}; with estimator {estimator!r} allowed are "
            f"{', '.join(ORDINAL_MISSING)}: choose one"
        )
    return LeastSquares(str(estimator).upper(), lower == "pairwise")
