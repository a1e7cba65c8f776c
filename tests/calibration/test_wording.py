"""What a calibration says in words follows from what it rests on."""

import pandas as pd
import pytest

from vaar.calibration.wording import lead, method


def record(replicates):
    simulation = {"data_sets": 500, "seed": 1, "loading": 0.7, "persona_share": 0.5}
    return {
        "sessions": 200,
        "simulation": simulation,
        "analysis": {"replicates": replicates},
    }


def test_the_method_says_where_errors_come_from():
    assert "leaving out each of them in turn" in method(record(300))
    assert "300 bootstrap replicates" in method(record(300))
    without = method(record(0))
    assert "VAAR has no interval" in without and "independent" in without


@pytest.mark.parametrize(("n", "most"), [(500, "7.0"), (2000, "6.0"), (20, "15.0")])
def test_it_is_told_how_far_chance_carries_a_share(n, most):
    """The quantiles .975 of binomials with .05, over n."""
    assert f"up to {most}\u202f% by chance" in lead(paths(n, 0.0))


def paths(n, *blank):
    """A path a population, of which such shares of data sets have no estimate."""
    row = {"data_sets": n, "sessions": 60, "wrong": 0.05, "wrong_lower": 0.03, "wrong_upper": 0.07}
    return pd.DataFrame(
        [row | {"population": f"p{k}", "not_estimable": share} for k, share in enumerate(blank)]
    )


def test_what_ends_without_an_estimate_is_no_rate_of_wrong_verdicts():
    assert "no path can be estimated" in lead(paths(500, 1.0, 1.0))
    assert "wrong verdict" not in lead(paths(500, 1.0, 1.0))
    told = lead(paths(500, 0.05, 0.2, 1.0))
    assert "Without any estimate end: p1 20.0\u202f%; p2 100.0\u202f%." in told
    assert "Without any estimate" not in lead(paths(500, 0.05))
