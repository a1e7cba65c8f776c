import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from vaar.respondents.wire.drawing import choose, place_of


def test_places_of_seeds_in_a_row_are_uniform_and_unrelated():
    places = np.array([place_of(seed) for seed in range(5000)])
    assert places.min() >= 0 and places.max() < 1
    assert kstest(places, "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(places[:-1], places[1:])[0, 1]) < 4 / np.sqrt(5000)


def test_a_place_is_the_same_on_every_machine():
    assert place_of(1) == 0.2597829214086165


@given(
    st.lists(st.floats(0, 1), min_size=2, max_size=7).filter(lambda p: max(p) > 0.01),
    st.sampled_from([0.0, 0.5, 1.0, 2.0]),
    st.floats(0, 1, exclude_max=True),
)
def test_a_choice_is_never_one_without_probability(weights, temperature, place):
    distribution = [w / sum(weights) for w in weights]
    assert distribution[choose(distribution, temperature, place)] > 0


def test_temperature_sharpens_and_flattens_a_choice():
    places = (np.arange(2000) + 0.5) / 2000
    for temperature in (0.5, 1.0, 2.0):
        drawn = np.bincount([choose([0.2, 0.8], temperature, u) for u in places], minlength=2)
        expected = np.array([0.2, 0.8]) ** (1 / temperature)
        np.testing.assert_allclose(drawn / 2000, expected / expected.sum(), atol=1e-3)
    assert {choose([0.4, 0.6], 0.0, u) for u in places} == {1}
