import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import vaar.sem as sem
from vaar.analyses.alignment.align import align
from vaar.analyses.alignment.covariates import adjusted, code_covariates
from vaar.analyses.alignment.options import AnalysisOptions
from vaar.errors import DataError
from vaar.sem.model.parameters import specify

QUICK = AnalysisOptions(replicates=0, subsamples=2)


def text(values):
    return pd.Series(values, dtype="string")


def one(values, name="age"):
    return code_covariates(pd.DataFrame({name: text(values)}), [name])


def test_numbers_are_amounts_on_one_scale():
    (covariate,), table = one(["20", "40", None, "60"])
    assert (covariate.columns, covariate.levels, covariate.n_missing) == (("x1.age",), (), 1)
    column = table["x1.age"]
    assert column.mean() == pytest.approx(0) and column.std(ddof=0) == pytest.approx(1)
    assert np.isnan(column[2])
    assert column[1] - column[0] == pytest.approx(column[3] - column[1])


def test_categories_stand_against_the_most_frequent():
    (covariate,), table = one(["b", "a", "b", "c d", None], "town")
    assert covariate.reference == "b"
    assert covariate.levels == ("a", "c d")
    assert covariate.columns == ("x1.town.a", "x2.town.c_d")
    assert table.iloc[:4].to_numpy().tolist() == [[0, 0], [1, 0], [0, 0], [0, 1]]
    assert table.iloc[4].isna().all()


def test_of_equally_frequent_levels_the_first_by_name_is_the_reference():
    assert one(["b", "a"])[0][0].reference == one(["a", "b"])[0][0].reference == "a"


@given(st.lists(st.text(min_size=1), min_size=2, max_size=12, unique=True))
def test_any_text_becomes_names_that_the_syntax_reads(found):
    names = [f"not a number {name}" for name in found]
    (covariate,), table = one(names, 'a"; f =~ 1\n#')
    assert list(table) == list(covariate.columns)
    assert len(set(table)) == len(names) - 1
    model = adjusted("f =~ y1 + y2 + y3\nz ~ f", list(table))
    assert set(table) <= set(specify(model).exogenous)


@pytest.mark.parametrize(
    ("values", "words"),
    [(["1", "1", None], "does not vary"), (list("abcdefghijklm"), "13 categories; at most 12")],
)
def test_what_cannot_be_a_covariate_is_refused(values, words):
    with pytest.raises(DataError, match=words):
        one(values)


def test_without_covariates_the_model_is_as_it_was():
    assert adjusted("f =~ y1 + y2", []) == "f =~ y1 + y2"


@pytest.mark.parametrize(
    "model",
    [
        "f =~ a1 + a2 + a3\ng =~ b1 + b2 + b3\nh =~ c1 + c2 + c3\nh ~ f + g",
        "f =~ a1 + a2 + a3\ng =~ b1 + b2 + b3\nh =~ c1 + c2 + c3\nh ~ f + g\nf ~~ 0*g",
        "f =~ a1 + a2 + a3\ng =~ b1 + b2 + b3\nh =~ c1 + c2 + c3\nh ~ f\nf ~~ g",
        "f =~ a1 + a2 + a3\ng =~ b1 + b2 + b3\nh =~ f + g\ny ~ h",
        "f =~ a1 + a2 + a3\ng =~ b1 + b2 + b3\ng ~ f\ny ~ g + f\nw ~ g",
    ],
)
def test_covariances_are_free_or_zero_as_they_were(model):
    def free(text):
        rows = [r for r in specify(text).rows if r.op == "~~" and r.lhs != r.rhs]
        return {
            frozenset((r.lhs, r.rhs))
            for r in rows
            if r.modifier.values != (0.0,) and not r.lhs.startswith("x1.")
        }

    assert free(adjusted(model, ["x1.age"])) == free(model)


def confounded(n, seed, effects=(0.7, 0.6, -0.8), paths=(-0.3, 0.4)):
    """Scores in which an attribute moves values and action; and the true adjusted paths."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=n)
    e = rng.normal(size=(3, n))
    privacy, prosocial = effects[0] * z + e[0], effects[1] * z + 0.3 * e[0] + e[1]
    action = paths[0] * privacy + paths[1] * prosocial + effects[2] * z + 0.8 * e[2]
    parcels = {
        f"{code}{k}": factor + 0.6 * rng.normal(size=n)
        for code, factor in (("p", privacy), ("s", prosocial), ("a", action))
        for k in range(3)
    }
    true = np.array(paths) * [privacy.std(), prosocial.std()] / action.std()
    return pd.DataFrame(parcels).assign(group="m", age=z), true


MODEL = "P =~ p0 + p1 + p2\nS =~ s0 + s1 + s2\nA =~ a0 + a1 + a2\nA ~ P + S\nP ~~ S"


def paths_of(fit):
    found = fit.params.set_index(["lhs", "op", "rhs"])
    return np.array([found.loc[("A", "~", name), "std_all"] for name in ("P", "S")], float)


def test_the_adjusted_path_is_recovered_where_an_attribute_confounds():
    data, true = confounded(20_000, 1)
    naive = paths_of(sem.fit(MODEL, data))
    found = paths_of(sem.fit(adjusted(MODEL, ["age"]), data))
    assert found == pytest.approx(true, abs=0.015)
    assert np.abs(naive - true).max() > 0.15, "the test would pass without adjusting"


def test_regressing_the_outcome_alone_would_misfit_where_predictors_go_with_the_attribute():
    data, _ = confounded(5_000, 1)
    alone = sem.fit(f"{MODEL}\nA ~ age", data).measures["cfi"]
    assert alone < 0.96 < 0.99 < sem.fit(adjusted(MODEL, ["age"]), data).measures["cfi"]


def test_it_is_the_path_of_the_model_in_which_all_predictors_covary():
    data, _ = confounded(400, 2)
    written = MODEL + "\nA ~ age\nage ~~ P + S\nage ~~ age"
    other = sem.fit(written, data, fixed_x=False)
    assert paths_of(sem.fit(adjusted(MODEL, ["age"]), data)) == pytest.approx(
        paths_of(other), abs=1e-5
    )
    assert sem.fit(adjusted(MODEL, ["age"]), data).measures["chisq"] == pytest.approx(
        other.measures["chisq"], rel=1e-5
    )


def test_between_observed_variables_it_is_the_partial_regression_coefficient():
    data, _ = confounded(300, 3)
    fit = sem.fit(adjusted("a0 ~ p0 + s0", ["age"]), data)
    design = np.column_stack([np.ones(300), data[["p0", "s0", "age"]]])
    expected = np.linalg.lstsq(design, data["a0"], rcond=None)[0][1:3]
    found = fit.params.set_index(["lhs", "op", "rhs"])["est"]
    assert [found["a0", "~", "p0"], found["a0", "~", "s0"]] == pytest.approx(expected, abs=1e-6)


# Population values: b · sd(predictor) / sd(action), by covariance algebra.
_EFFECT, _MIX = np.array([0.7, 0.6]), np.array([[1, 0], [0.3, 1]])
_COV = np.outer(_EFFECT, _EFFECT) + _MIX @ _MIX.T
_B = np.array([-0.3, 0.4])
_VAR = _B @ _COV @ _B + 2 * (_B @ _EFFECT) * -0.8 + 0.64 + 0.64
TRUE = pd.Series(_B * np.sqrt(np.diag(_COV)) / np.sqrt(_VAR), ["P", "S"])


@pytest.mark.slow
def test_intervals_of_adjusted_paths_cover_the_truth():
    covered = []
    for seed in range(150):
        data, _ = confounded(200, seed + 10)
        table = sem.fit(adjusted(MODEL, ["age"]), data, estimator="MLR").params
        rows = table[(table["op"] == "~") & table["rhs"].isin(["P", "S"])]
        truth = TRUE[rows["rhs"].tolist()].to_numpy()
        margin = 1.96 * rows["std_all_se"].astype(float)
        covered.append((rows["std_all"].astype(float) - truth).abs() <= margin)
    assert 0.95 - 3 * np.sqrt(0.95 * 0.05 / 300) < np.mean(covered)


def test_a_run_is_adjusted_in_every_group_and_one_without_variation_is_left_out(simulate, bundled):
    rng = np.random.default_rng(4)
    first = simulate("human-like", 200, group="a").assign(x=rng.normal(size=200))
    same = simulate("human-like", 200, start=400, group="b").assign(x=1.0)
    table = pd.concat([first, same], ignore_index=True)
    found = align(table, bundled, QUICK, covariates=["x"])
    status = found.vaar.set_index("group")
    assert status.loc["a", "status"] == "estimated"
    assert status.loc["b", "status"] == "not_estimable"
    assert "x: all 200 answers are 1" in status.loc["b", "reason"]
    assert found.paths["path"].nunique() == 2, "covariates are no hypotheses"
