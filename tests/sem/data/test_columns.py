"""Columns read as numbers: ordered categories in their order, whatever they are called."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError
from vaar.sem.data.columns import numbers_of
from vaar.sem.data.screening import Finding

WORDS = ["never", "rarely", "often", "always", "ever"]


def read(column: pd.Series[Any], ordinal: bool = False) -> tuple[list[float], list[str]]:
    findings: list[Finding] = []
    numbers = numbers_of(column, "x", ordinal, findings)
    return numbers.tolist(), [finding.finding for finding in findings]


def ordered(values: list[Any], categories: list[Any]) -> pd.Series[Any]:
    return pd.Series(pd.Categorical(values, categories=categories, ordered=True))


@pytest.mark.parametrize(
    ("values", "categories", "positions"),
    [
        (["often", "never", "often"], ["never", "rarely", "often"], [3, 1, 3]),
        ([1, 5, 3], [5, 4, 3, 2, 1], [5, 1, 3]),
        (["10", "9", "1"], ["1", "9", "10"], [3, 2, 1]),
        (["b", "a", "c"], ["c", "b", "a"], [2, 3, 1]),
        ([False, True, True], [True, False], [2, 1, 1]),
    ],
)
def test_ordered_categories_are_read_in_their_order(
    values: list[Any], categories: list[Any], positions: list[float]
) -> None:
    for ordinal in (False, True):
        assert read(ordered(values, categories), ordinal) == (positions, ["ordered categories"])


def test_rising_numbers_stay_what_they_are() -> None:
    assert read(ordered([1, 7, 3], [1, 3, 7])) == ([1, 7, 3], [])
    assert read(ordered([0.5, 1.5], [0.5, 1.5])) == ([0.5, 1.5], [])
    assert read(ordered([0.5, 1.5], [0.5, 1.5]), ordinal=True)[0] == [1, 2]


def test_an_empty_answer_stays_empty() -> None:
    numbers, _ = read(ordered(["often", None, "never"], ["never", "often"]))
    assert numbers[0] == 2 and np.isnan(numbers[1]) and numbers[2] == 1


@pytest.mark.parametrize(
    "column",
    [
        pd.Series(["often", "never"]),
        pd.Series(pd.Categorical(["often", "never"])),
        pd.Series(pd.to_datetime(["2024-01-01", "2024-01-02"])),
        pd.Series(pd.to_timedelta([1, 2], unit="D")),
        pd.Series([1 + 2j, 3]),
        pd.Series([[1], [2]]),
    ],
)
def test_what_has_no_order_is_no_number(column: pd.Series[Any]) -> None:
    with pytest.raises(DataError, match="'x'"):
        read(column)


@pytest.mark.parametrize("estimator", ["WLSMV", "DWLS", "ML", "MLR"])
def test_a_fit_to_words_is_the_fit_to_their_order(likert: pd.DataFrame, estimator: str) -> None:
    items, ordinal = ["x1", "x2", "x3", "x4"], estimator in ("WLSMV", "DWLS")
    named = dict(enumerate(WORDS, 1))
    words = likert.assign(
        **{i: ordered(likert[i].map(named).tolist(), WORDS).to_numpy() for i in items}
    ).astype({i: pd.CategoricalDtype(WORDS, ordered=True) for i in items})
    fits = [
        sem.fit("f =~ x1 + x2 + x3 + x4", data, "model", estimator, ordered=ordinal)
        for data in (likert, words)
    ]
    np.testing.assert_allclose(fits[0].params["est"], fits[1].params["est"], rtol=1e-12)


def test_categories_turned_round_turn_the_loading(likert: pd.DataFrame) -> None:
    turned = likert.assign(
        x2=pd.Categorical(likert["x2"], categories=[5, 4, 3, 2, 1], ordered=True)
    )
    loadings = [
        sem.fit("f =~ x1 + x2 + x3", data, estimator="WLSMV", ordered=True).params["est"][1]
        for data in (likert, turned)
    ]
    assert loadings[0] == pytest.approx(-loadings[1], rel=1e-6)


def test_periods_are_no_numbers(hs: pd.DataFrame) -> None:
    data = hs.assign(x1=pd.period_range("2020", periods=len(hs)))
    with pytest.raises(DataError, match="column 'x1' must hold numbers, got Period"):
        sem.fit("f =~ x1 + x2 + x3", data)
