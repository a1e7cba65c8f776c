import math

import numpy as np
import pandas as pd
import pytest

from vaar.analyses.groups import AskedGroup, groups_table
from vaar.analyses.order_effect import PULLED
from vaar.analyses.value_control.compare import arms_table
from vaar.analyses.value_control.items import items_table
from vaar.analyses.value_control.tables import ARM_TABLE
from vaar.analyses.value_control.wording import (
    against_random,
    answer,
    changed,
    effect,
    pulled,
)
from vaar.study.load import load_study

CONDITIONS = ("none", "privacy_shift", "privacy_random_1", "privacy_random_2")
ITEMS = ("privacy_stated_1", "privacy_stated_4", "neutral_week", "privacy_shop")


@pytest.fixture(scope="module")
def study():
    return load_study("value_control")


def responses(study, answers):
    """Expected answers, by condition, item and direction: (ascending, descending)."""
    rows = [
        {
            "group": f"m [{condition}]",
            "condition": condition,
            "instrument": study.item[item][1].code,
            "item": item,
            "direction": direction,
            "value": 1,
            "reason": None,
            "expected": expected,
        }
        for (condition, item), pair in answers.items()
        for direction, expected in zip(("ascending", "descending"), pair, strict=True)
    ]
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def groups():
    asked = [AskedGroup(f"m [{name}]", "m", name, False) for name in CONDITIONS]
    return groups_table(asked, {}, [])


def test_scores_run_from_against_the_value_to_its_own_end(study, groups):
    answers = {
        ("none", "privacy_shop"): (1.2, 1.6),
        ("none", "privacy_stated_1"): (5.0, 3.0),
        ("none", "privacy_stated_4"): (5.0, 4.0),
        ("none", "neutral_week"): (2.0, 2.0),
    }
    items = items_table(responses(study, answers), groups, study)
    own = items[items["value"] == "privacy"].set_index("item")
    assert own["score"].to_dict() == pytest.approx(
        {
            "privacy_shop": 0.4,
            "privacy_stated_1": 0.75,
            "privacy_stated_4": 0.125,
            "neutral_week": 1.0,
        }
    )
    assert own.loc["privacy_shop", "order_effect"] == pytest.approx(0.4)
    assert set(items.loc[items["value"] == "prosociality", "kind"]) == {"neutral"}


def test_changes_are_paired_by_question_and_random_directions_averaged(study, groups):
    codes = [item.code for item in study.instrument["privacy_dilemmas"].items]
    generator = np.random.default_rng(3)
    base = dict(zip(codes, generator.uniform(1, 1.4, len(codes)), strict=True))
    extra = {"none": 0.0, "privacy_shift": 0.4, "privacy_random_1": 0.1, "privacy_random_2": 0.3}
    answers = {
        (condition, code): (value + more, value + more)
        for condition, more in extra.items()
        for code, value in base.items()
    }
    table = arms_table(items_table(responses(study, answers), groups, study), 200, 1)
    own = table[table["kind"] == "dilemmas"].set_index("arm")
    assert own.loc["shift", "change"] == pytest.approx(0.4)
    assert own.loc["random", "change"] == pytest.approx(0.2)
    assert own.loc["random", "directions"] == 2
    assert own.loc["shift", "beyond_random"] == pytest.approx(0.2)
    assert own["change"].isna().to_dict()["none"]
    assert own.loc["shift", "questions"] == 40
    assert list(own.index) == ["none", "shift", "random"]
    told = str(answer(table))
    assert told.startswith("Pushed towards privacy, ")
    assert "a change of .40" in told


def test_without_a_random_direction_and_without_the_model_as_it_is_there_is_a_table(study, groups):
    codes = [item.code for item in study.instrument["privacy_dilemmas"].items]
    answers = {("privacy_shift", code): (1.2, 1.4) for code in codes}
    table = arms_table(items_table(responses(study, answers), groups, study), 50, 1)
    (own,) = ARM_TABLE.checked(table).to_dict("records")
    assert own["score"] == pytest.approx(0.3)
    assert np.isnan(own["change"]) and np.isnan(own["beyond_random"])


def row(change, lower, upper, beyond=(np.nan,) * 3):
    names = ("beyond_random", "beyond_random_lower", "beyond_random_upper")
    return {
        "change": change,
        "change_lower": lower,
        "change_upper": upper,
        **dict(zip(names, beyond, strict=True)),
    }


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (row(0.2, 0.1, 0.3), "a change of .20 [.10, .30]"),
        (row(0.1, -0.1, 0.3), "not to be told from none"),
        (row(-0.2, -0.3, -0.1), "away from the value"),
    ],
)
def test_an_effect_in_words(record, said):
    assert effect(record).endswith(said)


def test_a_small_change_is_told_to_three_places():
    assert effect(row(0.0012, -0.0016, 0.0043)).startswith("a change of .001 [−.002, .004]")
    assert changed(row(0.05, -0.01, 0.0996), "change") == ".05 [−.01, .10]"
    assert changed(row(0.004, np.nan, np.nan), "change") == ".004"


@pytest.mark.parametrize(
    ("beyond", "said"),
    [
        ((0.2, 0.1, 0.3), "random directions of equal length do less"),
        ((0.0, -0.1, 0.1), "nothing speaks for control of the value"),
        ((-0.2, -0.3, -0.1), "do more for the value"),
        ((np.nan, np.nan, np.nan), "no random direction was tried"),
    ],
)
def test_the_report_says_whether_random_directions_do_less(beyond, said):
    assert said in against_random(row(0.2, 0.1, 0.3, beyond))


def test_a_respondent_that_takes_what_is_listed_first_is_named():
    above = {"order_effect": PULLED + 0.01, "order_effect_lower": 0.4, "order_effect_upper": 0.6}
    assert "takes what is listed first (order effect .51 [.40, .60])" in pulled(above)
    assert pulled({**above, "order_effect": PULLED}) == ""
    assert "listed last" in pulled({**above, "order_effect": -PULLED - 0.01})
    assert pulled({**above, "order_effect": math.nan}) == ""
