from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vaar.scoring.profile import COLUMNS, profile
from vaar.scoring.reliability import Flaw, alpha, omega
from vaar.scoring.scales import score
from vaar.study.model import Instrument, Item, Limits, ResponseScale, Study, Subscale

FIVE = ResponseScale(("Never", "Rarely", "Sometimes", "Often", "Always"))
ITEMS = ("h1", "h2", "h3", "h4")
HELPING = Instrument(
    code="help",
    title="Helping",
    construct="helping",
    instructions="",
    wording="parallel",
    source="",
    scale=FIVE,
    items=(Item("h1", ""), Item("h2", "", -1), Item("h3", ""), Item("h4", "")),
    subscales=(Subscale("help_a", "Part A", ("h1", "h2")),),
)
STUDY = Study("s", "S", "", (HELPING,), (), "", (), Limits())


def responses(groups: dict[str, np.ndarray]) -> pd.DataFrame:
    """The tidy table of sessions × items; NaN is unparseable, −1 a refusal."""
    rows = []
    for group, answers in groups.items():
        for values in answers:
            session = len(rows) // len(ITEMS)
            rows += [(group, session, "carried", *pair) for pair in zip(ITEMS, values, strict=True)]
    table = pd.DataFrame(rows, columns=["group", "session", "condition", "item", "said"])
    table["reason"] = pd.array([pd.NA] * len(table), dtype="string")
    table.loc[table["said"].isna(), "reason"] = "unparseable"
    table.loc[table["said"] == -1, "reason"] = "refused"
    table["first_reason"] = table["reason"]
    table["value"] = table["said"].where(table["said"] > 0).astype("Int64")
    return table.drop(columns="said")


def described(groups: dict[str, np.ndarray]) -> pd.DataFrame:
    table = responses(groups)
    return profile(table, score(table, STUDY), STUDY).set_index(["group", "scale"])


def answers(seed: int, n: int = 30) -> np.ndarray:
    rng = np.random.default_rng(seed)
    raw = np.clip(np.round(3 + rng.normal(size=(n, 1)) + rng.normal(size=(n, 4))), 1, 5)
    raw[:, 1] = 6 - raw[:, 1]
    return raw


def test_one_row_a_group_and_scale_with_the_documented_columns() -> None:
    table = responses({"b": answers(1), "a": answers(2)})
    found = profile(table, score(table, STUDY), STUDY)
    assert tuple(found.columns) == COLUMNS
    assert list(found.columns[:11]) == [
        *("group", "scale", "n", "mean", "sd", "ci_lower", "ci_upper"),
        *("alpha", "omega", "refusal_rate", "missing_rate"),
    ]
    pairs = list(zip(found["group"], found["scale"], strict=True))
    assert pairs == [("b", "help"), ("b", "help_a"), ("a", "help"), ("a", "help_a")]
    assert list(found["title"]) == ["Helping", "Part A"] * 2


def test_mean_and_interval_are_students() -> None:
    row = described({"g": answers(3)}).loc[("g", "help")]
    keyed = answers(3)
    keyed[:, 1] = 6 - keyed[:, 1]
    scores = keyed.mean(axis=1)
    interval = stats.ttest_1samp(scores, 0).confidence_interval(0.95)
    expected = [30, scores.mean(), scores.std(ddof=1), interval.low, interval.high]
    got = row[["n", "mean", "sd", "ci_lower", "ci_upper"]].to_numpy(dtype=float)
    np.testing.assert_allclose(got, expected)


def test_reliability_is_that_of_the_keyed_items() -> None:
    row = described({"g": answers(3)}).loc[("g", "help")]
    keyed = answers(3)
    keyed[:, 1] = 6 - keyed[:, 1]
    assert row["alpha"] == pytest.approx(alpha(keyed).estimate)
    assert row["omega"] == pytest.approx(omega(keyed).estimate)
    assert row["alpha"] > 0.5


def test_rates_count_answers_of_the_scale() -> None:
    said = answers(4, n=10)
    said[0, 0] = -1
    said[1, 1] = np.nan
    said[2, 3] = -1
    found = described({"g": said, "h": answers(5, n=10)})
    assert found.loc[("g", "help"), "refusal_rate"] == pytest.approx(2 / 40)
    assert found.loc[("g", "help"), "missing_rate"] == pytest.approx(3 / 40)
    assert found.loc[("g", "help_a"), "refusal_rate"] == pytest.approx(1 / 20)
    assert found.loc[("g", "help_a"), "missing_rate"] == pytest.approx(2 / 20)
    assert found.loc["h", "missing_rate"].eq(0).all()


def test_first_refusals_count_whatever_was_said_when_the_item_was_asked_again() -> None:
    table = responses({"g": answers(6, n=10)})
    table.loc[:3, "first_reason"] = "refused"
    table.loc[4, "first_reason"] = "unparseable"
    found = profile(table, score(table, STUDY), STUDY).set_index("scale")
    assert found.loc["help", "first_refusal_rate"] == pytest.approx(4 / 40)
    assert found.loc["help_a", "first_refusal_rate"] == pytest.approx(2 / 20)
    assert found.loc["help", "refusal_rate"] == 0


def test_a_session_that_refuses_all_counts_in_the_rates_and_not_in_n() -> None:
    said = answers(6, n=10)
    said[0] = -1
    row = described({"g": said}).loc[("g", "help")]
    assert (row["n"], row["n_sessions"]) == (9, 10)
    assert row["refusal_rate"] == pytest.approx(0.1)


def test_a_constant_group_has_a_mean_and_no_interval() -> None:
    row = described({"g": np.full((20, 4), 4.0)}).loc[("g", "help")]
    assert (row["n"], row["mean"], row["sd"]) == (20, 3.5, 0)
    assert row[["ci_lower", "ci_upper", "alpha", "omega"]].isna().all()
    assert row["alpha_flaw"] == row["omega_flaw"] == str(Flaw.CONSTANT_ITEM)


def test_a_group_of_one_has_a_mean_and_no_spread() -> None:
    row = described({"g": answers(7, n=1)}).loc[("g", "help")]
    assert row["n"] == 1
    assert np.isfinite(row["mean"])
    assert row[["sd", "ci_lower", "ci_upper", "alpha", "omega"]].isna().all()


def test_a_group_without_answers_has_rates_only() -> None:
    row = described({"g": np.full((5, 4), np.nan), "h": answers(8)}).loc[("g", "help")]
    assert (row["n"], row["missing_rate"], row["refusal_rate"]) == (0, 1, 0)
    assert row[["mean", "sd", "ci_lower", "ci_upper", "alpha", "omega"]].isna().all()


def test_other_groups_do_not_change_a_groups_row() -> None:
    alone = described({"g": answers(9)})
    beside = described({"h": np.full((3, 4), np.nan), "g": answers(9)})
    pd.testing.assert_frame_equal(beside.loc[["g"]], alone)
