"""Reading the data of a model of two levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Floats, Ints
from vaar.sem.data.frame import Table, read_table
from vaar.sem.data.sampling_columns import read_design
from vaar.sem.data.screening import Finding, Screened, screen
from vaar.sem.model.parameters import ModelSpec
from vaar.sem.two_level.levels import Levels
from vaar.sem.two_level.references import saturated
from vaar.sem.two_level.sample import TwoLevelSample, raised

if TYPE_CHECKING:
    import pandas as pd

NOTABLE = 0.05  # intraclass correlation of a variable of level 1 alone that is reported
_CONSTANT = 1e-9  # relative difference within a cluster that counts as none


@dataclass(frozen=True)
class TwoLevelSource:
    """Rows in clusters, to be cut to the groups that are kept.

    Attributes
    ----------
    cluster : (N,) array
        Of each row of the table.
    """

    table: Table
    cluster: Ints
    levels: Levels

    def sample(self, screened: Screened) -> tuple[TwoLevelSample, Ints]:
        """The rows of the kept groups, and where each stood among the analysed ones."""
        number = np.full(len(self.table.names), -1)
        number[list(screened.kept)] = np.arange(len(screened.kept))
        group = number[self.table.group[screened.rows]]
        cluster = self.cluster[screened.rows]
        order = np.lexsort((cluster, group))
        values = screened.values[screened.rows][order]
        numbered = np.cumsum(np.diff(cluster[order], prepend=cluster[order][:1]) != 0)
        groups = len(screened.kept)
        sample = TwoLevelSample(
            values,
            group[order],
            np.arange(groups),
            np.ones((groups, values.shape[1]), dtype=bool),
            groups,
            cluster=numbered,
            levels=self.levels,
        )
        if self.levels.holds_both:
            free = saturated(sample, robust=False)
            sample = replace(sample, free=(raised(free.cov, sample.best[0]), free.mean))
        return sample, order


def read_two_levels(
    levels: Levels, data: pd.DataFrame | None, group: str | None, cluster: str | None
) -> tuple[TwoLevelSource, Screened]:
    """Read and screen the rows, and their clusters.

    Raises
    ------
    DataError
        No cluster column, or data that cannot be read; a variable of level 2 alone that differs
        within a cluster.
    """
    if data is None:
        raise DataError("the model has two levels, which need rows in clusters: give data")
    if cluster is None:
        raise DataError(
            "the model has two levels, and cluster= is not given: name the column that says which "
            "cluster each row is in"
        )
    table = read_table(data, levels.variables, group)
    table, design = read_design(data, table, cluster, None)
    codes = design.cluster if design.cluster is not None else np.empty(0, dtype=np.int64)
    screened = screen(table.values, table.group, table.names, _flat(levels), False)
    _check_constant(levels, screened, codes, cluster)
    screened = _with_enough(levels, table, screened, codes)
    found = tuple(_findings(levels, screened, codes))
    screened = replace(screened, findings=table.findings + screened.findings + found)
    return TwoLevelSource(table, codes, levels), screened


def check_options(given: Mapping[str, Any]) -> None:
    """Refuse what models of two levels do not have.

    Parameters
    ----------
    given : mapping
        ordered, sampling_weights, sample_cov and meanstructure, as given.

    Raises
    ------
    DataError
        One of them is asked for.
    """
    for name in ("ordered", "sampling_weights", "sample_cov"):
        if given[name] is not None and given[name] is not False:
            raise DataError(f"models of two levels do not take {name}=: leave it out")
    if given["meanstructure"] is False:
        raise DataError("models of two levels have means: leave meanstructure=False out")


def _flat(levels: Levels) -> ModelSpec:
    """The columns as a model of one level in which none can be masked."""
    names = levels.variables
    return ModelSpec("", names, (), names, (), (), (), (), True)


def _check_constant(levels: Levels, screened: Screened, cluster: Ints, column: str) -> None:
    inside = levels.within_columns
    alone = [j for j in levels.between_columns if j not in inside]
    values, codes = screened.values[screened.rows], cluster[screened.rows]
    if not alone or not len(values):
        return
    _, first, number = np.unique(codes, return_index=True, return_inverse=True)
    for j in alone:
        centre = values[first[number.reshape(-1)], j]
        differs = np.abs(values[:, j] - centre) > _CONSTANT * np.maximum(np.abs(centre), 1.0)
        if differs.any():
            raise DataError(
                f"{levels.variables[j]!r} stands at level 2 only, and differs within "
                f"{len(np.unique(codes[differs]))} clusters of {column!r}: write it at level "
                "1 too, or give it one value in a cluster"
            )


def _with_enough(levels: Levels, table: Table, screened: Screened, cluster: Ints) -> Screened:
    """The data less the groups whose clusters do not tell two levels."""
    for finding, at, count in (
        ("few clusters", levels.between_columns, _clusters),
        ("small clusters", levels.within_columns, _contrasts),
    ):
        found = [count(cluster[screened.rows & (table.group == g)]) for g in screened.kept]
        for n in sorted({n for n in found if n <= len(at)}):
            what = "clusters" if finding == "few clusters" else "rows beyond one in each cluster"
            level = 2 if finding == "few clusters" else 1
            reason = f"{n} {what} for {len(at)} variables of level {level}"
            good = np.array([one != n for one in found], dtype=bool)
            found = [one for one in found if one != n]
            screened = screened.without(good, table, finding, reason)
    return screened


def _clusters(cluster: Ints) -> int:
    return len(np.unique(cluster))


def _contrasts(cluster: Ints) -> int:
    return len(cluster) - len(np.unique(cluster))


def _findings(levels: Levels, screened: Screened, cluster: Ints) -> Iterator[Finding]:
    """Variables of level 1 alone that vary between clusters all the same."""
    values, codes = screened.values[screened.rows], cluster[screened.rows]
    alone = [j for j in levels.within_columns if j not in levels.between_columns]
    if not alone or not len(values):
        return
    for j, share in zip(alone, intraclass(values[:, alone], codes), strict=True):
        if share > NOTABLE:
            detail = (
                f"intraclass correlation {share:.2f}, and the model has it at level 1 only, which "
                "holds its variance at level 2 at 0"
            )
            yield Finding("", levels.variables[j], "varies between clusters", "kept", detail)


def intraclass(values: Floats, cluster: Ints) -> Floats:
    """(k,) intraclass correlations of (N, k) values by analysis of variance."""
    _, number, size = np.unique(cluster, return_inverse=True, return_counts=True)
    n, j = len(values), len(size)
    if n <= j or j < 2:
        return np.zeros(values.shape[1])
    means = np.array([np.bincount(number.reshape(-1), column) for column in values.T]).T
    means /= size[:, None]
    inner = ((values - means[number.reshape(-1)]) ** 2).sum(axis=0) / (n - j)
    outer = (size[:, None] * (means - values.mean(axis=0)) ** 2).sum(axis=0) / (j - 1)
    typical = (n - (size**2).sum() / n) / (j - 1)
    return np.asarray((outer - inner) / (outer + (typical - 1) * inner))
