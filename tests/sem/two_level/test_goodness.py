"""Models of two levels as lavaan fits them, recorded by tests/reference/make_two_level.R."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem

RECORD = Path(__file__).parents[2] / "reference"
DATA = pd.read_csv(RECORD / "two_level_data.csv")  # no group in "even": left out
CASES = pd.read_csv(RECORD / "two_level_cases.csv", keep_default_na=False).set_index("name")
PARAMS = pd.read_csv(RECORD / "two_level_params.csv", keep_default_na=False, na_values=["NA"])
MEASURES = pd.read_csv(RECORD / "two_level_measures.csv").set_index(["name", "measure"])["value"]


@cache
def fitted(name: str) -> sem.Fit:
    case: Any = CASES.loc[name]
    return sem.fit(
        case["text"],
        DATA,
        group=case["group"] or None,
        estimator=case["estimator"],
        cluster="cluster",
        group_equal=[word for word in case["equal"].split("|") if word],
        std_lv=bool(case["std_lv"]),
        fixed_x=bool(case["fixed_x"]),
    )


def keyed(table: pd.DataFrame, fit: sem.Fit) -> pd.DataFrame:
    """Indexed by group, level and parameter, the two sides of a covariance in one order."""
    keys = []
    columns = table[["lhs", "op", "rhs", "group", "level"]]
    for lhs, op, rhs, group, level in columns.itertuples(index=False, name=None):
        first, second = sorted((lhs, rhs)) if op == "~~" else (lhs, rhs)
        name = "" if op == ":=" else group if isinstance(group, str) else fit.groups[group - 1]
        keys.append((name, level, first, op, "" if op in ("~1", ":=") else second))
    return table.set_axis(pd.Index(keys, tupleize_cols=False))


# where lavaan ends its EM for the moments of a predictor of both levels, estimates follow it
HELD = {"held_ML", "held_MLR"}
# level 2 has variables of its own, and level 1 too: see test_scores_of_single_clusters
OWN_SCORES = {"predicted_MLR", "two_MLR", "plain_MLR", "groups_MLR", "regressions_MLR", "held_MLR"}
OWN_SCORES |= {"free_x_MLR", "both_MLR"}


@pytest.mark.parametrize("name", [name for name in CASES.index if name not in HELD])
def test_parameters(name: str) -> None:
    fit = fitted(name)
    said, ours = keyed(PARAMS[PARAMS["name"] == name], fit), keyed(fit.params, fit)
    assert sorted(ours.index) == sorted(said.index)
    ours = ours.loc[said.index]
    np.testing.assert_allclose(ours["est"], said["est"], atol=1e-4, rtol=1e-4)
    known = (ours["std_all"].notna() & said["std_all"].notna()).to_numpy()
    assert known.mean() > 0.9  # a negative variance has no root
    np.testing.assert_allclose(ours["std_all"][known], said["std_all"][known], atol=1e-4)
    if name not in OWN_SCORES:
        np.testing.assert_allclose(ours["se"].fillna(0), said["se"], rtol=1e-3, atol=1e-5)
        errors = ours["std_all_se"][known].fillna(0), said["std_all_se"][known].fillna(0)
        np.testing.assert_allclose(*errors, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("name", CASES.index)
def test_measures(name: str) -> None:
    """lavaan's EM for the free model stops early: its χ² is too low by up to 2e-4, relative, and in
    small groups by more. Fitted as a model, the free one has the likelihood of its maximum, and
    χ² from it, ``exact``, agrees to 1e-6."""
    measures, said = fitted(name).measures, MEASURES[name]
    assert (measures["npar"], measures["df"], measures["ntotal"]) == tuple(
        said[["npar", "df", "ntotal"]]
    )
    if name in HELD:
        return
    assert measures["logl"] == pytest.approx(said["logl"], rel=1e-8)
    for measure in ("aic", "bic"):
        assert measures[measure] == pytest.approx(said[measure], rel=1e-8)
    assert measures["chisq"] == pytest.approx(said["chisq"], rel=0.03, abs=1e-6)
    assert measures["unrestricted.logl"] >= said["unrestricted.logl"] - 1e-6
    if np.isfinite(said["exact"]):
        assert measures["chisq"] == pytest.approx(said["exact"], rel=1e-6, abs=1e-6)


SINGLE = [name for name in CASES.index if not CASES.loc[name, "group"] and name not in HELD]


@pytest.mark.parametrize("name", SINGLE)
def test_measures_that_depend_on_the_free_model(name: str) -> None:
    """To what lavaan's EM leaves of them."""
    measures, said = fitted(name).measures, MEASURES[name].dropna()
    for measure in ("cfi", "tli", "rmsea", "srmr_within"):
        if measure in said.index:
            assert measures[measure] == pytest.approx(said[measure], abs=2e-3), measure
    if "baseline.chisq" in said.index:
        assert measures["baseline.chisq"] == pytest.approx(said["baseline.chisq"], rel=1e-5)
        assert measures["baseline.df"] == said["baseline.df"]
    robust = ("chisq.scaling.factor", "baseline.chisq.scaling.factor")
    for measure in robust if name not in OWN_SCORES else ():
        if measure in said.index:
            assert measures[measure] == pytest.approx(said[measure], rel=2e-3), measure
