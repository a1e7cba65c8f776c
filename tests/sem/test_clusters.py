"""Clusters and sampling weights as lavaan takes them, recorded by tests/reference/make_clusters.R,
and what must hold of any sandwich over clusters."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy

import vaar.sem as sem
from vaar.errors import DataError
from vaar.sem.data.ordinal.sample import OrdinalSample

RECORD = Path(__file__).parents[1] / "reference"
DATA = pd.read_csv(RECORD / "cluster_data.csv")
CASES = pd.read_csv(RECORD / "cluster_cases.csv", keep_default_na=False).set_index("name")
PARAMS = pd.read_csv(RECORD / "cluster_params.csv", keep_default_na=False, na_values=["NA"])
MEASURES = pd.read_csv(RECORD / "cluster_measures.csv").set_index(["name", "measure"])["value"]
TESTS = pd.read_csv(RECORD / "cluster_tests.csv")

EXACT = ("npar", "df", "baseline.df", "ntotal")
RELATIVE = dict.fromkeys(("chisq", "baseline.chisq"), 1e-6)
RELATIVE |= dict.fromkeys(("logl", "unrestricted.logl", "aic", "bic"), 1e-8)
RELATIVE |= dict.fromkeys(("chisq.scaled", "baseline.chisq.scaled"), 1e-5)
RELATIVE |= dict.fromkeys(("chisq.scaling.factor", "baseline.chisq.scaling.factor"), 1e-5)
ABSOLUTE = [
    name + variant
    for name in ("cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper")
    for variant in ("", ".scaled", ".robust")
] + ["srmr", "crmr", "pvalue", "pvalue.scaled"]


@cache
def fitted(name: str) -> sem.Fit:
    case: Any = CASES.loc[name]
    return sem.fit(
        case["text"],
        DATA,
        group=case["group"] or None,
        estimator=case["estimator"],
        missing=case["missing"],
        group_equal=[word for word in case["equal"].split("|") if word],
        std_lv=bool(case["std_lv"]),
        fixed_x=bool(case["fixed_x"]),
        meanstructure=bool(case["means"]) if case["estimator"] == "MLR" else None,
        ordered=False
        if case["estimator"] == "MLR"
        else [c for c in map(str, DATA) if c[0] in "ok" and f" {c}" in case["text"]],
        parameterization=case["parameterization"],
        cluster=case["cluster"] or None,
        sampling_weights=case["weight"] or None,
    )


def keyed(table: pd.DataFrame, fit: sem.Fit) -> pd.DataFrame:
    """Indexed by group and parameter, the two sides of a covariance in one order."""
    keys = []
    for lhs, op, rhs, group in table[["lhs", "op", "rhs", "group"]].itertuples(index=False):
        first, second = sorted((lhs, rhs)) if op == "~~" else (lhs, "" if op == ":=" else rhs)
        name = group if isinstance(group, str) else fit.groups[group - 1] if group else ""
        keys.append(f"{name}: {first} {op} {'' if op == '~*~' else second}")
    return table.set_axis(pd.Index(keys))


@pytest.mark.parametrize("name", CASES.index)
def test_parameters(name: str) -> None:
    fit = fitted(name)
    said = keyed(PARAMS[PARAMS["name"] == name], fit)
    ours = keyed(fit.params, fit)
    said = said.loc[said.index.isin(ours.index)]
    assert len(said) >= len(ours[ours["op"] != "~1"])
    ours = ours.loc[said.index]
    np.testing.assert_allclose(ours["est"], said["est"], atol=1e-4, rtol=1e-4)
    np.testing.assert_allclose(ours["se"].fillna(0), said["se"].fillna(0), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(ours["std_all"], said["std_all"], atol=1e-4)
    np.testing.assert_allclose(
        ours["std_all_se"].fillna(0), said["std_all_se"].fillna(0), rtol=1e-3, atol=1e-5
    )


@pytest.mark.parametrize("name", CASES.index)
def test_measures(name: str) -> None:
    fit, said = fitted(name), MEASURES[name].dropna()
    compared = [m for m in (*EXACT, *RELATIVE, *ABSOLUTE) if m in said.index and m in fit.measures]
    assert len(compared) >= 22
    for measure in compared:
        absolute = 1e-4 if measure in ABSOLUTE else 0
        near = pytest.approx(said[measure], rel=RELATIVE.get(measure, 0), abs=absolute)
        assert fit.measures[measure] == near, measure


@pytest.mark.parametrize("row", TESTS.to_dict("records"), ids=lambda row: str(row["name"]))
def test_difference_tests(row: dict[str, str | float]) -> None:
    test = sem.compare(fitted(str(row["strict"])), fitted(str(row["loose"])))
    assert test.df == row["df"]
    assert test.statistic == pytest.approx(row["statistic"], rel=1e-4)


# --- properties ---------------------------------------------------------------------------------
MODEL = "f =~ y1 + y2 + y3\ng =~ y4 + y5 + y6\ng ~ f + x"
ITEMS = [f"o{j}" for j in range(1, 7)]


def options(estimator: str) -> dict[str, Any]:
    return {"estimator": estimator, "ordered": ITEMS} if estimator == "WLSMV" else {}


def model_for(estimator: str) -> str:
    return str(CASES.loc["items_weighted", "text"]) if estimator == "WLSMV" else MODEL


@pytest.mark.parametrize("estimator", ["MLR", "WLSMV"])
def test_clusters_of_one_row_are_rows(estimator: str) -> None:
    """Up to the factor N/(N − 1) of the covariances."""
    data = DATA.assign(row=range(len(DATA)))
    model, chosen = model_for(estimator), {"estimator": "MLR", **options(estimator)}
    rows = sem.fit(model, data, meanstructure=None if "ordered" in chosen else True, **chosen)
    clusters = sem.fit(model, data, cluster="row", **chosen)
    root = np.sqrt(len(data) / (len(data) - 1))
    np.testing.assert_allclose(clusters.params["se"], rows.params["se"] * root, rtol=1e-9)
    np.testing.assert_allclose(clusters.params["est"], rows.params["est"], rtol=1e-12)


@pytest.mark.parametrize("estimator", ["MLR", "WLSMV"])
def test_clusters_leave_estimates_and_the_plain_test_alone(estimator: str) -> None:
    model, chosen = model_for(estimator), {"estimator": "MLR", **options(estimator)}
    rows = sem.fit(model, DATA, meanstructure=None if "ordered" in chosen else True, **chosen)
    clusters = sem.fit(model, DATA, cluster="cluster", **chosen)
    np.testing.assert_array_equal(clusters.params["est"], rows.params["est"])
    assert clusters.measures["chisq"] == rows.measures["chisq"]
    assert clusters.measures["chisq_scaled"] != pytest.approx(rows.measures["chisq_scaled"], 1e-3)


def written_out(model: str, **chosen: Any) -> tuple[sem.Fit, sem.Fit]:
    """A fit with whole weights, and one to as many copies of each row as a cluster."""
    weight = 1 + np.arange(len(DATA)) % 3
    data = DATA.assign(w=weight, row=range(len(DATA)))
    copies = data.loc[data.index.repeat(weight)].reset_index(drop=True)
    weighted = sem.fit(model, data, sampling_weights="w", cluster="row", **chosen)
    return weighted, sem.fit(model, copies, cluster="row", **chosen)


def test_a_weight_is_that_many_rows_of_one_cluster() -> None:
    weighted, copied = written_out(MODEL)
    for column in ("est", "se", "std_all", "std_all_se"):
        np.testing.assert_allclose(
            weighted.params[column], copied.params[column], rtol=1e-6, atol=1e-9
        )
    for measure in ("chisq_scaled", "baseline_chisq_scaled", "cfi_robust", "srmr"):
        assert weighted.measures[measure] == pytest.approx(copied.measures[measure], 1e-6)


@pytest.mark.parametrize("name", ["items_weighted", "mixed_weighted"])
def test_ordinal_statistics_of_weights_are_those_of_copies(name: str) -> None:
    """Thresholds, correlations and their covariances; the weights of least squares, for which rows
    are independent, are others."""
    case: Any = CASES.loc[name]
    ordered = [item for item in ITEMS if item in case["text"]]
    weighted, copied = written_out(case["text"], estimator="WLSMV", ordered=ordered)
    assert isinstance(weighted.sample, OrdinalSample) and isinstance(copied.sample, OrdinalSample)
    one, other = weighted.sample.statistics, copied.sample.statistics
    np.testing.assert_allclose(one.value, other.value, atol=1e-8)
    spread = [s.influence[0].T @ s.influence[0] / s.n[0] ** 2 for s in (one, other)]
    np.testing.assert_allclose(*spread, atol=1e-9)


def test_only_the_ratios_of_weights_matter() -> None:
    one = sem.fit(MODEL, DATA, sampling_weights="weight")
    other = sem.fit(MODEL, DATA.assign(weight=DATA["weight"] * 1e6), sampling_weights="weight")
    np.testing.assert_allclose(other.params["se"], one.params["se"], rtol=1e-10)
    assert other.measures["chisq_scaled"] == pytest.approx(one.measures["chisq_scaled"])


def test_the_order_of_rows_and_the_names_of_clusters_do_not_matter() -> None:
    data = DATA.sample(frac=1, random_state=1).reset_index(drop=True)
    data["cluster"] = data["cluster"].map(
        {c: i * 7 for i, c in enumerate(DATA["cluster"].unique())}
    )
    one = sem.fit(MODEL, DATA, cluster="cluster", sampling_weights="weight")
    other = sem.fit(MODEL, data, cluster="cluster", sampling_weights="weight")
    np.testing.assert_allclose(other.params["se"], one.params["se"], rtol=1e-8)


def test_standard_error_of_a_mean_in_closed_form() -> None:
    """√(P/(P − 1) Σ (Σ w d)²) / Σ w."""
    fit = sem.fit("y1 ~ 1\ny2 ~~ y1", DATA, cluster="cluster", sampling_weights="weight")
    w, y = DATA["weight"], DATA["y1"]
    mean = np.average(y, weights=w)
    totals = (w * (y - mean)).groupby(DATA["cluster"]).sum()
    p = len(totals)
    row = fit.params.set_index(["lhs", "op"]).sort_index().loc[("y1", "~1")]
    assert row["est"] == pytest.approx(mean)
    assert row["se"] == pytest.approx(np.sqrt(p / (p - 1) * (totals**2).sum()) / w.sum())


def test_intervals_and_tests_are_those_of_t() -> None:
    fit = fitted("configural")
    free = fit.params[fit.params["se"] > 0]
    df = free["group"].map({name: n - 1 for name, n in fit.n_clusters.items()})
    assert set(df) == {37, 27}
    np.testing.assert_array_equal(free["df"], df)
    np.testing.assert_allclose(free["pvalue"], 2 * scipy.stats.t.sf(np.abs(free["z"]), df))
    reach = scipy.stats.t.ppf(0.975, df) * free["se"]
    np.testing.assert_allclose(free["ci_upper"], free["est"] + reach)
    np.testing.assert_allclose(free["ci_lower"], free["est"] - reach)


def test_equal_parameters_have_the_degrees_of_freedom_of_their_groups_together() -> None:
    params = fitted("metric").params
    equal = params[(params["op"] == "=~") & (params["se"] > 0)]
    assert set(equal["df"]) == {37 + 27}
    assert params.loc[params["se"] == 0, "df"].isna().all()


def test_a_defined_parameter_has_the_fewest_degrees_of_freedom_of_its_parts() -> None:
    model = "f =~ y1 + y2 + y3\nf ~ c(a, b)*x\nd := a - b\nlater := d / 2"
    fit = sem.fit(model, DATA, group="half", cluster="cluster")
    assert fit.params.tail(2)["df"].tolist() == [27, 27]
    wald = sem.wald(fit, "a == b")
    row = fit.params.set_index("lhs").loc["d"]
    assert wald.statistic == pytest.approx(row["z"] ** 2)
    assert wald.pvalue == pytest.approx(row["pvalue"])
    assert wald.method == "Wald, F with 27 denominator df"


def test_without_clusters_there_is_no_column_of_degrees_of_freedom() -> None:
    assert "df" not in sem.fit(MODEL, DATA, sampling_weights="weight").params


def test_the_bootstrap_draws_the_clusters_of_the_fit() -> None:
    fit = fitted("clustered")
    by_default = sem.bootstrap(fit, replicates=20, seed=4)
    named = sem.bootstrap(fit, replicates=20, seed=4, cluster=DATA["cluster"])
    np.testing.assert_array_equal(np.bincount(by_default.cluster), np.bincount(named.cluster))
    assert by_default.cluster.max() + 1 == fit.n_clusters["all"]
    assert by_default.failed == 0


def test_bootstrap_and_sandwich_agree_on_clustered_standard_errors() -> None:
    """400 replicates: the bootstrap's standard error has one of itself of 3.5 %."""
    fit = fitted("both")
    boot = sem.bootstrap(fit, replicates=400, seed=8).intervals()
    free = fit.params["se"].to_numpy() > 0
    ratio = boot["se"].to_numpy()[free] / fit.params["se"].to_numpy()[free]
    assert 0.9 < np.median(ratio) < 1.1


def test_refits_take_a_cluster_drawn_twice_as_two() -> None:
    """Every cluster twice: the same estimates, and half the variance of P clusters."""
    fit = fitted("clustered")
    once = np.arange(fit.n_rows)
    refits = sem.refit(fit, [once, np.concatenate([once, once])])
    p = fit.n_clusters["all"]
    expected = refits.std_all_se[0] * np.sqrt((2 * p / (2 * p - 1)) / (p / (p - 1)) / 2)
    np.testing.assert_allclose(refits.std_all[1], refits.std_all[0], atol=1e-6)
    np.testing.assert_allclose(refits.std_all_se[1], expected, rtol=1e-5)


def test_the_script_for_lavaan_names_clusters_and_weights() -> None:
    script = sem.to_lavaan(fitted("both"))
    assert 'cluster = "cluster"' in script
    assert 'sampling.weights = "weight"' in script


def test_the_ladder_takes_clusters() -> None:
    ladder = sem.invariance(
        str(CASES.loc["metric", "text"]),
        DATA,
        "half",
        levels=["configural", "metric"],
        cluster="cluster",
    )
    metric = ladder.fits["metric"]
    assert ladder.variant == "robust"
    np.testing.assert_allclose(metric.params["se"], fitted("metric").params["se"], rtol=1e-6)


def test_modification_indices_of_a_weighted_fit_are_those_of_its_moments() -> None:
    weighted = sem.modification_indices(fitted("weighted"))
    assert weighted["mi"].notna().all()


def test_a_scaling_factor_that_is_not_positive_is_none() -> None:
    """With three clusters it can come out negative: there is then no test, not a perfect one."""
    few = DATA[DATA["cluster"].isin(DATA["cluster"].unique()[1:4])]
    fit = sem.fit("f =~ y1 + y2 + y3 + y4\nf ~ x", few, cluster="cluster")
    assert fit.measures["chisq"] > 8
    for measure in ("chisq_scaling_factor", "chisq_scaled", "pvalue_scaled", "rmsea_robust"):
        assert np.isnan(fit.measures[measure])


def test_fits_with_and_without_clusters_are_not_compared() -> None:
    strict, loose = fitted("metric"), fitted("weighted_groups")
    other = sem.fit(loose.spec.text, DATA, group="half", cluster="cluster", estimator="MLR")
    with pytest.raises(DataError, match=r"different clusters \(none, and cluster\).*cluster="):
        sem.compare(loose, other)
    with pytest.raises(DataError, match=r"different weights .*sampling_weights="):
        sem.compare(strict, fitted("scalar"))
