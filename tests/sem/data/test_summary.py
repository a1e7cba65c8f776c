"""Covariances in place of rows: lavaan's numbers (tests/reference/make_summary.R), a published path
model, those of the rows themselves, and what is refused."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import vaar.sem as sem
from vaar.errors import DataError, NoGroupError

RECORD = Path(__file__).parents[2] / "reference"
SCHOOLS = pd.read_csv(RECORD / "sem_data_hs.csv")
ITEMS = [f"x{j}" for j in range(1, 10)]
COV = {str(name): part[ITEMS].cov() for name, part in SCHOOLS.groupby("school", sort=False)}
MEAN = {str(name): part[ITEMS].mean() for name, part in SCHOOLS.groupby("school", sort=False)}
NOBS = {str(name): len(part) for name, part in SCHOOLS.groupby("school", sort=False)}
PASTEUR = next(iter(COV))
PARAMS = pd.read_csv(RECORD / "summary_params.csv", keep_default_na=False, na_values=["NA"])
MEASURES = pd.read_csv(RECORD / "summary_measures.csv").set_index(["name", "measure"])["value"]

THREE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
PATHS = "intention ~ concern + risk\nbehaviour ~ concern + risk + intention"
MIMIC = "visual =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9\nvisual + speed ~ x5"
YU = sem.get_cov(
    "1  .62 1  -.203 -.159 1  -.165 -.063 .487 1", ["risk", "concern", "intention", "behaviour"]
)
MOMENTS: dict[str, Any] = {"sample_cov": COV, "sample_mean": MEAN, "nobs": NOBS}
ONE: dict[str, Any] = {"sample_cov": COV[PASTEUR], "nobs": NOBS[PASTEUR]}
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "yu": (PATHS, {"sample_cov": YU, "nobs": 8345}),
    "yu_free": (PATHS, {"sample_cov": YU, "nobs": 8345, "fixed_x": False}),
    "one": (THREE, ONE),
    "means": (THREE, ONE | {"sample_mean": MEAN[PASTEUR]}),
    "spread": (THREE, {"sample_cov": COV, "nobs": NOBS, "group_equal": ["loadings"]}),
    "scalar": (THREE, MOMENTS | {"group_equal": ["loadings", "intercepts"], "std_lv": True}),
    "mimic": (MIMIC, MOMENTS),
}


@cache
def fitted(name: str) -> sem.Fit:
    model, options = CASES[name]
    return sem.fit(model, **options)


def keyed(table: pd.DataFrame, fit: sem.Fit) -> pd.DataFrame:
    keys = []
    for lhs, op, rhs, group in table[["lhs", "op", "rhs", "group"]].itertuples(index=False):
        first, second = sorted((lhs, rhs)) if op == "~~" else (lhs, rhs)
        keys.append((group if isinstance(group, str) else fit.groups[group - 1], first, op, second))
    return table.set_axis(pd.Index(keys))


@pytest.mark.parametrize("name", CASES)
def test_parameters_are_those_of_lavaan(name: str) -> None:
    fit = fitted(name)
    said, ours = keyed(PARAMS[PARAMS["name"] == name], fit), keyed(fit.params, fit)
    assert sorted(ours.index) == sorted(said.index)
    ours = ours.loc[said.index]
    np.testing.assert_allclose(ours["est"], said["est"], atol=1e-4, rtol=1e-4)
    np.testing.assert_allclose(ours["se"], said["se"], rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(ours["std_all"], said["std_all"], atol=1e-4)
    np.testing.assert_allclose(ours["std_all_se"], said["std_all_se"], rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_measures_are_those_of_lavaan(name: str) -> None:
    measures, said = fitted(name).measures, MEASURES[name].dropna()
    for measure in ("npar", "df", "baseline.df", "ntotal"):
        assert measures[measure] == said[measure]
    for measure in ("chisq", "baseline.chisq", "logl", "aic", "bic"):
        assert measures[measure] == pytest.approx(said[measure], rel=1e-6, abs=1e-8), measure
    for measure in ("cfi", "tli", "rmsea", "rmsea.ci.upper", "srmr", "crmr"):
        if measure in said.index:
            assert measures[measure] == pytest.approx(said[measure], abs=1e-6), measure


def test_the_published_paths_of_yu_et_al_come_out() -> None:
    """Yu et al. (2020), N = 8345: coefficients and standard errors as printed."""
    printed = {
        ("intention", "concern"): (-0.054, 0.014),
        ("intention", "risk"): (-0.170, 0.014),
        ("behaviour", "concern"): (0.089, 0.012),
        ("behaviour", "risk"): (-0.124, 0.012),
        ("behaviour", "intention"): (0.476, 0.010),
    }
    paths = fitted("yu").params.set_index(["lhs", "rhs"]).loc[list(printed), ["est", "se"]]
    np.testing.assert_array_equal(paths.round(3), list(printed.values()))


@pytest.mark.parametrize("equal", [[], ["loadings"], ["loadings", "intercepts"]])
def test_moments_say_what_their_rows_say(equal: list[str]) -> None:
    """ML knows the rows only by their moments: all tables agree, to the search's own precision."""
    rows = sem.fit(THREE, SCHOOLS, group="school", group_equal=equal)
    moments = sem.fit(THREE, **MOMENTS, group_equal=equal)
    columns = ["est", "se", "std_all", "std_all_se", "ci_lower", "pvalue"]
    np.testing.assert_allclose(moments.params[columns], rows.params[columns], rtol=1e-6, atol=1e-8)
    for measure in rows.measures:
        assert moments.measures[measure] == pytest.approx(rows.measures[measure], 1e-6, 1e-8)
    mi = [sem.modification_indices(fit)["mi"] for fit in (rows, moments)]
    np.testing.assert_allclose(*mi, rtol=1e-4, atol=1e-8)
    assert moments.groups == rows.groups and moments.n_rows == rows.n_rows


def test_the_ladder_of_moments_is_that_of_rows() -> None:
    rows = sem.invariance(THREE, SCHOOLS, "school").table
    moments = sem.invariance(THREE, **MOMENTS).table
    numbers = [name for name in rows if rows[name].dtype == float]
    np.testing.assert_allclose(moments[numbers], rows[numbers], rtol=1e-6, atol=1e-8)


def test_order_of_variables_and_what_the_model_does_not_name_are_no_matter() -> None:
    turned = YU.iloc[::-1, [2, 0, 3, 1]]
    more = turned.reindex(index=[*turned.index, "age"], columns=[*turned.columns, "age"])
    fit = sem.fit(PATHS, sample_cov=more, nobs=8345)
    np.testing.assert_allclose(fit.params["est"], fitted("yu").params["est"], rtol=1e-12)


@pytest.mark.parametrize("half", [np.tril, np.triu])
def test_one_triangle_is_enough(half: Any) -> None:
    kept = YU.where(half(np.ones((4, 4))).astype(bool))
    assert kept.isna().to_numpy().sum() == 6
    fit = sem.fit(PATHS, sample_cov=kept, nobs=8345)
    np.testing.assert_allclose(fit.params["est"], fitted("yu").params["est"], rtol=1e-12)


def test_groups_by_position() -> None:
    fit = sem.fit(
        THREE,
        sample_cov=list(COV.values()),
        nobs=list(NOBS.values()),
        sample_mean=list(MEAN.values()),
    )
    assert fit.groups == ("1", "2")
    named = sem.fit(THREE, **MOMENTS)
    np.testing.assert_array_equal(fit.params["est"], named.params["est"])


def test_correlations_are_told() -> None:
    told = fitted("yu").screening
    assert told["finding"].tolist() == ["correlations"]
    assert "std_all_se" in told["detail"][0]
    assert fitted("one").screening.empty


def test_standardised_results_of_correlations_are_those_of_covariances() -> None:
    """The standardised solution does not depend on the scale of the variables."""
    cov, rows = COV[PASTEUR], NOBS[PASTEUR]
    scale = pd.Series(np.sqrt(np.diag(cov)), index=cov.index)
    correlations = sem.fit(THREE, sample_cov=cov.div(scale, axis=0).div(scale), nobs=rows)
    plain = fitted("one")
    for column in ("std_all", "std_all_se"):
        np.testing.assert_allclose(correlations.params[column], plain.params[column], atol=1e-6)
    assert correlations.measures["chisq"] == pytest.approx(plain.measures["chisq"])


def test_a_group_with_no_more_rows_than_variables_is_dropped() -> None:
    fit = sem.fit(THREE, sample_cov=COV, nobs=[156, 9])
    assert fit.groups == (PASTEUR,)
    assert list(fit.dropped.values()) == ["n below p: 9 rows for 9 variables"]
    with pytest.raises(NoGroupError, match="9 rows for 9 variables"):
        sem.fit(THREE, sample_cov=COV[PASTEUR], nobs=9)


@pytest.mark.parametrize(
    ("what", "call"),
    [
        ("scoring", lambda fit: sem.factor_scores(fit)),
        ("the bootstrap", lambda fit: sem.bootstrap(fit, replicates=2)),
        ("refitting", lambda fit: sem.refit(fit, [np.arange(10)])),
    ],
)
def test_what_needs_rows_says_so(what: str, call: Any) -> None:
    with pytest.raises(DataError, match=f"^{what} needs the rows of the data"):
        call(fitted("one"))


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("needs the rows of the data.*use ML", {"estimator": "MLR"}),
    ("needs the rows of the data.*use ML", {"estimator": "WLSMV", "ordered": True}),
    ("missing='fiml' needs the rows", {"missing": "fiml"}),
    ("so is data, which needs rows", {"data": SCHOOLS}),
    ("so is ordered", {"ordered": ["x1"]}),
    ("so is cluster", {"cluster": "school"}),
    ("so is sampling_weights", {"sampling_weights": "x1"}),
    ("groups are the keys of a mapping", {"group": "school"}),
    ("without nobs", {"nobs": None}),
    ("give a whole number of rows", {"nobs": 12.5}),
    ("give a whole number of rows", {"nobs": -3}),
    ("give a whole number of rows", {"nobs": 1e30}),
    ("holds something that is no number", {"sample_cov": COV[PASTEUR].astype(complex)}),
    ("too large or too small", {"sample_cov": COV[PASTEUR] * 1e200}),
    ("too large or too small", {"sample_cov": COV[PASTEUR] * 1e-200}),
    ("give a whole number of rows", {"nobs": "many"}),
    ("does not match the groups", {"nobs": {"a": 20, "b": 20}}),
    ("does not match the groups", {"nobs": [20, 20]}),
    ("has means, and sample_mean is not given", {"meanstructure": True}),
    ("has no mean of 'x9'", {"sample_mean": MEAN[PASTEUR][:8]}),
    (
        "has no finite mean of 'x2'",
        {"sample_mean": MEAN[PASTEUR].replace({MEAN[PASTEUR].iloc[1]: np.nan})},
    ),
    ("takes a DataFrame", {"sample_cov": COV[PASTEUR].to_numpy()}),
    ("'x9' is not among its rows", {"sample_cov": COV[PASTEUR].iloc[:8]}),
    ("'x1' is twice among its columns", {"sample_cov": COV[PASTEUR].rename(columns={"x2": "x1"})}),
    (
        "holds something that is no number",
        {
            "sample_cov": COV[PASTEUR]
            .astype(object)
            .mask(COV[PASTEUR] == COV[PASTEUR].iloc[0, 0], "?")
        },
    ),
]


@pytest.mark.parametrize(("message", "options"), REFUSED, ids=range(len(REFUSED)))
def test_refusals_are_sentences(message: str, options: dict[str, Any]) -> None:
    with pytest.raises(DataError, match=message):
        sem.fit(THREE, **(ONE | options))


def changed(entries: dict[tuple[int, int], float]) -> pd.DataFrame:
    matrix = YU.copy()
    for place, value in entries.items():
        matrix.iloc[place] = value
    return matrix


@pytest.mark.parametrize(
    ("message", "matrix"),
    [
        ("not symmetric: .*'risk'.* -0.159 .* and -0.203", changed({(2, 0): -0.159})),
        ("not positive definite.*eigenvalue", changed({(0, 1): 1.0, (1, 0): 1.0})),
        ("not positive definite.*variance 0", changed({(3, 3): 0.0})),
        ("not positive definite.*variance -1", changed({(3, 3): -1.0})),
        ("has nan between", changed({(0, 1): np.nan, (1, 0): np.nan})),
        ("has inf between", changed({(0, 1): np.inf, (1, 0): np.inf})),
    ],
)
def test_matrices_that_are_none_are_refused(message: str, matrix: pd.DataFrame) -> None:
    with pytest.raises(DataError, match=message):
        sem.fit(PATHS, sample_cov=matrix, nobs=8345)


def test_nothing_to_fit_to() -> None:
    with pytest.raises(DataError, match="give data, or sample_cov with nobs"):
        sem.fit(THREE)
    with pytest.raises(DataError, match="there is no sample_cov"):
        sem.fit(THREE, SCHOOLS, nobs=301)


def test_equal_intercepts_without_means_are_refused() -> None:
    with pytest.raises(DataError, match="means"):
        sem.fit(THREE, sample_cov=COV, nobs=NOBS, group_equal=["loadings", "intercepts"])


def test_equalities_of_one_matrix_are_refused() -> None:
    with pytest.raises(DataError, match="group_equal"):
        sem.fit(THREE, **ONE, group_equal=["loadings"])


def test_the_script_for_lavaan_has_the_matrices() -> None:
    script = sem.to_lavaan(fitted("scalar"))
    assert 'cov <- list("Pasteur" = matrix(c(' in script
    assert 'n <- list("Pasteur" = 156, "Grant-White" = 145)' in script
    assert "sample.mean = mean" in script and "read.csv" not in script
    assert "sample.mean" not in sem.to_lavaan(fitted("one"))


def test_fits_of_moments_are_compared_where_the_moments_are_the_same() -> None:
    equal, free = (sem.fit(THREE, **MOMENTS, group_equal=kinds) for kinds in (["loadings"], []))
    rows = [
        sem.fit(THREE, SCHOOLS, group="school", group_equal=kinds) for kinds in (["loadings"], [])
    ]
    ours, theirs = sem.compare(equal, free), sem.compare(rows[0], rows[1])
    assert ours.df == theirs.df
    assert ours.statistic == pytest.approx(theirs.statistic)
    other = sem.fit(THREE, **(MOMENTS | {"nobs": [156, 146]}))
    with pytest.raises(DataError, match="or moments"):
        sem.compare(equal, other)
    with pytest.raises(DataError, match="fit both to the same data"):
        sem.compare(rows[0], free)


# --- get_cov ------------------------------------------------------------------------------------
@given(st.integers(1, 6), st.randoms(use_true_random=False))
def test_get_cov_reads_a_triangle_with_and_without_its_diagonal(p: int, random: Any) -> None:
    names = [f"v{i}" for i in range(p)]
    sds = [random.uniform(0.5, 3) for _ in names]
    r = np.eye(p)
    rows = []
    for i in range(p):
        for j in range(i):
            r[i, j] = r[j, i] = round(random.uniform(-0.9, 0.9), 2)
        rows.append(r[i, : i + 1])
    whole = "\n".join(" ".join(f"{x:g}" for x in row) for row in rows)
    below = ", ".join(f"{x:g}" for row in rows for x in row[:-1])
    np.testing.assert_allclose(sem.get_cov(whole, names), r)
    np.testing.assert_allclose(
        sem.get_cov(below, names, sds, diagonal=False), r * np.outer(sds, sds)
    )
    assert list(sem.get_cov(whole, names).index) == names


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("has 3", ("1 .5", ["a", "b"])),
        ("no number", ("1 half 1", ["a", "b"])),
        ("every variable once", ("1 .5 1", ["a", "a"])),
        ("3 standard deviations for 2", ("1 .5 1", ["a", "b"], [1, 2, 3])),
    ],
)
def test_get_cov_refuses(message: str, arguments: Any) -> None:
    with pytest.raises(DataError, match=message):
        sem.get_cov(*arguments)
