"""Whatever is done otherwise than registered is found, and nothing else."""

from typing import Any

import pytest

from vaar.pipeline.preregistration.deviations import Deviation, in_words, of_asking, of_options

REGISTERED = {
    "study": "s",
    "study_hash": "a",
    "respondents": ["m", "n"],
    "sessions": 100,
    "seed": 1,
}


def what(found):
    return [deviation.what for deviation in found]


def test_the_same_is_no_deviation():
    assert not list(of_asking(REGISTERED, dict(REGISTERED)))


def test_fewer_sessions_so_far_and_another_order_of_models_are_none():
    asked = REGISTERED | {"sessions": 40, "respondents": ["n", "m"]}
    assert not list(of_asking(REGISTERED, asked))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"sessions": 101}, "sessions planned for each group"),
        ({"respondents": ["m"]}, "respondents"),
        ({"respondents": ["m", "n", "o"]}, "respondents"),
        ({"study_hash": "b"}, "the study's text or design (hash)"),
        ({"seed": 2}, "seed"),
        ({"requests": {"m": "x"}}, "what is sent beside the conversation"),
        ({"base_url": "http://127.0.0.1:1"}, "address of the models"),
    ],
)
def test_what_is_asked_otherwise_is_found(asked, told):
    assert what(of_asking(REGISTERED, REGISTERED | asked)) == [told]


def test_options_that_differ_are_found_one_by_one():
    registered: dict[str, Any] = {
        "alignment": {"estimator": "MLR", "replicates": 1000},
        "groups": {"by": []},
    }
    done: dict[str, Any] = {
        "alignment": {"estimator": "ML", "replicates": 1000},
        "groups": {"by": ["order"]},
    }
    assert list(of_options(registered, done)) == [
        Deviation("alignment.estimator", "MLR", "ML"),
        Deviation("groups.by", "none", '["order"]'),
    ]


def test_an_analysis_that_was_not_registered_is_found_and_one_not_done_is_none():
    registered: dict[str, Any] = {"alignment": {}, "profile": {}}
    assert what(of_options(registered, {"alignment": {}, "extra": {"k": 1}})) == ["analysis extra"]


def test_words_have_a_line_for_each():
    told = in_words([Deviation("seed", "1", "2"), Deviation("respondents", "m", "n")])
    assert told.splitlines() == [
        "  seed: registered 1, asked 2",
        "  respondents: registered m, asked n",
    ]
