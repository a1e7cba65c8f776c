from collections import Counter
from dataclasses import replace
from itertools import pairwise
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.sessions.design import balanced_orders, combinations, levels, shuffled, variants
from vaar.study.model import Fact, Persona, Variation

sizes = st.lists(st.integers(1, 7), min_size=1, max_size=4).filter(lambda s: prod(s) <= 400)


@given(sizes, st.integers(1, 900))
def test_every_level_comes_equally_often_in_any_number_of_replicates(sizes, sessions):
    given = [levels(replicate, sizes) for replicate in range(sessions)]
    for factor, size in enumerate(sizes):
        counts = Counter(level[factor] for level in given)
        assert max(counts.values()) - min(counts[n] for n in range(size)) <= 1


@given(sizes, st.integers(0, 3))
def test_every_combination_comes_once_in_as_many_replicates_as_there_are(sizes, rounds):
    whole = prod(sizes)
    given = [levels(rounds * whole + replicate, sizes) for replicate in range(whole)]
    assert len(set(given)) == whole


@given(st.integers(2, 9))
def test_orders_are_balanced_by_place_and_by_what_comes_before(size):
    codes = [f"i{n}" for n in range(size)]
    orders = balanced_orders(codes)
    assert all(sorted(order) == codes for order in orders)
    places = Counter((place, code) for order in orders for place, code in enumerate(order))
    followers = Counter(pair for order in orders for pair in pairwise(order))
    assert len(places) == size**2 and len(set(places.values())) == 1
    assert len(followers) == size * (size - 1) and len(set(followers.values())) == 1
    assert orders[0] == tuple(codes) or size > 4


@given(st.lists(st.integers(), max_size=30), st.text(max_size=5))
def test_shuffled_items_are_the_same_items(items, key):
    assert sorted(shuffled(items, key)) == sorted(items)
    assert shuffled(items, key) == shuffled(items, key)


def test_a_shuffle_favours_no_place():
    first = Counter(shuffled("abcd", str(seed))[0] for seed in range(4000))
    assert max(abs(count - 1000) for count in first.values()) < 4 * (4000 * 0.25 * 0.75) ** 0.5


@pytest.fixture
def varied(study):
    people = tuple(Persona(f"p{n}", (("age", str(20 + n)),)) for n in range(5))
    variation = Variation("counterbalanced", "shuffled", "alternating", persona_text="You: {age}.")
    return replace(study, variation=variation, personas=people)


def test_fewer_sessions_are_the_beginning_of_more(varied):
    (condition,) = varied.conditions
    few, many = (list(variants(varied, condition, n, seed=3)) for n in (7, 50))
    assert many[:7] == few
    assert {variant.persona for variant in few[:5]} == set(varied.persona)
    assert {variant.instrument_order for variant in few} == {("alpha", "beta"), ("beta", "alpha")}


def test_the_runs_seed_draws_which_persona_takes_which_place(varied):
    (condition,) = varied.conditions
    drawn = {
        tuple(variant.persona for variant in variants(varied, condition, 5, seed))
        for seed in range(20)
    }
    assert len(drawn) > 10


def test_ends_of_the_scale_and_wordings_cross_first(varied):
    (condition,) = varied.conditions
    study = replace(varied, variation=replace(varied.variation, wordings=("original", "plain")))
    first = list(variants(study, condition, 4, seed=1))
    assert len({(variant.scale_direction, variant.paraphrase) for variant in first}) == 4
    assert combinations(study, condition) == 8
    whole = list(variants(study, condition, 8, seed=1))
    assert len({(v.scale_direction, v.paraphrase, v.instrument_order) for v in whole}) == 8


def test_personas_come_equally_often_and_are_tied_to_no_order(varied):
    (condition,) = varied.conditions
    given = list(variants(varied, condition, 400, seed=2))
    assert set(Counter(variant.persona for variant in given).values()) == {80}
    met = Counter(
        (variant.persona, variant.instrument_order, variant.scale_direction) for variant in given
    )
    assert len(met) == 5 * 2 * 2
    assert max(abs(count - 20) for count in met.values()) < 4 * 20**0.5


def test_without_variation_every_session_is_the_same(study):
    (condition,) = study.conditions
    assert len(set(variants(study, condition, 20, seed=1))) == 1


def test_drawn_directions_are_crossed_with_facts(study):
    """A fact with an even number of levels must not go with one direction."""
    value = Fact("value", ("a", "b", "c", "d"))
    drawn = replace(study, variation=Variation(options="drawn", facts=(value,)))
    given = [
        (variant.scale_direction, variant.facts)
        for variant in variants(drawn, study.conditions[0], 16, seed=1)
    ]
    assert set(Counter(given).values()) == {2} and len(set(given)) == 8
    assert combinations(drawn, study.conditions[0]) == 8
