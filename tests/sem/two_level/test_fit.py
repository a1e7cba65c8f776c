"""Tables of a fit of two levels, and the tests that take it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError
from vaar.sem.two_level.fit import TwoLevelFit

from .conftest import MODEL, clustered


def groups() -> pd.DataFrame:
    one, other = clustered(1).assign(half="a"), clustered(2).assign(half="b")
    return pd.concat([one, other.assign(cluster=other["cluster"] + 100)], ignore_index=True)


def test_parameters_have_a_level_and_the_names_that_were_written(data: pd.DataFrame) -> None:
    model = MODEL.replace("f ~ x", "f ~ a*x").replace("f ~ w", "f ~ b*w") + "\ngap := a - b"
    params = sem.fit(model, data, cluster="cluster").params
    assert not params[["lhs", "rhs"]].map(lambda text: "@" in text).any().any()
    assert params["level"].tolist() == [*sorted(params["level"][:-1]), 0]
    est = params.set_index("label")["est"]
    assert est["gap"] == pytest.approx(est["a"] - est["b"])
    assert list(params)[:6] == ["lhs", "op", "rhs", "level", "group", "label"]


def test_tables_by_variable_have_levels(data: pd.DataFrame) -> None:
    fit = sem.fit(MODEL, data, cluster="cluster")
    assert isinstance(fit, TwoLevelFit)
    assert fit.implied["all"].loc[1, 2].abs().to_numpy().max() == 0
    assert fit.residuals["all"].loc[1, 2].isna().all().all()
    assert fit.residuals["all"].loc[2, 2].abs().to_numpy().max() < 0.3
    assert set(fit.r2.columns) >= {(1, "f"), (2, "f"), (1, "y1"), (2, "y1")}
    assert fit.n_clusters == {"all": 40}
    assert list(fit.icc.columns) == ["y1", "y2", "y3"]
    assert ((fit.icc > 0.1) & (fit.icc < 0.6)).all().all()
    assert f"{len(data)} rows in 40 clusters" in repr(fit)
    assert "level" in fit.summary()


def test_intervals_are_normal_ones_as_in_lavaan(data: pd.DataFrame) -> None:
    params = sem.fit(MODEL, data, cluster="cluster").params
    np.testing.assert_allclose(params["ci_upper"], params["est"] + 1.959964 * params["se"])


def test_parameters_equal_across_groups_at_both_levels() -> None:
    fit = sem.fit(MODEL, groups(), group="half", cluster="cluster", group_equal=["loadings"])
    loadings = fit.params[fit.params["op"] == "=~"].pivot_table(
        index=["level", "rhs"], columns="group", values="est"
    )
    np.testing.assert_allclose(loadings["a"], loadings["b"], rtol=1e-10)
    partial = sem.fit(
        MODEL,
        groups(),
        group="half",
        cluster="cluster",
        group_equal=["loadings"],
        group_partial=["f =~ y2"],
    )
    assert partial.measures["npar"] == fit.measures["npar"] + 2


def test_groups_that_share_nothing_are_fitted_as_if_alone() -> None:
    data = groups()
    both = sem.fit(MODEL, data, group="half", cluster="cluster")
    alone = [sem.fit(MODEL, part, cluster="cluster") for _, part in data.groupby("half")]
    est = pd.concat([fit.params["est"] for fit in alone], ignore_index=True)
    np.testing.assert_allclose(both.params["est"], est, atol=1e-5)
    for measure in ("chisq", "logl", "baseline_chisq"):
        total = sum(fit.measures[measure] for fit in alone)
        assert both.measures[measure] == pytest.approx(total, rel=1e-6)


def test_the_ladder_and_difference_tests() -> None:
    options: dict[str, Any] = {"levels": ["configural", "metric"], "cluster": "cluster"}
    for estimator in ("ML", "MLR"):
        ladder = sem.invariance(MODEL, groups(), "half", estimator, **options)
        loose, strict = ladder.fits.values()
        test = sem.compare(strict, loose)
        assert test.df == 4
        gap = strict.measures["chisq"] - loose.measures["chisq"]
        assert test.statistic * test.factor == pytest.approx(gap)
        assert ladder.table["delta_pvalue"].iloc[1] == pytest.approx(test.pvalue)
    with pytest.raises(DataError, match=r"are satorra\.bentler\.2001: choose"):
        sem.compare(strict, loose, method="satorra.bentler.2010")


def test_other_rows_or_clusters_are_not_compared(data: pd.DataFrame) -> None:
    one = sem.fit(MODEL, data, cluster="cluster")
    other = sem.fit(MODEL, data.assign(y1=data["y1"] + 1e-3), cluster="cluster")
    with pytest.raises(DataError, match="different answers"):
        sem.compare(one, other)


def test_a_wald_test_across_levels(data: pd.DataFrame) -> None:
    model = MODEL.replace("f =~ y1 + y2 + y3\nf ~ x", "f =~ y1 + a*y2 + y3\nf ~ x")
    model = model.replace("f =~ y1 + y2 + y3\nf ~ w", "f =~ y1 + b*y2 + y3\nf ~ w")
    fit = sem.fit(model, data, cluster="cluster")
    assert sem.wald(fit, "a == b").method == "Wald"
    same = sem.fit(model.replace("b*", "a*"), data, cluster="cluster")
    assert sem.compare(same, fit).df == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda fit: sem.factor_scores(fit),
        lambda fit: sem.bootstrap(fit, replicates=2),
        lambda fit: sem.refit(fit, [np.arange(5)]),
    ],
)
def test_what_is_not_there_says_so(data: pd.DataFrame, call: Any) -> None:
    with pytest.raises(DataError, match="not there for models of two levels"):
        call(sem.fit(MODEL, data, cluster="cluster"))


def test_reliability_and_score_tests_name_levels(data: pd.DataFrame) -> None:
    fit = sem.fit(MODEL, data, cluster="cluster")
    found = sem.reliability(fit)
    assert found["latent"].tolist() == ["f", "f"]
    assert found["level"].tolist() == [1, 2]
    tests = sem.modification_indices(fit)
    assert set(tests["level"]) == {1, 2}
    assert not tests["lhs"].str.contains("@").any()


def test_a_modification_index_is_what_freeing_gains() -> None:
    """To the first order, at a small misfit in many clusters."""
    data = clustered(9, 300)
    fit = sem.fit(MODEL, data, cluster="cluster")
    index = sem.modification_indices(fit).set_index(["level", "lhs", "op", "rhs"])["mi"]
    freed = sem.fit(MODEL.replace("f ~ x", "f ~ x\ny1 ~~ y2"), data, cluster="cluster")
    gain = fit.measures["chisq"] - freed.measures["chisq"]
    assert index[(1, "y1", "~~", "y2")] == pytest.approx(gain, rel=0.15, abs=0.2)


def test_the_script_for_lavaan_has_a_block_for_each_group() -> None:
    script = sem.to_lavaan(sem.fit(MODEL, groups(), group="half", cluster="cluster"))
    assert 'cluster = "cluster"' in script
    assert script.count("level: 2") == 2 and "group: 2" in script


def test_estimates_find_the_population() -> None:
    """2000 clusters: paths within ± .03 and ± .06, four standard errors."""
    params = sem.fit(MODEL, clustered(10, 2000), cluster="cluster").params
    est = params.set_index(["level", "lhs", "op", "rhs"])["est"]
    assert est[(1, "f", "~", "x")] == pytest.approx(0.6, abs=0.05)
    assert est[(2, "f", "~", "w")] == pytest.approx(0.4, abs=0.08)
    assert est[(2, "f", "~~", "f")] == pytest.approx(0.49, abs=0.1)
    assert est[(2, "y2", "~1", "")] == pytest.approx(1.0, abs=0.08)


@pytest.mark.parametrize(
    "model",
    [
        "level: 1\nf =~ y1 + y2 + y3\nlevel: 2\nf =~ c(NA, 1)*y1 + y2 + y3",
        "level: 1\nf =~ c(NA, 1)*y1 + y2 + y3\nlevel: 2\ny1 ~~ y2 + y3\ny2 ~~ y3",
        "level: 1\nf =~ y1 + y2 + y3\nlevel: 2\ny1 ~ c(NA, 0)*y2\ny2 ~ y1\ny3 ~ y1",
    ],
)
@pytest.mark.parametrize("seed", [1, 3, 7])
def test_a_parameter_that_no_data_identify_drops_no_group(model: str, seed: int) -> None:
    one, two = clustered(seed, 60), clustered(seed + 10, 60)
    data = pd.concat([one.assign(g="a"), two.assign(g="b", cluster=two["cluster"] + 1000)])
    fit = sem.fit(model, data, "g", cluster="cluster")
    assert fit.group_outcome["a"] is sem.Outcome.NOT_IDENTIFIED
    assert fit.group_outcome["b"].usable and not fit.dropped
