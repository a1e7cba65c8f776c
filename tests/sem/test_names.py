"""Names that do not exist are answered with those that do."""

from __future__ import annotations

import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError, UnknownNameError

MODEL = "f =~ x1 + x2 + x3 + x4"


@pytest.mark.parametrize(
    ("name", "meant"),
    [("cfii", "cfi"), ("RMSEA", "rmsea"), ("chi.sq", "chisq"), ("rmsea.ci.low", "rmsea_ci_lower")],
)
def test_a_mistyped_measure(hs: pd.DataFrame, name: str, meant: str) -> None:
    measures = sem.fit(MODEL, hs).measures
    with pytest.raises(UnknownNameError, match=f"no measure '{name}': did you mean .*'{meant}'"):
        measures[name]
    with pytest.raises(KeyError, match="did you mean"):
        measures[name]
    assert name not in measures and measures.get(name) is None


def test_a_measure_that_is_like_none_is_told_all(hs: pd.DataFrame) -> None:
    with pytest.raises(UnknownNameError, match="there are npar, ntotal"):
        sem.fit(MODEL, hs).measures["zzzzz"]


@pytest.mark.parametrize(
    "text", ["x1 =~ x2 + x3 + x4", "school =~ x1 + x2 + x3", "ageyr =~ x1 + x2"]
)
@pytest.mark.parametrize("estimator", ["ML", "WLSMV"])
def test_a_latent_variable_is_no_column(hs: pd.DataFrame, text: str, estimator: str) -> None:
    with pytest.raises(DataError, match="a latent variable of the model and a column"):
        sem.fit(text, hs, estimator=estimator, ordered=estimator == "WLSMV")
