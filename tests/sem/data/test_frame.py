"""Columns under any names, of any size."""

from __future__ import annotations

import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError

MODEL = "f =~ x1 + x2 + x3 + x4"
ITEMS = ["x1", "x2", "x3", "x4"]


def test_a_column_that_is_called_by_a_number(hs: pd.DataFrame) -> None:
    numbered = hs.rename(columns={"school": 7, "x1": 1})
    fit = sem.fit("f =~ x2 + x3 + x4 + x5", numbered, group="7")
    assert fit.groups == sem.fit("f =~ x2 + x3 + x4 + x5", hs, group="school").groups
    table = sem.invariance("f =~ x2 + x3 + x4 + x5", numbered, "7").table
    assert table["chisq"].iloc[0] == pytest.approx(fit.measures["chisq"])


def test_groups_that_are_no_names(hs: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="entries that are no names, such as lists"):
        sem.fit(
            MODEL, hs.assign(school=pd.Series([[i % 2] for i in range(len(hs))])), group="school"
        )


@pytest.mark.parametrize("unit", [1e-40, 1e-12, 1e12, 1e40])
def test_units_change_no_test(hs: pd.DataFrame, unit: float) -> None:
    for data in (hs.assign(x2=hs["x2"] * unit), hs[ITEMS] * unit):
        fit = sem.fit(MODEL, data, estimator="MLR", missing="fiml")
        plain = sem.fit(MODEL, hs, estimator="MLR", missing="fiml")
        for name in ("chisq", "chisq_scaled", "cfi"):
            assert fit.measures[name] == pytest.approx(plain.measures[name], rel=1e-5)


@pytest.mark.parametrize("unit", [1e-300, 1e-100, 1e100, 1e200, 1e300])
@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_numbers_beyond_those_of_a_computer(hs: pd.DataFrame, unit: float, estimator: str) -> None:
    for data in (hs.assign(x2=hs["x2"] * unit), hs[ITEMS] * unit):
        with pytest.raises(DataError, match=r"has numbers from .* give them in another unit"):
            sem.fit(MODEL, data, estimator=estimator)
