"""Items that no row has together: scaled tests as lavaan's, recorded by
tests/reference/make_apart.R, and no robust measures, for which the data hold too little."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem

RECORD = Path(__file__).parents[2] / "reference"
CASES = pd.read_csv(RECORD / "apart.csv", keep_default_na=False)
MODEL = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"


def with_holes(hs: pd.DataFrame, name: str) -> pd.DataFrame:
    i = np.arange(len(hs))
    half, third, pasteur = i % 2, i % 3, hs["school"].to_numpy() == "Pasteur"
    holes = {
        "never": {"x1": half == 0, "x2": half == 1},
        "three": {"x1": third != 0, "x2": third != 1, "x3": third != 2},
        "across": {"x1": half == 0, "x9": half == 1},
        "blocks": {"x4": half == 0, "x5": half == 0, "x7": half == 1},
        "school": {"x1": pasteur & (half == 0), "x2": pasteur & (half == 1)},
    }[name]
    return hs.assign(**{item: hs[item].mask(hole) for item, hole in holes.items()})


@pytest.mark.parametrize("group", ["", "school"])
@pytest.mark.parametrize("name", sorted({*CASES["data"]} - {"three"}))
def test_scaled_tests(hs: pd.DataFrame, name: str, group: str) -> None:
    fit = sem.fit(MODEL, with_holes(hs, name), group or None, "MLR", "fiml")
    said = CASES[(CASES["data"] == name) & (CASES["group"] == group)]
    ours = [fit.measures[measure] for measure in said["measure"]]
    np.testing.assert_allclose(ours, said["value"].astype(float), rtol=1e-4)


def test_three_indicators_of_which_no_row_has_two_do_not_identify_a_factor(
    hs: pd.DataFrame,
) -> None:
    """lavaan inverts an information that is singular but for rounding."""
    fit = sem.fit(MODEL, with_holes(hs, "three"), None, "MLR", "fiml")
    said = CASES[(CASES["data"] == "three") & (CASES["group"] == "")].set_index("measure")["value"]
    assert fit.outcome is sem.Outcome.NOT_IDENTIFIED
    assert fit.measures["chisq"] == pytest.approx(float(said["chisq"]), rel=1e-6)
    assert np.isnan([fit.measures[name] for name in ("chisq_scaled", "cfi_scaled")]).all()


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
@pytest.mark.parametrize("name", CASES["data"].unique())
def test_robust_measures_do_not_exist(hs: pd.DataFrame, name: str, estimator: str) -> None:
    fit = sem.fit(MODEL, with_holes(hs, name), "school", estimator, "fiml")
    assert np.isnan([fit.measures[f"{kind}_robust"] for kind in ("cfi", "tli", "rmsea")]).all()


def test_no_robust_measure_is_perfect_where_none_exists(hs: pd.DataFrame) -> None:
    """Of a model without degrees of freedom too, whose RMSEA would be 0."""
    half = np.arange(len(hs)) % 2
    data = hs.assign(x1=hs["x1"].where(half == 0), x2=hs["x2"].where(half == 1))
    measures = sem.fit("f =~ x1 + x2 + x3", data, missing="fiml", estimator="MLR").measures
    for name in ("cfi_robust", "tli_robust", "rmsea_robust", "rmsea_ci_upper_robust"):
        assert np.isnan(measures[name]), name


def test_what_is_never_answered_together_is_told(hs: pd.DataFrame) -> None:
    found = sem.fit(MODEL, with_holes(hs, "school"), "school", missing="fiml").screening
    told = found[found["finding"] == "never answered together"]
    assert told[["group", "item", "action"]].to_numpy().tolist() == [["Pasteur", "x1, x2", "kept"]]


GAPS = pd.read_csv(RECORD / "predictor_gaps.csv", keep_default_na=False)
PREDICTED = "visual =~ x1 + x2 + x3\nx5 ~ visual + x9\nvisual ~ ageyr + x9"


def with_gaps_in_predictors(hs: pd.DataFrame) -> pd.DataFrame:
    i = np.arange(len(hs))
    holes = {"ageyr": i % 7 == 0, "x9": i % 5 == 1, "x1": i % 6 == 2, "x5": i % 4 == 3}
    return hs.assign(**{item: hs[item].mask(hole) for item, hole in holes.items()})


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
@pytest.mark.parametrize("group", ["", "school"])
def test_the_baseline_takes_every_answer_of_predictors(
    hs: pd.DataFrame, group: str, estimator: str
) -> None:
    """Recorded by tests/reference/make_predictor_gaps.R."""
    data = with_gaps_in_predictors(hs)
    fit = sem.fit(PREDICTED, data, group or None, estimator, "fiml", fixed_x=False)
    said = GAPS[(GAPS["group"] == group) & (GAPS["estimator"] == estimator)]
    ours = [fit.measures[measure] for measure in said["measure"]]
    np.testing.assert_allclose(ours, said["value"].astype(float), rtol=1e-5)


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_robust_cfi_is_that_of_a_baseline_written_out(hs: pd.DataFrame, estimator: str) -> None:
    data = with_gaps_in_predictors(hs)

    def excess(model: str) -> tuple[float, sem.Fit]:
        fit = sem.fit(model, data, None, estimator, "fiml", fixed_x=False)
        return fit.measures["rmsea_robust"] ** 2 * fit.measures["df"], fit

    alone = "\n".join(f"{name} ~~ {name}\n{name} ~ 1" for name in ("x1", "x2", "x3", "x5"))
    baseline, _ = excess(f"{alone}\nx9 ~~ ageyr")
    model, fit = excess(PREDICTED)
    assert fit.measures["cfi_robust"] == pytest.approx(1 - model / baseline, abs=1e-8)
