"""Reading clusters and weights: what is refused, in a sentence, and what is left out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError, NoGroupError

MODEL = "f =~ x1 + x2 + x3"


@pytest.fixture
def data() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    common = rng.normal(size=(120, 1))
    frame = pd.DataFrame(common + rng.normal(size=(120, 3)), columns=["x1", "x2", "x3"])
    frame["persona"] = [f"p{i // 6}" for i in range(120)]
    frame["model"] = ["one"] * 60 + ["two"] * 60
    frame["w"] = rng.uniform(0.5, 2, size=120)
    return frame


def test_rows_without_a_cluster_are_refused(data: pd.DataFrame) -> None:
    data.loc[[3, 9], "persona"] = None
    with pytest.raises(DataError, match=r"cluster='persona': 2 of 120 rows have no entry"):
        sem.fit(MODEL, data, cluster="persona")


def test_an_empty_cluster_of_a_row_outside_all_groups_is_no_matter(data: pd.DataFrame) -> None:
    data.loc[0, ["persona", "model"]] = None
    fit = sem.fit(MODEL, data, group="model", cluster="persona")
    assert fit.n_rows == 119


def test_an_unknown_column_is_refused(data: pd.DataFrame) -> None:
    with pytest.raises(DataError, match=r"cluster='person'.*persona"):
        sem.fit(MODEL, data, cluster="person")
    with pytest.raises(DataError, match=r"sampling_weights='weights'.*name one column"):
        sem.fit(MODEL, data, sampling_weights="weights")


def test_an_array_is_refused_with_the_remedy(data: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="put the values in a column"):
        sem.fit(MODEL, data, cluster=data["persona"])  # type: ignore[arg-type]


def test_a_column_that_is_there_twice_is_refused(data: pd.DataFrame) -> None:
    twice = pd.concat([data, data[["persona"]]], axis=1)
    with pytest.raises(DataError, match="is there twice"):
        sem.fit(MODEL, twice, cluster="persona")


def test_a_single_cluster_is_refused(data: pd.DataFrame) -> None:
    data["all"] = 1
    with pytest.raises(NoGroupError, match="in one cluster"):
        sem.fit(MODEL, data, cluster="all")


def test_a_group_of_one_cluster_is_dropped_and_the_others_are_fitted(data: pd.DataFrame) -> None:
    data.loc[data["model"] == "two", "persona"] = "the same"
    fit = sem.fit(MODEL, data, group="model", cluster="persona")
    assert fit.groups == ("one",)
    assert "one cluster" in fit.dropped["two"]
    assert "single cluster" in set(fit.screening["finding"])


def test_a_cluster_across_groups_is_refused(data: pd.DataFrame) -> None:
    data.loc[60, "persona"] = "p0"
    with pytest.raises(DataError, match=r"'p0' has rows in the groups one, two"):
        sem.fit(MODEL, data, group="model", cluster="persona")


def test_clusters_may_span_what_is_not_a_group_of_the_fit(data: pd.DataFrame) -> None:
    data.loc[60, "persona"] = "p0"
    assert sem.fit(MODEL, data, cluster="persona").n_clusters == {"all": 20}


@pytest.mark.parametrize("bad", [-1.0, np.inf, "heavy"])
def test_what_is_no_weight_is_refused(data: pd.DataFrame, bad: object) -> None:
    data["w"] = data["w"].astype(object)
    data.loc[4, "w"] = bad
    with pytest.raises(DataError, match=r"sampling_weights='w': .* is no weight"):
        sem.fit(MODEL, data, sampling_weights="w")


def test_missing_and_vanishing_weights_are_refused(data: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="zeros only"):
        sem.fit(MODEL, data.assign(w=0.0), sampling_weights="w")
    data.loc[7, "w"] = np.nan
    with pytest.raises(DataError, match="1 of 120 rows have no entry"):
        sem.fit(MODEL, data, sampling_weights="w")


def test_rows_of_weight_0_are_left_out_and_told(data: pd.DataFrame) -> None:
    data.loc[:9, "w"] = 0.0
    fit = sem.fit(MODEL, data, sampling_weights="w", cluster="persona")
    assert fit.n_rows == 110
    assert fit.row_index.min() == 10
    told = fit.screening.set_index("finding").loc["weight of 0"]
    assert (told["action"], told["detail"]) == ("rows left out", "10 rows")
    rest = sem.fit(MODEL, data[10:], sampling_weights="w", cluster="persona")
    np.testing.assert_array_equal(fit.params["se"], rest.params["se"])


def test_dwls_has_no_test_for_clusters(data: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="use WLSMV or WLSM"):
        sem.fit(MODEL, data.round(), estimator="DWLS", ordered=True, cluster="persona")


def test_ml_becomes_mlr(data: pd.DataFrame) -> None:
    plain = sem.fit(MODEL, data, estimator="ML", cluster="persona")
    robust = sem.fit(MODEL, data, estimator="MLR", cluster="persona")
    assert plain.estimator.name == "MLR"
    assert plain.params.equals(robust.params)


def test_clusters_that_are_written_alike_are_refused(data: pd.DataFrame) -> None:
    alike = [1 if i % 2 else "1" for i in range(len(data))]
    with pytest.raises(DataError, match="written alike, such as 1 and '1'"):
        sem.fit(MODEL, data.assign(persona=pd.Series(alike, dtype=object)), cluster="persona")


def test_entries_that_are_no_names_are_refused(data: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="no names, such as lists"):
        sem.fit(MODEL, data.assign(persona=pd.Series([[i] for i in data.index])), cluster="persona")


def test_weights_that_are_complex_are_refused(data: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="holds complex numbers"):
        sem.fit(MODEL, data.assign(w=1 + 1j), sampling_weights="w")


def test_entries_are_named_as_they_are_written(data: pd.DataFrame) -> None:
    halves = data.assign(half=np.arange(len(data)) % 2, whole=0, w=-1.0)
    with pytest.raises(DataError, match=r"cluster='whole': 0 has rows in the groups"):
        sem.fit(MODEL, halves, "half", cluster="whole")
    with pytest.raises(DataError, match=r"sampling_weights='w': -1\.0 is no weight"):
        sem.fit(MODEL, halves, sampling_weights="w")
