import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.respondents.local.answer_tokens import Spellings, shares


@pytest.fixture
def spellings(loaded_once):
    return Spellings(loaded_once.chat._tokenizer)


def read(loaded, spelled):
    return [{loaded.chat._tokenizer.decode(list(ids)) for ids in own} for own in spelled]


def test_every_token_that_reads_as_the_answer(spellings, loaded_once):
    spelled = spellings.of(("1", "7"))
    for own, texts in zip(spelled, read(loaded_once, spelled), strict=True):
        assert {text.strip() for text in texts} == {texts.pop().strip()}
        assert all(own)
    assert " 1" in read(loaded_once, spelled)[0]
    assert {"7", " 7"} == read(loaded_once, spelled)[1]


def test_an_answer_of_several_tokens(spellings, loaded_once):
    (ten,) = spellings.of(("10",))
    assert {"10", " 10"} <= read(loaded_once, [ten])[0]
    assert min(len(ids) for ids in ten) > 1


def independent(probabilities):
    return lambda ids: math.prod(probabilities[token] for token in ids)


def test_shares_of_single_tokens():
    spelled = [frozenset({(1,), (2,)}), frozenset({(3,)})]
    told = shares(spelled, independent({1: 0.1, 2: 0.2, 3: 0.3}))
    assert told.distribution == pytest.approx((0.5, 0.5))
    assert told.mass == pytest.approx(0.6)


def test_a_one_that_goes_on_to_ten_is_no_one():
    one, zero = (1,), (1, 0)
    got = shares([frozenset({one}), frozenset({zero})], independent({1: 0.8, 0: 0.25}))
    assert got.distribution == pytest.approx((0.75, 0.25))
    assert got.mass == pytest.approx(0.8)


def test_only_the_nearest_beginning_gives_way():
    nested = [frozenset({(1,)}), frozenset({(1, 0)}), frozenset({(1, 0, 0)})]
    got = shares(nested, independent({1: 0.8, 0: 0.5}))
    assert got.distribution == pytest.approx((0.5, 0.25, 0.25))


def test_answers_that_hardly_come():
    assert shares([frozenset({(1,)}), frozenset({(2,)})], lambda ids: 0.004) is None
    assert shares([frozenset({(1,)}), frozenset()], lambda ids: 0.5) is None


@given(st.lists(st.floats(0.001, 1), min_size=2, max_size=9))
def test_shares_are_a_distribution_in_the_proportion_of_the_probabilities(weights):
    total = sum(weights)
    spelled = [frozenset({(n,)}) for n in range(len(weights))]
    got = shares(spelled, lambda ids: weights[ids[0]] / total)
    assert got.distribution == pytest.approx([weight / total for weight in weights])
