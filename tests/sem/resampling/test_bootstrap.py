import pickle
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError

MODEL = "a =~ x1 + x2 + x3 + x4\nb =~ x5 + x6 + x7\na ~ b"


@pytest.fixture
def fit(likert: pd.DataFrame) -> sem.Fit:
    return sem.fit(MODEL, likert, group="model", group_equal=["loadings"], std_lv=True)


def test_the_same_seed_gives_the_same(fit: sem.Fit) -> None:
    one, other = (sem.bootstrap(fit, 3, seed=5) for _ in range(2))
    np.testing.assert_array_equal(one.refits.est, other.refits.est)
    assert np.any(one.refits.est != sem.bootstrap(fit, 3, seed=6).refits.est)


def test_more_replicates_begin_with_the_same(fit: sem.Fit) -> None:
    few, more = (sem.bootstrap(fit, count, seed=5).refits.est for count in (3, 5))
    np.testing.assert_array_equal(few, more[:3])


def test_errors_of_the_replicates_are_given_where_wanted(fit: sem.Fit) -> None:
    without, with_errors = (sem.bootstrap(fit, 3, with_errors=on).refits for on in (False, True))
    np.testing.assert_array_equal(without.est, with_errors.est)
    rows = np.random.default_rng(np.random.SeedSequence(0).spawn(2)[1])
    sizes = np.bincount(fit.sample.group)
    starts = np.cumsum(sizes) - sizes
    drawn = [at + rows.choice(size, size) for at, size in zip(starts, sizes, strict=True)]
    alone = sem.refit(fit, [np.concatenate(drawn)])
    np.testing.assert_array_equal(with_errors.std_all_se[1], alone.std_all_se[0])
    assert (np.nan_to_num(with_errors.std_all_se) > 0).any()


@pytest.mark.parametrize("cluster", [None, "person"])
def test_chunks_computed_anywhere_in_any_order_give_the_same(
    likert: pd.DataFrame, fit: sem.Fit, cluster: str | None
) -> None:
    """Each chunk is computed by what was sent to it and came back, the last chunk first."""

    def elsewhere(function: Callable[[range], sem.Refits], chunks: Sequence[range]):
        sent = pickle.dumps(function)
        found = [pickle.dumps(pickle.loads(sent)(chunk)) for chunk in reversed(chunks)]
        return map(pickle.loads, reversed(found))

    drawn = None if cluster is None else np.arange(len(likert)) // 2
    here, there = (
        sem.bootstrap(fit, 57, drawn, seed=2, map_chunks=where).refits
        for where in (None, elsewhere)
    )
    for column in ("est", "std_all", "ok", "ok_groups"):
        np.testing.assert_array_equal(getattr(here, column), getattr(there, column))


@pytest.mark.slow
@pytest.mark.parametrize("standardised", [False, True])
def test_standard_errors_and_intervals_are_near_those_of_mlr(
    likert: pd.DataFrame, fit: sem.Fit, standardised: bool
) -> None:
    boot = sem.bootstrap(fit, 300, seed=1)
    robust = sem.fit(
        MODEL, likert, group="model", group_equal=["loadings"], std_lv=True, estimator="MLR"
    ).params
    paths = robust["op"] == "~"
    expected = robust.loc[paths, "std_all_se" if standardised else "se"]
    for kind in ("percentile", "bca"):
        table = boot.intervals(kind, standardised=standardised)[paths]
        np.testing.assert_allclose(table["se"], expected, rtol=0.2)
        width = (table["ci_upper"] - table["ci_lower"]) / (2 * 1.96)
        np.testing.assert_allclose(width, expected, rtol=0.3)
        assert ((table["ci_lower"] < table["est"]) & (table["est"] < table["ci_upper"])).all()


def test_bca_moves_against_skewness(fit: sem.Fit) -> None:
    """Variances are skewed to the right, so BCa intervals lie higher than percentile ones."""
    boot = sem.bootstrap(fit, 120, seed=3)
    variances = (fit.params["op"] == "~~") & (fit.params["lhs"] == fit.params["rhs"])
    rows = variances.to_numpy() & (fit.params["se"].to_numpy() > 0)
    plain, corrected = (boot.intervals(kind)[rows]["ci_upper"] for kind in ("percentile", "bca"))
    assert (corrected - plain).mean() > 0


def test_clusters_are_drawn_whole(likert: pd.DataFrame) -> None:
    """Every row four times over: by rows the errors halve, by clusters they do not."""
    four = likert.loc[np.repeat(likert.index, 4)].reset_index(drop=True)
    person = np.repeat(np.arange(len(likert)), 4)
    fit = sem.fit(MODEL, four, group="model", std_lv=True)
    paths = fit.params["op"] == "~"
    by_row = sem.bootstrap(fit, 60, seed=1).intervals()[paths]["se"].mean()
    by_person = sem.bootstrap(fit, 60, cluster=person, seed=1).intervals()[paths]["se"].mean()
    assert by_person / by_row == pytest.approx(2.0, rel=0.25)


def test_failures_are_counted(likert: pd.DataFrame) -> None:
    small = pd.concat(
        [part.head(12) if name == "m2" else part for name, part in likert.groupby("model")]
    )
    fit = sem.fit(MODEL, small, group="model", group_equal=["loadings"], std_lv=True)
    boot = sem.bootstrap(fit, 20, seed=1)
    assert boot.replicates == 20
    assert boot.failed == max(boot.failed_groups.values()) > 0
    assert boot.failed_groups["m1"] == 0
    table = boot.intervals()
    assert (table.loc[table["group"] == "m2", "n_ok"] == 20 - boot.failed_groups["m2"]).all()
    assert (table.loc[table["group"] == "m1", "n_ok"] == 20).all()


@pytest.mark.parametrize("options", [{"replicates": 0}, {"seed": -1}, {"cluster": [1, 2]}])
def test_wrong_arguments_are_refused(fit: sem.Fit, options: dict[str, Any]) -> None:
    with pytest.raises(DataError, match=r"a whole number of at least|one entry for each row"):
        sem.bootstrap(fit, **({"replicates": 1} | options))


def test_wrong_intervals_are_refused(fit: sem.Fit) -> None:
    with pytest.raises(DataError, match="allowed are percentile and bca"):
        sem.bootstrap(fit, 2).intervals("normal")


def test_rows_without_a_cluster_are_refused(hs: pd.DataFrame) -> None:
    fit = sem.fit("f =~ x1 + x2 + x3 + x4", hs)
    for some in (
        hs["ageyr"].where(hs.index > 3),
        hs["ageyr"].astype(object).where(hs.index > 3, None),
    ):
        with pytest.raises(DataError, match="no entry for 4 of 301 analysed rows"):
            sem.bootstrap(fit, 3, some)
    with pytest.raises(DataError, match="no names, such as lists"):
        sem.bootstrap(fit, 3, pd.Series([[i] for i in range(len(hs))]))
