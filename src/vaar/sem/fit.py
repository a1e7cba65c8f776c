"""Fitting a model to data: read, screen, plan, solve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Bools, Ints
from vaar.sem.estimators import Estimator, estimator_of
from vaar.sem.layout import Layout
from vaar.sem.matrices import Structure, structure_of
from vaar.sem.moments import Sample, sample_of
from vaar.sem.outcome import Outcome
from vaar.sem.plan import Equality, equality_of, layout_of
from vaar.sem.result import Fit
from vaar.sem.saturated import saturated
from vaar.sem.screen import Finding, Screened, screen
from vaar.sem.solve import Solution, solve
from vaar.sem.spec import ModelSpec, specify
from vaar.sem.starts import hold_exogenous, starting_values
from vaar.sem.table import Table, read_table

if TYPE_CHECKING:
    import pandas as pd


def fit(
    model: str,
    data: pd.DataFrame,
    group: str | None = None,
    estimator: str = "ML",
    missing: str = "listwise",
    group_equal: Sequence[str] = (),
    group_partial: Sequence[str] = (),
    *,
    std_lv: bool = False,
    effect_coding: bool = False,
    meanstructure: bool | None = None,
    fixed_x: bool = True,
) -> Fit:
    """Fit a structural equation model, jointly in all groups.

    The defaults are those of lavaan's ``sem()``. The data of every group are screened first: a
    group or item that cannot carry the model is left out with its reason, and the others are
    fitted.

    Parameters
    ----------
    model : str
        lavaan syntax.
    data : DataFrame
        One row for each case, with a numeric column for each observed variable of the model.
    group : str, optional
        Column that names the groups.
    estimator : {'ML', 'MLR'}
        MLR has the estimates of ML with sandwich standard errors and a scaled test.
    missing : {'listwise', 'fiml'}
        Whether rows with missing answers are left out, or used for what they hold.
    group_equal : sequence of str
        Kinds of parameters equal across groups: loadings, intercepts, means, regressions,
        residuals, residual.covariances, lv.variances, lv.covariances.
    group_partial : sequence of str
        Parameters excepted from that, as ``"f =~ x2"`` or ``"x3 ~ 1"``.
    std_lv, effect_coding : bool
        Set the scale of latent variables by unit variances, or by loadings that average 1 and
        intercepts that average 0, instead of a marker item.
    meanstructure : bool, optional
        Whether means are modelled: by default with a group column or ``missing='fiml'``.
    fixed_x : bool
        Whether moments of observed predictors are held at their sample values.

    Returns
    -------
    Fit

    Raises
    ------
    ModelSyntaxError
        The model cannot be read.
    DataError
        The data cannot be read, or no group can carry the model.
    """
    if std_lv and effect_coding:
        raise DataError("std_lv and effect_coding both set the scale of factors: choose one")
    means = (group is not None or missing != "listwise") if meanstructure is None else meanstructure
    spec = specify(model, mean_structure=means or effect_coding, fixed_x=fixed_x)
    chosen = estimator_of(estimator, missing, spec.mean_structure)
    identify = "std_lv" if std_lv else "effects" if effect_coding else "marker"
    equality = equality_of(spec, group_equal, group_partial, identify)
    table = read_table(data, spec.observed, group)
    return fit_table(spec, chosen, equality, table)


def fit_table(
    spec: ModelSpec, estimator: Estimator, equality: Equality, table: Table
) -> Fit:
    """Fit a specified model to data that were read."""
    screened = screen(table.values, table.group, table.names, spec, estimator.fiml)
    if not screened.kept:
        reasons = "; ".join(f"{name}: {why}" for name, why in screened.dropped.items())
        raise DataError(
            f"no group can carry the model ({reasons}): see that answers vary and that there are "
            "more rows than variables"
        )
    job = _Job(spec, structure_of(spec), estimator, equality, table)
    return job.fitted(screened)


@dataclass(frozen=True)
class _Job:
    """A model, an estimator and data, ready to be fitted to a choice of groups."""

    spec: ModelSpec
    structure: Structure
    estimator: Estimator
    equality: Equality
    table: Table

    def fitted(self, screened: Screened) -> Fit:
        """Fit all groups; where some fail, drop those that fail alone and fit the others."""
        sample, layout, solution, order = self._solve(screened, self.equality)
        good = solution.converged & solution.identified
        if len(good) > 1 and not good.all():
            alone = good if not len(layout.shared) else self._good_alone(screened)
            if alone.any() and not alone.all():
                reason = "the model does not converge, or is not identified, in this group alone"
                return self.fitted(self._without(screened, alone, reason))
        rows = np.flatnonzero(screened.rows)[order]
        return Fit(
            self.spec,
            self.structure,
            layout,
            sample,
            solution,
            self.estimator,
            self.equality,
            self.table.names,
            MappingProxyType(screened.dropped),
            (*self.table.findings, *screened.findings),
            MappingProxyType(dict(zip(layout.groups, _outcomes(solution), strict=True))),
            self.table.row_index[rows],
        )

    def _solve(
        self, screened: Screened, equality: Equality
    ) -> tuple[Sample, Layout, Solution, Ints]:
        number = np.full(len(self.table.names), -1)
        number[list(screened.kept)] = np.arange(len(screened.kept))
        values, group = screened.values[screened.rows], self.table.group[screened.rows]
        sample, order = sample_of(values, number[group], screened.present)
        layout = layout_of(
            self.spec, equality, self.table.names, screened.kept, screened.present
        )
        top = saturated(sample, robust=False)
        layout = hold_exogenous(layout, self.spec, top.cov, top.mean)
        x = starting_values(layout, self.spec, top.cov, top.mean, screened.present)
        solution = solve(self.estimator, sample, self.structure, layout, x)
        return sample, layout, solution, order

    def _without(self, screened: Screened, good: Bools, reason: str) -> Screened:
        """The same data less the groups that are not good."""
        numbers = [g for g, fine in zip(screened.kept, good, strict=True) if not fine]
        names = [self.table.names[g] for g in numbers]
        found = tuple(Finding(name, "", "no solution", "group dropped", reason) for name in names)
        return replace(
            screened,
            rows=screened.rows & ~np.isin(self.table.group, numbers),
            kept=tuple(g for g in screened.kept if g not in numbers),
            present=screened.present[good],
            dropped=screened.dropped | dict.fromkeys(names, reason),
            findings=screened.findings + found,
        )

    def _good_alone(self, screened: Screened) -> Bools:
        apart = replace(self.equality, kinds=())
        _, layout, solution, _ = self._solve(screened, apart)
        if len(layout.shared):
            return np.ones(len(screened.kept), dtype=bool)
        return solution.converged & solution.identified


def _outcomes(solution: Solution) -> list[Outcome]:
    finite = np.isfinite(np.where(np.isnan(solution.theta), 0.0, solution.se)).all(axis=1)
    out = []
    for converged, identified, admissible in zip(
        solution.converged, solution.identified & finite, solution.admissible, strict=True
    ):
        if not converged:
            out.append(Outcome.NOT_CONVERGED)
        elif not identified:
            out.append(Outcome.NOT_IDENTIFIED)
        else:
            out.append(Outcome.CONVERGED if admissible else Outcome.INADMISSIBLE)
    return out
