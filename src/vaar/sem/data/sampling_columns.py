"""Reading the clusters and sampling weights of a data frame's rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.data.frame import Table
from vaar.sem.data.sampling_design import SamplingDesign
from vaar.sem.data.screening import Finding, Screened

if TYPE_CHECKING:
    import pandas as pd


def read_design(
    data: pd.DataFrame, table: Table, cluster: str | None, sampling_weights: str | None
) -> tuple[Table, SamplingDesign]:
    """Read the design columns of the rows of a table, and leave rows of weight 0 out.

    Raises
    ------
    DataError
        An unknown column, an empty entry, a cluster with rows in several groups, or a weight that
        is negative or no number.
    """
    weight: Floats | None = None
    if sampling_weights is not None:
        weight = _weights(_column(data, table, sampling_weights, "sampling_weights"))
        kept = weight > 0
        if not kept.all():
            table, weight = _without_zeros(table, kept, sampling_weights), weight[kept]
    codes: Ints | None = None
    if cluster is not None:
        codes = _clusters(_column(data, table, cluster, "cluster"), table)
    table = replace(table, cluster_column=cluster, weight_column=sampling_weights)
    return table, SamplingDesign(codes, weight)


def _column(data: pd.DataFrame, table: Table, name: str, role: str) -> pd.Series[Any]:
    """The entries of a design column, one for each row of the table."""
    if not isinstance(name, str):
        raise DataError(
            f"{role} got {type(name).__name__}; it takes the name of one column of the data: "
            "put the values in a column"
        )
    known = [str(column) for column in data.columns]
    if known.count(name) != 1:
        found = "is there twice" if name in known else f"is not among {', '.join(known[:30])}"
        raise DataError(f"{role}={name!r}: this column {found}: name one column of the data")
    column = data.iloc[:, known.index(name)]
    if len(table.row_index) < len(column):
        column = column.iloc[table.row_index]
    if column.hasnans:
        empty = int(column.isna().sum())
        raise DataError(
            f"{role}={name!r}: {empty} of {len(column)} rows have no entry in this column: fill "
            "it, or leave those rows out of the data"
        )
    return column


def _weights(column: pd.Series[Any]) -> Floats:
    import pandas as pd

    if pd.api.types.is_complex_dtype(column):
        raise DataError(f"column {str(column.name)!r} holds complex numbers: give real ones")
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float)
    wrong = ~np.isfinite(numbers) | (numbers < 0)
    if wrong.any() or not (numbers > 0).any():
        example = _written(column[wrong].iloc[0]) if wrong.any() else "zeros only"
        raise DataError(
            f"sampling_weights={str(column.name)!r}: {example} is no weight; weights are numbers "
            "of at least 0, and not all 0: correct the column"
        )
    return np.asarray(numbers)


def _without_zeros(table: Table, kept: Bools, name: str) -> Table:
    detail = f"{int((~kept).sum())} rows"
    found = Finding("", name, "weight of 0", "rows left out", detail)
    return replace(
        table,
        values=table.values[kept],
        group=table.group[kept],
        row_index=table.row_index[kept],
        findings=(*table.findings, found),
    )


def _clusters(column: pd.Series[Any], table: Table) -> Ints:
    import pandas as pd

    role = f"cluster={str(column.name)!r}"
    try:
        codes, labels = pd.factorize(column)
    except TypeError:
        raise DataError(
            f"{role} holds entries that are no names, such as lists: give each row the name of its "
            "cluster"
        ) from None
    if labels.dtype == object and len({str(label) for label in labels}) < len(labels):
        raise DataError(
            f"{role} has different entries that are written alike, such as 1 and '1': give each "
            "cluster one name"
        )
    first = np.empty(len(labels), dtype=np.int64)
    first[codes[::-1]] = table.group[::-1]
    elsewhere = np.flatnonzero(table.group != first[codes])
    if elsewhere.size:
        spanning = codes[elsewhere[0]]
        groups = [table.names[g] for g in np.unique(table.group[codes == spanning])]
        raise DataError(
            f"{role}: {_written(labels[spanning])} has rows in the groups "
            f"{', '.join(groups)}; a cluster lies within one group: if the same entry means "
            "another cluster in each group, join the group's name to it"
        )
    return np.asarray(codes, dtype=np.int64)


def _written(entry: Any) -> str:
    """An entry as a user would write it."""
    return repr(entry.item() if isinstance(entry, np.generic) else entry)


def without_single_clusters(screened: Screened, table: Table, design: SamplingDesign) -> Screened:
    """The screened data less the groups whose analysed rows are one cluster."""
    if design.cluster is None:
        return screened
    several = [
        len(np.unique(design.cluster[screened.rows & (table.group == g)])) > 1
        for g in screened.kept
    ]
    reason = "all rows are in one cluster, and standard errors come from several"
    return screened.without(np.array(several, dtype=bool), table, "single cluster", reason)
