from dataclasses import replace

import pytest

from vaar.pipeline.people.columns import propose_columns
from vaar.pipeline.people.source import Source


def source(columns):
    return Source("t", "csv", "", tuple(columns), tuple(columns.values()), lambda: iter(()))


@pytest.fixture
def asked(study):
    """The tiny study, its items with sentences of their own."""
    texts = iter(
        [
            "My data are mine and nobody else's.",
            "I read what I agree to before I agree.",
            "I gladly help people whom I know.",
            "I gladly help people whom I do not know.",
            "Others can count on me.",
        ]
    )
    parts = tuple(
        replace(one, items=tuple(replace(item, text=next(texts)) for item in one.items))
        for one in study.instruments
    )
    return replace(study, instruments=parts)


def found(columns, study):
    return {code: one.column for code, one in propose_columns(source(columns), study).found.items()}


@pytest.mark.parametrize(
    "name", ["alpha_1", "ALPHA_1", "alpha1", "alpha_01", "Alpha.1", "G2[alpha_1]"]
)
def test_by_name(study, name):
    assert found({"id": "", name: ""}, study) == {"alpha_1": name}


def test_by_text_within_a_longer_one_and_with_marks(asked):
    columns = {
        "Q1": "Please answer. - <b>My data</b> are mine,&nbsp;and nobody else&#39;s",
        "Q2": "I gladly help people whom I do not know.",
    }
    assert found(columns, asked) == {"alpha_1": "Q1", "beta_2": "Q2"}


def test_a_text_that_is_only_like_an_item_is_to_be_confirmed(asked):
    proposals = propose_columns(source({"Q1": "My data are mine and no one else's"}), asked)
    assert proposals.found["alpha_1"].column == "Q1"
    assert not proposals.found["alpha_1"].certain


def test_a_negated_text_is_never_certain(asked):
    proposals = propose_columns(source({"Q1": "Others cannot count on me."}), asked)
    assert not proposals.found["beta_3"].certain


def test_other_texts_are_nobodys(asked):
    assert found({"Q1": "How old are you?", "Q2": ""}, asked) == {}


def test_two_columns_of_one_item_and_a_name_against_a_text_are_conflicts(asked):
    twice = propose_columns(source({"alpha_1": "", "ALPHA1": ""}), asked)
    assert "both look like" in twice.conflicts[0] or "all look like" in twice.conflicts[0]
    crossed = propose_columns(source({"alpha_1": "I read what I agree to before I agree."}), asked)
    assert "is named as the item alpha_1 and asks alpha_2" in crossed.conflicts[0]
