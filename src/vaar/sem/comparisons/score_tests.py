"""Score tests: what would change if a fixed parameter were free, or an equal one let go.

For a direction d away from the fitted model, with score s and information I,

    MI = s² / (I_dd − I_dx I_xx⁻¹ I_xd),    EPC = s / (the same denominator),

x being the free parameters (Sörbom 1989). MI is referred to χ² with one degree of freedom.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

from vaar.errors import DataError
from vaar.sem.arguments import checks_arguments
from vaar.sem.arrays import Floats, Ints
from vaar.sem.fit_measures.measures import upper_tail
from vaar.sem.model.matrices import structure_of
from vaar.sem.model.parameters import Row, kind_of
from vaar.sem.results.fit import Fit
from vaar.sem.search.information import Covariance, information_of, inverse
from vaar.sem.two_level.levels import is_between

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class _Scores:
    """Scores and informations of all places, those of fixed and absent parameters included.

    Attributes
    ----------
    rows : tuple of Row
        The model's rows, then the absent ones.
    score : (G, P) array
    information : (G, P, P) array
    border : (G, P, L) array
        Information between each place and the free columns of its group.
    covariance : Covariance
        Inverse information of the free parameters.
    """

    rows: tuple[Row, ...]
    score: Floats
    information: Floats
    border: Floats
    covariance: Covariance

    def variance(self, group: int, place: int) -> float:
        """Information in a direction that the free parameters leave."""
        border = self.border[group, place]
        inner = border @ self.covariance.columns(group) @ border
        return float(self.information[group, place, place] - inner)


@checks_arguments
def modification_indices(fit: Fit, minimum: float = 0.0) -> pd.DataFrame:
    """Score tests of parameters that are fixed at zero or absent.

    Tested are loadings of other latent variables, residual covariances of indicators, covariances
    between exogenous latent variables, and parameters that the model fixes.

    Parameters
    ----------
    minimum : float
        Smallest index that is listed.

    Returns
    -------
    DataFrame
        lhs, op, rhs, group, mi, pvalue, epc (expected change of the parameter), largest first.
    """
    found = _scores(fit, tuple(_absent_rows(fit)))
    known = len(fit.spec.rows)
    tests = []
    for g, name in enumerate(fit.groups):
        for i, row in enumerate(found.rows):
            free = i < known and fit.layout.index[g, i] >= 0
            if free or row.from_data or not _exists(fit, g, row):
                continue
            if i < known and row.op in ("=~", "~~") and fit.layout.value[g, i] != 0:
                continue
            tests.append((row, name, *_test(found.score[g, i], found.variance(g, i))))
    return fit.named(_table(tests, minimum))


@checks_arguments
def equality_tests(fit: Fit, minimum: float = 0.0) -> pd.DataFrame:
    """Score tests of letting go, in one group, a parameter that is equal across groups.

    Returns
    -------
    DataFrame
        lhs, op, rhs, group, mi, pvalue, epc (expected difference from the common value).
    """
    found = _scores(fit, ())
    tests = []
    for g, name in enumerate(fit.groups):
        for i, row in enumerate(fit.spec.rows):
            if _is_equal_across(fit, g, i):
                tests.append((row, name, *_test(found.score[g, i], found.variance(g, i))))
    return fit.named(_table(tests, minimum))


@checks_arguments
def release_tests(fit: Fit) -> pd.DataFrame:
    """Score tests of letting go, in all groups at once, each parameter equal across them.

    Returns
    -------
    DataFrame
        lhs, op, rhs, name, mi, df (groups less one), pvalue; largest first.
    """
    import pandas as pd

    found = _scores(fit, ())
    out = []
    for i, row in enumerate(fit.spec.rows):
        groups = [g for g in range(len(fit.groups)) if _is_equal_across(fit, g, i)]
        if len(groups) < 2:
            continue
        score = found.score[groups, i]
        variance = np.diag(found.information[groups, i, i])
        for a, g in enumerate(groups):
            for b, h in enumerate(groups):
                inner = found.covariance.between(g, h)
                variance[a, b] -= found.border[g, i] @ inner @ found.border[h, i]
        df = len(groups) - 1
        mi = float(score @ np.linalg.pinv(variance, rcond=1e-9, hermitian=True) @ score)
        out.append((row.lhs, row.op, _rhs(row), row.name, mi, df, upper_tail(mi, df)))
    columns = ["lhs", "op", "rhs", "name", "mi", "df", "pvalue"]
    table = pd.DataFrame(out, columns=columns)
    return fit.named(table.sort_values("mi", ascending=False, ignore_index=True))


def _scores(fit: Fit, absent: tuple[Row, ...]) -> _Scores:
    if fit.solution.precision is None or not fit.outcome.usable:
        raise DataError(f"score tests need a fit that ended well; this one is {fit.outcome}")
    rows = (*fit.spec.rows, *absent)
    structure = structure_of(replace(fit.spec, rows=rows))
    theta = np.where(fit.layout.active, fit.solution.theta, fit.layout.value)
    theta = np.hstack([theta, np.zeros((len(theta), len(absent)))])
    objective = fit.estimator.objective(fit.sample, structure)
    at = objective.evaluate(theta)
    score, information = -objective.gradient(at), np.array(list(objective.information(at)))
    known = len(fit.spec.rows)
    columns = fit.layout.squares(information[:, :known, :known])
    info = information_of(columns, len(fit.groups), len(fit.layout.shared))
    spread = np.array([fit.layout.spread_matrix(g) for g in range(len(fit.groups))])
    return _Scores(rows, score, information, information[:, :, :known] @ spread, inverse(info))


def _absent_rows(fit: Fit) -> Iterator[Row]:
    """Loadings and covariances that the model does not have."""
    spec = fit.spec
    plain = [name for name in spec.observed if name not in spec.structural]
    known = {(row.op, frozenset((row.lhs, row.rhs))) for row in spec.rows}
    dependent = {row.lhs for row in spec.rows if row.op == "~"}
    indicated = {name for names in spec.indicators.values() for name in names}
    exogenous = [name for name in spec.latents if name not in dependent | indicated]
    wanted = [(latent, "=~", name) for latent in spec.latents for name in plain]
    wanted += [(a, "~~", b) for a, b in combinations(plain, 2)]
    wanted += [(a, "~~", b) for a, b in combinations(exogenous, 2)]
    for lhs, op, rhs in wanted:
        if (op, frozenset((lhs, rhs))) not in known and is_between(lhs) == is_between(rhs):
            yield Row(lhs, op, rhs, kind_of(op, lhs, rhs, spec.latents))


def _exists(fit: Fit, group: int, row: Row) -> bool:
    here = dict(zip(fit.spec.observed, fit.sample.present[group], strict=True))
    return all(here.get(name, True) for name in (row.lhs, row.rhs))


def _is_equal_across(fit: Fit, group: int, place: int) -> bool:
    free = int(fit.layout.index[group, place])
    return free >= 0 and bool(fit.layout.n_users[free] > 1)


def _test(score: float, variance: float) -> tuple[float, float]:
    """MI and EPC; NaN where the direction cannot be told from the free parameters."""
    if not variance > 1e-8:
        return float("nan"), float("nan")
    return float(score**2 / variance), float(score / variance)


def _rhs(row: Row) -> str:
    return "" if row.op == "~1" else row.rhs


def _table(tests: list[tuple[Row, str, float, float]], minimum: float) -> pd.DataFrame:
    import pandas as pd

    if isinstance(minimum, bool) or not isinstance(minimum, Real) or np.isnan(minimum):
        raise DataError(f"minimum got {minimum!r}; it is the smallest index to list: give a number")
    kept = [test for test in tests if test[2] >= minimum]
    kept.sort(key=lambda test: -test[2])
    data: dict[str, list[str] | Floats | Ints] = {
        "lhs": [row.lhs for row, *_ in kept],
        "op": [row.op for row, *_ in kept],
        "rhs": [_rhs(row) for row, *_ in kept],
        "group": [group for _, group, *_ in kept],
        "mi": np.array([mi for *_, mi, _ in kept], dtype=float),
        "pvalue": np.array([upper_tail(mi, 1) for *_, mi, _ in kept], dtype=float),
        "epc": np.array([epc for *_, epc in kept], dtype=float),
    }
    return pd.DataFrame(data)
