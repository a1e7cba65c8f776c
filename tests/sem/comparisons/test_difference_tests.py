from typing import Any

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError, ModelSyntaxError

MODEL = "f =~ x1 + x2 + x3 + x4\ng =~ x5 + x6 + x7\ng ~ c(p, q, r)*f"


def fitted(data: pd.DataFrame, *equal: str, **options: Any) -> sem.Fit:
    return sem.fit(MODEL, data, group="model", group_equal=equal, **options)


def test_the_order_of_the_fits_does_not_matter(likert: pd.DataFrame) -> None:
    loose, strict = fitted(likert), fitted(likert, "loadings")
    one, other = sem.compare(loose, strict), sem.compare(strict, loose)
    assert one == other
    assert one.df == 10
    assert one.statistic == pytest.approx(strict.measures["chisq"] - loose.measures["chisq"])


def test_fits_to_different_rows_cannot_be_compared(likert: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="different groups or rows"):
        sem.compare(fitted(likert), fitted(likert.iloc[5:], "loadings"))


def test_fits_by_different_estimators_cannot_be_compared(likert: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="different estimators, ML and MLR"):
        sem.compare(fitted(likert), fitted(likert, "loadings", estimator="MLR"))


def test_an_unknown_method_is_refused(likert: pd.DataFrame) -> None:
    fit = fitted(likert)
    with pytest.raises(DataError, match=r"allowed are satorra\.bentler\.2001"):
        sem.compare(fit, fit, method="mlm")


def test_a_fit_against_itself_has_no_test(likert: pd.DataFrame) -> None:
    found = sem.compare(fitted(likert), fitted(likert))
    assert found.df == 0 and np.isnan(found.pvalue)


def test_the_wald_test_of_one_label_is_its_z_squared(likert: pd.DataFrame) -> None:
    fit = fitted(likert, "loadings", estimator="MLR")
    z = fit.params.query("label == 'p'")["z"].item()
    assert sem.wald(fit, "p == 0").statistic == pytest.approx(z**2, rel=1e-6)


def test_wald_and_likelihood_ratio_agree_in_the_large(likert: pd.DataFrame) -> None:
    free = fitted(likert, "loadings")
    equal = sem.fit(
        MODEL.replace("c(p, q, r)*", "b*"), likert, group="model", group_equal=["loadings"]
    )
    ratio, wald = sem.compare(free, equal), sem.wald(free, ["p == q", "q == r"])
    assert ratio.df == wald.df == 2
    assert wald.statistic == pytest.approx(ratio.statistic, rel=0.15, abs=0.2)


def test_a_hypothesis_said_twice_is_not_tested(likert: pd.DataFrame) -> None:
    found = sem.wald(fitted(likert), "p == q; q == p")
    assert np.isnan(found.statistic) and np.isnan(found.pvalue)


@pytest.mark.parametrize(
    ("hypothesis", "words"),
    [
        ("p = q", "got the hypothesis 'p = q'"),
        ("p == z", "'z' in .* is no label"),
        (" ", "is empty"),
    ],
)
def test_wrong_hypotheses_are_refused(likert: pd.DataFrame, hypothesis: str, words: str) -> None:
    with pytest.raises(ModelSyntaxError, match=words):
        sem.wald(fitted(likert), hypothesis)
