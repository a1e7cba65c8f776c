"""Bounds of parameters as lavaan has them: recorded by tests/reference/make_bounds.R."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError, ModelSyntaxError

RECORD = Path(__file__).parents[2] / "reference"
CASES = pd.read_csv(RECORD / "bounds_cases.csv", keep_default_na=False).set_index("name")
PARAMS = pd.read_csv(RECORD / "bounds_params.csv", keep_default_na=False)
MEASURES = pd.read_csv(RECORD / "bounds_measures.csv").set_index(["name", "measure"])["value"]
FEW = pd.read_csv(RECORD / "constraints_data.csv")
ONE = "f =~ x1 + x2 + x3 + x4\n"
NOT_BOUND = ("written_wins", "idle")


def data_of(name: str) -> pd.DataFrame:
    if name in ("hs", "likert"):
        return pd.read_csv(RECORD / f"sem_data_{name}.csv")
    files = {"second": "bounds_data", "far": "bounds_far", "levels": "two_level_data"}
    if name in files:
        return pd.read_csv(RECORD / f"{files[name]}.csv")
    if name == "two":
        return FEW[FEW["n"] != 30].assign(g=lambda data: np.where(data["n"] == 60, "b", "a"))
    data = FEW[FEW["n"] == int(name.replace("gaps", "40"))].reset_index(drop=True)
    if name == "gaps":
        data.loc[::7, "x3"] = np.nan
        data.loc[[1, 10, 22], "x1"] = np.nan
    return data


@cache
def fitted(name: str) -> sem.Fit:
    case: Any = CASES.loc[name]
    return sem.fit(
        case["text"].replace("; ", "\n"),
        data_of(case["data"]),
        group=case["group"] or None,
        estimator=case["estimator"],
        missing=case["missing"],
        group_equal=[word for word in case["equal"].split("|") if word],
        std_lv=bool(case["std"]),
        bounds=case["bounds"] or None,
        cluster=case["cluster"] or None,
        ordered=case["estimator"] == "WLSMV",
    )


@pytest.mark.parametrize("name", CASES.index)
def test_measures(name: str) -> None:
    ours = fitted(name).measures
    for measure, said in MEASURES[name].items():
        if CASES.loc[name, "cluster"] and measure not in ("df", "npar", "logl", "bic"):
            continue  # lavaan stops 1e-3 short of the free model's likelihood there
        tolerance = 1e-3 if "scal" in str(measure) else 1e-6  # MLR, as elsewhere
        assert ours[str(measure)] == pytest.approx(said, rel=tolerance, abs=1e-5), measure


@pytest.mark.parametrize("name", CASES.index)
def test_parameters(name: str) -> None:
    """Where lavaan is not asked for bounds, but for an inequality, its errors are other ones."""
    fit, case = fitted(name), CASES.loc[name]
    table = fit.params.assign(level=fit.params.get("level", 1))
    keyed = {
        (group, level, op, *(sorted((lhs, rhs)) if op == "~~" else (lhs, rhs))): (est, se)
        for lhs, op, rhs, group, level, est, se in table[
            ["lhs", "op", "rhs", "group", "level", "est", "se"]
        ].itertuples(index=False, name=None)
    }
    said: Any
    for said in PARAMS[PARAMS["name"] == name].itertuples(index=False):
        sides = sorted((said.lhs, said.rhs)) if said.op == "~~" else [said.lhs, said.rhs]
        place = (fit.groups[said.group - 1], said.level, said.op, *sides)
        est, se = keyed.get(place, (said.est, said.se))  # what is fixed is not always listed
        assert est == pytest.approx(said.est, abs=1e-4), said
        if case["said"] == case["text"]:
            assert se == pytest.approx(said.se, rel=1e-3, abs=1e-5), said


@pytest.mark.parametrize("name", CASES.index)
def test_estimates_at_bounds_are_told(name: str) -> None:
    fit = fitted(name)
    assert bool(fit.held) == (name not in NOT_BOUND)
    at_bound = fit.screening[fit.screening["finding"] == "at a bound"]
    assert len(at_bound) == len(fit.held)
    assert at_bound["detail"].str.contains("as free").all()


def test_groups_at_bounds_are_named() -> None:
    expected = tuple(f"x1~~x1 > 0 in group {name}" for name in "ab")
    assert fitted("groups").held == expected
    assert fitted("apart").held == expected[:1]
    assert fitted("upper").held == ("f=~x2 < 0.5",)


@pytest.mark.parametrize(
    "entries", ["lower(c(0, -1))", "lower(0, -1)", "lower(0, -Inf)", "lower(0,NA)"]
)
def test_entries_for_groups(entries: str) -> None:
    fit = sem.fit(f"{ONE}x1 ~~ {entries}*x1", data_of("two"), group="g", estimator="MLR")
    np.testing.assert_allclose(fit.params["est"], fitted("apart").params["est"], atol=1e-6)


def test_blocks_of_groups_have_their_own() -> None:
    model = f"group: 1\n{ONE}x1 ~~ lower(0)*x1\ngroup: 2\n{ONE}"
    fit = sem.fit(model, data_of("two"), group="g", estimator="MLR")
    np.testing.assert_allclose(fit.params["est"], fitted("apart").params["est"], atol=1e-6)


def test_what_fails_without_bounds_is_no_reason_to_drop_a_group() -> None:
    """Group 31 has no minimum without the bound; with it, it is fitted beside the other."""
    rng = np.random.default_rng(5)
    f = rng.normal(size=31)
    bad = pd.DataFrame(
        {f"x{i}": w * f + rng.normal(size=31) for i, w in enumerate((3, 0.1, 0.1, 0.0), 1)}
    )
    data = pd.concat([data_of("60").assign(g="a"), bad.assign(g="b")])
    fit = sem.fit(ONE, data, group="g", bounds="pos.var")
    assert fit.groups == ("a", "b")
    assert fit.outcome.usable


def test_mistakes_are_told() -> None:
    data = data_of("40")
    with pytest.raises(DataError, match=r"bounds got 'standard'; allowed are pos\.var"):
        sem.fit(ONE, data, bounds="standard")
    with pytest.raises(ModelSyntaxError, match="which no value meets"):
        sem.fit(f"{ONE}x1 ~~ lower(2)*x1 + upper(1)*x1", data)
    with pytest.raises(ModelSyntaxError, match=r"f=~x2 is fixed at 0\.4, outside its bound"):
        sem.fit("f =~ x1 + 0.4*x2 + lower(0.5)*x2 + x3 + x4", data)
    with pytest.raises(ModelSyntaxError, match="takes numbers, NA or -Inf"):
        sem.fit(f"{ONE}x1 ~~ lower(a)*x1", data)
    with pytest.raises(ModelSyntaxError, match="c\\(…\\) has 2 entries"):
        sem.fit(f"{ONE}x1 ~~ lower(0, 0)*x1", data)
    with pytest.raises(DataError, match="are no parameters"):
        likert = data_of("likert")
        sem.fit("f =~ x1 + x2 + x3", likert, estimator="WLSMV", ordered=True, bounds="pos.var")
    for refused in (
        lambda: sem.bootstrap(fitted("at_40"), 2),
        lambda: sem.refit(fitted("at_40"), [[0, 1]]),
    ):
        with pytest.raises(DataError, match="wrong at a bound"):
            refused()


def test_a_negative_value_that_is_written_stays() -> None:
    fit = sem.fit(f"{ONE}x1 ~~ -0.1*x1", data_of("40"), bounds="pos.var")
    assert fit.params.query("lhs == 'x1' and op == '~~'")["est"].item() == -0.1
    assert not fit.held


def test_the_script_for_lavaan_has_them() -> None:
    script = sem.to_lavaan(fitted("both"))
    assert 'bounds = "pos.ov.var"' in script
    assert "upper(0.5)" in script
