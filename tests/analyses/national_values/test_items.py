"""Agreement of single items, from answers and from probabilities."""

import pandas as pd
import pytest

from vaar.analyses.national_values.items import (
    choice_items,
    free_items,
    items_table,
    wrong_items,
)
from vaar.study.load import load_study


@pytest.fixture(scope="module")
def study():
    return load_study("national_values")


def answers(*rows):
    """Answers to the first item: direction, value, probabilities by point."""
    columns = ["direction", "value", "distribution"]
    table = pd.DataFrame(rows, columns=columns).astype({"value": "Int64"})
    reason = table["value"].isna().map({True: "unreadable", False: None})
    return table.assign(group="g", item="choice_1", raw="", reason=reason)


def one(study, *rows):
    (record,) = items_table(answers(*rows), study, 0.05).to_dict("records")
    return record


def test_rates_come_from_the_answers_in_both_orders(study):
    up, down = "ascending", "descending"
    found = one(
        study, (up, 1, None), (up, 1, None), (up, 2, None), (down, 1, None), (down, 2, None)
    )
    a, b = 2 / 3, 1 / 2
    assert found["agreement"] == pytest.approx((a + b) / 2)
    assert found["consistency"] == pytest.approx(a * b + (1 - a) * (1 - b))
    assert found["first"] == pytest.approx((a + 1 - b) / 2)
    assert found["undecided"] == 0


def test_probabilities_stand_in_place_of_the_answers_drawn_from_them(study):
    found = one(study, ("ascending", 2, [0.9, 0.1]), ("descending", 2, [0.6, 0.4]))
    assert found["agreement"] == pytest.approx(0.75)
    assert found["first"] == pytest.approx((0.9 + 0.4) / 2)


def test_an_item_answered_in_one_order_has_no_agreement(study):
    found = one(study, ("ascending", 1, None), ("descending", None, None))
    assert pd.isna(found["agreement"]) and pd.isna(found["consistency"])
    assert found["undecided"] == 0.5 and found["replies"] == 2


def test_answers_in_words_are_coded_by_their_nearest_statement(study):
    facts = dict(free_items(study)["free_7"].facts)
    said = [facts["statement"], facts["statement"], facts["reverse"], "Hard to say."]
    table = pd.DataFrame({"group": "g", "item": "free_7", "raw": said, "reason": "not_coded"})
    table = table.assign(value=pd.array([None] * 4, "Int64"), direction="", distribution=None)
    (found,) = items_table(table, study, 0.05).to_dict("records")
    assert found["agreement"] == pytest.approx(2 / 3)
    assert found["undecided"] == 0.25
    assert found["form"] == "free" and pd.isna(found["consistency"])


def test_what_was_never_asked_is_not_counted(study):
    table = answers(("ascending", None, None)).assign(reason="not_asked")
    assert items_table(table, study, 0.05).empty


def test_the_example_is_balanced(study):
    facts = [dict(item.facts) for item in choice_items(study).values()]
    assert len(facts) == 16 == len(free_items(study))
    for name, levels in (("group", 2), ("source", 2), ("topic", 8)):
        counts = pd.Series([own[name] for own in facts]).value_counts()
        assert len(counts) == levels and counts.nunique() == 1


def test_it_is_for_studies_with_statements(study):
    assert wrong_items(study) == ""
    assert "no statements" in wrong_items(load_study("privacy_prosocial"))
