"""Tests between fits and of hypotheses on labelled parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from vaar.errors import DataError, ModelSyntaxError
from vaar.sem.comparisons.ordinal_difference_test import difference_traces
from vaar.sem.data.sample import Moments
from vaar.sem.fit_measures.measures import upper_tail
from vaar.sem.fit_measures.ordinal_robust import mean_variance_adjusted
from vaar.sem.model.expressions import Expression
from vaar.sem.results.degrees_of_freedom import definition_df
from vaar.sem.results.fit import Fit
from vaar.sem.search.minimise import minimise
from vaar.sem.solution.delta_method import functions

METHODS = ("satorra.bentler.2001", "satorra.bentler.2010", "satorra.2000")
_METHODS_FOR = {"MLR": METHODS[:2], "WLSM": METHODS[:1], "WLSMV": METHODS[2:]}


@dataclass(frozen=True)
class Comparison:
    """A test of a hypothesis.

    Attributes
    ----------
    method : str
        How the statistic was made.
    statistic : float
        Referred to χ² with ``df`` degrees of freedom; NaN where it does not exist.
    factor : float
        Scaling of the difference; 1 where not robust.
    """

    method: str
    statistic: float
    df: float
    pvalue: float
    factor: float = 1.0

    def __repr__(self) -> str:
        return f"{self.method}: χ²({self.df:.0f}) = {self.statistic:.3f}, p = {self.pvalue:.4f}"


def compare(fit0: Fit, fit1: Fit, method: str | None = None) -> Comparison:
    """Likelihood-ratio test of two nested fits to the same rows.

    Parameters
    ----------
    fit0, fit1 : Fit
        In either order: the one with more degrees of freedom is tested against the other.
    method : {'satorra.bentler.2001', 'satorra.bentler.2010', 'satorra.2000'}
        Scaling of the difference, for robust estimators. That of 2001 [1]_, the default for MLR and
        WLSM, can come out negative, and is then NaN; that of 2010 [2]_, for MLR, cannot. WLSMV has
        that of 2000 [3]_, with a shift that makes the variance right too.

    References
    ----------
    .. [1] Satorra & Bentler (2001), Psychometrika 66, 507–514. doi:10.1007/BF02296192
    .. [2] Satorra & Bentler (2010), Psychometrika 75, 243–248. doi:10.1007/s11336-009-9135-y
    .. [3] Satorra (2000), in Heijmans, Pollock & Satorra (eds), Innovations in Multivariate
       Statistical Analysis, 233–247. doi:10.1007/978-1-4615-4603-0_17
    """
    _check_comparable(fit0, fit1)
    method = _method_for(fit0, method)
    strict, loose = sorted((fit0, fit1), key=lambda f: -f.goodness.test.df)
    one, other = strict.goodness.test, loose.goodness.test
    df = one.df - other.df
    difference = one.value - other.value
    if df <= 0:
        return Comparison("likelihood ratio", difference, 0.0, float("nan"))
    if not strict.estimator.robust:
        return Comparison("likelihood ratio", difference, df, upper_tail(max(difference, 0), df))
    if method == METHODS[2]:
        return _satorra_2000(strict, loose, difference, df)
    inner = other.factor if method == METHODS[0] else _factor_at(loose, strict)
    base = other.df * inner if other.df > 0 else 0.0
    factor = (one.df * one.factor - base) / df
    statistic = difference / factor if factor > 0 else float("nan")
    p_value = upper_tail(max(statistic, 0.0), df) if factor > 0 else float("nan")
    return Comparison(f"scaled likelihood ratio ({method})", statistic, df, p_value, factor)


def _method_for(fit: Fit, method: str | None) -> str:
    """The method asked for, or the default."""
    allowed = _METHODS_FOR.get(fit.estimator.name, METHODS)
    if method is None:
        return allowed[0]
    if method not in allowed:
        raise DataError(
            f"method got {method!r}; with {fit.estimator.name} allowed are {', '.join(allowed)}: "
            "choose one"
        )
    return method


def _satorra_2000(strict: Fit, loose: Fit, difference: float, df: float) -> Comparison:
    """The difference scaled and shifted."""
    name = f"scaled likelihood ratio ({METHODS[2]})"
    try:
        traces = difference_traces(strict, loose)
    except np.linalg.LinAlgError:
        return Comparison(name, float("nan"), df, float("nan"), float("nan"))
    adjusted = mean_variance_adjusted(difference, df, traces)
    statistic, p_value = adjusted.scaled, adjusted.scaled_p_value
    return Comparison(name, statistic, df, p_value, adjusted.factor)


def _check_comparable(fit0: Fit, fit1: Fit) -> None:
    if fit0.groups != fit1.groups or not np.array_equal(fit0.row_index, fit1.row_index):
        raise DataError(
            "the two fits analysed different groups or rows, so their likelihoods cannot be "
            "compared: fit both to the same data"
        )
    if fit0.spec.ordered != fit1.spec.ordered:
        raise DataError(
            "the two fits take different variables as ordinal, so their statistics cannot be "
            "compared: give both the same ordered="
        )
    if fit0.estimator != fit1.estimator:
        raise DataError(
            f"the fits have different estimators, {fit0.estimator.name} and "
            f"{fit1.estimator.name}: use one for both"
        )


def _factor_at(loose: Fit, strict: Fit) -> float:
    """Scaling factor of the looser model at the moments that the stricter one implies."""
    sample, implied = loose.sample, strict.solution.implied
    moments = Moments(
        sample.moments.group_n,
        implied.mean,
        np.where(sample.present[:, :, None] & sample.present[:, None, :], implied.cov, 0.0),
        sample.present,
        np.arange(sample.n_groups),
        sample.n_groups,
    )
    objective = loose.estimator.of_moments(moments, loose.structure)
    found = minimise(objective, loose.layout, loose.solution.x.copy())
    precision = loose.estimator.precision(sample, loose.structure, loose.layout, found.theta)
    test, old = loose.goodness.test, loose.solution.precision
    if old is None or test.df <= 0:
        return float("nan")
    return test.factor + (old.trace - precision.trace) / test.df


def wald(fit: Fit, hypothesis: str | Sequence[str]) -> Comparison:
    """Wald test of equations between labelled parameters.

    Parameters
    ----------
    hypothesis : str or sequence of str
        One or more equations, as in ``"b1 == b2"``; several in one string are separated by line
        ends or ``;``. They are tested together. In a fit with clusters the p-value is that of
        the statistic over its degrees of freedom as F, with those of t in the denominator.

    Raises
    ------
    ModelSyntaxError
        An equation that cannot be read, or a label that is not in the model.
    """
    lines = [hypothesis] if isinstance(hypothesis, str) else list(hypothesis)
    equations = [part for line in lines for part in line.replace(";", "\n").split("\n")]
    made = [("", _difference(part)) for part in equations if part.strip()]
    if not made:
        raise ModelSyntaxError("the hypothesis is empty: write an equation such as 'b1 == b2'")
    found = functions(made, fit.solution, fit.layout, fit.structure)
    rank = int(np.linalg.matrix_rank(found.covariance)) if np.isfinite(found.se).all() else 0
    if rank < len(made):
        return Comparison("Wald", float("nan"), float(len(made)), float("nan"))
    statistic = float(found.value @ np.linalg.solve(found.covariance, found.value))
    df = min(definition_df(fit.sample, fit.layout, made))
    p_value = float(scipy.special.fdtrc(rank, df, statistic / rank)) if np.isfinite(df) else None
    method = "Wald" if p_value is None else f"Wald, F with {df:.0f} denominator df"
    p_value = upper_tail(statistic, rank) if p_value is None else p_value
    return Comparison(method, statistic, float(rank), p_value)


def _difference(equation: str) -> Expression:
    sides = equation.split("==")
    if len(sides) != 2 or not all(side.strip() for side in sides):
        raise ModelSyntaxError(
            f"got the hypothesis {equation.strip()!r}; write an equation such as 'b1 == b2'"
        )
    return Expression(f"({sides[0]}) - ({sides[1]})")
