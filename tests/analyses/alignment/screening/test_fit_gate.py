"""The gate for a group's fit: every bound, a model that fails, and one that holds."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from vaar.analyses.alignment.notes import Kind
from vaar.analyses.alignment.screening.fit_gate import GroupFit, group_fits, notes_of_fits

GOOD = GroupFit(0.97, 0.03, 0.01, 0.2, 41, 0.9, False)
MODEL = "f =~ a1 + a2 + a3\ng =~ b1 + b2 + b3\ng ~ f"
NAMES = ["a1", "a2", "a3", "b1", "b2", "b3"]


def flagged(**changed):
    return bool(replace(GOOD, **changed).flaws)


def test_every_bound_decides():
    assert not flagged()
    assert flagged(cfi=0.899, pvalue=0.0099)
    assert not flagged(cfi=0.90, pvalue=0.0001) and not flagged(cfi=0.5, pvalue=0.01)
    assert flagged(rmsea_lower=0.0801) and not flagged(rmsea_lower=0.08)
    assert flagged(largest_loading=1.001) and not flagged(largest_loading=1.0)
    assert flagged(starts_disagree=True)


def test_with_four_degrees_of_freedom_fit_is_not_judged_and_with_five_it_is():
    bad = replace(GOOD, cfi=0.4, pvalue=1e-6, rmsea_lower=0.2)
    assert replace(bad, df=5).flaws and not replace(bad, df=4).flaws
    said = notes_of_fits({"few": replace(GOOD, df=4), "bad": bad, "good": GOOD})
    assert [note.kind for note in said["few"]] == [Kind.FIT_NOT_JUDGED]
    assert [note.kind for note in said["bad"]] == [Kind.POOR_FIT]
    assert "good" not in said and "CFI 0.40" in said["bad"][0].text


def data(mix, n=300, seed=1):
    """Two factors; with `mix`, items pair up across them instead."""
    rng = np.random.default_rng(seed)
    f = rng.standard_normal((n, 2))
    pairs = np.repeat(rng.standard_normal((n, 3)), 2, axis=1)[:, [0, 2, 4, 1, 3, 5]]
    signal = np.where(mix, 0.9 * pairs, 0.7 * np.repeat(f, 3, axis=1))
    return pd.DataFrame(signal + 0.6 * rng.standard_normal((n, 6)), columns=NAMES)


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_a_model_that_does_not_hold_is_flagged_and_one_that_holds_is_not(estimator):
    scores = pd.concat([data(False).assign(group="good"), data(True).assign(group="bad")])
    found = group_fits(scores, MODEL, ["good", "bad"], estimator=estimator, missing="fiml")
    assert found["good"].flaws == () and found["good"].cfi > 0.97
    assert found["bad"].flaws and found["bad"].cfi < 0.9
    assert found["good"].df == 8


def test_a_group_that_cannot_be_fitted_alone_is_left_out():
    assert group_fits(data(False, 3).assign(group="m"), MODEL, ["m"]) == {}
