"""All intervals refuse the same levels, in the same words."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError
from vaar.sem.results.interval_level import checked_level

Intervals = Callable[[object], pd.DataFrame]
WRONG = (np.nan, "0.95", "", None, 0, 1, 95, -0.5, True, np.True_, [0.9], np.array([0.9, 0.95]), 1j)


@cache
def _makers() -> dict[str, Intervals]:
    rng = np.random.default_rng(1)
    values = rng.normal(size=(200, 1)) + rng.normal(size=(200, 4))
    data = pd.DataFrame(values, columns=["x1", "x2", "x3", "x4"])
    data["cluster"] = np.arange(200) // 10
    fit = sem.fit("f =~ x1 + x2 + x3 + x4", data, cluster="cluster")
    drawn, left = sem.bootstrap(fit, 20, seed=1), sem.jackknife(fit)
    return {
        "confint": lambda level: sem.confint(fit, level),
        "bootstrap": lambda level: drawn.intervals(level=level),
        "jackknife": lambda level: left.intervals(level),
    }


@pytest.mark.parametrize("name", ["confint", "bootstrap", "jackknife"])
@pytest.mark.parametrize("level", WRONG, ids=repr)
def test_a_level_is_a_number_between_0_and_1(name: str, level: object) -> None:
    with pytest.raises(DataError, match=r"level got .*; it is a number above 0 and below 1, as"):
        _makers()[name](level)


@pytest.mark.parametrize("name", ["confint", "bootstrap", "jackknife"])
def test_numbers_of_all_kinds_are_levels(name: str) -> None:
    plain = _makers()[name](0.75)
    for level in (np.float64(0.75), np.float32(0.75), Fraction(3, 4)):
        pd.testing.assert_frame_equal(_makers()[name](level), plain)


def test_the_level_is_a_float() -> None:
    assert type(checked_level(np.float32(0.5))) is float
