"""Inequalities, orthogonal factors, coefficients and their covariances, further fit measures and
standard errors of scores, as lavaan has them: recorded by tests/reference/make_constraints.R."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError, ModelSyntaxError

RECORD = Path(__file__).parents[1] / "reference"
CASES = pd.read_csv(RECORD / "constraints_cases.csv", keep_default_na=False).set_index("name")
PARAMS = pd.read_csv(RECORD / "constraints_params.csv", keep_default_na=False)
MEASURES = pd.read_csv(RECORD / "constraints_measures.csv").set_index(["name", "measure"])["value"]
VCOV = pd.read_csv(RECORD / "constraints_vcov.csv")
SCORES = pd.read_csv(RECORD / "constraints_scores.csv")
FEW = pd.read_csv(RECORD / "constraints_data.csv")
HS = pd.read_csv(RECORD / "sem_data_hs.csv")
BOUND = ("held", "above", "between", "mixed", "several", "ordered_groups")


@cache
def fitted(name: str) -> sem.Fit:
    case: Any = CASES.loc[name]
    return sem.fit(
        case["text"],
        HS if case["data"] == "hs" else FEW[FEW["n"] == int(case["data"])],
        group=case["group"] or None,
        estimator=case["estimator"],
        group_equal=[word for word in case["equal"].split("|") if word],
        orthogonal=bool(case["ortho"]),
        meanstructure=True if case["means"] else None,
    )


@pytest.mark.parametrize("name", CASES.index)
def test_measures(name: str) -> None:
    ours = fitted(name).measures
    for measure, said in MEASURES[name].items():
        if "scal" in str(measure):
            assert ours[str(measure)] == pytest.approx(said, rel=1e-3), measure  # MLR, as elsewhere
            continue
        loose = 0.0 if measure == "chisq" else 1e-5
        assert ours[str(measure)] == pytest.approx(said, rel=1e-6, abs=loose), measure


@pytest.mark.parametrize("name", CASES.index)
def test_parameters(name: str) -> None:
    fit = fitted(name)
    keyed = {
        (group, op, *(sorted((lhs, rhs)) if op == "~~" else (lhs, rhs))): (est, se)
        for lhs, op, rhs, group, est, se in fit.params[
            ["lhs", "op", "rhs", "group", "est", "se"]
        ].itertuples(index=False, name=None)
    }
    said: Any
    for said in PARAMS[PARAMS["name"] == name].itertuples(index=False):
        sides = sorted((said.lhs, said.rhs)) if said.op == "~~" else [said.lhs, said.rhs]
        found = keyed.pop((fit.groups[said.group - 1], said.op, *sides), (0.0, 0.0))
        assert found[0] == pytest.approx(said.est, abs=1e-4), said
        assert found[1] == pytest.approx(said.se, rel=1e-3, abs=1e-5), said
    assert not [key for key, (est, se) in keyed.items() if est or se]  # fixed at 0 here


@pytest.mark.parametrize("name", [name for name in CASES.index if ">" in CASES.loc[name, "text"]])
def test_what_holds_as_an_equality_is_told(name: str) -> None:
    fit = fitted(name)
    assert bool(fit.held) == name.startswith(BOUND)
    assert ("at a bound" in set(fit.screening["finding"])) == bool(fit.held)
    assert ("at a bound: " in repr(fit)) == bool(fit.held)


def test_inequalities_that_are_not_needed_change_nothing() -> None:
    plain = sem.fit("f =~ x1 + a*x2 + b*x3 + c*x4", HS)
    np.testing.assert_array_equal(plain.params["est"], fitted("idle").params["est"])


def test_one_that_binds_at_first_is_released_where_others_hold() -> None:
    """Of a > .9 and a > 1.1, the first is missed at the free minimum too, and idle in the end."""
    fit = sem.fit("f =~ x1 + a*x2 + x3 + x4\na > 0.9\na > 1.1", HS)
    assert fit.held == ("a > 1.1",)
    assert fit.measures["npar"] == fitted("idle").measures["npar"]


def test_each_level_of_the_ladder_tells_its_own() -> None:
    """Held at the first level, where each group has its loading, and not where both have one."""
    model = "f =~ x1 + c(a, b)*x2 + x3 + x4\na > b + 0.2"
    apart = sem.fit(model, HS, group="school")
    assert apart.held == ("a > b + 0.2",)
    low = "f =~ x1 + a*x2 + x3 + x4\na < {}"
    ladder = sem.invariance(low.format(0.55), HS, "school", levels=["configural", "metric"])
    assert all(fit.held == ("0.55 > a",) for fit in ladder.fits.values())
    idle = sem.invariance(low.format(5), HS, "school", levels=["configural", "metric"])
    assert not any(fit.held for fit in idle.fits.values())


def test_inequalities_that_cannot_be_read_or_met() -> None:
    with pytest.raises(ModelSyntaxError, match="'a \\* b > 1' is not linear"):
        sem.fit("f =~ x1 + a*x2 + b*x3\na*b > 1", HS)
    with pytest.raises(ModelSyntaxError, match="'d' is no label"):
        sem.fit("f =~ x1 + a*x2 + x3\na > d", HS)
    with pytest.raises((ModelSyntaxError, DataError), match=r"cannot hold beside|does not end"):
        sem.fit("f =~ x1 + a*x2 + x3 + x4\na > 2\na < 1", HS)
    with pytest.raises(DataError, match="takes no inequalities"):
        sem.bootstrap(fitted("idle"), replicates=2)


@pytest.mark.parametrize("name", ["plain", "metric", "scalar_mlr"])
def test_coefficients_and_their_covariances(name: str) -> None:
    said, fit = VCOV[VCOV["name"] == name], fitted(name)
    est, cov = sem.coef(fit), sem.vcov(fit)
    np.testing.assert_allclose(np.sort(est), np.sort(said["coef"]), atol=1e-4)
    np.testing.assert_allclose(np.trace(cov), said["trace"].iloc[0], rtol=1e-3)
    np.testing.assert_allclose(cov.to_numpy().sum(), said["total"].iloc[0], rtol=1e-3)
    np.testing.assert_allclose(np.sort(cov.iloc[0]), np.sort(said["first"]), atol=1e-5)
    free = fit.params[(fit.params["se"] > 0)]
    np.testing.assert_allclose(np.sqrt(np.diagonal(cov)), free["se"], rtol=1e-8)
    np.testing.assert_allclose(sem.confint(fit)["lower"], free["ci_lower"], rtol=1e-6)
    wide, narrow = sem.confint(fit, 0.99), sem.confint(fit, level=0.5)
    assert ((wide["lower"] < narrow["lower"]) & (wide["upper"] > narrow["upper"])).all()
    with pytest.raises(DataError, match="above 0 and below 1"):
        sem.confint(fit, 95)


def test_names_of_coefficients_are_those_of_lavaan() -> None:
    fit = sem.fit("f =~ x1 + c(a, b)*x2 + x3 + x4", HS, group="school")
    names = list(sem.coef(fit).index)
    assert {"a", "b", "f=~x3", "f=~x3.g2", "x1~~x1", "f~~f.g2", "x1~1"} <= set(names)


def test_coefficients_of_ordinal_items() -> None:
    data = HS[["x1", "x2", "x3", "x4"]].apply(lambda x: pd.qcut(x, 3, labels=False))
    fit = sem.fit("f =~ x1 + x2 + x3 + x4", data, estimator="WLSMV", ordered=True)
    errors = fit.params.loc[fit.params["op"] == "=~", "se"].to_numpy()[1:]
    cov = sem.vcov(fit)
    at = [name for name in cov.index if "=~" in name]
    np.testing.assert_allclose(np.sqrt(np.diagonal(cov.loc[at, at])), errors, rtol=1e-8)
    with pytest.raises(DataError, match="leave se out"):
        sem.factor_scores(fit, se=True)


@pytest.mark.parametrize("name", ["plain", "metric"])
@pytest.mark.parametrize("method", ["regression", "bartlett"])
def test_standard_errors_of_scores(name: str, method: str) -> None:
    fit = fitted(name)
    scores = sem.factor_scores(fit, method, se=True)
    chosen = (SCORES["name"] == name) & (SCORES["method"].str.lower() == method)
    said: Any
    for said in SCORES[chosen].itertuples(index=False):
        mine = scores.loc[scores["group"] == fit.groups[said.group - 1], f"{said.latent}_se"]
        np.testing.assert_allclose(mine, said.se, rtol=1e-4)
