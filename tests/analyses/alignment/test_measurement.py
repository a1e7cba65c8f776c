"""True paths of the simulated populations lie in their intervals as often as the intervals say.

From intended answers to the interval, over many seeds: discretised answers, parcels, the metric
multi-group fit, standardised paths with robust standard errors.
"""

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.analyses.alignment.measurement import levels_needed
from vaar.analyses.alignment.options import AlignmentOptions, AnalysisOptions
from vaar.analyses.alignment.paths import PathIndex, estimates
from vaar.respondents.simulated.answer_model import answers
from vaar.respondents.simulated.population_paths import true_paths
from vaar.respondents.simulated.populations import POPULATIONS
from vaar.study.load import load_study
from vaar.vocabulary import Z_95

SEEDS = 100
SESSIONS = 200
VARYING = [population for population in POPULATIONS.values() if population.varies]


def parcels(study, values):
    """Subscale means from answers, shape (n, n_items); every item is keyed positively."""
    column = {
        item.code: k for k, item in enumerate(i for part in study.instruments for i in part.items)
    }
    return {
        subscale.code: values[:, [column[code] for code in subscale.items]].mean(axis=1)
        for part in study.instruments
        for subscale in part.subscales
    }


def sample(study, start):
    seeds = range(start, start + SESSIONS)
    return pd.concat(
        pd.DataFrame(parcels(study, answers(population, study, seeds))).assign(
            group=population.name
        )
        for population in VARYING
    )


@pytest.fixture(scope="module")
def recovered():
    """Estimates and standard errors, shape (seeds, populations, paths), and the truth."""
    study = load_study("privacy_prosocial_published")
    found = []
    for k in range(SEEDS):
        fit = sem.fit(
            study.structural_model,
            sample(study, k * SESSIONS),
            group="group",
            estimator=AnalysisOptions().estimator,
            group_equal=["loadings"],
            std_lv=True,
        )
        paths = estimates(fit, PathIndex.of(fit, study.hypotheses))
        found.append((paths.std_estimate, paths.std_se))
    truth = [list(true_paths(population, study).values()) for population in VARYING]
    estimate, se = np.array(found).swapaxes(0, 1)
    return estimate, se, np.array(truth)


@pytest.mark.slow
def test_intervals_cover_the_truth_as_often_as_they_say(recovered):
    estimate, se, truth = recovered
    covered = np.abs(estimate - truth) <= Z_95 * se
    share = covered.mean(axis=0)
    # Four binomial standard errors for each of ten paths, three for all together.
    assert np.abs(share - 0.95).max() < 4 * np.sqrt(0.95 * 0.05 / SEEDS), share
    assert abs(covered.mean() - 0.95) < 3 * np.sqrt(0.95 * 0.05 / covered.size), share


@pytest.mark.slow
def test_estimates_are_centred_on_the_truth(recovered):
    estimate, _, truth = recovered
    bias = estimate.mean(axis=0) - truth
    # Discretising to five and seven points costs up to about .01, by simulation with large n.
    noise = estimate.std(axis=0) / np.sqrt(SEEDS)
    assert (np.abs(bias) < 0.012 + 4 * noise).all(), bias


@pytest.mark.slow
def test_standard_errors_are_the_spread_of_the_estimates(recovered):
    estimate, se, _ = recovered
    ratio = se.mean(axis=0) / estimate.std(axis=0)
    # The spread itself is known to about 7 % from 100 samples.
    assert (np.abs(ratio - 1) < 0.2).all(), ratio


@pytest.mark.parametrize(
    ("level", "estimator", "groups", "needed"),
    [
        ("auto", "MLR", 1, ("metric",)),
        ("auto", "WLSMV", 1, ("scalar",)),
        ("auto", "MLR", 2, ("configural", "metric")),
        ("auto", "WLSMV", 2, ("configural", "metric", "scalar")),
        ("configural", "MLR", 2, ("configural",)),
    ],
)
def test_steps_without_which_paths_cannot_be_read(level, estimator, groups, needed):
    assert levels_needed(AlignmentOptions(level=level, estimator=estimator), groups) == needed
