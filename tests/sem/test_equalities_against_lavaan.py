"""Labels on fixed parameters, equations, equalities across groups with values of single groups, and
effects coding, as lavaan has them: recorded by tests/reference/make_equalities.R."""

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
CASES = pd.read_csv(RECORD / "equalities_cases.csv", keep_default_na=False).set_index("name")
PARAMS = pd.read_csv(RECORD / "equalities_params.csv", keep_default_na=False, na_values=["NA"])
ONE = "f =~ x1 + x2 + x3 + x4"


@cache
def ability() -> pd.DataFrame:
    table = pd.read_csv(RECORD / "sem_data_hs.csv")
    third = [f"g{i % 3 + 1}" for i in range(len(table))]
    return table.assign(third=third)


@cache
def fitted(name: str) -> sem.Fit:
    case: Any = CASES.loc[name]
    return sem.fit(
        case["text"],
        ability(),
        group=case["group"] or None,
        estimator=case["estimator"],
        group_equal=[word for word in case["equal"].split("|") if word],
        std_lv=case["ident"] == "std_lv",
        effect_coding=case["ident"] == "effects",
        meanstructure=True if case["means"] else None,
    )


@pytest.mark.parametrize("name", CASES.index)
def test_measures(name: str) -> None:
    said, ours = CASES.loc[name], fitted(name).measures
    assert (ours["df"], ours["npar"]) == (said["df"], said["npar"])
    assert ours["chisq"] == pytest.approx(said["chisq"], rel=1e-6)
    assert ours["logl"] == pytest.approx(said["logl"], rel=1e-8)
    assert ours["cfi"] == pytest.approx(said["cfi"], abs=1e-6)


@pytest.mark.parametrize("name", CASES.index)
def test_parameters(name: str) -> None:
    fit = fitted(name)
    said = PARAMS[PARAMS["name"] == name]
    ours = fit.params[fit.params["op"] != ":="]
    keyed = {
        (group, op, *(sorted((lhs, rhs)) if op == "~~" else (lhs, rhs))): (est, se)
        for lhs, op, rhs, group, est, se in ours[
            ["lhs", "op", "rhs", "group", "est", "se"]
        ].itertuples(index=False)
    }
    found = np.array(
        [
            keyed[fit.groups[group - 1], op, *(sorted((lhs, rhs)) if op == "~~" else (lhs, rhs))]
            for lhs, op, rhs, group in said[["lhs", "op", "rhs", "group"]].itertuples(index=False)
        ]
    )
    assert len(found) == len(keyed)
    # lavaan stops its search within a thousandth of a standard error
    assert np.all(np.abs(found[:, 0] - said["est"]) < 1e-4 + 1e-3 * found[:, 1])
    se = said["se"].fillna(0.0)  # lavaan has none where equations fix a parameter
    np.testing.assert_allclose(found[:, 1], se, atol=1e-6, rtol=1e-3)


@pytest.mark.parametrize(
    "text",
    [
        "f =~ a*x1 + a*x2 + a*x3 + a*x4\nq := 2*a",
        "f =~ a*x1 + b*x2 + x3 + x4\nb == a\nq := 2*b",
        "f =~ x1 + a*x2 + x3 + x4\na == 1\nq := 2*a",
        "f =~ x1 + a*x2 + b*x3 + x4\na + b == 3\na - b == 1\nq := a*b",
    ],
)
def test_what_is_defined_follows_the_fixed_value(text: str) -> None:
    fit = sem.fit(text, ability())
    labelled = fit.params[fit.params["label"].isin(["a", "b"])]
    assert set(labelled["se"]) == {0.0}
    assert fit.params["est"].iloc[-1] == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("text", "kinds", "words"),
    [
        ("f =~ a*x1 + x2 + a*x3 + 0.5*x3 + x4", (), "f=~x3 .* at 0.5 and f=~x1 at 1"),
        (ONE + "\nx1 ~~ v*x1 + 1*x1\nx2 ~~ v*x2 + 2*x2", (), "x1~~x1 .* at 1 and x2~~x2 .* at 2"),
        ("f =~ a*x1 + b*x2 + 0.5*x2 + x3 + x4\na == b", (), "line 2, column 1: 'a == b' cannot"),
        ("f =~ x1 + a*x2 + b*x3 + x4\na + b == 1\na + b == 2", (), "line 3.*cannot hold"),
        ("f =~ a*x1 + x2 + x3 + x4\na == 2", (), "'a == 2' cannot hold"),
        ("f =~ x1 + c(0.5, 0.7)*x2 + x3 + x4", ("loadings",), "group Pasteur is fixed at 0.5"),
    ],
)
def test_contradictions_are_refused(text: str, kinds: tuple[str, ...], words: str) -> None:
    with pytest.raises(ModelSyntaxError, match=words):
        sem.fit(text, ability(), group="school", group_equal=kinds)


def test_labels_of_some_groups_only_do_not_undo_an_equality() -> None:
    with pytest.raises(DataError, match="label it in every group"):
        sem.fit("f =~ x1 + c(a, b, NA)*x2 + x3", ability(), "third", group_equal=["loadings"])


@pytest.mark.parametrize("kind", ["intercepts", "means", "thresholds"])
@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_an_equality_that_cannot_be_applied_is_refused(kind: str, estimator: str) -> None:
    with pytest.raises(DataError, match=f"group_equal got '{kind}'"):
        sem.fit(
            ONE, ability(), "school", estimator, group_equal=["loadings", kind], meanstructure=False
        )


def test_equal_groups_need_groups() -> None:
    with pytest.raises(DataError, match="there is no group column"):
        sem.fit(ONE, ability(), group_equal="loadings")


def test_missing_answers_need_means() -> None:
    with pytest.raises(DataError, match="needs modelled means"):
        sem.fit(ONE, ability(), missing="fiml", meanstructure=False)


def test_a_label_in_the_model_text_asks_for_means() -> None:
    """As in lavaan, an intercept in the text is modelled whatever meanstructure says."""
    text = ONE + "\nx2 ~ c(i, i)*1"
    loose = sem.fit(ONE, ability(), "school")
    held = sem.fit(text, ability(), "school", meanstructure=False)
    assert held.measures["df"] == loose.measures["df"] + 1
    assert held.measures["chisq"] > loose.measures["chisq"] + 1e-3
