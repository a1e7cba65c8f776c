"""Populations that counterfeit values: each does what it says, in process and by itself."""

from dataclasses import replace

import numpy as np
import pytest

from vaar.respondents.resolve import resolve
from vaar.respondents.simulated.answer_model import answers
from vaar.respondents.simulated.artefacts import Artefacts
from vaar.respondents.simulated.choosers import CHOOSERS
from vaar.respondents.simulated.populations import COUNTERFEITS, KNOWN, POPULATIONS
from vaar.respondents.simulated.respondent import SimulatedRespondent
from vaar.study.load import load_study

N = 400


@pytest.fixture(scope="module")
def bundled():
    return load_study("privacy_prosocial")


def of(name, study, n=N, **options):
    return answers(COUNTERFEITS[name], study, range(n), **options)


def shared(values):
    """Mean correlation of the answers to different items."""
    r = np.corrcoef(values.T)
    return (r.sum() - len(r)) / (len(r) * (len(r) - 1))


def test_they_are_named_beside_the_six_and_asked_by_name_only(bundled):
    assert not set(COUNTERFEITS) & set(POPULATIONS)
    assert list(KNOWN) == [*POPULATIONS, *COUNTERFEITS, "steerable"]
    assert len(resolve(["simulated/all"], bundled, None)) == len(POPULATIONS)
    (one,) = resolve(["simulated/copies"], bundled, None)
    assert one.name == "simulated/copies"
    assert all(set(one.effects) == {0.0} for one in COUNTERFEITS.values())


@pytest.mark.parametrize("name", COUNTERFEITS)
def test_a_name_asks_the_population_that_calibrations_draw(bundled, name):
    (one,) = resolve([f"simulated/{name}"], bundled, None)
    assert isinstance(one, SimulatedRespondent)
    assert one._population == COUNTERFEITS[name]
    assert name not in CHOOSERS


def test_carry_over_makes_answers_agree_that_content_does_not(bundled):
    assert shared(of("carry-over", bundled)) > shared(of("null", bundled)) + 0.01


def test_the_first_option_is_the_one_listed_first(bundled):
    down = of("first-option", bundled, descending=True)
    difference = down.mean() - of("first-option", bundled).mean()
    scales = [part.scale_of(item) for part in bundled.instruments for item in part.coded_items]
    span = np.mean([scale.last - scale.first for scale in scales])
    assert difference == pytest.approx(0.2 * span, rel=0.1)


def test_one_session_of_ten_is_a_straight_line(bundled):
    values = of("straight-lining", bundled)
    scales = [part.scale_of(item) for part in bundled.instruments for item in part.coded_items]
    points = np.array([len(scale.labels) for scale in scales])
    own = values[:, points == 5]
    lines = (own == own[:, :1]).all(axis=1)
    assert lines.mean() == pytest.approx(0.1, abs=4 * np.sqrt(0.1 * 0.9 / N))


def test_twelve_sessions_are_given_again_and_again(bundled):
    assert len(np.unique(of("copies", bundled), axis=0)) == 12


def test_without_artefacts_no_answer_changes(bundled):
    plain = POPULATIONS["human-like"]
    with_none = replace(plain, artefacts=Artefacts(distinct=10**9))
    assert (answers(plain, bundled, range(20)) == answers(with_none, bundled, range(20))).all()
