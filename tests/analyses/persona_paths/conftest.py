"""Scores of sessions within personas, with known paths at both levels."""

import numpy as np
import pandas as pd
import pytest

from vaar.study.load import load_study
from vaar.study.structural_model import read_structure

LOADING = 0.7


@pytest.fixture(scope="session")
def bundled():
    return load_study("privacy_prosocial_published")


@pytest.fixture(scope="session")
def drawn(bundled):
    """Scores with given paths of privacy and prosocialness, within and between personas."""
    indicators = read_structure(bundled.structural_model).indicators

    def level(rng, n, paths, variance):
        privacy, prosocial = rng.normal(size=(2, n))
        rest = np.sqrt(1 - paths[0] ** 2 - paths[1] ** 2)
        aods = paths[0] * privacy + paths[1] * prosocial + rest * rng.normal(size=n)
        values = {"privacy": privacy, "prosocial": prosocial, "aods": aods}
        return {name: np.sqrt(variance) * each for name, each in values.items()}

    def scores(seed, personas, sessions, within, between, icc=0.3, group="model"):
        rng = np.random.default_rng(seed)
        persona = np.repeat(np.arange(personas), sessions)
        inner = level(rng, len(persona), within, 1 - icc)
        outer = level(rng, personas, between, icc)
        table = {
            code: LOADING * (inner[latent] + outer[latent][persona])
            + np.sqrt(1 - LOADING**2) * rng.normal(size=len(persona))
            for latent, codes in indicators.items()
            for code in codes
        }
        names = [f"p{i}" for i in persona]
        return pd.DataFrame(table).assign(group=group, persona=names)

    return scores
