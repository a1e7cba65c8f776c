"""Further kinds of models as lavaan fits them, recorded by tests/reference/make_more.R.

Growth curves, second-order and bifactor models of several groups, observed predictors held and
free, paths without latent variables, modifiers for each group, partial invariance, effects coding;
and two things lavaan does not do by itself: difference tests of 2010 between unlike
parameterisations, and an item that nobody in one group answered.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem

RECORD = Path(__file__).parents[1] / "reference"
CASES = pd.read_csv(RECORD / "more_cases.csv", keep_default_na=False).set_index("name")
PARAMS = pd.read_csv(RECORD / "more_params.csv", keep_default_na=False, na_values=["NA"])
MEASURES = pd.read_csv(RECORD / "more_measures.csv").set_index(["name", "measure"])["value"]
TESTS = pd.read_csv(RECORD / "more_tests.csv", keep_default_na=False)
SCORES = pd.read_csv(RECORD / "more_scores.csv")
NEVER = pd.read_csv(RECORD / "more_never.csv", keep_default_na=False)
DATA = {"growth": "more_data_growth", "hs": "sem_data_hs", "gaps": "sem_data_gaps"}

EXACT = ("npar", "df", "baseline.df", "ntotal")
RELATIVE = {"chisq": 1e-6, "baseline.chisq": 1e-6, "logl": 1e-8, "unrestricted.logl": 1e-8}
RELATIVE |= {"chisq.scaled": 1e-4, "baseline.chisq.scaled": 1e-4, "aic": 1e-8, "bic": 1e-8}
ABSOLUTE = [
    name + variant
    for name in ("cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper")
    for variant in ("", ".scaled", ".robust")
] + ["srmr", "crmr", "rmr", "pvalue", "pvalue.scaled", "mfi", "ecvi"]


@cache
def data_of(name: str) -> pd.DataFrame:
    return pd.read_csv(RECORD / f"{DATA[name]}.csv")


@cache
def fitted(name: str) -> sem.Fit:
    case: Any = CASES.loc[name]
    return sem.fit(
        case["text"],
        data_of(case["data"]),
        group=case["group"] or None,
        estimator=case["estimator"],
        group_equal=[word for word in case["equal"].split("|") if word],
        group_partial=[word for word in case["partial"].split("|") if word],
        std_lv=case["ident"] == "std_lv",
        effect_coding=case["ident"] == "effects",
        fixed_x=bool(case["fixed_x"]),
    )


def keyed(table: pd.DataFrame, fit: sem.Fit) -> pd.DataFrame:
    """Indexed by group and parameter, the two sides of a covariance in one order."""
    keys = []
    for lhs, op, rhs, group in table[["lhs", "op", "rhs", "group"]].itertuples(index=False):
        first, second = sorted((lhs, rhs)) if op == "~~" else (lhs, "" if op == ":=" else rhs)
        name = group if isinstance(group, str) else fit.groups[group - 1] if group else ""
        keys.append(f"{name}: {first} {op} {second}")
    return table.set_axis(pd.Index(keys))


@pytest.mark.parametrize("name", CASES.index)
def test_parameters(name: str) -> None:
    fit = fitted(name)
    said = keyed(PARAMS[PARAMS["name"] == name], fit)
    ours = keyed(fit.params, fit)
    assert sorted(ours.index) == sorted(said.index)
    ours = ours.loc[said.index]
    np.testing.assert_allclose(ours["est"], said["est"], atol=1e-4, rtol=1e-4)
    np.testing.assert_allclose(ours["se"].fillna(0), said["se"], rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(ours["std_all"], said["std_all"], atol=1e-4)
    np.testing.assert_allclose(
        ours["std_all_se"].fillna(0), said["std_all_se"].fillna(0), rtol=1e-3, atol=1e-5
    )


@pytest.mark.parametrize("name", CASES.index)
def test_measures(name: str) -> None:
    fit, said = fitted(name), MEASURES[name].dropna()
    known = [*EXACT, *RELATIVE, *ABSOLUTE]
    compared = [measure for measure in known if measure in said.index]
    assert len(compared) >= (34 if fit.estimator.robust else 19)
    for measure in compared:
        tolerance: dict[str, Any] = (
            {"rel": RELATIVE[measure]} if measure in RELATIVE else {"abs": 1e-4}
        )
        if measure in EXACT:
            tolerance = {"abs": 0}
        assert fit.measures[measure] == pytest.approx(said[measure], **tolerance), measure


@pytest.mark.parametrize("name", sorted(set(SCORES["name"])))
@pytest.mark.parametrize("method", ["regression", "Bartlett"])
def test_factor_scores_where_observed_predictors_have_a_part(name: str, method: str) -> None:
    fit = fitted(name)
    ours = sem.factor_scores(fit, method.lower())
    said = SCORES[(SCORES["name"] == name) & (SCORES["method"] == method)]
    assert set(said["group"]) == {1, 2}
    for (group, latent), rows in said.groupby(["group", "latent"]):
        mine = ours.loc[ours["group"] == fit.groups[group - 1], latent].head(len(rows))
        np.testing.assert_allclose(mine, rows["score"], atol=2e-4)


@pytest.mark.parametrize("row", TESTS.to_dict("records"), ids=lambda row: str(row["name"]))
def test_difference_of_2010_where_parameters_differ(row: dict[str, Any]) -> None:
    strict, loose = (
        sem.fit(
            str(CASES.loc["partial_ML", "text"]),
            data_of("hs"),
            group="school",
            estimator="MLR",
            group_equal=[word for word in str(row[level]).split("|") if word],
            std_lv=row["ident"] == "std_lv",
        )
        for level in ("strict", "loose")
    )
    found = sem.compare(strict, loose, method="satorra.bentler.2010")
    assert found.df == row["df"]
    assert found.statistic == pytest.approx(row["statistic"], rel=1e-5)


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_an_item_never_answered_in_one_group(estimator: str) -> None:
    data = data_of("gaps").copy()
    data.loc[data["model"] == "m2", "x3"] = np.nan
    fit = sem.fit(
        "a =~ x1 + x2 + x3 + x4\nb =~ x5 + x6 + x7\nb ~ a",
        data,
        group="model",
        estimator=estimator,
        missing="fiml",
        group_equal=["loadings"],
    )
    record = NEVER[NEVER["name"] == estimator]
    assert not any(record[measure].nunique() > 1 for measure in ("logl", "chisq", "npar"))
    whole = record.iloc[0]
    assert fit.measures["npar"] == whole["npar"]
    assert fit.measures["logl"] == pytest.approx(whole["logl"], rel=1e-8)
    assert fit.measures["chisq"] == pytest.approx(whole["chisq"], rel=1e-6)
    said = keyed(record, fit)
    ours = keyed(fit.params, fit).loc[said.index]
    np.testing.assert_allclose(ours["est"], said["est"], atol=1e-4)
    np.testing.assert_allclose(ours["se"], said["se"], rtol=1e-3, atol=1e-6)


def test_the_record_is_whole() -> None:
    assert len(CASES) == 34
    assert set(CASES["version"]) == {"0.6.14"}
    assert set(PARAMS["name"]) == set(CASES.index)
    assert len(TESTS) == 3
