"""Alignment of groups: against a program of its own in R (tests/reference/make_alignment.R), and
against populations whose means are known."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError
from vaar.sem.arrays import Floats
from vaar.sem.comparisons.alignment_loss import Loss, minimum

RECORD = Path(__file__).parents[2] / "reference"
DATA = pd.read_csv(RECORD / "alignment_data.csv")
SAID = pd.read_csv(RECORD / "alignment_aligned.csv").set_index("method")
ONE = "f =~ y1 + y2 + y3 + y4 + y5"


@cache
def configural(std_lv: bool = True) -> sem.Fit:
    return sem.fit(ONE, DATA, group="group", std_lv=std_lv)


@pytest.mark.parametrize("method", ["fixed", "free"])
def test_means_and_variances_are_those_of_another_program(method: str) -> None:
    """Both minimise the same function; their starting points are estimates of two programs."""
    found = sem.group_alignment(configural(), method, epsilon=0.01)
    said = SAID.loc[[method]]
    np.testing.assert_allclose(found.factors["mean"], said["mean"], atol=2e-3)
    np.testing.assert_allclose(found.factors["variance"], said["variance"], atol=2e-3)
    n = DATA["group"].value_counts()
    loss = found.searches["loss"].iloc[0] * n.mean()
    assert loss == pytest.approx(said["loss"].iloc[0], rel=1e-6)


def test_how_the_configural_fit_is_scaled_changes_nothing() -> None:
    effects = sem.fit(ONE, DATA, group="group", effect_coding=True)
    unit = sem.group_alignment(configural()).factors
    for other in (configural(std_lv=False), effects):
        found = sem.group_alignment(other).factors
        np.testing.assert_allclose(found["mean"], unit["mean"], atol=1e-3)
        np.testing.assert_allclose(found["variance"], unit["variance"], atol=1e-3)
        np.testing.assert_allclose(found["mean_se"], unit["mean_se"], rtol=0.01)


def test_equations_across_groups_are_refused_and_those_within_are_not() -> None:
    names = DATA["group"].unique()
    first, second = (", ".join(f"{word}{i}" for i in range(len(names))) for word in "ab")
    text = f"f =~ y1 + c({first})*y2 + c({second})*y3 + y4 + y5\n"
    within = sem.fit(text + "a0 == b0", DATA, group="group")
    assert np.isfinite(sem.group_alignment(within).factors["mean"]).all()
    with pytest.raises(DataError, match="holds parameters equal"):
        sem.group_alignment(sem.fit(text + "a0 + a1 == b0", DATA, group="group"))


def test_the_reference_sets_the_metric() -> None:
    found = sem.group_alignment(configural(), reference="g3").factors.set_index("group")
    assert found.loc["g3", "mean"] == 0
    assert found.loc["g3", "variance"] == pytest.approx(1)
    assert found.loc["g3", ["mean_se", "variance_se"]].abs().max() < 1e-8


def population(seed: int, groups: int, rows: int, bias: float) -> tuple[pd.DataFrame, Floats]:
    """Six items; in every group one intercept and one loading are its own."""
    rng = np.random.default_rng(seed)
    mean, sd = rng.normal(0, 0.6, groups), np.exp(rng.normal(0, 0.2, groups))
    mean[0], sd[0] = 0.0, 1.0
    loading = np.tile(rng.uniform(0.7, 1.1, 6), (groups, 1))
    intercept = np.tile(rng.normal(3, 0.5, 6), (groups, 1))
    for g in range(groups):
        intercept[g, rng.integers(6)] += bias * rng.choice([-1, 1])
        loading[g, rng.integers(6)] *= 1 - 0.5 * bias
    parts = []
    for g in range(groups):
        f = mean[g] + sd[g] * rng.normal(size=(rows, 1))
        y = intercept[g] + loading[g] * f + 0.6 * rng.normal(size=(rows, 6))
        parts.append(pd.DataFrame(y, columns=[f"y{j}" for j in range(1, 7)]).assign(group=f"g{g}"))
    return pd.concat(parts, ignore_index=True), np.column_stack([mean, sd**2])


def test_means_of_the_population_are_found_where_equal_intercepts_miss_them() -> None:
    """8 groups of 2,000 rows: sampling errors of means are about .03."""
    data, truth = population(2, 8, 2000, 0.8)
    model = "f =~ " + " + ".join(f"y{j}" for j in range(1, 7))
    found = sem.group_alignment(sem.fit(model, data, group="group"))
    strict = sem.fit(model, data, group="group", group_equal=["loadings", "intercepts"])
    impact = found.impact(strict)
    np.testing.assert_allclose(found.factors["mean"], truth[:, 0], atol=0.1)
    np.testing.assert_allclose(found.factors["variance"], truth[:, 1], atol=0.2)
    missed = np.abs(impact["equal_mean"] - truth[:, 0]).mean()
    assert np.abs(impact["aligned_mean"] - truth[:, 0]).mean() < 0.5 * missed
    np.testing.assert_allclose(
        impact["difference"], impact["equal_mean"] - impact["aligned_mean"], atol=1e-12
    )


def test_standard_errors_are_the_spread_of_estimates() -> None:
    """60 samples of four groups of 300: the spread is known to 9 %, and errors are its size."""
    means, errors = [], []
    for seed in range(60):
        data = resampled(np.random.default_rng(100 + seed))
        fit = sem.fit("f =~ y1 + y2 + y3 + y4 + y5 + y6", data, group="group")
        factors = sem.group_alignment(fit).factors
        means.append(factors["mean"].to_numpy()[1:])
        errors.append(factors["mean_se"].to_numpy()[1:])
    ratio = np.mean(errors, axis=0) / np.std(means, axis=0)
    assert np.all((ratio > 0.7) & (ratio < 1.35))


def resampled(rng: np.random.Generator) -> pd.DataFrame:
    """New rows of one population with clearly different parameters."""
    mean, loading = [0.0, 0.5, -0.3, 0.2], np.tile([1.0, 0.9, 0.8, 0.9, 1.0, 0.7], (4, 1))
    intercept = np.tile([3.0, 2.5, 3.0, 2.0, 3.5, 3.0], (4, 1))
    intercept[1, 2] += 0.9
    intercept[3, 0] -= 0.9
    loading[2, 4] = 0.5
    parts = []
    for g in range(4):
        f = mean[g] + rng.normal(size=(300, 1))
        y = intercept[g] + loading[g] * f + 0.6 * rng.normal(size=(300, 6))
        parts.append(pd.DataFrame(y, columns=[f"y{j}" for j in range(1, 7)]).assign(group=f"g{g}"))
    return pd.concat(parts, ignore_index=True)


def test_items_that_differ_stand_out() -> None:
    rng = np.random.default_rng(1)
    found = sem.group_alignment(
        sem.fit("f =~ y1 + y2 + y3 + y4 + y5 + y6", resampled(rng), group="group")
    )
    table = found.invariance.set_index("item")
    assert set(table["intercept_share"].nlargest(2).index) == {"y1", "y3"}
    assert table["loading_share"].idxmax() == "y5"
    assert table[["loading_share", "intercept_share"]].to_numpy().sum() == pytest.approx(1)
    assert set(table["intercept_r2"].nsmallest(2).index) == {"y1", "y3"}
    bias = found.dmacs().set_index(["item", "group"])
    assert bias["dmacs"].idxmax() in {("y3", "g1"), ("y1", "g3")}
    assert bias.loc[("y3", "g1"), "mean_difference"] == pytest.approx(0.9, abs=0.25)
    assert "alignment (fixed) of 4 groups on g0" in repr(found)
    assert len(found.items) == 24 and found.searches["repeated"].all()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: sem.group_alignment(configural(), "both"), "method got 'both'"),
        (lambda: sem.group_alignment(configural(), reference="g9"), "the groups of the fit are g1"),
        (lambda: sem.group_alignment(configural(), epsilon=0), "a number above 0"),
        (lambda: sem.group_alignment(sem.fit(ONE, DATA, meanstructure=True)), "has one group"),
        (
            lambda: sem.group_alignment(
                sem.fit(ONE, DATA, group="group", group_equal=["loadings"])
            ),
            "holds parameters equal",
        ),
        (
            lambda: sem.group_alignment(
                sem.fit("f =~ y1 + y2 + y3\ng =~ y4 + y5 + y3", DATA, group="group")
            ),
            "cross-loadings",
        ),
        (
            lambda: sem.group_alignment(sem.fit("f =~ y1 + y2 + y3\ny4 ~ f", DATA, group="group")),
            "has paths",
        ),
        (lambda: sem.group_alignment(configural()).impact(configural()), "does not hold"),
    ],
)
def test_refusals(call: Callable[[], object], said: str) -> None:
    with pytest.raises(DataError, match=said):
        call()


# The design of the simulation of Asparouhov & Muthén (2014): five items, loadings 1 and intercepts
# 0 but for one of each in every group.
MEAN, VARIANCE = np.array([0, 0.3, 0.8]), np.array([1, 1.5, 1.2])
LOADING, INTERCEPT = np.ones((3, 5)), np.zeros((3, 5))
LOADING[[0, 1, 2], [2, 4, 3]] = 1.4, 0.5, 0.3
INTERCEPT[[0, 1, 2], [4, 0, 1]] = 0.5, -0.5, -0.5


@pytest.mark.parametrize(
    ("epsilon", "near"), [(0.01, 0.09), (0.001, 0.016), (0.0001, 0.003)], ids=str
)
def test_published_design_is_recovered_as_epsilon_falls(epsilon: float, near: float) -> None:
    """What the loss says of the population itself: (x² + ε)^¼ is not |x|^½, and where some
    parameters differ, equal ones are moved a little."""
    size = np.sqrt(VARIANCE)[:, None]
    raw = LOADING * size, INTERCEPT + LOADING * MEAN[:, None]
    loss = Loss(*raw, np.ones((3, 5), dtype=bool), np.full(3, 1000.0), 0, epsilon)
    x, _, repeated = minimum(loss)
    spread, mean = loss.split(x)
    np.testing.assert_allclose(mean / np.exp(spread[0]), MEAN, atol=near)
    np.testing.assert_allclose(np.exp(2 * (spread - spread[0])), VARIANCE, atol=near)
    assert repeated
