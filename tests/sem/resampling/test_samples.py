"""Refits, the bootstrap and the invariance ladder of ordinal items."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError

MODEL = "f =~ x1 + x2 + x3 + x4"


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    """Simulated three-point answers in two groups, the lowest category rare."""
    rng = np.random.default_rng(21)
    parts = []
    for group in "ab":
        f = rng.normal(size=300)
        y = np.outer(f, [0.9, 1.1, 0.8, 0.7]) + rng.normal(size=(300, 4))
        part = pd.DataFrame(np.searchsorted([-2.4, 0.4], y), columns=["x1", "x2", "x3", "x4"])
        parts.append(part.assign(group=group))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def fit(data: pd.DataFrame) -> sem.Fit:
    equal = ["loadings", "thresholds"]
    return sem.fit(MODEL, data, group="group", estimator="WLSMV", ordered=True, group_equal=equal)


def test_refit_to_all_rows_is_the_fit(fit: sem.Fit) -> None:
    again = sem.refit(fit, [np.arange(fit.n_rows)])
    assert again.ok.all()
    np.testing.assert_allclose(again.est[0], fit.params["est"], atol=1e-5)
    np.testing.assert_allclose(again.std_all_se[0], fit.params["std_all_se"], atol=1e-5)


def test_refit_is_a_fit_to_the_sampled_rows(data: pd.DataFrame, fit: sem.Fit) -> None:
    rows = np.random.default_rng(4).integers(0, 300, 300)
    rows = np.concatenate([rows, 300 + rows])
    again = sem.refit(fit, [rows])
    direct = sem.fit(
        MODEL,
        data.iloc[fit.row_index[rows]],
        group="group",
        estimator="WLSMV",
        ordered=True,
        group_equal=fit.equality.kinds,
    )
    np.testing.assert_allclose(again.est[0], direct.params["est"], atol=1e-4)


def test_a_sample_without_a_category_has_no_threshold_there(fit: sem.Fit) -> None:
    values = fit.sample.values
    rows = np.flatnonzero((values[:, 0] > 0) | (fit.sample.group == 0))
    again = sem.refit(fit, [rows])
    table = fit.params
    lost = (table["lhs"] == "x1") & (table["rhs"] == "t1") & (table["group"] == "b")
    assert again.ok.all()
    assert np.isnan(again.est[0][lost]).all()
    elsewhere = (table["op"] != "|") | (table["group"] == "a")
    assert np.isfinite(again.est[0][elsewhere]).all()


def test_bootstrap_errors_are_near_the_robust_ones(fit: sem.Fit) -> None:
    boot = sem.bootstrap(fit, replicates=60, seed=3)
    table = boot.intervals()
    free = (fit.params["op"] == "=~") & (fit.params["se"] > 0)
    ratio = table.loc[free, "se"] / fit.params.loc[free, "se"]
    assert boot.failed == 0
    assert ratio.between(0.6, 1.8).all()
    corrected = boot.intervals("bca")
    assert (corrected.loc[free, "ci_lower"] < corrected.loc[free, "ci_upper"]).all()
    residuals = fit.params["op"].eq("~~") & fit.params["lhs"].str.startswith("x")
    assert (table.loc[residuals, "se"] > 0).all()


@pytest.mark.parametrize(
    ("parameterization", "expected"),
    [
        ("delta", ["configural", "metric", "scalar"]),
        ("theta", ["configural", "metric", "scalar", "strict"]),
    ],
)
def test_ladder_of_ordinal_levels(
    data: pd.DataFrame, parameterization: str, expected: list[str]
) -> None:
    ladder = sem.invariance(
        MODEL, data, "group", "WLSMV", ordered=True, parameterization=parameterization
    )
    table = ladder.table
    assert list(table["level"]) == expected
    assert (table["variant"] == "scaled").all()
    assert (table["df"].diff().dropna() > 0).all()
    for level, above in zip(expected[1:], expected[:-1], strict=True):
        test = sem.compare(ladder.fits[level], ladder.fits[above])
        row = table.set_index("level").loc[level]
        assert row["delta_chisq"] == test.statistic
        assert "satorra.2000" in test.method
    assert len({id(fit.sample) for fit in ladder.fits.values()}) == 1


def test_strict_is_refused_under_delta(data: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="configural, metric, scalar"):
        sem.invariance(MODEL, data, "group", "WLSMV", levels=["strict"], ordered=True)


def test_methods_of_comparison_are_those_of_the_estimator(data: pd.DataFrame, fit: sem.Fit) -> None:
    loose = sem.fit(MODEL, data, group="group", estimator="WLSMV", ordered=True)
    with pytest.raises(DataError, match=r"satorra\.2000"):
        sem.compare(fit, loose, method="satorra.bentler.2001")
    mixed = sem.fit(MODEL, data, group="group", estimator="WLSMV", ordered=["x1", "x2"])
    with pytest.raises(DataError, match="ordered="):
        sem.compare(fit, mixed)
