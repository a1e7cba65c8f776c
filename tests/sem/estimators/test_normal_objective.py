import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.sem.estimators.normal_objective import meets_means
from vaar.sem.search.minimise import minimise

MODEL = "f =~ x1 + x2 + x3 + x4"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"group_equal": ["loadings"]}, True),
        ({"group_equal": ["loadings", "intercepts"]}, False),
        ({"effect_coding": True}, False),
        ({"missing": "fiml"}, True),
    ],
)
def test_which_models_meet_all_means(
    likert: pd.DataFrame, options: dict[str, object], expected: bool
) -> None:
    fit = sem.fit(MODEL, likert, group="model", **options)  # type: ignore[arg-type]
    assert meets_means(fit.sample, fit.structure, fit.layout) is expected


def test_searching_without_the_means_ends_where_searching_with_them_does(
    likert: pd.DataFrame,
) -> None:
    fit = sem.fit(MODEL, likert, group="model", group_equal=["loadings"])
    objective = fit.estimator.objective(fit.sample, fit.structure)
    start = fit.solution.x + 0.05
    whole = minimise(objective, fit.layout, start)
    part = fit.estimator.minimum(fit.sample, fit.structure, fit.layout, start, 1e-9, 100, None)
    assert whole.converged.all()
    np.testing.assert_allclose(part.x, whole.x, atol=1e-5)
