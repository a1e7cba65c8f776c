import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.respondents.wire.answer_probabilities import first_tokens, tellable, weigh

FIVE = ("1", "2", "3", "4", "5")


def log(**shares):
    return [(text.removeprefix("_"), math.log(share)) for text, share in shares.items()]


def test_the_mass_on_the_choices_and_how_they_share_it():
    told = weigh(log(_4=0.6, _5=0.2, I=0.2), FIVE)
    assert told.distribution == pytest.approx((0, 0, 0, 0.75, 0.25))
    assert told.mass == pytest.approx(0.8)


def test_white_space_around_a_choice_is_the_same_choice():
    told = weigh([(" 4", math.log(0.3)), ("4", math.log(0.3)), ("4\n", math.log(0.2))], FIVE)
    assert told.distribution == (0, 0, 0, 1, 0)
    assert told.mass == pytest.approx(0.8)


def test_a_token_that_is_listed_twice_counts_once():
    assert weigh([("4", -1.0), ("4", -1.0)], FIVE).mass == pytest.approx(math.exp(-1))


@pytest.mark.parametrize("tokens", [[("I", -0.1)], [("44", -0.1)], [("4", -9999.0)]])
def test_no_token_is_a_choice(tokens):
    told = weigh(tokens, FIVE)
    assert (told.mass, told.shares) == (0.0, None)


def test_no_token_is_told():
    assert weigh([], FIVE) is None


def test_choices_of_several_digits_cannot_be_told_by_one_token():
    ten = tuple(str(n) for n in range(1, 11))
    assert not tellable(ten) and not tellable(()) and tellable(FIVE)
    assert weigh([("1", -0.1)], ten) is None


@given(st.lists(st.tuples(st.sampled_from([*FIVE, " 3", "I", ""]), st.floats(-50, 1)), max_size=20))
def test_a_distribution_is_one(tokens):
    told = weigh(tokens, FIVE)
    if told is not None:
        assert 0 <= told.mass <= 1
        assert bool(told.mass) is bool(told.distribution)
    if told is not None and told.shares is not None:
        assert sum(told.shares) == pytest.approx(1)
        assert min(told.shares) >= 0


def entry(token, logprob, *others):
    top = [{"token": text, "logprob": value} for text, value in others]
    return {"token": token, "logprob": logprob, "top_logprobs": top}


def test_the_first_token_that_says_something_is_read():
    content = [entry("\n", -0.1, ("4", -2.0)), entry("4", -0.2, ("4", -0.2), ("5", -1.7))]
    assert first_tokens(content) == [("4", -0.2), ("4", -0.2), ("5", -1.7)]


def test_the_token_that_was_drawn_counts_where_it_is_not_listed():
    assert first_tokens([entry("2", -5.0, ("4", -0.2))]) == [("2", -5.0), ("4", -0.2)]


@pytest.mark.parametrize(
    "content",
    [
        None,
        4,
        {},
        [],
        [None],
        [{"token": 4, "logprob": -1}],
        [{"token": "4"}],
        [{"token": "4", "logprob": "-1"}],
        [{"token": "4", "logprob": float("nan")}],
        [entry(" ", -1)],
    ],
)
def test_what_is_no_list_of_tokens_has_none(content):
    assert first_tokens(content) == []


@pytest.mark.parametrize("others", [None, 4, [None, {"token": "5"}, {"logprob": -1}]])
def test_damaged_rivals_are_left_out(others):
    assert first_tokens([{"token": "4", "logprob": -1, "top_logprobs": others}]) == [("4", -1.0)]
