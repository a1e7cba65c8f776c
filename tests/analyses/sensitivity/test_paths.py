"""Paths by level against fits of each level alone, and personas that both levels share."""

import numpy as np
import pandas as pd
import pytest

from support.scored import scored
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.sensitivity.paths import fit_levels, path_difference, rate_difference
from vaar.respondents.simulated.populations import POPULATIONS
from vaar.study.load import load_study

MODEL = "privacy_prosocial_published"


@pytest.fixture(scope="module")
def study():
    return load_study(MODEL)


@pytest.fixture(scope="module")
def rows(study):
    parts = [
        scored(study, POPULATIONS["human-like"], range(120)),
        scored(study, POPULATIONS["contrarian"], range(500, 620)),
    ]
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def level():
    return pd.Series(pd.Categorical(np.repeat(["a", "b"], 120)))


def fitted(rows, level, study, personas=None):
    options = AlignmentOptions(seed=2)
    return fit_levels(rows, level, study, study.structural_model, options, 40, personas)


def test_opposite_populations_differ_in_every_path_and_in_vaar(rows, level, study):
    found = fitted(rows, level, study)
    paths = path_difference(found, "b", "a")
    assert (paths.p < 0.001).all() and np.sign(paths.value).tolist() == [1, -1]
    np.testing.assert_allclose(paths.se, np.hypot(*found.se))
    rate = rate_difference(found, "b", "a", study)
    assert rate.value < -0.5 and rate.upper < 0


def test_the_same_sessions_twice_do_not_differ_at_all(rows, study):
    twice = pd.concat([rows.iloc[:120], rows.iloc[:120]], ignore_index=True)
    level = pd.Series(pd.Categorical(np.repeat(["a", "b"], 120)))
    personas = pd.Series([f"p{k % 120}" for k in range(240)])
    found = fitted(twice, level, study, personas)
    assert found.dependent
    paths = path_difference(found, "b", "a")
    # drawn together they stay the same sessions: the difference has no error but the search's
    assert np.abs(paths.value).max() < 1e-3 and paths.se.max() < 1e-2
    assert path_difference(fitted(twice, level, study), "b", "a").se.min() > 0.05


def test_a_level_with_few_sessions_is_told(rows, level, study):
    few = rows.drop(index=range(40, 120))
    assert "40 of a, 120 of b" in fitted(few, level, study)
