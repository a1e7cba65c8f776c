"""A fitted model of two levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Floats
from vaar.sem.results.fit import Fit
from vaar.sem.results.tables import parameter_columns, residual_table
from vaar.sem.two_level.goodness import TwoLevelGoodness, two_level_goodness
from vaar.sem.two_level.levels import MARK, is_between, unmarked
from vaar.sem.two_level.sample import TwoLevelSample

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class TwoLevelFit(Fit):
    """A model of two levels fitted to one or more groups jointly.

    Tables of parameters have a column level, 1 within clusters and 2 between them; those by
    variable have the level above the variable's name.
    """

    sample: TwoLevelSample

    def rows_for(self, what: str) -> NoReturn:
        """Nothing here takes the rows of two levels.

        Raises
        ------
        DataError
            Always.
        """
        raise DataError(f"{what} is not there for models of two levels: use a model of one level")

    @property
    def model_for_lavaan(self) -> str:
        """The model's text, written out for each group, as lavaan wants blocks of levels."""
        if len(self.groups) == 1:
            return self.spec.text
        parts = [f"group: {g + 1}\n{self.spec.text.strip()}" for g in range(len(self.groups))]
        return "\n".join(parts)

    @property
    def n_clusters(self) -> Mapping[str, int]:
        """Clusters of each group."""
        return dict(zip(self.groups, self.sample.n_clusters.tolist(), strict=True))

    @cached_property
    def params(self) -> pd.DataFrame:
        """The parameter table with a column level, 0 for defined parameters."""
        import pandas as pd

        made = self.spec, self.structure, self.layout, self.solution, self.sample
        return pd.DataFrame(_named(parameter_columns(*made)))

    def named(self, table: pd.DataFrame) -> pd.DataFrame:
        """A table of parameters with names as they were written, and their level."""
        import pandas as pd

        return pd.DataFrame(_named({str(name): column for name, column in table.items()}))

    @property
    def free_at_boundary(self) -> tuple[str, ...]:
        """Groups in which the model with all moments free has no maximum with a gradient of 0, so
        that χ² rests on the one among covariances of level 2 without negative variances."""
        pairs = zip(self.groups, self.goodness.inside, strict=True)
        return tuple(name for name, inside in pairs if not inside)

    @cached_property
    def goodness(self) -> TwoLevelGoodness:
        return two_level_goodness(
            self.spec, self.structure, self.estimator, self.sample, self.layout, self.solution
        )

    @cached_property
    def implied(self) -> Mapping[str, pd.DataFrame]:
        """Implied covariances of both levels, by group; 0 between levels."""
        return MappingProxyType(
            {
                name: self._square(cov)
                for name, cov in zip(self.groups, self.solution.implied.cov, strict=True)
            }
        )

    @cached_property
    def implied_means(self) -> pd.DataFrame:
        """Implied means: a row for each group, a column for each variable of each level."""
        return self._by_variable(self.solution.implied.mean, self.spec.observed)

    @cached_property
    def residuals(self) -> Mapping[str, pd.DataFrame]:
        """Correlations of the free model less implied ones, by group; NaN between levels."""
        names = self.spec.observed
        table = residual_table(
            self.groups,
            names,
            self.goodness.saturated.cov,
            self.solution.implied.cov,
            self.sample.present,
        )
        between = self.sample.levels.between
        same = between[:, None] == between
        return MappingProxyType(
            {name: self._square(np.where(same, each, np.nan)) for name, each in table.items()}
        )

    @cached_property
    def r2(self) -> pd.DataFrame:
        """Explained share of variance: a row for each group, a column for each dependent variable
        of each level."""
        plain = super().r2
        return self._by_variable(plain.to_numpy(), list(plain.columns))

    @cached_property
    def icc(self) -> pd.DataFrame:
        """Intraclass correlations in the free model: a row for each group, a column for each
        variable of both levels."""
        import pandas as pd

        levels, cov = self.sample.levels, self.goodness.saturated.cov
        variance = np.einsum("gpp->gp", cov)
        inner = variance[:, ~levels.between & levels.both]
        names = [levels.variables[j] for j in levels.column[~levels.between & levels.both]]
        place = {int(j): i for i, j in enumerate(levels.column) if levels.between[i]}
        outer = variance[:, [place[levels.variables.index(name)] for name in names]]
        return pd.DataFrame(outer / (inner + outer), index=list(self.groups), columns=names)

    def _by_variable(self, values: Floats, names: Sequence[str]) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(values, index=list(self.groups), columns=_labels(names))

    def _square(self, values: Floats) -> pd.DataFrame:
        import pandas as pd

        labels = _labels(self.spec.observed)
        return pd.DataFrame(np.asarray(values), index=labels, columns=labels)

    def _heading(self) -> list[str]:
        first, size, *rest = super()._heading()
        clusters = sum(self.n_clusters.values())
        out = [first, size.replace(" rows", f" rows in {clusters} clusters", 1), *rest]
        if self.free_at_boundary:
            among = ", ".join(self.free_at_boundary)
            out.append(f"no inner maximum of the free model, χ² from one at its boundary: {among}")
        return out


def _named(columns: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, column in columns.items():
        out[name] = column
        if name in ("lhs", "rhs", "name", "latent"):
            out[name] = [text.replace(MARK, "") for text in column]
        if name in ("rhs", "latent"):
            first = columns["lhs" if name == "rhs" else name]
            out["level"] = [2 if is_between(text) else 1 for text in first]
    if "op" in out:
        pairs = zip(columns["op"], out["level"], strict=True)
        out["level"] = [0 if op == ":=" else level for op, level in pairs]
    return out


def _labels(names: Sequence[str]) -> pd.MultiIndex:
    import pandas as pd

    pairs = [(2 if is_between(name) else 1, unmarked(name)) for name in names]
    return pd.MultiIndex.from_tuples(pairs, names=["level", "variable"])
