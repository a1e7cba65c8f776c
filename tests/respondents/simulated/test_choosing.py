import asyncio
from collections import Counter

import pytest

from vaar.respondents.base import Request
from vaar.respondents.simulated.choosers import CHOOSERS
from vaar.respondents.simulated.choosing import ChoosingRespondent
from vaar.sessions.plan import plan_sessions
from vaar.sessions.transcript import requests
from vaar.study.load import load_study


@pytest.fixture(scope="module")
def svo():
    return load_study("social_value_orientation")


def request(asked, seed=1, choices=()):
    return Request(tuple(asked.messages), seed, 1.0, asked.max_tokens, None, choices, seed)


def replies(respondent, *asked):
    return [asyncio.run(respondent.reply(one)) for one in asked]


def scale_requests(study, number=1):
    session = plan_sessions(study, ["r"], number, seed=3)[0]
    return [one for one in requests(study, session) if one.choices]


def test_a_reply_is_a_function_of_seed_and_messages(svo):
    respondent = ChoosingRespondent(CHOOSERS["any-option"], svo)
    asked = scale_requests(svo)
    first, again = (replies(respondent, *(request(one) for one in asked)) for _ in range(2))
    assert first == again
    other = replies(respondent, *(request(one, seed=2) for one in asked))
    assert [r.text for r in first] != [r.text for r in other]
    assert all(r.simulated and r.model == "simulated/any-option" for r in first)


def test_options_are_drawn_as_the_rule_says(svo):
    respondent = ChoosingRespondent(CHOOSERS["any-option"], svo)
    (asked, *_) = scale_requests(svo)
    drawn = Counter(r.text for r in replies(respondent, *(request(asked, s) for s in range(1800))))
    assert set(drawn) == {str(n) for n in range(1, 10)}
    assert max(abs(n - 200) for n in drawn.values()) < 4 * (1800 / 9 * 8 / 9) ** 0.5


def test_the_distribution_is_told_by_number_where_it_is_wanted(svo):
    respondent = ChoosingRespondent(CHOOSERS["always-first"], svo)
    for asked in scale_requests(svo):
        (reply,) = replies(respondent, request(asked, choices=asked.choices))
        assert reply.text == "1"
        assert reply.distribution == (1, *[0] * 8)
        (silent,) = replies(respondent, request(asked))
        assert silent.distribution is None
        assert respondent.choices(asked.messages) == tuple(map(str, range(1, 10)))


def test_what_it_cannot_answer_it_says(svo):
    respondent = ChoosingRespondent(CHOOSERS["any-option"], svo)
    unknown = Request(({"role": "user", "content": "Hello?"},), 1, 1.0, 64)
    (reply,) = replies(respondent, unknown)
    assert "not sure which" in reply.text
    session = next(s for s in plan_sessions(svo, ["r"], 1, seed=3) if s.condition == "assigned")
    (words, *_) = requests(svo, session)
    assert "no words of its own" in replies(respondent, request(words))[0].text
    assert respondent.choices(words.messages) == ()


def test_a_question_asked_with_options_is_told_from_the_same_in_words():
    study = load_study("national_values")
    respondent = ChoosingRespondent(CHOOSERS["always-first"], study)
    for session in plan_sessions(study, ["r"], 2, seed=3):
        for asked in requests(study, session):
            (reply,) = replies(respondent, request(asked))
            words = "no words of its own" in reply.text
            assert words == (session.condition == "in_words") == (not asked.choices)
