"""Whether the likelihoods of two fits can be compared."""

from __future__ import annotations

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Floats
from vaar.sem.results.fit import Fit


def check_comparable(fit0: Fit, fit1: Fit) -> None:
    """Refuse to compare fits of different data, or of different parts of them.

    Raises
    ------
    DataError
        What is different.
    """
    mine = list(fit0.spec.observed)
    unlike = sorted({*mine} ^ {*fit1.spec.observed})
    if unlike:
        raise DataError(
            f"the two fits have different variables: {', '.join(unlike)} only in one of them; "
            "their likelihoods cannot be compared: keep a variable in both, its paths fixed at 0"
        )
    _check_settings(fit0, fit1)
    if fit0.spec.ordered and fit0.spec.observed != fit1.spec.observed:
        raise DataError(
            "the two fits of ordinal items have the same variables in different orders: write them "
            "in one order in both models"
        )
    same_rows = np.array_equal(np.sort(fit0.row_index), np.sort(fit1.row_index))
    if fit0.groups != fit1.groups or not same_rows:
        raise DataError(
            "the two fits analysed different groups or rows, so their likelihoods cannot be "
            "compared: fit both to the same data"
        )
    one, other = _answers(fit0, mine), _answers(fit1, mine)
    if len(one) != len(other) or not all(map(np.array_equal, one, other)):
        raise DataError(
            "the two fits have different answers in the same rows, or moments: other values, "
            "groups, masked items, clusters or weights; their likelihoods cannot be compared: fit "
            "both to the same data"
        )


def _check_settings(fit0: Fit, fit1: Fit) -> None:
    if {*fit0.spec.ordered} != {*fit1.spec.ordered}:
        raise DataError(
            "the two fits take different variables as ordinal, so their statistics cannot be "
            "compared: give both the same ordered="
        )
    names = [fit.estimator.name for fit in (fit0, fit1)]
    if names[0] != names[1]:
        raise DataError(
            f"the fits have different estimators, {names[0]} and {names[1]}: use one for both"
        )
    if fit0.estimator.fiml != fit1.estimator.fiml:
        raise DataError("the fits treat missing answers differently: give both the same missing=")
    for role in ("cluster", "weight"):
        columns = [getattr(fit, f"{role}_column") or "none" for fit in (fit0, fit1)]
        if columns[0] != columns[1]:
            raise DataError(
                f"the fits have different {role}s ({columns[0]}, and {columns[1]}): give both the "
                f"same {'cluster' if role == 'cluster' else 'sampling_weights'}="
            )
    if {*fit0.spec.held} != {*fit1.spec.held}:
        names = [", ".join(fit.spec.held) or "none" for fit in (fit0, fit1)]
        raise DataError(
            "the fits hold different predictors at their sample values "
            f"({names[0]}, and {names[1]}), so their likelihoods cannot be compared: give both the "
            "same fixed_x="
        )


def _answers(fit: Fit, names: list[str]) -> tuple[Floats, ...]:
    """What the likelihood of a fit depends on, in the order of the data frame and of some names."""
    columns = np.array([fit.spec.observed.index(name) for name in names], dtype=np.int64)
    return fit.sample.answers(np.argsort(fit.row_index, kind="stable"), columns)
