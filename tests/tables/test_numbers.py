from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaar.tables import numbers, text


@pytest.mark.parametrize("nothing", [None, np.nan, float("nan"), pd.NA, pd.NaT, ""])
def test_a_missing_value_is_a_dash_and_never_a_zero(nothing: object) -> None:
    forms = (text.words, numbers.count, numbers.decimal, numbers.coefficient, numbers.share)
    for form in (*forms, numbers.percent, numbers.probability):
        assert form(nothing) == text.NO_VALUE


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, ".00"), (1, "1.00"), (0.999, ">.99"), (0.994, ".99"), (0.001, "<.01"), (0.5, ".50")],
)
def test_a_share_is_rounded_to_its_ends_only_if_it_is_there(value: float, shown: str) -> None:
    assert numbers.share(value) == shown


@settings(deadline=None, max_examples=100)
@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_a_share_inside_is_never_shown_as_certain(value: float) -> None:
    assert numbers.share(value) not in {".00", "1.00"}
    assert numbers.share(value, 3) not in {".000", "1.000"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1.0, ">.999"), (0.0, "<.001"), (0.5, ".500"), (0.9994, ".999"), (float("nan"), "—")],
)
def test_a_confidence_is_never_quite_certain(value: float, shown: str) -> None:
    assert numbers.confidence(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(-0.312, "−.31"), (1.204, "1.20"), (-1.2, "−1.20"), (-0.001, ".00"), (10.5, "10.50")],
)
def test_coefficient(value: float, shown: str) -> None:
    assert numbers.coefficient(value) == shown


def test_percent_and_probability_do_not_round_to_nothing() -> None:
    assert numbers.percent(0.0004) == "<0.1\u202f%"
    assert numbers.percent(0) == "0.0\u202f%"
    assert numbers.probability(0.0004) == "<.001"
    assert numbers.probability(0.0312) == ".031"


def test_estimate_without_interval_is_the_value_alone() -> None:
    assert numbers.estimate(".98", ".95", ".99") == ".98 [.95, .99]"
    assert numbers.estimate(".98", text.NO_VALUE, ".99") == ".98"


def test_an_estimate_is_read_from_the_fields_of_a_row() -> None:
    row = {"b": 0.5, "lower": 0.25, "upper": 0.75, "b_lower": 0.1, "b_upper": np.nan}
    assert numbers.estimate_of(row, numbers.decimal, "b") == "0.50 [0.25, 0.75]"
    assert numbers.estimate_of(row, numbers.share, "b", "b_lower", "upper") == ".50 [.10, .75]"
    assert numbers.estimate_named(row, numbers.decimal, "b") == "0.50"
