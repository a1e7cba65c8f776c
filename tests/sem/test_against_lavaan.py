"""Every estimate, standard error, fit measure and test that lavaan was asked for.

Tolerances: lavaan stops its search at a relative change of 1e-12 of the fit function, which leaves
about 1e-6 of a standard error in estimates; its numerical Hessian (robust and full-information
standard errors) is good to about 1e-4.
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
CASES = pd.read_csv(RECORD / "sem_cases.csv", keep_default_na=False).set_index("name")
PARAMS = pd.read_csv(RECORD / "sem_params.csv", keep_default_na=False, na_values=["NA"])
MEASURES = pd.read_csv(RECORD / "sem_measures.csv").set_index(["name", "measure"])["value"]
TESTS = pd.read_csv(RECORD / "sem_tests.csv")

RELATIVE = {
    "chisq": 1e-6,
    "baseline.chisq": 1e-6,
    "chisq.scaled": 1e-3,
    "baseline.chisq.scaled": 1e-3,
    "chisq.scaling.factor": 1e-3,
    "baseline.chisq.scaling.factor": 1e-3,
    "logl": 1e-8,
    "unrestricted.logl": 1e-8,
    "aic": 1e-8,
    "bic": 1e-8,
    "bic2": 1e-8,
}
ABSOLUTE = {
    name + variant: 1e-4
    for name in ("cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "rmsea.pvalue")
    for variant in ("", ".scaled", ".robust")
} | {"srmr": 1e-4, "npar": 0, "df": 0, "baseline.df": 0, "pvalue": 1e-4, "pvalue.scaled": 1e-3}
ABSOLUTE |= {"rmsea.pvalue.scaled": 1e-3, "rmsea.pvalue.robust": 1e-3}

FURTHER = (
    *("nnfi", "nfi", "rfi", "ifi", "rni", "pnfi", "fmin", "mfi", "ecvi", "rmsea.notclose.pvalue"),
    *("nfi.scaled", "rfi.scaled", "ifi.scaled", "rni.scaled", "nnfi.scaled", "pnfi.scaled"),
    *("rmr", "rmr_nomean", "srmr_bentler", "srmr_bentler_nomean", "crmr", "crmr_nomean"),
)
ABSOLUTE |= dict.fromkeys(FURTHER, 1e-4)
RELATIVE |= {"cn_05": 1e-5, "cn_01": 1e-5}


@cache
def data_of(name: str) -> pd.DataFrame:
    return pd.read_csv(RECORD / f"sem_data_{name}.csv")


@cache
def fitted(name: str) -> sem.Fit:
    case: Any = CASES.loc[name]
    return sem.fit(
        case["text"],
        data_of(case["data"]),
        group=case["group"] or None,
        estimator=case["estimator"],
        missing=case["missing"],
        group_equal=[word for word in case["equal"].split("|") if word],
        group_partial=[word for word in case["partial"].split("|") if word],
        std_lv=case["ident"] == "std_lv",
        effect_coding=case["ident"] == "effects",
    )


def keyed(table: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    """One row a parameter, the two sides of a covariance in one order."""
    rows = []
    for row in table.to_dict("records"):
        lhs, op, rhs = row["lhs"], row["op"], row["rhs"]
        if op == "~~":
            lhs, rhs = sorted((lhs, rhs))
        if op == ":=":
            rhs = ""
        group = row["group"]
        if isinstance(group, int):
            group = "" if group == 0 else groups[group - 1]
        rows.append({**row, "key": f"{group}: {lhs} {op} {rhs}"})
    return pd.DataFrame(rows).set_index("key")


@pytest.mark.parametrize("name", CASES.index)
def test_parameters(name: str) -> None:
    fit = fitted(name)
    said = keyed(PARAMS[PARAMS["name"] == name], list(fit.groups))
    ours = keyed(fit.params, list(fit.groups)).loc[said.index]
    assert len(said) >= 15
    np.testing.assert_allclose(ours["est"], said["est"], atol=1e-4)
    np.testing.assert_allclose(ours["se"], said["se"], rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(ours["std_all"], said["std_all"], atol=1e-4)
    np.testing.assert_allclose(ours["std_all_se"], said["std_all_se"], rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(ours["ci_lower"], said["ci.lower"], atol=2e-3)


@pytest.mark.parametrize("name", CASES.index)
def test_measures(name: str) -> None:
    fit = fitted(name)
    said = MEASURES[name]
    compared = 0
    for measure in said.index:
        if measure not in RELATIVE and measure not in ABSOLUTE:
            continue
        ours, theirs = fit.measures[measure], said[measure]
        if measure.startswith(("rfi", "nfi", "pnfi")) and np.isnan(theirs):
            continue  # lavaan has none where the baseline has fewer degrees of freedom
        tolerance = {"rtol": RELATIVE.get(measure, 0), "atol": ABSOLUTE.get(measure, 1e-6)}
        np.testing.assert_allclose(ours, theirs, **tolerance, err_msg=measure)
        compared += 1
    assert compared >= (20 if fit.estimator.robust else 14)


def test_our_chi_square_is_not_above_lavaans() -> None:
    """Ours goes on to the minimum where lavaan stops early."""
    complete = [name for name in CASES.index if CASES.loc[name, "missing"] == "listwise"]
    assert len(complete) >= 30
    for name in complete:
        assert fitted(name).measures["chisq"] <= MEASURES[name, "chisq"] * (1 + 1e-9) + 1e-8


@pytest.mark.parametrize("row", TESTS.to_dict("records"), ids=lambda r: f"{r['one']}-{r['method']}")
def test_comparisons(row: dict[str, Any]) -> None:
    fit = fitted(str(row["one"]))
    if row["method"] == "wald":
        ours = sem.wald(fit, str(row["other"]))
    else:
        method = "satorra.bentler.2001" if row["method"] == "default" else str(row["method"])
        ours = sem.compare(fit, fitted(str(row["other"])), method=method)
    assert ours.df == row["df"]
    np.testing.assert_allclose(ours.statistic, row["statistic"], rtol=2e-3)
    np.testing.assert_allclose(ours.pvalue, row["pvalue"], atol=1e-3)


def test_the_record_is_whole() -> None:
    assert len(CASES) >= 40
    assert set(CASES["version"]) == {"0.6.14"}
    assert set(PARAMS["name"]) == set(CASES.index)
    assert len(TESTS) >= 18
