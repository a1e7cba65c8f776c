"""The lowest minimum within bounds, where it is not the one next to the free minimum."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem

RECORD = Path(__file__).parents[2] / "reference"
DATA = pd.read_csv(RECORD / "bounds_lowest_data.csv").set_index("sample")
CASES = pd.read_csv(RECORD / "bounds_lowest.csv").set_index("sample")


def fitted(name: str) -> tuple[sem.Fit, pd.DataFrame]:
    data = DATA.loc[name].dropna(axis=1).reset_index(drop=True)
    text = str(CASES.loc[name, "text"]).replace("; ", "\n")
    return sem.fit(text, data, bounds="pos.var"), data


def distance(fit: sem.Fit, data: pd.DataFrame) -> float:
    """n (log |Σ| + tr SΣ⁻¹ − log |S| − p) at the implied covariances."""
    implied = fit.implied["all"].loc[list(data), list(data)].to_numpy()
    sample = np.cov(data.T, ddof=0)
    logs = np.linalg.slogdet(implied)[1] - np.linalg.slogdet(sample)[1]
    return len(data) * float(logs + np.trace(np.linalg.solve(implied, sample)) - len(sample))


@pytest.mark.parametrize("name", CASES.index)
def test_no_minimum_within_bounds_is_above_that_of_lavaan(name: str) -> None:
    fit, data = fitted(name)
    table = fit.params
    variances = table[table["op"].eq("~~") & table["lhs"].eq(table["rhs"])]["est"]
    assert (variances > -1e-9).all()
    assert fit.measures["chisq"] == pytest.approx(distance(fit, data), abs=1e-8)
    assert fit.measures["chisq"] <= CASES["chisq"][name] + 1e-6


def test_lavaan_may_end_above_the_lowest_minimum() -> None:
    fit, _ = fitted("one3")
    assert fit.measures["chisq"] < CASES["chisq"]["one3"] - 3
    assert fit.held == ("x2~~x2 > 0",)


def test_a_parameter_at_one_bound_is_not_at_its_other_one() -> None:
    data = pd.read_csv(RECORD / "sem_data_hs.csv")
    fit = sem.fit("f =~ x1 + lower(0.2)*upper(0.4)*x2 + x3 + x4", data)
    assert fit.held == ("f=~x2 < 0.4",)
    assert fit.params.query("op == '=~' and rhs == 'x2'")["est"].tolist() == [0.4]


def test_groups_that_share_nothing_have_the_lowest_minimum_each() -> None:
    """Of one group the first minimum is a bad one, of the other it is not."""
    parts = [DATA.loc[name].dropna(axis=1).assign(sample=name) for name in ("two9", "path32")]
    names = [f"x{i}" for i in range(1, 7)]
    data = pd.concat([part[[*names, "sample"]] for part in parts], ignore_index=True)
    text = str(CASES.loc["two9", "text"]).replace("; ", "\n")
    joint = sem.fit(text, data, "sample", bounds="pos.var")
    apart = [sem.fit(text, data[data["sample"] == name], bounds="pos.var") for name in joint.groups]
    total = sum(fit.measures["chisq"] for fit in apart)
    assert joint.measures["chisq"] == pytest.approx(total, abs=1e-6)
