from dataclasses import replace

import pandas as pd

from support.scripted import tiny_study
from vaar.analyses.answer_forms.pairs import Pair, pairs, response_of

TINY = tiny_study()
WORDS = TINY.conditions[0]
CHOICE = replace(WORDS, name="choice", response="choice")
STUDY = replace(
    TINY,
    conditions=(
        WORDS,
        CHOICE,
        replace(WORDS, name="schema", response="schema"),
        replace(CHOICE, name="alone", history="isolated"),
    ),
)


def groups(*rows):
    return pd.DataFrame(rows, columns=["group", "respondent", "condition", "levels"])


ALL = [(f"m [{c.name}]", "m", c.name, "{}") for c in STUDY.conditions]


def test_groups_that_differ_in_the_form_alone():
    assert list(pairs(STUDY, groups(*ALL, ("other", "n", "choice", "{}")))) == [
        Pair("m [carried]", "m [choice]", "choice"),
        Pair("m [carried]", "m [schema]", "schema"),
    ]


def test_split_groups_are_paired_level_by_level():
    split = [
        (f"{c} {level}", "m", c, f'{{"persona": "{level}"}}')
        for c in ("carried", "choice")
        for level in ("a", "b")
    ]
    assert [(pair.words, pair.forced) for pair in pairs(STUDY, groups(*split))] == [
        ("carried a", "choice a"),
        ("carried b", "choice b"),
    ]


def test_people_have_no_form():
    people = ("human", "human", "", "{}")
    assert list(pairs(STUDY, groups(people, *ALL[1:2]))) == []
    assert response_of(STUDY, groups(people, *ALL[:2])) == {
        "m [carried]": "text",
        "m [choice]": "choice",
    }
