from dataclasses import replace

import numpy as np
import pytest

from vaar.respondents.simulated.population_paths import (
    style_weights,
    trait_correlations,
    true_paths,
)
from vaar.respondents.simulated.populations import POPULATIONS
from vaar.respondents.simulated.traits import read_traits
from vaar.study.model import Hypothesis

PRIVACY, PROSOCIAL = "aods ~ privacy", "aods ~ prosocial"


def test_each_population_is_what_its_name_says(bundled):
    truth = {name: true_paths(population, bundled) for name, population in POPULATIONS.items()}
    human = {PRIVACY: -0.40, PROSOCIAL: 0.45}
    assert truth["human-like"] == pytest.approx(human)
    assert truth["noisy"] == pytest.approx(human)
    assert truth["privacy-blind"] == pytest.approx({PRIVACY: 0.0, PROSOCIAL: 0.45})
    assert truth["contrarian"] == pytest.approx({PRIVACY: 0.40, PROSOCIAL: -0.45})
    assert all(np.isnan(path) for path in truth["constant"].values())


def test_yes_saying_paths_equal_regressions_of_simulated_traits(bundled):
    population = POPULATIONS["acquiescent"]
    traits = read_traits(bundled)
    rng = np.random.default_rng(7)
    phi = trait_correlations(population, bundled, traits)
    f = rng.multivariate_normal(np.zeros(3), phi, size=400_000)
    f += population.style_sd / population.loading * rng.standard_normal((len(f), 1))
    z = (f - f.mean(0)) / f.std(0)
    slopes, *_ = np.linalg.lstsq(z[:, :2], z[:, 2], rcond=None)
    assert list(true_paths(population, bundled).values()) == pytest.approx(slopes, abs=0.006)


def test_style_cancels_where_half_the_items_are_reversed(small):
    traits = read_traits(small)
    population = POPULATIONS["acquiescent"]
    ratio = population.style_sd / population.loading
    assert style_weights(population, small, traits) == pytest.approx([0.0, ratio])


@pytest.mark.parametrize("name", POPULATIONS)
def test_implied_regressions_recover_the_effects(bundled, name):
    phi = trait_correlations(POPULATIONS[name], bundled, read_traits(bundled))
    assert np.linalg.eigvalsh(phi).min() > 0
    assert np.diag(phi) == pytest.approx(np.ones(3))
    assert phi[0, 1] == pytest.approx(-0.1)


def test_many_strong_predictors_leave_a_residual(small):
    codes = [item.code for part in small.instruments for item in part.items]
    outcome, *predictors = codes
    study = replace(
        small,
        structural_model=f"{outcome} ~ {' + '.join(predictors)}",
        hypotheses=tuple(Hypothesis(outcome, predictor, 1) for predictor in predictors),
    )
    phi = trait_correlations(POPULATIONS["human-like"], study, read_traits(study))
    explained = phi[-1, :-1] @ np.linalg.solve(phi[:-1, :-1], phi[:-1, -1])
    assert explained == pytest.approx(0.8)


def test_paths_without_a_hypothesis_have_no_effect(bundled):
    study = replace(bundled, hypotheses=bundled.hypotheses[1:])
    truth = true_paths(POPULATIONS["human-like"], study)
    assert truth == pytest.approx({PROSOCIAL: 0.40})
