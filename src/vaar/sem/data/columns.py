"""Reading a column of a data frame as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Floats
from vaar.sem.data.screening import Finding

if TYPE_CHECKING:
    import pandas as pd


def numbers_of(column: pd.Series[Any], name: str, ordinal: bool, findings: list[Finding]) -> Floats:
    """(N,) numbers, NaN where there are none; what was turned into numbers is noted.

    Ordered categories are read in their order: as the numbers they are where these rise, else as
    1, 2, ….

    Raises
    ------
    DataError
        Text, dates or other things that are no numbers.
    """
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        if column.cat.ordered and not _rises(column.cat.categories, whole=ordinal):
            return _positions(column, name, findings)
        column = column.astype(column.cat.categories.dtype)
    if pd.api.types.is_bool_dtype(column) or pd.api.types.is_numeric_dtype(column):
        if pd.api.types.is_complex_dtype(column):
            raise DataError(f"column {name!r} holds complex numbers: give real ones")
        return np.array(column.to_numpy(dtype=float, na_value=np.nan))
    numbers = pd.to_numeric(column, errors="coerce")
    lost = column.notna() & (numbers.isna() | _is_time(column))
    if bool(lost.any()):
        raise DataError(
            f"column {name!r} must hold numbers, got {column[lost].iloc[0]!r} ({column.dtype}): "
            "code the answers as numbers, or make them ordered categories "
            "(pd.Categorical(…, ordered=True)), and leave empty what is missing"
        )
    findings.append(
        Finding("", name, "text", "read as numbers", f"the column has type {column.dtype}")
    )
    return np.array(numbers.to_numpy(dtype=float, na_value=np.nan))


def _is_time(column: pd.Series[Any]) -> bool:
    import pandas as pd

    kinds = (pd.api.types.is_datetime64_any_dtype, pd.api.types.is_timedelta64_dtype)
    return isinstance(column.dtype, pd.PeriodDtype) or any(kind(column) for kind in kinds)


def _rises(categories: pd.Index[Any], whole: bool) -> bool:
    """Whether ordered categories are numbers that rise, and where asked for, whole ones."""
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(categories) or pd.api.types.is_complex_dtype(categories):
        return False
    numbers = categories.to_numpy(dtype=float)
    return bool((np.diff(numbers) > 0).all() and (not whole or (numbers % 1 == 0).all()))


def _positions(column: pd.Series[Any], name: str, findings: list[Finding]) -> Floats:
    order = " < ".join(str(category) for category in column.cat.categories)
    findings.append(Finding("", name, "ordered categories", "read as 1, 2, …", order))
    codes = column.cat.codes.to_numpy(dtype=float)
    return np.where(codes < 0, np.nan, codes + 1)
