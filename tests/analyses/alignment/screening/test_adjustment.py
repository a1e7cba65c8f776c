"""Design factors are taken out of scores: closed form, and what is left as it is."""

import numpy as np
import pandas as pd
import pytest

from vaar.analyses.alignment.screening.adjustment import adjusted_scores

N = 240
NAMES = ["order", "options", "wording"]


@pytest.fixture
def data():
    rng = np.random.default_rng(3)
    order = np.array(["a b", "b a", "c"])[np.arange(N) % 3]
    options = np.array(["ascending", "descending"])[rng.integers(2, size=N)]
    factors = pd.DataFrame({"order": order, "options": options, "wording": "own"})
    true = rng.standard_normal((N, 2))
    shift = 0.6 * (order == "b a") + 0.9 * (options == "descending")
    scores = pd.DataFrame(true + shift[:, None], columns=["x", "y"]).assign(group="m")
    return scores, factors


def test_the_slope_is_that_of_a_regression_with_indicators(data):
    """Frisch–Waugh–Lovell: the residuals' slope is the partial one."""
    scores, factors = data
    free, told = adjusted_scores(scores, factors, ["x", "y"], NAMES)
    dummies = pd.get_dummies(factors[["order", "options"]], drop_first=True, dtype=float)
    design = np.column_stack([np.ones(N), scores["x"], dummies])
    partial = np.linalg.lstsq(design, scores["y"], rcond=None)[0][1]
    assert np.polyfit(free["x"], free["y"], 1)[0] == pytest.approx(partial, abs=1e-10)
    assert abs(np.corrcoef(scores["x"], scores["y"])[0, 1]) > 0.15, "the design made a correlation"
    assert told == {"m": ["order", "options"]}


def test_means_stay_and_levels_no_longer_differ(data):
    scores, factors = data
    free, _ = adjusted_scores(scores, factors, ["x", "y"], NAMES)
    assert free["x"].mean() == pytest.approx(scores["x"].mean())
    by_level = free["x"].groupby(factors["options"]).mean()
    assert by_level["ascending"] == pytest.approx(by_level["descending"])


def test_missing_scores_stay_missing_and_the_others_are_freed(data):
    scores, factors = data
    holes = scores.assign(x=scores["x"].mask(np.arange(N) % 7 == 0))
    free, _ = adjusted_scores(holes, factors, ["x", "y"], NAMES)
    assert (free["x"].isna() == holes["x"].isna()).all()
    by_level = free["x"].groupby(factors["options"]).mean()
    assert by_level["ascending"] == pytest.approx(by_level["descending"])


def test_groups_are_freed_apart_and_people_who_were_given_nothing_stay(data):
    scores, factors = data
    people = scores.assign(group="human")
    both = pd.concat([scores, people], ignore_index=True)
    given = pd.concat([factors, factors.assign(**dict.fromkeys(NAMES, None))], ignore_index=True)
    free, told = adjusted_scores(both, given, ["x", "y"], NAMES)
    assert list(told) == ["m"]
    pd.testing.assert_frame_equal(free.loc[N:], both.loc[N:])


def test_a_factor_with_too_few_sessions_a_level_is_left_alone(data):
    scores, factors = data
    few = factors.assign(order=[f"level {k % 12}" for k in range(N)])
    assert adjusted_scores(scores[:59], few[:59], ["x"], ["order"])[1] == {}
    assert adjusted_scores(scores[:60], few[:60], ["x"], ["order"])[1] == {"m": ["order"]}
