"""What must not change the result: units, order, names, copies, constants."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import vaar.sem as sem

ITEMS = [f"x{i}" for i in range(1, 8)]
MODEL = "f =~ x1 + x2 + x3 + x4\ng =~ x5 + x6 + x7\ng ~ f"
FEW = settings(
    deadline=None,
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ESTIMATORS = pytest.mark.parametrize("estimator", ["ML", "MLR"])


def run(data: pd.DataFrame, estimator: str, model: str = MODEL, **options: Any) -> sem.Fit:
    asked: dict[str, Any] = {"group": "model", "group_equal": ["loadings"], "std_lv": True}
    return sem.fit(model, data, estimator=estimator, **(asked | options))


def standardised(fit: sem.Fit) -> pd.DataFrame:
    table = fit.params.assign(key=lambda t: t["group"] + t["lhs"] + t["op"] + t["rhs"])
    return table.query("op != '~1'").set_index("key").sort_index()[["std_all", "std_all_se"]]


def assert_same(fit: sem.Fit, other: sem.Fit) -> None:
    np.testing.assert_allclose(standardised(fit), standardised(other), atol=2e-5)
    for name in ("chisq", "df", "cfi", "rmsea", "srmr", "baseline_chisq"):
        np.testing.assert_allclose(fit.measures[name], other.measures[name], rtol=1e-6, atol=1e-8)
    if fit.estimator.robust:
        np.testing.assert_allclose(
            fit.measures["chisq_scaled"], other.measures["chisq_scaled"], rtol=1e-5
        )


@ESTIMATORS
@FEW
@given(exponents=st.lists(st.integers(-4, 4), min_size=7, max_size=7))
def test_rescaling(likert: pd.DataFrame, estimator: str, exponents: list[int]) -> None:
    scaled = likert.astype(dict.fromkeys(ITEMS, float))
    scaled[ITEMS] *= 10.0 ** np.array(exponents)
    assert_same(run(scaled, estimator), run(likert, estimator))


@ESTIMATORS
@FEW
@given(shift=st.lists(st.floats(-50, 50), min_size=7, max_size=7))
def test_adding_constants(likert: pd.DataFrame, estimator: str, shift: list[float]) -> None:
    moved = likert.astype(dict.fromkeys(ITEMS, float))
    moved[ITEMS] += shift
    assert_same(run(moved, estimator), run(likert, estimator))


@ESTIMATORS
@FEW
@given(seed=st.integers(0, 1000))
def test_reordering_rows_columns_and_items(likert: pd.DataFrame, estimator: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    f, g = rng.permutation(ITEMS[:4]), rng.permutation(ITEMS[4:])
    model = f"g ~ f\ng =~ {' + '.join(g)}\nf =~ {' + '.join(f)}"
    mixed = likert.sample(frac=1, random_state=seed)[list(rng.permutation(likert.columns))]
    mine, theirs = run(mixed, estimator, model), run(likert, estimator)
    flip = mine.params.query("op == '=~'")["std_all"].lt(0).any()
    assert not flip
    assert_same(mine, theirs)


@ESTIMATORS
@FEW
@given(order=st.permutations(["m1", "m2", "m3"]))
def test_reordering_groups(likert: pd.DataFrame, estimator: str, order: list[str]) -> None:
    coded = likert.assign(model=pd.Categorical(likert["model"], categories=order))
    fit = run(coded, estimator)
    assert fit.groups == tuple(order)
    assert_same(fit, run(likert, estimator))


@ESTIMATORS
def test_relabelling_groups_and_items(likert: pd.DataFrame, estimator: str) -> None:
    renamed = likert.rename(columns={name: name.replace("x", "q_") for name in ITEMS})
    renamed["model"] = renamed["model"].map({"m1": 3, "m2": 1, "m3": 2})
    fit = run(renamed, estimator, MODEL.replace("x", "q_"))
    plain = run(likert, estimator)
    assert fit.groups == ("3", "1", "2")
    np.testing.assert_allclose(fit.params["est"], plain.params["est"], atol=1e-9)
    np.testing.assert_allclose(fit.params["se"], plain.params["se"], rtol=1e-9)


@ESTIMATORS
def test_duplicating_groups(likert: pd.DataFrame, estimator: str) -> None:
    """Each group twice: the same estimates, twice the χ² less its shared part, own errors."""
    twice = pd.concat([likert, likert.assign(model=likert["model"] + "'")])
    fit, plain = (run(data, estimator, group_equal=[]) for data in (twice, likert))
    assert fit.measures["chisq"] == pytest.approx(2 * plain.measures["chisq"], rel=1e-7)
    for copy in ("", "'"):
        mine = fit.params[fit.params["group"].isin([f"m{i}{copy}" for i in (1, 2, 3)])]
        np.testing.assert_allclose(mine["est"], plain.params["est"], atol=1e-5)
        np.testing.assert_allclose(mine["se"], plain.params["se"], rtol=1e-5, atol=1e-9)


@ESTIMATORS
def test_doubling_rows(likert: pd.DataFrame, estimator: str) -> None:
    """Every row twice: the same estimates, √2 smaller errors, twice the χ²."""
    twice, plain = (run(d, estimator) for d in (pd.concat([likert, likert]), likert))
    np.testing.assert_allclose(twice.params["est"], plain.params["est"], atol=1e-5)
    np.testing.assert_allclose(
        twice.params["se"] * np.sqrt(2), plain.params["se"], rtol=1e-5, atol=1e-9
    )
    assert twice.measures["chisq"] == pytest.approx(2 * plain.measures["chisq"], rel=1e-7)


def test_fiml_of_complete_data_is_ml(likert: pd.DataFrame) -> None:
    full, plain = run(likert, "MLR", missing="fiml"), run(likert, "MLR")
    assert_same(full, plain)


def test_identification_changes_no_implied_moment(likert: pd.DataFrame) -> None:
    ways: list[dict[str, Any]]
    ways = [{"std_lv": True}, {"std_lv": False}, {"std_lv": False, "effect_coding": True}]
    fits = [run(likert, "MLR", **way) for way in ways]
    for other in fits[1:]:
        assert_same(other, fits[0])
        for group in fits[0].groups:
            np.testing.assert_allclose(other.implied[group], fits[0].implied[group], atol=1e-5)
