"""A group whose sessions are another group's word for word counts once."""

from dataclasses import replace

import pandas as pd
import pytest

from support.scored import coded, scored
from vaar.analyses.alignment.screening.screen import screen
from vaar.analyses.alignment.screening.second_names import without_second_names
from vaar.respondents.simulated.populations import POPULATIONS
from vaar.responses.schema import FACTS, VARIED


@pytest.fixture(scope="module")
def answers(bundled):
    return {
        name: scored(bundled, POPULATIONS[name], range(120)) for name in ("human-like", "noisy")
    }


def asked(study, groups):
    """Coded sessions with what was replied to every item."""
    data = coded(study, groups)
    items = [item.code for part in study.instruments for item in part.coded_items]
    raw = data.scores.melt(["group", "session"], items, "item", "raw")
    raw = raw.assign(raw=raw["raw"].map("{:g}".format), **dict.fromkeys((*VARIED, FACTS), ""))
    return replace(data, responses=raw)


def left_out(data):
    return without_second_names(screen(data.scores, data.study), data)


def test_the_second_name_of_a_model_is_left_out_and_told(answers, bundled):
    one, other = answers["human-like"], answers["noisy"]
    data = asked(bundled, {"m": one, "n": other, "m again": one})
    found = left_out(data)
    assert found.refused == {
        "m again": "120 of its 120 sessions that depart from its most frequent answers are those "
        "of m word for word: one model under two names counts once"
    }
    assert set(found.scores["group"]) == {"m", "n"}
    assert found.n_sessions["m again"] == 120


@pytest.mark.parametrize(("shared", "refused"), [(60, ["n"]), (59, [])])
def test_half_of_the_sessions_make_it_the_same_model(answers, bundled, shared, refused):
    mixed = pd.concat([answers["human-like"][:shared], answers["noisy"][shared:]])
    data = asked(bundled, {"m": answers["human-like"], "n": mixed})
    assert list(left_out(data).refused) == refused


def test_models_that_hardly_vary_may_coincide(answers, bundled):
    """Most sessions of both are the same most frequent answers; what departs from them differs."""
    groups = {}
    for number, (name, own) in enumerate(answers.items()):
        usual = own.copy()
        usual[:] = answers["noisy"].median().round()
        near = usual.copy()
        near.iloc[:, number] += 1
        groups[name] = pd.concat([usual[:70], near[:20], own[:60]])
    found = left_out(asked(bundled, groups))
    assert not found.refused
    groups["noisy"] = pd.concat([groups["noisy"][:90], answers["human-like"][:60]])
    assert list(left_out(asked(bundled, groups)).refused) == ["noisy"]


def test_equal_answers_in_other_words_are_another_model(answers, bundled):
    data = asked(bundled, {"m": answers["human-like"], "n": answers["human-like"]})
    second = data.responses["group"].eq("n")
    raw = data.responses["raw"].mask(second, "My answer is " + data.responses["raw"])
    assert not left_out(replace(data, responses=data.responses.assign(raw=raw))).refused


def test_conditions_and_factors_of_one_model_are_no_second_names(answers, bundled):
    data = asked(bundled, {"m": answers["human-like"], "n": answers["human-like"]})
    for changes in ({"respondent": "m"}, {"condition": ["carried", "isolated"]}):
        groups = data.groups.assign(**changes)
        assert not left_out(replace(data, groups=groups)).refused
