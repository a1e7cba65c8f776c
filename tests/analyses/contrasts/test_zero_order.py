import numpy as np
import pandas as pd
import pytest

from vaar.analyses.alignment.measurement import measure
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.contrasts.zero_order import (
    _correlated,
    correlation_model,
    zero_order_table,
)
from vaar.study.model import Hypothesis

MODEL = "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\nh =~ z1 + z2 + z3\nh ~ f + g\nf ~~ g"
HYPOTHESES = (Hypothesis("h", "f", -1), Hypothesis("h", "g", 1))


@pytest.fixture(scope="module")
def scores():
    rng = np.random.default_rng(4)
    n = 400
    f = rng.normal(size=n)
    g = 0.7 * f + np.sqrt(0.51) * rng.normal(size=n)
    h = -0.3 * f + 0.6 * g + 0.7 * rng.normal(size=n)
    table = {
        f"{name}{k}": factor + 0.6 * rng.normal(size=n)
        for name, factor in (("x", f), ("y", g), ("z", h))
        for k in (1, 2, 3)
    }
    return pd.DataFrame(table).assign(group=["a", "b"] * (n // 2))


@pytest.fixture(scope="module")
def found(scores):
    options = AlignmentOptions(replicates=0)
    measurement = measure(scores, MODEL, options)
    params = measurement.fit.params
    rows = params[params["op"].eq("~")]
    paths = pd.DataFrame(
        {
            "group": rows["group"],
            "path": rows["lhs"] + " ~ " + rows["rhs"],
            "std_estimate": rows["std_all"],
            "std_se": rows["std_all_se"],
            "df": np.nan,
        }
    )
    return params, zero_order_table(scores, MODEL, HYPOTHESES, paths, measurement, options)


def test_correlations_follow_from_the_paths_of_a_saturated_structure(found):
    params, (table, why) = found
    assert why == ""
    for group in "ab":
        own = params[params["group"] == group].set_index(["lhs", "op", "rhs"])["std_all"]
        rho, b = own["f", "~~", "g"], (own["h", "~", "f"], own["h", "~", "g"])
        r = table[table["group"] == group].set_index("path")["r"]
        assert r["h ~ f"] == pytest.approx(b[0] + b[1] * rho, abs=1e-4)
        assert r["h ~ g"] == pytest.approx(b[1] + b[0] * rho, abs=1e-4)


def test_a_path_and_its_correlation_may_differ_in_sign(found):
    _, (table, _) = found
    assert set(table.loc[table["path"] == "h ~ f", "signs"]) == {"different"}
    assert set(table.loc[table["path"] == "h ~ g", "signs"]) == {"same"}
    assert (table["r_lower"] < table["r"]).all() and (table["r"] < table["r_upper"]).all()


def test_the_measurement_part_is_kept_as_written():
    text = correlation_model("f =~ 1*x1 + a*x2 + x3\ng =~ y1 + y2\ng ~ f\nx1 ~~ x2\nh ~ 1")
    assert text.splitlines() == [
        "f =~ 1.0*x1",
        "f =~ a*x2",
        "f =~ x3",
        "g =~ y1",
        "g =~ y2",
        "x1 ~~ x2",
        "g ~~ f",
    ]


def test_bounds_starts_and_lines_among_labels_that_are_left_are_kept():
    text = correlation_model(
        "f =~ x1 + lower(0)*upper(0.5, NA)*x2 + c(p, q)*x3\ng =~ y1 + start(0.7)*b*y2\n"
        "g ~ lower(0)*k*f\nx1 ~~ lower(0)*x1\nf ~~ lower(-0.1)*f\ng ~~ lower(0)*g\n"
        "p == 2*b\nq > b\nk < 1"
    )
    assert text.splitlines() == [
        "f =~ x1",
        "f =~ lower(0.0)*upper(0.5, NA)*x2",
        "f =~ c(p, q)*x3",
        "g =~ y1",
        "g =~ b*start(0.7)*y2",
        "x1 ~~ lower(0.0)*x1",
        "f ~~ lower(-0.1)*f",  # that of g is of what f leaves of it
        "g ~~ f",
        "p == 2 * b",
        "q > b",
    ]


def test_a_bound_of_the_model_holds_for_its_correlations(scores):
    bounded = MODEL.replace("f =~ x1 + x2", "f =~ x1 + upper(0.4)*x2")
    options = AlignmentOptions(replicates=0)
    free, held = (
        _correlated(scores, model, measure(scores, MODEL, options), options)[0]
        for model in (MODEL, bounded)
    )
    assert (free.params.query("op == '=~' and rhs == 'x2'")["est"] > 0.6).all()
    assert held.params.query("op == '=~' and rhs == 'x2'")["est"].tolist() == [0.4, 0.4]
    assert held.held
