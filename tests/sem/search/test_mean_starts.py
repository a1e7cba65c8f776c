from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem

CFA = "visual =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9"
MARKER = f"{CFA}\nx1 + x7 ~ 0*1\nvisual + speed ~ NA*1"


@pytest.mark.parametrize("equal", [[], ["loadings"]])
def test_means_set_by_a_marker_item_are_another_way_to_write_the_model(
    hs: pd.DataFrame, equal: list[str]
) -> None:
    usual, marker = (sem.fit(m, hs, "school", group_equal=equal) for m in (CFA, MARKER))
    assert marker.outcome is sem.Outcome.CONVERGED
    assert marker.measures["chisq"] == pytest.approx(usual.measures["chisq"], rel=1e-8)
    means = marker.params.query("op == '~1' and group == 'Pasteur'").set_index("lhs")["est"]
    mean = hs.groupby("school")["x7"].mean()
    assert means["speed"] == pytest.approx(mean["Pasteur"], abs=1e-5)


def test_far_from_zero_too(hs: pd.DataFrame) -> None:
    far = hs.assign(x1=hs["x1"] + 500, x7=hs["x7"] - 300)
    usual, marker = (sem.fit(m, far, "school") for m in (CFA, MARKER))
    assert marker.measures["chisq"] == pytest.approx(usual.measures["chisq"], rel=1e-6)


def test_growth_curves_start_at_their_least_squares_means() -> None:
    rng = np.random.default_rng(8)
    level, slope = rng.normal(50, 2, 200), rng.normal(7, 1, 200)
    data = pd.DataFrame({f"t{k}": level + k * slope + rng.normal(0, 1, 200) for k in range(4)})
    curve = "i =~ 1*t0 + 1*t1 + 1*t2 + 1*t3\ns =~ 0*t0 + 1*t1 + 2*t2 + 3*t3\n"
    curve += "t0 + t1 + t2 + t3 ~ 0*1\ni + s ~ 1"
    fit = sem.fit(curve, data)
    assert fit.outcome is sem.Outcome.CONVERGED
    means = fit.params[fit.params["op"] == "~1"].set_index("lhs")["est"]
    assert means["i"] == pytest.approx(50, abs=1) and means["s"] == pytest.approx(7, abs=0.5)
