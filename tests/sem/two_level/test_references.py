"""Free and independent moments of two levels, where they have a closed form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.sem.two_level.references import exogenous_part, held_throughout, independence, saturated

from .conftest import MODEL, clustered, sample_of

FREE = "level: 1\ny1 ~~ y2 + y3\ny2 ~~ y3\nlevel: 2\ny1 ~~ y2 + y3\ny2 ~~ y3"
ITEMS = ["y1", "y2", "y3"]


def test_free_moments_of_equal_clusters() -> None:
    """Σ_w is the pooled covariance within, and Σ_w + s Σ_b is s times that of the means."""
    data = clustered(4, 50, 6)
    fit = sem.fit(FREE, data, cluster="cluster")
    by = data.groupby("cluster")[ITEMS]
    contrasts = data[ITEMS] - by.transform("mean")
    within = contrasts.T @ contrasts / (len(data) - 50)
    between = np.cov(by.mean().T, ddof=0) - within / 6
    implied = fit.implied["all"]
    np.testing.assert_allclose(np.asarray(implied.loc[1, 1]), within, atol=1e-6)
    np.testing.assert_allclose(np.asarray(implied.loc[2, 2]), between, atol=1e-6)
    means = fit.implied_means.xs(2, axis=1, level="level").loc["all"]
    np.testing.assert_allclose(means.to_numpy(), data[ITEMS].mean(), atol=1e-6)


def test_a_free_model_is_the_saturated_one() -> None:
    fit = sem.fit(FREE, clustered(5), cluster="cluster")
    assert fit.measures["df"] == 0
    assert fit.measures["chisq"] == pytest.approx(0, abs=1e-6)
    assert fit.measures["srmr"] == pytest.approx(0, abs=1e-5)


def test_the_baseline_is_its_variables_one_by_one() -> None:
    data = clustered(6)
    sample = sample_of(sem.fit(FREE, data, cluster="cluster"))
    alone = [
        sem.fit(f"level: 1\n{y} ~~ {y}\nlevel: 2\n{y} ~~ {y}", data, cluster="cluster")
        for y in ITEMS
    ]
    base, free = independence(sample, sample.levels.spec, False), saturated(sample, False)
    gap = sem.fit(FREE, data, cluster="cluster").measures["logl"]
    gap -= sum(fit.measures["logl"] for fit in alone)
    assert base.loss.sum() - free.loss.sum() == pytest.approx(gap, abs=1e-6)
    assert base.n_parameters == 9 and free.n_parameters == 15


def test_held_predictors_of_one_level_have_their_plain_moments() -> None:
    data = clustered(7)
    fit = sem.fit(MODEL, data, cluster="cluster")
    part = exogenous_part(sample_of(fit), fit.spec.held, True)
    single = data.groupby("cluster")["w"].first()
    np.testing.assert_allclose(part.cov[0], np.diag([data["x"].var(ddof=0), single.var(ddof=0)]))
    np.testing.assert_allclose(part.mean[0], [data["x"].mean(), single.mean()])
    params = fit.params.set_index(["level", "lhs", "op"]).sort_index()["est"]
    assert params[(1, "x", "~~")] == pytest.approx(data["x"].var(ddof=0))
    assert params[(2, "w", "~1")] == pytest.approx(single.mean())


def test_predictors_of_both_levels_are_held_at_the_free_moments() -> None:
    data = clustered(8)
    data["x"] += data["w"]
    model = MODEL.replace("f ~ w", "f ~ w + x")
    fit = sem.fit(model, data, cluster="cluster")
    free = saturated(sample_of(fit), False)
    place = fit.spec.observed.index("x"), fit.spec.observed.index("x@2")
    params = fit.params.set_index(["level", "lhs", "op"]).sort_index()["est"]
    assert params[(1, "x", "~~")] == pytest.approx(free.cov[0, place[0], place[0]])
    assert params[(2, "x", "~~")] == pytest.approx(free.cov[0, place[1], place[1]])


RECORD = Path(__file__).parents[2] / "reference"
DATA = pd.read_csv(RECORD / "two_level_data.csv")
ROLES = pd.read_csv(RECORD / "two_level_roles.csv")
CASES = list(ROLES[["name", "fixed_x"]].drop_duplicates().itertuples(index=False))


@pytest.mark.parametrize(("name", "fixed_x"), CASES)
def test_a_predictor_at_one_level_alone(name: str, fixed_x: bool) -> None:
    """As lavaan has it (make_two_level_roles.R). Its EM stops early: that is in both χ², and goes
    out of their difference, but for moments of both levels that are held where it stops."""
    rows = ROLES[(ROLES["name"] == name) & (ROLES["fixed_x"] == fixed_x)]
    known = rows.set_index("measure")["value"]
    fit = sem.fit(rows["text"].iloc[0], DATA, cluster="cluster", fixed_x=fixed_x)
    measures = fit.measures
    for measure in ("df", "npar", "baseline.df"):
        assert measures[measure] == known[measure], measure
    assert measures["cfi"] == pytest.approx(known["cfi"], abs=1e-4)
    gap = measures["baseline_chisq"] - measures["chisq"]
    close = 5e-4 if fixed_x else 1e-6
    assert gap == pytest.approx(known["baseline.chisq"] - known["chisq"], rel=close)
    if not fixed_x:
        assert measures["logl"] == pytest.approx(known["logl"], abs=1e-6)


def test_scaling_factors_of_such_a_fit_are_open_where_moments_are_held() -> None:
    text = ROLES.loc[ROLES["name"] == "within", "text"].iloc[0]
    held = sem.fit(text, DATA, cluster="cluster", estimator="MLR")
    assert held_throughout(held.spec, sample_of(held).levels) == ("x1",)
    assert np.isnan(held.measures["chisq_scaled"]) and np.isnan(held.measures["cfi_scaled"])
    free = sem.fit(text, DATA, cluster="cluster", estimator="MLR", fixed_x=False)
    assert np.isfinite(free.measures["chisq_scaled"]) and np.isfinite(free.measures["cfi_scaled"])
