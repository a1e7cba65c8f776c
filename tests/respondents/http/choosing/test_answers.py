import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.respondents.base import Reply
from vaar.respondents.http.choosing.answers import drawn, written

FIVE = ("1", "2", "3", "4", "5")
TEN = tuple(map(str, range(11)))
SHARES = (0.1, 0.2, 0.3, 0.4, 0.0)
TOLD = Reply("4", "length", distribution=SHARES, mass=0.8)


def test_answers_come_as_often_as_they_are_likely():
    seen = Counter(drawn(TOLD, FIVE, 1.0, seed).text for seed in range(4000))
    for answer, share in zip(FIVE, SHARES, strict=True):
        assert seen[answer] / 4000 == pytest.approx(share, abs=0.032)  # four standard errors
    assert seen["5"] == 0


def test_a_temperature_is_that_of_the_draw():
    assert {drawn(TOLD, FIVE, 0.0, seed).text for seed in range(50)} == {"4"}
    hot = Counter(drawn(TOLD, FIVE, 2.0, seed).text for seed in range(4000))
    shares = [share**0.5 for share in SHARES]
    for answer, share in zip(FIVE, shares, strict=True):
        assert hot[answer] / 4000 == pytest.approx(share / sum(shares), abs=0.032)


def test_simulated_respondents_have_no_temperature():
    simulated = Reply("4", simulated=True, distribution=TOLD.distribution, mass=0.8)
    assert len({drawn(simulated, FIVE, 0.0, seed).text for seed in range(50)}) > 1


def test_what_was_told_stays_beside_the_answer():
    answer = drawn(TOLD, FIVE, 1.0, 1)
    assert (answer.distribution, answer.mass) == (SHARES, 0.8)
    assert answer.finish_reason == "stop"


def test_nothing_is_drawn_from_probabilities_of_a_thought():
    for thinking in ({"thoughts": "2?"}, {"reasoning_tokens": 1}):
        reply = Reply("4", "length", distribution=TOLD.distribution, mass=0.8, **thinking)
        answer = drawn(reply, FIVE, 1.0, 1)
        assert (answer.text, answer.distribution, answer.finish_reason) == ("", None, "length")


@pytest.mark.parametrize("reason", ["content_filter", "SAFETY", "refusal"])
def test_nothing_is_drawn_where_a_filter_stepped_in(reason):
    reply = Reply("", reason, distribution=TOLD.distribution, mass=0.8)
    assert drawn(reply, FIVE, 1.0, 1) == reply


def test_where_no_answer_is_listed_there_is_none():
    answer = drawn(Reply("As", "length", mass=0.0), FIVE, 1.0, 1)
    assert (answer.text, answer.mass, answer.distribution) == ("", 0.0, None)
    assert drawn(Reply("4", "length"), FIVE, 1.0, 1) is None


@pytest.mark.parametrize(
    ("said", "bare"),
    [
        ('{"answer": "4"}', False),
        ('{"answer":4}', False),
        (' {\n "answer": "4" }\n', False),
        ("4", True),
        (" 4\n", True),
    ],
)
def test_an_answer_under_a_schema(said, bare):
    answer = written(Reply(said), FIVE, bare)
    assert (answer.text, answer.finish_reason) == ("4", "stop")


@pytest.mark.parametrize(
    ("said", "bare"),
    [
        ("4", False),  # no object: the schema was not kept to
        ('{"answer": "9"}', False),
        ('{"answer": true}', False),
        ('{"answer": 4.0}', False),
        ('{"Answer": "4"}', False),
        ("I would say 4.", True),
        ('{"answer": "4"}', True),
        ("44", True),
    ],
)
def test_what_no_schema_of_the_answers_allows(said, bare):
    assert written(Reply(said), FIVE, bare) is None


def test_cut_replies_hold_an_answer_only_where_it_cannot_go_on():
    assert written(Reply("4", "length"), FIVE, True).text == "4"
    assert written(Reply("1", "length"), TEN, True).text == ""
    assert written(Reply("10", "MAX_TOKENS"), TEN, True).text == "10"
    assert written(Reply('{"answer": "1', "length"), TEN, False).text == ""
    assert written(Reply("", "stop"), FIVE, True).text == ""


def test_a_refusal_under_a_schema_stays_one():
    refused = Reply("I cannot.", "refusal")
    assert written(refused, FIVE, False) == refused


@given(st.text(max_size=40), st.booleans(), st.sampled_from(["stop", "length"]))
def test_no_text_becomes_an_answer_that_it_does_not_hold(text, bare, reason):
    answer = written(Reply(text, reason), FIVE, bare)
    if answer is not None and answer.text:
        assert text.strip() == answer.text if bare else str(json.loads(text)["answer"]).strip()
