"""Joining ordinal items to a model."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Floats
from vaar.sem.data.ordinal.sample import used_categories
from vaar.sem.data.screening import Screened
from vaar.sem.model.parameters import ModelSpec
from vaar.sem.model.thresholds import PARAMETERIZATIONS, ordered_columns, with_thresholds


def ordinal_model(
    spec: ModelSpec,
    screened: Screened,
    ordered: bool | str | Sequence[str],
    columns: Collection[str],
    parameterization: str,
) -> tuple[ModelSpec, tuple[Floats, ...]]:
    """The model with its thresholds, and the used categories of its variables.

    Raises
    ------
    DataError
        No ordinal item, an unknown one, answers that are not whole numbers, or an unknown
        parameterization.
    """
    if parameterization not in PARAMETERIZATIONS:
        raise DataError(
            f"parameterization got {parameterization!r}; allowed are "
            f"{' and '.join(PARAMETERIZATIONS)}: choose one"
        )
    items = ordered_columns(ordered, spec, columns)
    if not items:
        raise DataError(
            "ordered names no ordinal item, which this estimator is for: give ordered=True or a "
            "list of columns, or choose ML or MLR"
        )
    is_item = np.array([name in items for name in spec.observed])
    used = used_categories(screened.values[screened.rows], is_item, spec.observed)
    known = {name: c for name, c in zip(spec.observed, used, strict=True) if name in items}
    return with_thresholds(spec, known, parameterization), used
