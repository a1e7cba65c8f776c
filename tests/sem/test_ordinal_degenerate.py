"""What answers do to a fit of ordinal items, and what is said about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError

MODEL = "f =~ x1 + x2 + x3 + x4\ng =~ y1 + y2 + y3"
ITEMS = ["x1", "x2", "x3", "x4", "y1", "y2", "y3"]
SCALAR = ("loadings", "thresholds")


@pytest.fixture
def data() -> pd.DataFrame:
    """Simulated four-point answers in three groups."""
    rng = np.random.default_rng(8)
    parts = []
    for group in "abc":
        f = rng.normal(size=240)
        g = 0.5 * f + rng.normal(size=240)
        y = np.outer(f, [0.9, 0.7, 0.8, 0.6, 0, 0, 0]) + np.outer(g, [0, 0, 0, 0, 0.9, 0.7, 0.8])
        answers = 1.0 + np.searchsorted([-1, 0.2, 1.1], y + rng.normal(size=y.shape))
        parts.append(pd.DataFrame(answers, columns=ITEMS).assign(group=group))
    return pd.concat(parts, ignore_index=True)


def fit(data: pd.DataFrame, equal: Sequence[str] = SCALAR, **options: Any) -> sem.Fit:
    asked: dict[str, Any] = {"estimator": "WLSMV", "ordered": True}
    return sem.fit(MODEL, data, group="group", group_equal=equal, **(asked | options))


def change(data: pd.DataFrame, group: str, item: str, old: float, new: float) -> None:
    data.loc[(data["group"] == group) & (data[item] == old), item] = new


def thresholds(fitted: sem.Fit, item: str, group: str) -> list[float]:
    table = fitted.params
    rows = (table["lhs"] == item) & (table["op"] == "|") & (table["group"] == group)
    return list(table.loc[rows, "est"])


def found(fitted: sem.Fit) -> set[tuple[str, str, str, str]]:
    table = fitted.screening[["group", "item", "finding", "action"]]
    return set(table.itertuples(index=False, name=None))


def test_an_empty_outer_category_has_no_threshold_there(data: pd.DataFrame) -> None:
    change(data, "b", "x2", 1, 2)
    fitted = fit(data)
    assert fitted.outcome is sem.Outcome.CONVERGED
    ours, others = thresholds(fitted, "x2", "b"), thresholds(fitted, "x2", "a")
    assert np.isnan(ours[0])
    assert ours[1:] == others[1:]
    assert ("b", "x2", "empty category", "threshold absent") in found(fitted)


def test_an_empty_inner_category_frees_the_threshold_that_spans_it(data: pd.DataFrame) -> None:
    change(data, "b", "x2", 2, 3)
    fitted = fit(data)
    assert fitted.outcome is sem.Outcome.CONVERGED
    ours, others = thresholds(fitted, "x2", "b"), thresholds(fitted, "x2", "a")
    assert ours[0] != others[0]
    assert np.isnan(ours[1])
    assert ours[2] == others[2]
    assert ("b", "x2", "empty category", "threshold of this group alone") in found(fitted)
    assert thresholds(fitted, "x3", "b") == thresholds(fitted, "x3", "a")


@pytest.mark.parametrize("parameterization", ["delta", "theta"])
@pytest.mark.parametrize("item", ["x1", "x3"])
@pytest.mark.parametrize("group", ["a", "b"])
def test_a_constant_item_is_masked_in_its_group(
    data: pd.DataFrame, group: str, item: str, parameterization: str
) -> None:
    data.loc[data["group"] == group, item] = 4.0
    fitted = fit(data, parameterization=parameterization)
    assert fitted.outcome is sem.Outcome.CONVERGED
    assert fitted.groups == ("a", "b", "c")
    assert (group, item, "constant item", "item masked") in found(fitted)
    table = fitted.params
    masked = (table["group"] == group) & ((table["lhs"] == item) | (table["rhs"] == item))
    assert table.loc[masked, "est"].isna().all()
    assert np.isfinite(fitted.measures["chisq_scaled"])


def test_a_perfect_pair_takes_no_part(data: pd.DataFrame) -> None:
    """In group b, exactly those who answer y3 low answer x1 highest."""
    turn = np.arange(240) % 8
    data.loc[data["group"] == "b", "x1"] = np.select([turn == 0, turn == 1], [1.0, 4.0], 3.0)
    data.loc[data["group"] == "b", "y3"] = np.where(turn == 1, 1.0, 3.0)
    fitted = fit(data, equal=())
    row = fitted.screening.query("finding == 'no correlation'")
    assert list(row["item"]) == ["x1, y3"]
    assert list(row["action"]) == ["pair left out"]
    assert np.isfinite(fitted.measures["chisq_scaled"])


def test_a_group_too_small_is_dropped_and_the_others_fitted(data: pd.DataFrame) -> None:
    few = pd.concat([data[data["group"] != "b"], data[data["group"] == "b"].head(6)])
    fitted = fit(few)
    assert fitted.groups == ("a", "c")
    assert fitted.dropped["b"].startswith("n below p")
    alone = fit(data[data["group"] != "b"])
    np.testing.assert_array_equal(fitted.params["est"], alone.params["est"])


def test_pairwise_keeps_rows_that_listwise_leaves_out(data: pd.DataFrame) -> None:
    gaps = data.copy()
    gaps.loc[::9, "x2"] = np.nan
    assert fit(gaps, missing="pairwise").n_rows == len(data)
    assert fit(gaps).n_rows == int(gaps.notna().all(axis=1).sum())


def test_equal_residuals_under_delta_are_refused(data: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="use parameterization='theta'"):
        fit(data, equal=(*SCALAR, "residuals"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"missing": "fiml"}, "listwise, pairwise"),
        ({"parameterization": "gamma"}, "delta and theta"),
        ({"ordered": False}, "ordered=True"),
        ({"ordered": ["q"]}, "no column"),
        ({"estimator": "ML"}, "use WLSMV"),
        ({"effect_coding": True}, "std_lv"),
        ({"estimator": "ULS"}, "WLSMV"),
    ],
)
def test_wrong_arguments_say_what_is_allowed(
    data: pd.DataFrame, options: dict[str, Any], said: str
) -> None:
    if options.get("estimator") == "ULS":
        options = options | {"ordered": False}
    with pytest.raises(DataError, match=said):
        fit(data, **options)


def test_answers_between_categories_are_refused(data: pd.DataFrame) -> None:
    data["x2"] += 0.5
    with pytest.raises(DataError, match=r"'x2' has the answer 1\.5"):
        fit(data)


def test_bartlett_scores_are_refused(data: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="use method='regression'"):
        sem.factor_scores(fit(data), "bartlett")
