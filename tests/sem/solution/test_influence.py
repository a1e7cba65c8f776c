import numpy as np
import pandas as pd

import vaar.sem as sem
from vaar.sem.estimators.normal_likelihood import case_scores, evaluate
from vaar.sem.solution.influence import column_influences

MODEL = "f =~ x1 + x2 + x3 + x4"


def test_leaving_a_row_out_moves_estimates_by_its_influence(likert: pd.DataFrame) -> None:
    fit = sem.fit(
        MODEL, likert, group="model", group_equal=["loadings"], estimator="MLR", std_lv=True
    )
    at = evaluate(fit.solution.implied, fit.sample.moments)
    scores = case_scores(at, fit.sample, fit.structure)
    streams = list(column_influences(scores, fit.sample.group, fit.solution, fit.layout))
    for row in (0, 200, 400):
        left = np.delete(np.arange(fit.n_rows), row)
        moved = sem.refit(fit, [left]).est[0] - fit.params["est"].to_numpy()
        for g, influence in enumerate(streams):
            expected = -influence[row]
            free = fit.layout.column[g] < fit.layout.n_columns
            found = moved.reshape(3, -1)[g][free]
            np.testing.assert_allclose(
                found, expected[fit.layout.column[g][free]], atol=2e-3, rtol=0.2
            )


def test_influences_have_the_sandwich_covariance(likert: pd.DataFrame) -> None:
    fit = sem.fit(MODEL, likert, group="model", group_equal=["loadings"], estimator="MLR")
    at = evaluate(fit.solution.implied, fit.sample.moments)
    scores = case_scores(at, fit.sample, fit.structure)
    streams = column_influences(scores, fit.sample.group, fit.solution, fit.layout)
    assert fit.solution.precision is not None
    for g, influence in enumerate(streams):
        np.testing.assert_allclose(
            influence.T @ influence, fit.solution.precision.covariance.columns(g), atol=1e-9
        )
