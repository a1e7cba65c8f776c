"""Without standard errors there are none of what follows from them either."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
@pytest.mark.parametrize(
    "model",
    [
        "f =~ NA*x1 + a*x2 + b*x3 + x4",
        "f =~ NA*x1 + a*x2 + b*x3 + x4\nx5 ~ x6",
        "x1 ~ a*x2\nx2 ~ b*x1",
    ],
)
def test_a_model_that_is_not_identified(hs: pd.DataFrame, model: str, estimator: str) -> None:
    fit = sem.fit(f"{model}\nratio := a/b\nproduct := a*b", hs, estimator=estimator)
    assert fit.outcome is sem.Outcome.NOT_IDENTIFIED
    defined = fit.params[fit.params["op"] == ":="]
    assert np.isfinite(defined["est"]).all()
    assert defined[["se", "z", "pvalue", "ci_lower", "std_all_se"]].isna().all(axis=None)
    assert sem.vcov(fit).isna().all(axis=None)
    for hypothesis in ("a == b", "a == 0"):
        test = sem.wald(fit, hypothesis)
        assert np.isnan([test.statistic, test.pvalue]).all()


def test_an_error_beyond_all_numbers_is_none(hs: pd.DataFrame) -> None:
    row = sem.fit("f =~ x1 + a*x2 + x3 + x4\nq := exp(1000*a)", hs).params.iloc[-1]
    assert np.isnan([row["se"], row["z"], row["pvalue"]]).all()
