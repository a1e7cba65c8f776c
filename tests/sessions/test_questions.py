from dataclasses import replace

import pytest

from vaar.sessions.plan import plan_sessions
from vaar.sessions.questions import number_of_turns, questions
from vaar.study.load import load_study
from vaar.study.model import Variation


@pytest.mark.parametrize(
    ("variation", "shared"),
    [(Variation(), 1), (Variation(options="alternating"), 2), (Variation(items="shuffled"), 4)],
)
def test_sessions_that_are_given_the_same_share_their_questions(variation, shared):
    study = replace(load_study("privacy_prosocial_published"), variation=variation)
    asked = [questions(study, session) for session in plan_sessions(study, ["r"], 4, seed=1)]
    assert len({id(own) for own in asked}) == shared
    for session, own in zip(plan_sessions(study, ["r"], 4, seed=1), asked, strict=True):
        assert len(own) == number_of_turns(study, session) == 36
        assert [question.turn for question in own] == list(range(36))


def test_another_study_has_its_own_though_it_says_the_same():
    study = load_study("privacy_prosocial_published")
    (session,) = plan_sessions(study, ["r"], 1, seed=1)
    again = questions(replace(study), session)
    assert again is not questions(study, session)
    assert [question.codes for question in again] == [q.codes for q in questions(study, session)]
