import pytest

from vaar.calibration.options import COUNTERFEITING
from vaar.calibration.populations import (
    expected_effects,
    true_values,
    with_effects,
    without_effects,
)
from vaar.errors import OptionError
from vaar.respondents.simulated.population_paths import true_paths


def test_no_population_of_a_calibration_has_an_effect(study):
    for population in without_effects(COUNTERFEITING, 0.6):
        assert population.loading == 0.6
        assert true_values(population, study) == (0, 0)


def test_what_yes_saying_makes_of_answers_is_no_effect(study):
    (population,) = without_effects(["yes-saying"], 0.7)
    assert true_values(population, study) == (0, 0)
    assert population.style_sd > 0


def test_effects_are_those_of_the_population(study):
    effects = expected_effects(study, {"aods ~ privacy": 0.2, "aods ~ prosocial": -0.1})
    assert [effect.value for effect in effects] == [-0.2, -0.1]
    told = true_paths(with_effects(study, effects, 0.8), study)
    assert list(told.values()) == pytest.approx([-0.2, -0.1])


def test_one_size_for_all_paths(study):
    assert [effect.value for effect in expected_effects(study, 0.25)] == [-0.25, 0.25]


def test_sizes_are_published_ones_unless_given(study):
    first, second = expected_effects(study, {})
    assert (first.value, first.source) == (-0.13, "a published correlation")
    assert (second.value, second.source) == (0.27, "a published correlation")


def test_a_path_adjusted_for_something_else_is_no_such_size(study):
    from dataclasses import replace

    (first, *_) = study.hypotheses
    evidence = tuple(one for one in first.evidence if one.adjusted_for)
    assert evidence
    turned = replace(first, sign=1, evidence=evidence)
    (effect,) = expected_effects(replace(study, hypotheses=(turned,)), {})
    assert (effect.value, effect.source) == (0.40, "that of simulated people")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"aods ~ privcy": 0.1}, "there is no path 'aods ~ privcy'"),
        ({"aods ~ privacy": 1.0}, "lies between -1 and 1"),
        ({"aods ~ privacy": float("nan")}, "lies between -1 and 1"),
        (0.9, "more than 80 % of an outcome"),
    ],
)
def test_sizes_that_cannot_be(study, given, told):
    with pytest.raises(OptionError, match=told):
        with_effects(study, expected_effects(study, given), 0.7)


def test_a_population_that_is_not_known():
    with pytest.raises(OptionError, match=r"'nul'.*did you mean 'null'"):
        without_effects(["nul"], 0.7)
