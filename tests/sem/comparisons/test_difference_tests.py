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


ONE = "f =~ x1 + x2 + x3 + x4"


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (ONE, "f =~ x1 + x2 + x3 + x5\nx1 ~~ x2", "different variables: x4, x5"),
        (ONE, "f =~ x1 + x2 + x3", "different variables: x4"),
        (ONE, ONE + "\ng =~ x5 + x6 + x7\nf ~~ 0*g", "different variables: x5, x6, x7"),
        ("x1 ~ x2", "x1 ~ x2 + x3", "different variables: x3"),
    ],
)
@pytest.mark.parametrize("estimator", ["ML", "MLR"])
@pytest.mark.parametrize("group", [None, "model"])
def test_fits_of_different_variables_cannot_be_compared(
    likert: pd.DataFrame, one: str, other: str, words: str, estimator: str, group: str | None
) -> None:
    first, second = (sem.fit(text, likert, group, estimator) for text in (one, other))
    with pytest.raises(DataError, match=words):
        sem.compare(first, second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x1 ~ x2 + x3", "x1 ~ x2 + 0*x3"),
        (ONE + "\nf ~ x5", ONE + "\nf ~ 0*x5"),
        ("x1 ~ x2 + x3\nx2 ~ x3", "x1 ~ x2 + x3\nx2 ~ 0*x3"),
    ],
)
@pytest.mark.parametrize("held", [True, False])
def test_fits_that_hold_other_predictors_cannot_be_compared(
    likert: pd.DataFrame, one: str, other: str, held: bool
) -> None:
    first = sem.fit(one, likert, fixed_x=held)
    with pytest.raises(DataError, match="fixed_x="):
        sem.compare(first, sem.fit(other, likert, fixed_x=not held))
    assert sem.compare(first, sem.fit(other, likert, fixed_x=held)).df == 1


@pytest.mark.parametrize("change", ["values", "groups", "shuffled", "missing"])
def test_fits_of_other_answers_in_the_same_rows_cannot_be_compared(
    gaps: pd.DataFrame, change: str
) -> None:
    rng = np.random.default_rng(1)
    data = gaps.assign(model=rng.permutation(gaps["model"].to_numpy()))
    other = {
        "values": data.assign(x1=data["x1"] + 1),
        "groups": data.assign(model=rng.permutation(data["model"].to_numpy())),
        "shuffled": data.sample(frac=1, random_state=1),
        "missing": data.assign(x2=data["x2"].mask(np.arange(len(data)) == 3)),
    }[change]
    order = {"model": pd.CategoricalDtype(sorted(data["model"].unique()))}
    first, second = (
        sem.fit(ONE, table.astype(order), "model", missing="fiml", group_equal=equal)
        for table, equal in ((data, ()), (other, ("loadings",)))
    )
    with pytest.raises(DataError, match="answers in the same rows"):
        sem.compare(first, second)


@pytest.mark.parametrize("method", [None, "satorra.bentler.2010"])
def test_the_order_of_the_variables_does_not_matter(gaps: pd.DataFrame, method: str | None) -> None:
    one = sem.fit("f =~ x2 + x1 + x4 + x3", gaps, missing="fiml", estimator="MLR")
    two = sem.fit("f =~ x2 + a*x1 + x4 + a*x3", gaps, missing="fiml", estimator="MLR")
    three = sem.fit(
        "f =~ NA*x3 + x4 + a*x1 + 1*x2\nf =~ a*x3", gaps, missing="fiml", estimator="MLR"
    )
    found, again = sem.compare(one, two, method), sem.compare(one, three, method)
    assert found.statistic == pytest.approx(again.statistic, rel=1e-4)


def test_ordinal_variables_stand_in_one_order(likert: pd.DataFrame) -> None:
    first, second = (
        sem.fit(text, likert, estimator="WLSMV", ordered=True)
        for text in (ONE, "f =~ a*x4 + a*x3 + x2 + x1")
    )
    with pytest.raises(DataError, match="one order"):
        sem.compare(first, second)


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_negative_difference_is_no_perfect_fit(
    likert: pd.DataFrame, estimator: str, turned: bool
) -> None:
    """The model with more free parameters is the worse one: they are not nested."""
    better = sem.fit("f =~ x1 + x2 + x3 + a*x4\nx1 ~~ a*x1", likert, estimator=estimator)
    worse = sem.fit("f =~ x1\ng =~ x2\nh =~ x3 + x4\nf ~~ 0*g + h", likert, estimator=estimator)
    found = sem.compare(worse, better) if turned else sem.compare(better, worse)
    assert found.df > 0 and found.statistic < 0
    assert np.isnan(found.pvalue)
    assert "lower χ²" in found.note and "lower χ²" in repr(found)


def test_a_fit_without_a_result_is_not_compared(likert: pd.DataFrame) -> None:
    loose = sem.fit("f =~ NA*x1 + x2 + x3 + x4", likert)
    found = sem.compare(loose, sem.fit(ONE + "\nx1 ~~ a*x1\nx2 ~~ a*x2", likert))
    assert loose.outcome is sem.Outcome.NOT_IDENTIFIED
    assert np.isnan(found.pvalue) and "NOT_IDENTIFIED" in found.note


def test_an_unknown_method_is_refused(likert: pd.DataFrame) -> None:
    fit = fitted(likert)
    with pytest.raises(DataError, match=r"allowed are satorra\.bentler\.2001"):
        sem.compare(fit, fit, method="mlm")


def test_a_fit_against_itself_has_no_test(likert: pd.DataFrame) -> None:
    found = sem.compare(fitted(likert), fitted(likert))
    assert found.df == 0 and np.isnan(found.pvalue)
    assert "nothing to test" in found.note


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
