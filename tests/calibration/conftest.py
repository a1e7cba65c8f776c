"""Small replays of the bundled study; the dear ones once for all tests."""

from dataclasses import replace

import pytest

from vaar.analyses.alignment.options import AlignmentOptions
from vaar.calibration.data_sets import Cell, Replay, judging
from vaar.calibration.options import SimulationOptions
from vaar.calibration.populations import expected_effects, with_effects, without_effects
from vaar.study.load import load_study


@pytest.fixture(scope="session")
def study():
    return load_study("privacy_prosocial")


@pytest.fixture(scope="session")
def replay(study):
    return Replay(study, AlignmentOptions(), SimulationOptions(data_sets=30, seed=4))


@pytest.fixture(scope="session")
def null(replay):
    """Data sets of 120 sessions without effects."""
    cell = Cell(without_effects(["null"], 0.7)[0], 120)
    with judging(replay) as judge:
        return cell, judge([cell], lambda done, total: None)[0]


@pytest.fixture(scope="session")
def effect(replay, study):
    """Data sets of 150 sessions with one effect of .3 and one of zero."""
    sizes = {"aods ~ privacy": 0.3, "aods ~ prosocial": 0.0}
    population = with_effects(study, expected_effects(study, sizes), 0.7)
    cell = Cell(population, 150)
    more = replace(replay, simulation=SimulationOptions(data_sets=60, seed=5))
    with judging(more) as judge:
        return more, cell, judge([cell], lambda done, total: None)[0]
