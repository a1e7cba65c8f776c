"""Refits of a model that is not identified say nothing of its errors."""

from __future__ import annotations

import numpy as np
import pandas as pd

import vaar.sem as sem

FREE = "f =~ NA*x1 + a*x2 + b*x3 + x4\nq := a/b"


def test_nothing_is_told_of_a_model_that_is_not_identified(hs: pd.DataFrame) -> None:
    fit = sem.fit(FREE, hs)
    assert fit.outcome is sem.Outcome.NOT_IDENTIFIED
    drawn = sem.bootstrap(fit, 4).intervals()
    assert drawn[["se", "ci_lower", "ci_upper"]].isna().all(axis=None)
    assert (drawn["n_ok"] == 0).all()
    left = sem.jackknife(fit, hs["ageyr"]).intervals()
    assert left[["se", "ci_lower", "ci_upper"]].isna().all(axis=None)


def test_what_is_identified_has_errors(hs: pd.DataFrame) -> None:
    fit = sem.fit(FREE.replace("NA*", ""), hs)
    assert (sem.bootstrap(fit, 4).intervals()["se"].iloc[1:] > 0).all()
    assert np.isfinite(sem.jackknife(fit, hs["ageyr"]).errors()).all()
