"""A fault of the model is no fault of a group: groups are dropped for their data only, and the same
ones however the scale of latent variables is set."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem

ONE = "f =~ x1 + x2 + x3"


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("f =~ c(NA, 1)*x1 + x2 + x3 + x4", {}),
        ("f =~ c(NA, 1)*x1 + x2 + x3 + x4", {"estimator": "MLR"}),
        ("f =~ c(NA, 1)*x1 + x2 + x3 + x4", {"missing": "fiml"}),
        (ONE + "\nf ~~ c(NA, 1)*f", {"std_lv": True}),
        (ONE + "\nx1 ~~ c(NA, 0)*x2", {}),
        (ONE + "\nx1 ~~ c(NA, 0)*x2", {"std_lv": True}),
        (ONE + "\nf ~ c(NA, 0)*1", {}),
        (ONE + "\nf ~ c(NA, NA)*1", {"group_equal": ["loadings", "intercepts"]}),
        ("x1 ~ c(NA, 0)*x2\nx2 ~ x1", {}),
    ],
)
def test_a_parameter_that_no_data_identify_drops_no_group(
    hs: pd.DataFrame, text: str, options: dict[str, Any]
) -> None:
    fit = sem.fit(text, hs, "school", **options)
    assert fit.outcome is sem.Outcome.NOT_IDENTIFIED
    assert not fit.dropped and fit.groups == ("Pasteur", "Grant-White")


@pytest.mark.parametrize(
    "text", ["f =~ c(NA, 1, 1)*x1 + x2 + x3 + x4", "f =~ x1 + x2 + x3 + x4\nx1 ~*~ c(NA, 1, 1)*x1"]
)
def test_nor_of_ordinal_items(likert: pd.DataFrame, text: str) -> None:
    fit = sem.fit(text, likert, "model", "WLSMV", ordered=True)
    assert fit.outcome is sem.Outcome.NOT_IDENTIFIED and not fit.dropped


def test_a_value_that_no_data_meet_drops_no_group(hs: pd.DataFrame) -> None:
    fit = sem.fit(ONE + "\nx1 ~~ c(-1, NA)*x1", hs, "school")
    assert fit.outcome is sem.Outcome.NOT_CONVERGED and not fit.dropped
    assert fit.group_outcome["Grant-White"] is sem.Outcome.CONVERGED


def four_groups(kind: str, seed: int) -> pd.DataFrame:
    """Simulated answers; the items of the last group say little of its factors."""
    rng = np.random.default_rng(seed)
    parts = []
    for number in range(4):
        f = rng.normal(size=60)
        g = 0.5 * f + 0.8 * rng.normal(size=60)
        loading = np.array([0.8, 0.7, 0.6, 0.8, 0.7, 0.6])
        y = np.column_stack([f, f, f, g, g, g]) * loading + 0.7 * rng.normal(size=(60, 6))
        if number == 3:
            width = {"noise": 6, "marker": 1, "one factor": 3}[kind]
            y[:, :width] = rng.normal(size=(60, width))
        part = pd.DataFrame(y, columns=[f"x{k}" for k in range(1, 7)])
        parts.append(part.assign(group=f"g{number}"))
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", ["noise", "marker", "one factor"])
@pytest.mark.parametrize("equal", [(), ("loadings",)])
def test_the_same_groups_are_dropped_under_a_marker_and_unit_variances(
    kind: str, seed: int, equal: tuple[str, ...]
) -> None:
    data = four_groups(kind, seed)
    text = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6"
    marker = sem.fit(text, data, "group", group_equal=equal)
    unit = sem.fit(text, data, "group", group_equal=equal, std_lv=True)
    assert tuple(marker.dropped) == tuple(unit.dropped) and set(marker.dropped) <= {"g3"}
    assert marker.outcome is unit.outcome
    assert marker.measures["chisq"] == pytest.approx(unit.measures["chisq"], rel=1e-5)


@pytest.mark.parametrize(
    "text",
    [
        "f =~ NA*x1 + x2 + x3 + x4\ng =~ z1 + z2 + z3\ng ~ f",
        "f =~ x1 + x2\ng =~ z1 + z2\nf ~~ 0*g",
        "x1 ~ x2\nx2 ~ x1\nx3 ~ x1 + x2",
    ],
)
@pytest.mark.parametrize(
    "options",
    [{"estimator": "MLR"}, {"missing": "fiml"}, {"estimator": "MLR", "missing": "fiml"}],
)
def test_the_last_digits_of_a_minimum_do_not_identify_a_model(
    text: str, options: dict[str, Any]
) -> None:
    """Observed second derivatives are singular at the very minimum only."""
    for seed in range(4):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(60, 300))
        f = rng.normal(size=(n, 1))
        g = 0.5 * f + rng.normal(size=(n, 1))
        items = np.hstack([f * rng.uniform(0.3, 1, 4), g * rng.uniform(0.3, 1, 4)])
        items += 0.6 * rng.normal(size=items.shape)
        names = [f"{letter}{i}" for letter in "xz" for i in range(1, 5)]
        data = pd.DataFrame(items, columns=names)
        data = data.where(rng.random(items.shape) > 0.08)
        assert sem.fit(text, data, **options).outcome is sem.Outcome.NOT_IDENTIFIED


@pytest.mark.parametrize("std_lv", [False, True])
def test_equalities_that_leave_a_model_open_drop_no_group(std_lv: bool) -> None:
    """With equal intercepts three first-order means have to tell four means in the other group;
    whose data have no second-order factor either, since its correlations have the wrong signs."""
    rng = np.random.default_rng(3)
    parts = []
    for name, last in (("one", 0.5), ("other", -0.3)):
        related = np.array([[1, 0.5, 0.5], [0.5, 1, last], [0.5, last, 1]])
        factors = np.repeat(rng.multivariate_normal(np.zeros(3), related, 300), 3, axis=1)
        items = factors * np.tile([1, 0.8, 0.9], 3) + 0.6 * rng.normal(size=factors.shape)
        part = pd.DataFrame(items, columns=[f"x{i}" for i in range(1, 10)])
        parts.append(part.assign(group=name))
    text = "a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6\nc =~ x7 + x8 + x9\ng =~ a + b + c"
    equal: dict[str, Any] = {"group_equal": ["loadings", "intercepts"], "std_lv": std_lv}
    data = pd.concat(parts)
    fit = sem.fit(text, data, "group", **equal)
    assert not fit.outcome.usable and not fit.dropped
    told = sem.fit(f"{text}\ng ~ 0*1", data, "group", **equal)
    assert told.outcome.usable and list(told.dropped) == ["other"]
