"""A fitted model: tables and measures, unpacked from arrays on demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Floats, Ints
from vaar.sem.data.moment_sample import without_rows
from vaar.sem.data.sample import Sample
from vaar.sem.data.screening import Screened
from vaar.sem.estimators.base import Estimator
from vaar.sem.estimators.normal_likelihood import case_scores, evaluate
from vaar.sem.fit_measures.chi_square_tests import Goodness, Measures, goodness_of
from vaar.sem.model.equality import Equality
from vaar.sem.model.matrices import Structure
from vaar.sem.model.parameter_map import Layout
from vaar.sem.model.parameters import ModelSpec
from vaar.sem.results.display import SHOWN, as_html, as_text, exclusions, heading, measures_line
from vaar.sem.results.latent_scores import latent_scores
from vaar.sem.results.searches import search_table, searches_line
from vaar.sem.results.tables import (
    implied_table,
    parameter_table,
    residual_table,
    screening_table,
)
from vaar.sem.search.outcome import Outcome, worst
from vaar.sem.solution.inequalities import AT_BOUND
from vaar.sem.solution.several_starts import Attempt
from vaar.sem.solution.solve import Solution

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Fit:
    """One model fitted to one or more groups jointly.

    Attributes
    ----------
    group_outcome : mapping
        How the fit of each group ended.
    all_groups : tuple of str
        Groups of the data, fitted or not, in their order.
    row_index : (N,) array
        Position in the data frame of each analysed row.
    row_labels : Index
        The data frame's labels of all its rows; None without rows.
    group_column, cluster_column, weight_column : str or None
        Columns that name the groups and the clusters, and that holds the sampling weights.
    attempts : tuple of Attempt
        The searches that were made; :attr:`searches` has them as a table.
    solution, layout, sample, structure, spec, estimator, equality, screened
        The arrays behind the tables.
    """

    spec: ModelSpec
    structure: Structure
    layout: Layout
    sample: Sample
    solution: Solution
    estimator: Estimator[Any]
    equality: Equality
    all_groups: tuple[str, ...]
    screened: Screened
    group_outcome: Mapping[str, Outcome]
    row_index: Ints
    row_labels: pd.Index[Any] | None
    group_column: str | None = None
    cluster_column: str | None = None
    weight_column: str | None = None
    attempts: tuple[Attempt, ...] = ()

    def __getstate__(self) -> dict[str, object]:
        """What is sent to another process: the fields; tables are made again where wanted."""
        state = {field.name: getattr(self, field.name) for field in fields(self)}
        return state | {"group_outcome": dict(self.group_outcome)}

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups that were fitted."""
        return self.layout.groups

    @property
    def dropped(self) -> Mapping[str, str]:
        """Groups that were not fitted, each with its reason."""
        return MappingProxyType(self.screened.dropped)

    @property
    def outcome(self) -> Outcome:
        """How the fit ended: the gravest outcome of its groups."""
        return worst(list(self.group_outcome.values()))

    @property
    def n_rows(self) -> int:
        """Rows analysed."""
        return self.sample.n_rows

    @property
    def model_for_lavaan(self) -> str:
        """The model's text as lavaan takes it."""
        return self.spec.text

    def named(self, table: pd.DataFrame) -> pd.DataFrame:
        """A table of parameters under the names the user wrote."""
        return table

    @property
    def held(self) -> tuple[str, ...]:
        """The inequalities of the model that hold as equalities, as in ``'v > 0'``, and the bounds
        that estimates are at, as in ``'y1~~y1 > 0 in group a'``."""
        found = [each for each in self.screened.findings if each.finding == AT_BOUND]
        return tuple(
            f"{each.item} in group {each.group}" if each.group else each.item for each in found
        )

    def rows_for(self, what: str) -> Sample:
        """The sample, for what needs its rows.

        Raises
        ------
        DataError
            The fit is of covariances.
        """
        if not self.sample.has_rows:
            raise DataError(without_rows(what))
        return self.sample

    @property
    def n_clusters(self) -> Mapping[str, int]:
        """Clusters of each group; its rows where there are no clusters."""
        return dict(zip(self.groups, self.sample.n_units.tolist(), strict=True))

    @cached_property
    def row_groups(self) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
        """(n_rows,) group of each analysed row."""
        return np.array(self.groups, dtype=object)[self.sample.group]

    @cached_property
    def params(self) -> pd.DataFrame:
        """The parameter table.

        Columns: lhs, op, rhs, group, label, est, se (0 where fixed), z, pvalue, ci_lower, ci_upper
        (95 %), std_all (completely standardised) and std_all_se. NaN where an item is masked.
        Defined parameters stand last, with an empty group. In a fit with clusters z is a t, with
        the degrees of freedom in a column df.
        """
        return parameter_table(self.spec, self.structure, self.layout, self.solution, self.sample)

    @cached_property
    def goodness(self) -> Goodness:
        """The model's test, its baseline's, and the benchmarks both are made of."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return self._goodness()

    def _goodness(self) -> Goodness:
        return goodness_of(
            self.spec, self.structure, self.estimator, self.sample, self.layout, self.solution
        )

    def case_scores(self) -> Floats:
        """(N, P) derivatives of what each analysed row adds to what is fitted."""
        sample, structure, means = self.sample, self.structure, self.spec.mean_structure
        at = evaluate(self.solution.implied, sample.moments, means)
        return case_scores(at, sample, structure, None if means else sample.moments.mean)

    def latent_scores(self, block: int, method: str) -> tuple[Floats, Floats]:
        """(n, latents) scores of the rows of a block of the sample, and (latents,) errors."""
        return latent_scores(self.spec, self.structure, self.sample, self.solution, block, method)

    @cached_property
    def measures(self) -> Measures:
        """Fit measures under lavaan's names, dots or underscores alike."""
        return self.goodness.measures

    @cached_property
    def screening(self) -> pd.DataFrame:
        """What was found wrong with the data, and what was done: group, item, finding, action,
        detail. An empty group or item means all of them."""
        return screening_table(self.screened.findings)

    @cached_property
    def searches(self) -> pd.DataFrame:
        """The searches that were made: a row for each.

        Columns: start (given, default or random), converged, chisq_above (by how much χ² is higher
        there than at the lowest minimum) and largest_difference (of a completely standardised
        estimate from that of this fit). Where groups share nothing, the fit takes the lowest
        minimum of each group.
        """
        return search_table(self.attempts, self.solution, self.structure)

    @cached_property
    def implied(self) -> Mapping[str, pd.DataFrame]:
        """Implied covariances of the observed variables, by group."""
        return MappingProxyType(
            implied_table(self.groups, self.spec.observed, self.solution.implied.cov)
        )

    @cached_property
    def implied_means(self) -> pd.DataFrame:
        """Implied means: a row for each group, a column for each observed variable."""
        import pandas as pd

        means = np.where(self.sample.present, self.solution.implied.mean, np.nan)
        return pd.DataFrame(means, index=list(self.groups), columns=list(self.spec.observed))

    @cached_property
    def residuals(self) -> Mapping[str, pd.DataFrame]:
        """Sample less implied correlations, by group; NaN where an item is masked."""
        sample, implied = self.goodness.saturated.cov, self.solution.implied.cov
        return MappingProxyType(
            residual_table(self.groups, self.spec.observed, sample, implied, self.sample.present)
        )

    @cached_property
    def r2(self) -> pd.DataFrame:
        """Explained share of variance: a row for each group, a column for each dependent
        variable."""
        import pandas as pd

        names = [
            row.lhs
            for row in self.spec.rows
            if row.op == "~~" and row.lhs == row.rhs and row.lhs in self._dependent
        ]
        at = [
            i
            for i, row in enumerate(self.spec.rows)
            if row.op == "~~" and row.lhs == row.rhs and row.lhs in self._dependent
        ]
        return pd.DataFrame(1 - self.solution.std[:, at], index=list(self.groups), columns=names)

    @cached_property
    def _dependent(self) -> frozenset[str]:
        rows = self.spec.rows
        return frozenset(
            [row.lhs for row in rows if row.op == "~"] + [row.rhs for row in rows if row.op == "=~"]
        )

    def _heading(self) -> list[str]:
        lines = heading(
            f"{self.estimator.name}: {self.outcome}",
            self.n_rows,
            self.groups,
            self.layout.n_parameters,
            self.equality.kinds,
        )
        lines += exclusions(self.dropped, self.screened.findings)
        disagreement = searches_line(self.attempts)
        lines += [disagreement] if disagreement else []
        lines += [f"at a bound: {', '.join(self.held)}"] if self.held else []
        return [*lines, measures_line(self.measures)]

    def __repr__(self) -> str:
        return as_text(self._heading(), self.params, SHOWN)

    def summary(self) -> str:
        """The fit as text: outcome, measures, all parameters."""
        return as_text(self._heading(), self.params, len(self.params))

    def _repr_html_(self) -> str:
        return as_html(self._heading(), self.params)
