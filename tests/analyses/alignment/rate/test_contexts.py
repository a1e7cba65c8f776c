"""κ: stated with few contexts, estimated with many, and never mixed over kinds of groups."""

import json

import numpy as np
import pandas as pd
import pytest

from vaar.analyses.alignment.rate.contexts import kappa_of
from vaar.analyses.alignment.rate.heterogeneity import FEWEST_CONTEXTS


def contexts(n, kappa, respondent="m", simulated=False, factor="order", seed=1):
    """Groups of one respondent in n contexts, and two paths of each, ± .03."""
    levels = [json.dumps({factor: f"level {k}"}) for k in range(n)]
    about = pd.DataFrame(
        {
            "group": [f"{respondent} {k}" for k in range(n)],
            "respondent": respondent,
            "condition": "carried",
            "levels": levels,
            "simulated": simulated,
            "people": False,
        }
    )
    rng = np.random.default_rng(seed)
    b = 0.2 + np.hypot(kappa, 0.03) * rng.standard_normal((n, 2))
    return about, b, np.full((n, 2), 0.03)


def found(*parts, asked=0.0):
    about = pd.concat([part[0] for part in parts], ignore_index=True)
    b, se = (np.concatenate([part[k] for part in parts]) for k in (1, 2))
    return kappa_of(list(about["group"]), about, b, se, asked)


def test_nine_contexts_leave_it_stated_and_ten_estimate_it():
    few = found(contexts(FEWEST_CONTEXTS - 1, 0.3))
    assert few.value.tolist() == [0.10] * 9 and not few.estimated and few.contexts == 9
    many = found(contexts(FEWEST_CONTEXTS, 0.3, seed=2))
    assert many.estimated and many.contexts == 10
    assert (many.lower < 0.3).all() and (many.upper > 0.3).all()


def test_an_estimate_is_never_below_a_twentieth():
    got = found(contexts(20, 0.0))
    assert got.value == pytest.approx(0.05) and got.lower == pytest.approx(0.05)


def test_what_is_asked_for_is_taken():
    got = found(contexts(20, 0.3), asked=0.2)
    assert set(got.value) == {0.2} and not got.estimated


def test_personas_are_no_contexts():
    assert not found(contexts(20, 0.3, factor="age")).estimated


def test_models_are_pooled_and_simulated_ones_apart():
    real = [contexts(10, 0.3, f"m{k}", seed=k) for k in range(4)]
    simulated = contexts(10, 0.05, "s", True)
    got = found(*real, simulated)
    assert len(set(got.value[:40])) == 1 and got.value[0] == pytest.approx(0.3, abs=0.08)
    assert got.value[-1] < 0.15
    few = found(*real, contexts(4, 0.05, "s", True))
    assert few.value[-1] == 0.10 and np.isnan(few.lower[-1])


def test_where_no_group_has_sessions_nothing_is_known_and_nothing_ends():
    """As of a study whose conditions all leave its questionnaires out."""
    about, _, _ = contexts(1, 0.3)
    none = np.empty((0, 2))
    got = kappa_of([], about, none, none)
    assert got.value.shape == (0,) and not got.estimated
