"""Design factors are taken out of scores: closed form, and what is left as it is."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from vaar.analyses.alignment.screening.adjustment import adjusted_scores, varies

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


def test_of_many_orders_the_places_of_the_questionnaires_are_taken_out(data):
    orders = [" ".join(own) for own in permutations("abcd")]
    order = [orders[k % 24] for k in range(N)]
    factors = pd.DataFrame({"order": order})
    rng = np.random.default_rng(5)
    place_of = {c: np.array([own.split().index(c) for own in order]) for c in "ab"}
    true = pd.DataFrame({"x": rng.standard_normal(N), "y": rng.standard_normal(N), "group": "m"})
    # an effect of the place of one questionnaire on either score, not linear in the place
    shifted = true.assign(x=true["x"] + 2 * (place_of["a"] == 0), y=true["y"] - place_of["b"] ** 2)
    free, told = adjusted_scores(shifted, factors, ["x", "y"], ["order"])
    assert told == {"m": ["order"]}
    plain, _ = adjusted_scores(true, factors, ["x", "y"], ["order"])
    centred = free[["x", "y"]] - free[["x", "y"]].mean()
    expected = plain[["x", "y"]] - plain[["x", "y"]].mean()
    assert centred.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-9)
    # nine indicators and a mean, ten sessions of each
    assert adjusted_scores(shifted[:100], factors[:100], ["x"], ["order"])[1] == {"m": ["order"]}
    assert adjusted_scores(shifted[:99], factors[:99], ["x"], ["order"])[1] == {}


def test_what_varies_is_what_all_were_given_in_several_ways():
    assert varies(pd.Series(["a", "b"])) and not varies(pd.Series(["a", "a"]))
    assert not varies(pd.Series(["a", None, "b"]))


def test_a_factor_with_too_few_sessions_a_level_is_left_alone(data):
    scores, factors = data
    few = factors.assign(order=[f"level {k % 12}" for k in range(N)])
    assert adjusted_scores(scores[:59], few[:59], ["x"], ["order"])[1] == {}
    assert adjusted_scores(scores[:60], few[:60], ["x"], ["order"])[1] == {"m": ["order"]}
