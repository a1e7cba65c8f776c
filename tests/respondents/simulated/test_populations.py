import re

import pytest

from vaar.respondents.simulated.populations import POPULATIONS


def test_the_six_kinds_are_there():
    assert list(POPULATIONS) == [
        "human-like",
        "privacy-blind",
        "contrarian",
        "acquiescent",
        "noisy",
        "constant",
    ]


@pytest.mark.parametrize("population", POPULATIONS.values(), ids=POPULATIONS)
def test_parameters_are_possible(population):
    assert re.fullmatch(r"[a-z][a-z-]*", population.name)
    assert 0 < population.loading < 1
    assert -1 < population.trait_correlation < 1
    assert population.style_sd >= 0
    assert min(population.refusal, population.rubbish) >= 0
    assert population.refusal + population.rubbish < 0.1
    assert all(abs(effect) <= 1 for effect in population.effects)
