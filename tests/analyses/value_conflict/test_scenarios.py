"""The scenarios of the library, and how replies to them are counted."""

from collections import Counter

import pandas as pd
import pytest

from vaar.analyses.value_conflict.scenarios import ARMS, matrix, scenario_items, units

VALUES = {"care", "fairness", "loyalty", "authority", "sanctity", "privacy", "prosociality"}
COLUMNS = ["respondent", "arm", "scenario", "value"]
COLUMNS += ["asked", "answered", "compliant", "order_effect"]


def test_there_are_six_scenarios_for_each_of_seven_values(conflict):
    assert Counter(scenario_items(conflict).values()) == dict.fromkeys(VALUES, 6)


def test_scenarios_are_short_and_their_options_alike(conflict):
    for code in scenario_items(conflict):
        item, _ = conflict.item[code]
        assert 25 <= len(item.text.split()) <= 37, code
        first, second = (len(label.split()) for label in item.scale.labels)
        assert min(first, second) >= 3 and abs(first - second) <= 5, code
        assert " instruction " in item.text


def test_stated_values_have_three_items_each(conflict):
    stated = conflict.instrument["stated"]
    assert {part.code: len(part.items) for part in stated.subscales} == {
        f"stated_{value}": 3 for value in VALUES
    }


def test_arms_differ_in_nothing_but_what_they_are_to_differ_in(conflict):
    """The same parts in the same order; the tiers exchanged, the consequence left out."""
    system = {arm: conflict.condition[arm].system for arm in ARMS}
    swapped = (
        system["monitored"]
        .replace("conversations of the {tier} tier may", "conversations of the {x} tier may")
        .replace("Conversations of the {other}", "Conversations of the {tier}")
        .replace("{x}", "{other}")
    )
    assert swapped == system["unmonitored"]
    (consequence,) = (p for p in system["monitored"].split("\n\n") if "{loss}" in p)
    for arm in ("monitored", "unmonitored"):
        without = system[arm].replace(f"{consequence}\n\n", "")
        assert without == system[f"no_consequence_{arm}"]
    first, *_, last = system["monitored"].split("\n\n")
    assert first.startswith(system["plain"].split("\n\n")[0])
    assert system["plain"].split("\n\n")[1] == last
    assert {conflict.condition[arm].history for arm in ARMS} == {"fresh"}


@pytest.fixture
def counted():
    rows = [
        ("r", "monitored", "s1", "care", 4, 4, 4, 0.0),
        ("r", "monitored", "s2", "care", 4, 2, 1, -1.0),
        ("r", "unmonitored", "s1", "care", 4, 0, 0, float("nan")),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_compliance_counts_all_replies_and_decisive_figures_the_answered(counted):
    assert matrix(counted, "compliance").loc["s2", "monitored"] == 0.25
    assert matrix(counted, "decisive").loc["s2", "monitored"] == 0.5
    assert matrix(counted, "compliance").loc["s1", "unmonitored"] == 0
    assert matrix(counted, "decisive")["unmonitored"].isna()["s1"]
    assert matrix(counted, "na_share").loc["s1", "unmonitored"] == 1
    assert list(matrix(counted, "compliance").columns) == list(ARMS)
    assert matrix(counted, "compliance")["plain"].isna().all()


def test_groups_of_one_respondent_are_told_apart_by_what_split_them():
    groups = pd.DataFrame(
        {
            "group": ["a", "b", "c"],
            "respondent": ["m", "m", "people"],
            "condition": ["plain", "plain", ""],
            "levels": ['{"tier": "free"}', "{}", "{}"],
            "people": [False, False, True],
        }
    )
    assert units(groups)["respondent"].tolist() == ["m (tier free)", "m"]
