import numpy as np
import pandas as pd
import pytest

from support.scripted import tiny_study
from vaar.analyses.base import Coded
from vaar.analyses.shifted_sessions.outcomes import outcomes_table
from vaar.analyses.shifted_sessions.pairs import ShiftedPair
from vaar.study.conditions import Shift

PAIR = ShiftedPair("pushed", "plain", Shift("privacy"))


def data(plain, pushed):
    """A score of `alpha` for every replicate, in an order that differs between the groups."""
    rows = [("plain", n, value) for n, value in plain.items()]
    rows += [("pushed", n, value) for n, value in reversed(pushed.items())]
    scores = pd.DataFrame(rows, columns=["group", "replicate", "alpha"])
    scores["session"] = np.arange(len(scores))
    responses = scores[["group", "session", "replicate"]]
    return Coded(tiny_study(), responses, scores.drop(columns="replicate"), scores, pd.DataFrame())


def test_sessions_of_one_replicate_are_paired_and_others_left_out():
    plain = {1: 1.0, 2: 2.0, 3: 4.0, 4: np.nan, 5: 3.0}
    pushed = {1: 1.5, 2: 2.5, 3: 4.5, 4: 3.0}
    (row,) = outcomes_table(data(plain, pushed), [PAIR], 100, 1).to_dict("records")
    assert (row["outcome"], row["sessions"], row["shift"]) == ("alpha", 3, "towards privacy")
    assert row["change"] == pytest.approx(0.5)
    assert (row["unshifted"], row["shifted"]) == pytest.approx((7 / 3, 8.5 / 3))
    assert np.isnan(row["change_lower"])  # the same in all pairs: no interval


def test_the_interval_is_that_of_the_pairs():
    generator = np.random.default_rng(1)
    base = generator.normal(0, 10, 60)
    plain = dict(enumerate(base))
    pushed = {n: value + 1 + generator.normal(0, 0.5) for n, value in plain.items()}
    (row,) = outcomes_table(data(plain, pushed), [PAIR], 400, 1).to_dict("records")
    half = (row["change_upper"] - row["change_lower"]) / 2
    assert half == pytest.approx(1.96 * 0.5 / np.sqrt(60), rel=0.3)
    assert row["change_lower"] < row["change"] < row["change_upper"]


def test_a_change_stands_beside_that_of_random_directions_as_long():
    """Their mean, over the replicates of the pair."""
    rows = [("plain", n, float(n)) for n in range(5)]
    rows += [("pushed", n, n + 1.0) for n in range(4)]
    rows += [("one", n, n + 0.25) for n in range(5)] + [("two", n, n - 0.25) for n in range(5)]
    scores = pd.DataFrame(rows, columns=["group", "replicate", "alpha"])
    scores["session"] = np.arange(len(scores))
    known = Coded(
        tiny_study(),
        scores[["group", "session", "replicate"]],
        scores.drop(columns="replicate"),
        scores,
        pd.DataFrame(),
    )
    controls = [
        ShiftedPair(group, "plain", Shift("privacy", random=n))
        for n, group in enumerate(("one", "two"), start=1)
    ]
    table = outcomes_table(known, [PAIR, *controls], 50, 1).set_index("group")
    assert table.loc["pushed", "beyond_random"] == pytest.approx(1.0)
    assert table.loc["pushed", "sessions"] == 4
    assert table["beyond_random"].isna().to_dict() == {"pushed": False, "one": True, "two": True}
    alone = outcomes_table(known, [PAIR], 50, 1).iloc[0]
    assert np.isnan(alone["beyond_random"])
