"""Scored sessions of simulated populations, without any conversation."""

import pandas as pd
import pytest

from vaar.respondents.simulated.answer_model import answers
from vaar.respondents.simulated.populations import POPULATIONS
from vaar.study.load import load_study


@pytest.fixture(scope="session")
def bundled():
    return load_study("privacy_prosocial_published")


@pytest.fixture(scope="session")
def simulate(bundled):
    """Scores of one population: subscale means of its intended answers (all keyed positively)."""
    codes = [item.code for part in bundled.instruments for item in part.items]
    subscales = [subscale for part in bundled.instruments for subscale in part.subscales]

    def scores(population, sessions, start=0, group=None):
        values = answers(POPULATIONS[population], bundled, range(start, start + sessions))
        items = pd.DataFrame(values, columns=codes)
        parcels = {s.code: items[list(s.items)].mean(axis=1) for s in subscales}
        return pd.DataFrame(parcels).assign(group=group or population)

    return scores
