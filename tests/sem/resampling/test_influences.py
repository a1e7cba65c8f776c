"""Influences of rows against refits without them."""

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.sem.resampling.influences import row_influences

MODEL = "f =~ x1 + x2 + x3 + x4"


@pytest.mark.parametrize("standard", [False, True])
def test_leaving_a_row_out_moves_parameters_by_its_influence(
    likert: pd.DataFrame, standard: bool
) -> None:
    fit = sem.fit(MODEL, likert, group="model", estimator="MLR", std_lv=True)
    influence = np.hstack(list(row_influences(fit, standard)))
    column = "std_all" if standard else "est"
    rows = np.arange(0, fit.n_rows, 25)
    refits = sem.refit(fit, [np.delete(np.arange(fit.n_rows), row) for row in rows])
    moved = getattr(refits, column) - fit.params[column].to_numpy()
    # to first order: what is left is of the order of one row in a group of 150
    assert np.corrcoef(moved.ravel(), -influence[rows].ravel())[0, 1] > 0.999
    assert np.abs(moved + influence[rows]).max() < 0.1 * np.abs(moved).max()


def test_influences_on_standardised_parameters_have_their_sandwich_covariance(
    likert: pd.DataFrame,
) -> None:
    fit = sem.fit(MODEL, likert, group="model", group_equal=["loadings"], estimator="MLR")
    influence = np.hstack(list(row_influences(fit, standard=True)))
    errors = fit.params["std_all_se"].to_numpy(float)
    assert np.sqrt((influence**2).sum(axis=0)) == pytest.approx(errors, rel=1e-6, abs=1e-9)
