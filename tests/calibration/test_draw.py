"""The draw without conversations has the distributions of the library's simulated respondents."""

from dataclasses import replace

import numpy as np
import pytest

from vaar.calibration.design import design_of
from vaar.calibration.draw import drawn
from vaar.calibration.options import COUNTERFEITING
from vaar.respondents.simulated.answer_model import AnswerModel, answers
from vaar.respondents.simulated.populations import COUNTERFEITS, POPULATIONS
from vaar.study.model import Persona

N = 1500


def fisher(values):
    r = np.corrcoef(values.T)[np.triu_indices(values.shape[1], 1)]
    return np.arctanh(r)


@pytest.mark.parametrize("name", [*COUNTERFEITING, "copies"])
def test_item_means_and_correlations_are_those_of_the_library(study, name):
    population = COUNTERFEITS[name]
    alternating = replace(study, variation=replace(study.variation, options="alternating"))
    design = design_of(alternating, N, seed=1)
    got = drawn(AnswerModel(population, study), design, np.random.default_rng(2))
    listed = design.descending[:, 0]
    seeds = np.arange(N)
    wanted = np.empty_like(got)
    for descending in (False, True):
        own = listed == descending
        wanted[own] = answers(population, study, seeds[own], descending=descending)
    if name == "copies":
        assert len(np.unique(got, axis=0)) == len(np.unique(wanted, axis=0)) == 12
        return
    error = np.sqrt(got.var(axis=0) / N + wanted.var(axis=0) / N)
    assert np.abs((got.mean(axis=0) - wanted.mean(axis=0)) / error).max() < 4.5
    # of 500 correlations; those of points are not normal, which widens them by a third at most
    assert np.abs(fisher(got) - fisher(wanted)).max() < 4.5 * 1.33 * np.sqrt(2 / N)


def test_what_a_conversation_did_not_ask_it_does_not_remember(study):
    isolated = replace(study, conditions=(replace(study.conditions[0], history="isolated"),))
    people = replace(POPULATIONS["human-like"], predictor_means=(0.0,))
    design = design_of(isolated, N, seed=1)
    values = drawn(AnswerModel(people, study), design, np.random.default_rng(1))
    keying = np.array([study.item[code][0].keying for code in design.codes])
    totals = [
        (values * keying)[:, design.conversation[0] == number].sum(axis=1)
        for number in range(design.n_conversations)
    ]
    assert np.abs(np.corrcoef(totals)[np.triu_indices(3, 1)]).max() < 4 / np.sqrt(N)


@pytest.mark.parametrize("share", [0.0, 0.6])
def test_personas_have_their_share_of_the_variance(study, share):
    people = tuple(Persona(f"p{n}", ()) for n in range(300))
    design = design_of(replace(study, personas=people), 1500, seed=1)
    model = AnswerModel(replace(COUNTERFEITS["null"], loading=0.99), study)
    values = drawn(model, design, np.random.default_rng(3), share)
    keying = np.array([study.item[code][0].keying for code in design.codes])
    total = (values * keying)[:, : len(study.instruments[0].coded_items)].sum(axis=1)
    theirs = np.array([total[design.persona == n] for n in range(300)])
    between, within = 5 * theirs.mean(axis=1).var(ddof=1), theirs.var(axis=1, ddof=1).mean()
    intraclass = (between - within) / (between + 4 * within)
    assert intraclass == pytest.approx(share, abs=0.12)  # error .03; points and noise take .03
