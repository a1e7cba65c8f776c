"""When clusters are told to be few; degrees of freedom are also in the tests of whole fits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem

MODEL = "f =~ x1 + x2 + x3"  # with means, nine parameters


def fitted(clusters: int) -> sem.Fit:
    rng = np.random.default_rng(2)
    data = pd.DataFrame(rng.normal(size=(180, 1)) + rng.normal(size=(180, 3)))
    data.columns = ["x1", "x2", "x3"]
    return sem.fit(MODEL, data.assign(c=np.arange(180) % clusters), cluster="c")


@pytest.mark.parametrize(("clusters", "told"), [(17, True), (18, False)])
def test_clusters_are_few_below_two_a_parameter(clusters: int, told: bool) -> None:
    found = fitted(clusters).screening
    assert ("few clusters" in set(found["finding"])) is told
    if told:
        assert found["detail"].iloc[0].startswith("17 clusters for 9 parameters")


def test_degrees_of_freedom_are_clusters_less_one() -> None:
    params = fitted(20).params
    assert set(params.loc[params["se"] > 0, "df"]) == {19}
