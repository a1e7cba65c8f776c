"""The search is tried on made-up data sets whose chances are known."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from vaar.analyses.alignment.rate.verdicts import Verdict
from vaar.calibration.judge import Judged
from vaar.calibration.options import SimulationOptions
from vaar.calibration.populations import Effect, with_effects
from vaar.calibration.power import right_verdict, search
from vaar.errors import OptionError

SIGMA = 1.2


def judged(rng, sessions, sizes):
    se = SIGMA / np.sqrt(sessions)
    estimate = np.array([sizes]) + se * rng.standard_normal((1, len(sizes)))
    verdict = np.where(np.abs(estimate) > stats.norm.ppf(0.975) * se, "as in people", "undecided")
    one = np.array([[Verdict(text) for text in row] for row in verdict], object)
    unknown = np.full(1, np.nan)
    return Judged(one, estimate, np.full_like(estimate, se), unknown, unknown, unknown, unknown,
                  np.array([False]), unknown)  # fmt: skip


@pytest.fixture
def made_up(replay, study):
    """A search over data sets that are normal about the effects."""

    def searched(sizes, chance=0.8, most=5000, sessions=200):
        rng = np.random.default_rng(1)
        more = replace(replay, simulation=SimulationOptions(data_sets=500))
        effects = [
            Effect(h.path, h.sign * size, "as given")
            for h, size in zip(study.hypotheses, sizes, strict=True)
        ]

        def judge(cells, told):
            told(1, 1)
            return [[judged(rng, cell.sessions, sizes) for _ in range(500)] for cell in cells]

        population = with_effects(study, effects, 0.7)
        return search(judge, more, population, effects, sessions, chance, most)

    return searched


def closed_form(size, chance):
    return (SIGMA * (stats.norm.ppf(0.975) + stats.norm.ppf(chance)) / size) ** 2


@pytest.mark.parametrize("chance", [0.8, 0.9])
def test_it_finds_the_number_of_sessions_of_the_closed_form(made_up, chance):
    found = made_up((0.2, 0.3), chance).needed
    numbers = found["needed"].astype(float)
    for size, number, lower, upper in zip(
        (0.2, 0.3), numbers, found["needed_lower"], found["needed_upper"], strict=False
    ):
        wanted = closed_form(size, chance)
        assert number == pytest.approx(wanted, rel=0.1)  # two standard errors of 500 data sets
        assert lower <= number <= upper
    together = stats.norm.cdf
    of_all = numbers.iloc[2]
    reach = [size * np.sqrt(of_all) / SIGMA - stats.norm.ppf(0.975) for size in (0.2, 0.3)]
    assert together(reach[0]) * together(reach[1]) == pytest.approx(chance, abs=0.03)
    assert found["path"].tolist() == ["aods ~ privacy", "aods ~ prosocial", "all"]


def test_what_is_beyond_the_most_is_said(made_up):
    found = made_up((0.12, 0.5), most=300).needed
    assert found["needed"].isna().tolist() == [True, True, True]
    assert found["said"].tolist()[0] == "more than 300 sessions"
    assert found["said"].tolist()[1] == "60 sessions give more than that"


def test_the_right_verdict():
    assert right_verdict(Effect("y ~ x", 0.0999, ""), 1, 0.1) is Verdict.NEGLIGIBLE
    assert right_verdict(Effect("y ~ x", 0.1, ""), 1, 0.1) is Verdict.AS_IN_PEOPLE
    assert right_verdict(Effect("y ~ x", -0.1, ""), -1, 0.1) is Verdict.AS_IN_PEOPLE
    assert right_verdict(Effect("y ~ x", -0.1, ""), 1, 0.1) is Verdict.AGAINST


def test_options_are_checked():
    with pytest.raises(OptionError, match="loading is 1"):
        SimulationOptions(loading=1.0)
    with pytest.raises(OptionError, match="data_sets is 1"):
        SimulationOptions(data_sets=1)
