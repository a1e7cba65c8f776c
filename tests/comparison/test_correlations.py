import numpy as np
import pytest

from support.compared import figure, run_of
from vaar.analyses.correlation import pearson
from vaar.comparison.correlations import FEWEST_MODELS, correlations_table
from vaar.comparison.figures import figures_table

X = np.array([0.1, 0.4, 0.2, 0.8, 0.6, 0.9])
Y = np.array([0.2, 0.3, 0.1, 0.9, 0.5, 0.6])


def pair(n=6, simulated=False, prefix="m", half=0.01, **further):
    for k in range(n):
        name = f"{prefix}{k}"
        yield figure(name, X[k], half, "gap", simulated=simulated, **further)
        yield figure(name, Y[k], half, "vaar", simulated=simulated)


def correlations(*runs):
    return correlations_table(figures_table(runs))


def test_two_measures_of_two_runs_are_correlated_over_the_models_of_one_name(study):
    gaps, rates = list(pair())[::2], list(pair())[1::2]
    found = correlations(run_of(study, "a", gaps), run_of(study, "b", rates)).iloc[0]
    known = pearson(X, Y)
    assert (found["one"], found["other"], found["models"]) == ("gap", "vaar", 6)
    assert (found["pearson"], found["pearson_lower"], found["p"]) == pytest.approx(
        (known.value, known.lower, known.p)
    )
    assert found["why_not"] == ""


def test_below_the_fewest_models_nothing_is_told_but_why(study):
    found = correlations(run_of(study, "a", pair(FEWEST_MODELS - 1))).iloc[0]
    assert found["models"] == 5 and np.isnan(found["pearson"])
    assert found["why_not"] == "fewer than 6 models have both"


def test_simulated_respondents_are_never_pooled_with_models(study):
    figures = [*pair(3), *pair(3, simulated=True, prefix="s")]
    found = correlations(run_of(study, "a", figures))
    assert found["simulated"].tolist() == [False, True]
    assert found["models"].tolist() == [3, 3] and found["pearson"].isna().all()


def test_the_latest_figure_of_a_model_counts(study):
    early = [figure(f"m{k}", 0.0, measure="gap") for k in range(6)]
    found = correlations(run_of(study, "a", early), run_of(study, "b", pair()))
    assert found.iloc[0]["pearson"] == pytest.approx(pearson(X, Y).value)


def test_a_figure_with_a_flaw_is_no_model_of_a_pair(study):
    flawed = [*pair(5), figure("m5", 0.9, flaw="yes"), figure("m5", 0.6, measure="vaar")]
    assert correlations(run_of(study, "a", flawed)).iloc[0]["models"] == 5


def test_parts_and_people_are_correlated_with_nothing(study):
    assert correlations(run_of(study, "a", pair(leading=False))).empty
    people = [figure(f"p{k}", 0.1 * k, people=True, measure=m) for k in range(6) for m in "ab"]
    assert correlations(run_of(study, "a", people)).empty


def test_error_is_told_as_reliability_and_taken_out_of_the_correlation(study):
    found = correlations(run_of(study, "a", pair(half=0.2))).iloc[0]
    se = 0.2 / 1.959963984540054
    known = 1 - se**2 / X.var(ddof=1)
    assert found["reliability_one"] == pytest.approx(known)
    assert found["corrected"] == pytest.approx(
        found["pearson"] / np.sqrt(known * found["reliability_other"])
    )


def test_a_measure_that_is_the_same_for_all_is_correlated_with_nothing(study):
    figures = [figure(f"m{k}", 1.0, None) for k in range(6)]
    figures += [figure(f"m{k}", Y[k], measure="vaar") for k in range(6)]
    found = correlations(run_of(study, "a", figures)).iloc[0]
    assert found["why_not"] == "one of the two is the same for all models"
