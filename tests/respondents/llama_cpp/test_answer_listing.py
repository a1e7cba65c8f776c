from math import log

import pytest

from vaar.respondents.llama_cpp.answer_listing import Ahead, listing, spellings
from vaar.respondents.local.answer_tokens import shares


def payload(**shares):
    top = [{"token": text.replace("_", " "), "logprob": log(p)} for text, p in shares.items()]
    return {"choices": [{"logprobs": {"content": [{"token": "x", "top_logprobs": top}]}}]}


def test_blanks_mean_nothing_at_the_start_of_a_reply_and_something_later():
    told = payload(**{"4": 0.5, "_4": 0.25, "5": 0.1})
    assert listing(told, at_start=True) == pytest.approx({"4": 0.75, "5": 0.1})
    assert listing(told, at_start=False) == pytest.approx({"4": 0.5, " 4": 0.25, "5": 0.1})


def test_an_impossible_token_and_one_without_a_number():
    top = [{"token": "1", "logprob": float("-inf")}, {"token": "2", "logprob": None}, {}, 3]
    told = {"choices": [{"logprobs": {"content": [{"top_logprobs": top}]}}]}
    assert listing(told, at_start=True) == {"1": 0.0}


@pytest.mark.parametrize("told", [None, {}, {"choices": [{"logprobs": None}]}, {"choices": "x"}])
def test_nothing_is_told(told):
    assert listing(told, at_start=True) == {}


def test_a_single_token_if_there_is_one_else_sign_by_sign():
    vocabulary = {"1", "0", "10", "-"}
    assert spellings("10", vocabulary) == {("10",)}
    assert spellings("-10", vocabulary) == {("-", "1", "0")}
    assert spellings("12", vocabulary) == frozenset()


def test_answers_of_several_tokens():
    """P(10) = .5 · .6, P(100) = .5 · .6 · .5; a 1 that goes on is no 1, a 10 that does no 10."""
    after = {"1": {"0": 0.6}, "10": {"0": 0.5}}
    choices = [spellings(choice, {"0", "1"}) for choice in ("0", "1", "10", "100")]
    every = frozenset().union(*choices)
    asked = []

    def next_after(begun, needed):
        asked.append((begun, set(needed)))
        return after[begun]

    told = shares(choices, Ahead({"0": 0.1, "1": 0.5}, next_after, every).probability, 0.0)
    assert told.mass == pytest.approx(0.6)
    assert told.distribution == pytest.approx([0.1 / 0.6, 0.2 / 0.6, 0.15 / 0.6, 0.15 / 0.6])
    assert sorted(asked) == [("1", {"0"}), ("10", {"0"})]


def test_what_begins_with_next_to_no_probability_is_not_followed():
    def never(begun, needed):
        raise AssertionError(begun)

    ahead = Ahead({"1": 1e-6}, never, {("1", "0")})
    assert ahead.probability(("1", "0")) == 0.0
