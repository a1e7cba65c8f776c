"""Tests between fits and of hypotheses on labelled parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy

from vaar.errors import DataError, ModelSyntaxError
from vaar.sem.arguments import checks_arguments
from vaar.sem.comparisons.comparable import check_comparable
from vaar.sem.comparisons.ordinal_difference_test import difference_traces
from vaar.sem.data.moment_sample import moment_sample
from vaar.sem.data.sample import Moments
from vaar.sem.fit_measures.measures import upper_tail
from vaar.sem.fit_measures.ordinal_robust import mean_variance_adjusted
from vaar.sem.model.expressions import Expression
from vaar.sem.results.degrees_of_freedom import definition_df, place_df
from vaar.sem.results.fit import Fit
from vaar.sem.results.label_functions import label_functions
from vaar.sem.results.ordinal_fit import OrdinalFit
from vaar.sem.search.minimise import minimise

METHODS = ("satorra.bentler.2001", "satorra.bentler.2010", "satorra.2000")
_ROUNDING = 1e-6  # by which a statistic may differ from its minimum, relative


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
    note : str
        Why there is no p-value, where there is none.
    """

    method: str
    statistic: float
    df: float
    pvalue: float
    factor: float = 1.0
    note: str = ""

    def __repr__(self) -> str:
        said = f"; {self.note}" if self.note else ""
        return (
            f"{self.method}: χ²({self.df:.0f}) = {self.statistic:.3f}, p = {self.pvalue:.4f}{said}"
        )


@checks_arguments
def compare(fit0: Fit, fit1: Fit, method: str | None = None) -> Comparison:
    """Likelihood-ratio test of two nested fits to the same data.

    Where the fit with more degrees of freedom has the lower χ², or a fit did not end well, there is
    no p-value, and ``note`` says why.

    Parameters
    ----------
    fit0, fit1 : Fit
        In either order: the one with more degrees of freedom is tested against the other.
    method : {'satorra.bentler.2001', 'satorra.bentler.2010', 'satorra.2000'}
        Scaling of the difference, for robust estimators. That of 2001 [1]_, the default for MLR and
        WLSM, can come out negative, and is then NaN; that of 2010 [2]_, for MLR, cannot. WLSMV has
        that of 2000 [3]_, with a shift that makes the variance right too.

    Raises
    ------
    DataError
        Fits of different data, variables, groups or estimators, or that hold different predictors
        at their sample values.

    References
    ----------
    .. [1] Satorra & Bentler (2001), Psychometrika 66, 507–514. doi:10.1007/BF02296192
    .. [2] Satorra & Bentler (2010), Psychometrika 75, 243–248. doi:10.1007/s11336-009-9135-y
    .. [3] Satorra (2000), in Heijmans, Pollock & Satorra (eds), Innovations in Multivariate
       Statistical Analysis, 233–247. doi:10.1007/978-1-4615-4603-0_17
    """
    check_comparable(fit0, fit1)
    method = _method_for(fit0, method)
    strict, loose = sorted((fit0, fit1), key=lambda f: -f.goodness.test.df)
    df = strict.goodness.test.df - loose.goodness.test.df
    difference = _statistic(strict) - _statistic(loose)
    robust = strict.estimator.robust
    name = f"scaled likelihood ratio ({method})" if robust else "likelihood ratio"
    note = _doubt(strict, loose, difference, df)
    if note:
        return Comparison(name, difference, df, float("nan"), float("nan") if robust else 1.0, note)
    if not robust:
        return Comparison(name, difference, df, upper_tail(difference, df))
    return _TESTS[method](name, strict, loose, difference, df)


def _statistic(fit: Fit) -> float:
    """The χ² of a fit; away from its minimum it has none."""
    return fit.goodness.test.value if fit.solution.converged.all() else float("nan")


def _doubt(strict: Fit, loose: Fit, difference: float, df: float) -> str:
    """Why a difference is no test; empty where it is one."""
    for fit in (strict, loose):
        if not fit.outcome.usable:
            return f"one of the fits has no result to compare ({fit.outcome.name})"
    if not df > 0:
        return "the fits have the same degrees of freedom, so that there is nothing to test"
    if np.isnan(difference):
        return "a fit has no χ²"
    if difference < -_ROUNDING * max(1.0, loose.goodness.test.value):
        return (
            f"the fit with more degrees of freedom has the lower χ², by {-difference:.3g}: it is "
            "no special case of the other, or the search for the other ended away from its "
            "minimum; see starts= of fit()"
        )
    return ""


def _satorra_bentler_2001(
    name: str, strict: Fit, loose: Fit, difference: float, df: float
) -> Comparison:
    """The difference scaled by a difference of scaling factors."""
    return _scaled(name, strict, loose, difference, df, loose.goodness.test.factor)


def _satorra_bentler_2010(
    name: str, strict: Fit, loose: Fit, difference: float, df: float
) -> Comparison:
    """The same, that of the looser model being taken at the stricter one."""
    return _scaled(name, strict, loose, difference, df, _factor_at(loose, strict))


def _scaled(
    name: str, strict: Fit, loose: Fit, difference: float, df: float, inner: float
) -> Comparison:
    one, other = strict.goodness.test, loose.goodness.test
    base = other.df * inner if other.df > 0 else 0.0
    factor = (one.df * one.factor - base) / df
    if not factor > 0:
        note = (
            "the scaling factor of the difference is not positive: see method='" + METHODS[1] + "'"
        )
        return Comparison(name, float("nan"), df, float("nan"), factor, note)
    statistic = difference / factor
    return Comparison(name, statistic, df, upper_tail(statistic, df), factor)


def _method_for(fit: Fit, method: str | None) -> str:
    """The method asked for, or the default."""
    allowed = fit.estimator.difference_tests or METHODS
    if method is None:
        return allowed[0]
    if method not in allowed:
        raise DataError(
            f"method got {method!r}; for fits such as these, by {fit.estimator.name}, allowed are "
            f"{', '.join(allowed)}: choose one"
        )
    return method


def _satorra_2000(
    name: str, strict: OrdinalFit, loose: OrdinalFit, difference: float, df: float
) -> Comparison:
    """The difference scaled and shifted."""
    try:
        traces = difference_traces(strict, loose)
    except np.linalg.LinAlgError:
        note = "the directions in which the two models differ cannot be told apart"
        return Comparison(name, float("nan"), df, float("nan"), float("nan"), note)
    adjusted = mean_variance_adjusted(difference, df, traces)
    statistic, p_value = adjusted.scaled, adjusted.scaled_p_value
    return Comparison(name, statistic, df, p_value, adjusted.factor)


_TESTS: Mapping[str, Callable[[str, Any, Any, float, float], Comparison]] = dict(
    zip(METHODS, (_satorra_bentler_2001, _satorra_bentler_2010, _satorra_2000), strict=True)
)


def _factor_at(loose: Fit, strict: Fit) -> float:
    """Scaling factor of the looser model at the moments that the stricter one implies."""
    sample, implied = loose.sample, strict.solution.implied
    order = [strict.spec.observed.index(name) for name in loose.spec.observed]
    cov = implied.cov[:, order][:, :, order]
    moments = Moments(
        sample.moments.group_n,
        implied.mean[:, order],
        np.where(sample.present[:, :, None] & sample.present[:, None, :], cov, 0.0),
        sample.present,
        np.arange(sample.n_groups),
        sample.n_groups,
    )
    objective = loose.estimator.objective(moment_sample(moments), loose.structure)
    found = minimise(objective, loose.layout, loose.solution.x.copy())
    precision = loose.estimator.precision(sample, loose.structure, loose.layout, found.theta)
    test, old = loose.goodness.test, loose.solution.precision
    if old is None or test.df <= 0:
        return float("nan")
    return test.factor + (old.trace - precision.trace) / test.df


@checks_arguments
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
    lines = [hypothesis] if isinstance(hypothesis, str) else hypothesis
    if not (isinstance(lines, Sequence) and all(isinstance(line, str) for line in lines)):
        raise ModelSyntaxError(
            f"got a hypothesis of type {type(hypothesis).__name__}; write an equation such as "
            "'b1 == b2', or several in a list"
        )
    equations = [part for line in lines for part in line.replace(";", "\n").split("\n")]
    made = [("", _difference(part)) for part in equations if part.strip()]
    if not made:
        raise ModelSyntaxError("the hypothesis is empty: write an equation such as 'b1 == b2'")
    found = label_functions(made, fit.solution, fit.layout, fit.structure)
    rank = int(np.linalg.matrix_rank(found.covariance)) if np.isfinite(found.se).all() else 0
    if rank < len(made):
        return Comparison("Wald", float("nan"), float(len(made)), float("nan"))
    statistic = float(found.value @ np.linalg.solve(found.covariance, found.value))
    df = min(definition_df(place_df(fit.sample, fit.layout), fit.layout, made))
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
