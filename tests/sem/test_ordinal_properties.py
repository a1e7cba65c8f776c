from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vaar.sem as sem

ITEMS = ("x1", "x2", "x3", "x4", "x5")
MODEL = "f =~ x1 + x2 + x3 + x4 + x5"
EQUAL = {"delta": ["loadings", "thresholds"], "theta": ["loadings", "thresholds", "residuals"]}


@cache
def answers() -> pd.DataFrame:
    """Simulated skewed five-point answers in two groups of different size."""
    rng = np.random.default_rng(12)
    parts = []
    for name, n, shift in (("u", 150, 0.0), ("v", 190, 0.4)):
        f = rng.normal(size=n) + shift
        y = np.outer(f, [0.9, 0.7, 0.8, 0.6, 1.0]) + rng.normal(size=(n, 5))
        part = pd.DataFrame(1 + np.searchsorted([-1.8, -1, -0.2, 0.9], y), columns=list(ITEMS))
        parts.append(part.assign(group=name))
    return pd.concat(parts, ignore_index=True)


def fitted(data: pd.DataFrame, parameterization: str = "delta", model: str = MODEL) -> sem.Fit:
    return sem.fit(
        model,
        data,
        group="group",
        estimator="WLSMV",
        ordered=True,
        parameterization=parameterization,
        group_equal=EQUAL[parameterization],
    )


@cache
def original(parameterization: str = "delta") -> sem.Fit:
    return fitted(answers(), parameterization)


def figures_of(fit: sem.Fit) -> list[float]:
    names = ("chisq", "chisq_scaled", "df", "cfi_scaled", "rmsea_scaled", "srmr")
    return [fit.measures[name] for name in names]


def by_name(fit: sem.Fit, column: str) -> pd.Series:
    return fit.params.set_index(["lhs", "op", "rhs", "group"])[column].sort_index()


@settings(deadline=None, max_examples=8)
@given(
    st.lists(st.integers(-50, 50), min_size=5, max_size=5, unique=True),
    st.sampled_from(["delta", "theta"]),
)
def test_only_the_order_of_categories_matters(codes: list[int], parameterization: str) -> None:
    data = answers().copy()
    lookup = np.sort(codes)
    data[list(ITEMS)] = lookup[data[list(ITEMS)].to_numpy() - 1]
    again = fitted(data, parameterization)
    pd.testing.assert_frame_equal(again.params, original(parameterization).params)


@settings(deadline=None, max_examples=6)
@given(st.permutations(ITEMS[1:]))
def test_order_of_items_does_not_matter(order: list[str]) -> None:
    again = fitted(answers(), model=f"f =~ x1 + {' + '.join(order)}")
    for column in ("est", "se", "std_all", "std_all_se"):
        pd.testing.assert_series_equal(
            by_name(again, column), by_name(original(), column), rtol=1e-4, atol=1e-5
        )
    np.testing.assert_allclose(figures_of(again), figures_of(original()), rtol=1e-5, atol=1e-6)


@settings(deadline=None, max_examples=4)
@given(st.integers(0, 1000))
def test_order_of_rows_does_not_matter(seed: int) -> None:
    data = answers().sample(frac=1, random_state=seed)
    data["group"] = pd.Categorical(data["group"])
    again = fitted(data)
    np.testing.assert_allclose(again.params["est"], original().params["est"], atol=1e-6)
    np.testing.assert_allclose(figures_of(again), figures_of(original()), rtol=1e-7, atol=1e-8)


def test_order_of_groups_does_not_matter_to_the_test() -> None:
    data = answers()
    data = pd.concat([data[data["group"] == "v"], data[data["group"] == "u"]])
    again = fitted(data)
    assert again.groups == ("v", "u")
    np.testing.assert_allclose(figures_of(again), figures_of(original()), rtol=1e-5, atol=1e-6)


def test_parameterizations_say_the_same() -> None:
    """Where residual variances are not equal, delta and theta imply the same statistics."""
    theta = sem.fit(
        MODEL,
        answers(),
        group="group",
        estimator="WLSMV",
        ordered=True,
        parameterization="theta",
        group_equal=EQUAL["delta"],
    )
    np.testing.assert_allclose(figures_of(theta), figures_of(original()), rtol=1e-5, atol=1e-6)


def test_a_group_twice_changes_no_estimate() -> None:
    """Equal loadings fitted to twice the groups are those fitted to the groups once."""
    twice = pd.concat([answers(), answers().assign(group=answers()["group"] + "2")])
    options: dict[str, Any] = {"group": "group", "estimator": "WLSMV", "ordered": True}
    once = sem.fit(MODEL, answers(), group_equal=["loadings"], **options)
    double = sem.fit(MODEL, twice, group_equal=["loadings"], **options)
    rows = len(once.params)
    np.testing.assert_allclose(double.params["est"][:rows], once.params["est"], atol=1e-5)
    np.testing.assert_allclose(double.params["est"][rows:], once.params["est"], atol=1e-5)
    assert double.measures["chisq"] == pytest.approx(2 * once.measures["chisq"], rel=1e-6)


def test_dwls_and_wlsmv_share_estimates() -> None:
    plain = sem.fit(MODEL, answers(), group="group", estimator="DWLS", ordered=True)
    robust = sem.fit(MODEL, answers(), group="group", estimator="WLSMV", ordered=True)
    np.testing.assert_array_equal(plain.params["est"], robust.params["est"])
    assert "chisq_scaled" not in plain.measures
