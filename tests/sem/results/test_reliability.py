import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem


def test_omega_of_known_loadings() -> None:
    """Loadings .8, .6, .5 on a unit factor: omega = 1.9² / (1.9² + .36 + .64 + .75)."""
    rng = np.random.default_rng(8)
    n = 200_000
    f = rng.normal(size=n)
    loadings = np.array([0.8, 0.6, 0.5])
    x = f[:, None] * loadings + rng.normal(size=(n, 3)) * np.sqrt(1 - loadings**2)
    fit = sem.fit("f =~ x1 + x2 + x3", pd.DataFrame(x, columns=["x1", "x2", "x3"]))
    found = sem.reliability(fit).iloc[0]
    assert found["omega"] == pytest.approx(1.9**2 / (1.9**2 + 0.36 + 0.64 + 0.75), abs=0.005)
    assert found["ave"] == pytest.approx((0.64 + 0.36 + 0.25) / 3, abs=0.005)


def test_masked_items_are_left_out(likert: pd.DataFrame) -> None:
    likert.loc[likert["model"] == "m2", "x2"] = 1
    fit = sem.fit("f =~ x1 + x2 + x3 + x4", likert, group="model", group_equal=["loadings"])
    table = sem.reliability(fit)
    assert table["items"].tolist() == [4, 3, 4]
    assert table["omega"].between(0, 1).all()


def test_identification_does_not_matter(likert: pd.DataFrame) -> None:
    ways = ({}, {"std_lv": True}, {"effect_coding": True})
    found = [sem.reliability(sem.fit("f =~ x1 + x2 + x3", likert, **way)) for way in ways]
    for other in found[1:]:
        np.testing.assert_allclose(other["omega"], found[0]["omega"], rtol=1e-5)
