"""Models of ordinal items as lavaan fits them, recorded by tests/reference/make_wlsmv.R.

lavaan's optimiser stops at its default tolerance, a relative change of 1e-10 of the fit function.
That leaves its estimates up to 2e-4 of a unit away from the minimum where it is flat (residual
variances above 1 under theta), and its χ² up to 1e-6 (relative) above the minimum. Its polychoric
correlations, found by search too, are good to 1e-8, which moves the minimum by up to 1e-7.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem

RECORD = json.loads(
    (Path(__file__).parents[1] / "reference" / "wlsmv.json").read_text(encoding="utf-8")
)
CONTINUOUS = ("y2", "y7", "y11")  # in the data set "mixed"
RELATIVE = ("chisq.scaled", "baseline.chisq.scaled", "chisq.scaling.factor", "cn_05", "cn_01")
EXACT = ("npar", "df", "df.scaled", "baseline.df")


@cache
def fitted(name: str) -> sem.Fit:
    case = RECORD["cases"][name]
    data = pd.DataFrame(RECORD["data"][case["data"]])
    groups = [f"g{g + 1}" for g in range(int(case["groups"]))]
    ordered = [column for column in data.columns if column != "group"]
    if case["data"] == "mixed":
        ordered = [column for column in ordered if column not in CONTINUOUS]
    return sem.fit(
        RECORD["models"][case["model"]],
        data[data["group"].isin(groups)],
        group="group" if len(groups) > 1 else None,
        estimator=case["estimator"],
        missing=case["missing"],
        ordered=ordered,
        parameterization=case["parameterization"],
        std_lv=bool(case["std_lv"]),
        group_equal=[word for word in case["equal"].split("|") if word],
        group_partial=["a =~ y2", "y6 | t2"] if case["partial"] else [],
        fixed_x=False,
    )


def tables(name: str) -> pd.DataFrame:
    """Our table beside lavaan's, row by row."""
    fit = fitted(name)
    theirs = pd.DataFrame(RECORD["cases"][name]["params"])
    theirs["group"] = [fit.groups[int(g) - 1] if g > 0 else "" for g in theirs["group"]]
    ours = fit.params
    swapped = ours[(ours["op"] == "~~") & (ours["lhs"] != ours["rhs"])]
    swapped = swapped.rename(columns={"lhs": "rhs", "rhs": "lhs"})
    keys = ["lhs", "op", "rhs", "group"]
    both = theirs.merge(pd.concat([ours, swapped]), on=keys, how="left", suffixes=("_lavaan", ""))
    assert len(both) == len(theirs)
    return both


@pytest.mark.parametrize("name", RECORD["cases"])
def test_converges(name: str) -> None:
    assert fitted(name).outcome is sem.Outcome.CONVERGED


@pytest.mark.parametrize("name", RECORD["cases"])
@pytest.mark.parametrize("column", ["est", "std_all"])
def test_estimates(name: str, column: str) -> None:
    both = tables(name)
    np.testing.assert_allclose(both[column], both[f"{column}_lavaan"], rtol=1.2e-4, atol=1e-4)


@pytest.mark.parametrize("name", RECORD["cases"])
@pytest.mark.parametrize("column", ["se", "std_all_se"])
def test_standard_errors(name: str, column: str) -> None:
    both = tables(name)
    ours, theirs = both[column].fillna(0), both[f"{column}_lavaan"].fillna(0)
    np.testing.assert_allclose(ours, theirs, rtol=2e-4, atol=1e-6)


@pytest.mark.parametrize("name", RECORD["cases"])
def test_chi_square_is_at_the_minimum(name: str) -> None:
    ours, theirs = fitted(name).measures["chisq"], RECORD["cases"][name]["measures"]["chisq"]
    assert -1e-6 < ours / theirs - 1 < 1e-7


@pytest.mark.parametrize("name", RECORD["cases"])
def test_measures(name: str) -> None:
    recorded = {k: v for k, v in RECORD["cases"][name]["measures"].items() if v is not None}
    measures = fitted(name).measures
    compared = [k for k in recorded if k.replace(".", "_") in measures]
    assert {"cfi", "tli", "rmsea", "srmr", "rmsea.ci.upper"} <= set(compared)
    for key in compared:
        tolerance = {"abs": 0} if key in EXACT else {"abs": 1e-4}
        if "chisq" in key or key in RELATIVE:
            tolerance = {"rel": 1e-4}
        assert measures[key] == pytest.approx(recorded[key], **tolerance), key


@pytest.mark.parametrize("name", RECORD["cases"])
def test_robust_measures_exist_where_lavaan_has_them(name: str) -> None:
    recorded = RECORD["cases"][name]["measures"].get("cfi.robust")
    assert ("cfi_robust" in fitted(name).measures) == (recorded is not None)


@pytest.mark.parametrize("name", RECORD["tests"])
def test_difference_tests(name: str) -> None:
    case = RECORD["tests"][name]
    found = sem.compare(fitted(case["one"]), fitted(case["other"]))
    assert found.df == case["df"]
    assert found.statistic == pytest.approx(case["statistic"], rel=1e-5)
    assert found.pvalue == pytest.approx(case["pvalue"], abs=1e-5)


@pytest.mark.parametrize("name", RECORD["scores"])
def test_factor_scores(name: str) -> None:
    ours = sem.factor_scores(fitted(name))
    for latent, said in RECORD["scores"][name].items():
        np.testing.assert_allclose(ours[latent].head(len(said)), said, atol=2e-3)
