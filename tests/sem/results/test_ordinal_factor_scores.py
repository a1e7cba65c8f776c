from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.stats import norm

import vaar.sem as sem

MODEL = "a =~ y1 + y2 + y3 + y4\nb =~ y5 + y6 + c1\nb ~ a + z\ny6 ~ z"
ITEMS = [f"y{i}" for i in range(1, 7)]


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    n = 500
    z, a = rng.standard_normal((2, n))
    b = 0.5 * a + 0.3 * z + 0.7 * rng.standard_normal(n)
    factor = np.column_stack([a, a, a, a, b, b])
    latent = 0.8 * factor + 0.6 * rng.standard_normal((n, 6))
    latent[:, 5] += 0.4 * z
    data = pd.DataFrame(1.0 + np.searchsorted([-0.8, 0.2, 1.1], latent), columns=ITEMS)
    data["c1"] = 2 + b + 0.5 * rng.standard_normal(n)
    return data.assign(z=z, group=np.where(np.arange(n) < 260, "one", "two"))


def fitted(data: pd.DataFrame, parameterization: str, **options: Any) -> sem.Fit:
    return sem.fit(
        MODEL,
        data,
        "group",
        estimator="WLSMV",
        ordered=ITEMS,
        parameterization=parameterization,
        group_equal=["loadings", "thresholds"],
        fixed_x=False,
        **options,
    )


def found_by_search(fit: sem.Fit, row: Any, group: str) -> np.ndarray:
    """The mode of the posterior of (a, b), from the table of parameters alone."""
    table = fit.params[fit.params["group"] == group]
    at: dict[Any, Any] = {(r.lhs, r.op, r.rhs): r.est for r in table.itertuples()}
    var_a, var_b = at["a", "~~", "a"], at["b", "~~", "b"]
    mean_a = at["a", "~1", "1"] if ("a", "~1", "1") in at else at["a", "~1", ""]
    mean_b = at["b", "~1", "1"] if ("b", "~1", "1") in at else at["b", "~1", ""]

    def loss(x: np.ndarray) -> float:
        a, b = x
        centre = mean_b + at["b", "~", "a"] * a + at["b", "~", "z"] * row["z"]
        out = norm.logpdf(a, mean_a, np.sqrt(var_a)) + norm.logpdf(b, centre, np.sqrt(var_b))
        spread = np.sqrt(at["c1", "~~", "c1"])
        level = next(v for k, v in at.items() if k[:2] == ("c1", "~1"))
        out += norm.logpdf(row["c1"], level + at["b", "=~", "c1"] * b, spread)
        for item in ITEMS:
            if np.isnan(row[item]):
                continue
            factor, score = ("a", a) if item < "y5" else ("b", b)
            middle = at[factor, "=~", item] * score
            middle += at["y6", "~", "z"] * row["z"] if item == "y6" else 0.0
            cuts = [-np.inf, *(at[item, "|", f"t{k}"] for k in (1, 2, 3)), np.inf]
            sd = np.sqrt(at[item, "~~", item])
            answer = int(row[item])
            low, high = (cuts[answer - 1] - middle) / sd, (cuts[answer] - middle) / sd
            out += np.log(norm.cdf(high) - norm.cdf(low))
        return -float(out)

    return np.asarray(minimize(loss, [0.0, 0.0], tol=1e-12).x)


@pytest.mark.parametrize("parameterization", ["delta", "theta"])
def test_scores_are_the_modes_found_by_search(answers: pd.DataFrame, parameterization: str) -> None:
    fit = fitted(answers, parameterization)
    scores = sem.factor_scores(fit)
    for place in (0, 7, 100, 300, 499):
        mine = scores.loc[place]
        expected = found_by_search(fit, answers.loc[place], str(mine["group"]))
        np.testing.assert_allclose(mine[["a", "b"]].astype(float), expected, atol=2e-5)


def test_rows_are_scored_by_what_they_hold(answers: pd.DataFrame) -> None:
    data = answers.copy()
    data.loc[3, ["y1", "y6"]] = np.nan
    data.loc[350, ITEMS] = np.nan
    fit = fitted(data, "theta", missing="pairwise")
    scores = sem.factor_scores(fit)
    for place in (3, 350):
        expected = found_by_search(fit, data.loc[place], str(scores.loc[place, "group"]))
        np.testing.assert_allclose(scores.loc[place, ["a", "b"]].astype(float), expected, atol=2e-5)


def test_extreme_answers_have_scores(answers: pd.DataFrame) -> None:
    data = answers.copy()
    data.loc[0, ITEMS], data.loc[1, ITEMS] = 1.0, 4.0
    data.loc[0, "c1"], data.loc[1, "c1"] = -40.0, 40.0
    scores = sem.factor_scores(fitted(data, "delta"))[["a", "b"]]
    assert np.isfinite(scores.to_numpy()).all()
    assert (scores.loc[0] < scores.loc[1]).all()


def test_scores_follow_what_they_estimate(answers: pd.DataFrame) -> None:
    scores = sem.factor_scores(fitted(answers, "theta"))
    totals = answers[["y1", "y2", "y3", "y4"]].sum(axis=1)
    assert scores["a"].corr(totals) > 0.95


def test_a_category_that_a_group_lacks(answers: pd.DataFrame) -> None:
    data = answers.copy()
    inside = data["group"] == "two"
    data.loc[inside & (data["y2"] == 2), "y2"] = 3.0
    data.loc[inside & (data["y3"] == 4), "y3"] = 3.0
    scores = sem.factor_scores(fitted(data, "delta"))
    assert np.isfinite(scores[["a", "b"]].to_numpy()).all()


def test_items_of_negative_residual_variance_are_left_out(answers: pd.DataFrame) -> None:
    fit = sem.fit("a =~ 2.5*y1 + y2 + y3\na ~~ 0.3*a", answers, estimator="WLSMV", ordered=ITEMS)
    assert fit.outcome is sem.Outcome.INADMISSIBLE
    scores = sem.factor_scores(fit)["a"]
    assert np.isfinite(scores).all()
    alike = answers.groupby(["y2", "y3"])["y1"].nunique()
    same = answers.assign(score=scores).groupby(["y2", "y3"])["score"].std().fillna(0)
    assert (alike > 1).any() and same.max() < 1e-8


def test_an_item_without_a_residual_bounds_the_score(answers: pd.DataFrame) -> None:
    model = "a =~ y1\na ~~ 1*a\nb =~ y4 + y5 + y6\nb ~ a"
    fit = sem.fit(model, answers, estimator="WLSMV", ordered=ITEMS)
    scores = sem.factor_scores(fit)["a"]
    cuts = fit.params[(fit.params["op"] == "|") & (fit.params["lhs"] == "y1")]["est"].to_numpy()
    inside = np.searchsorted(cuts, scores) + 1
    near = np.abs(scores.to_numpy()[:, None] - cuts).min(axis=1) < 0.05
    assert ((inside == answers["y1"]) | near).all()
