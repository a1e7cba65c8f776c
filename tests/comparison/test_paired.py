import numpy as np
import pytest

from support.compared import figure, run_of
from vaar.analyses.bootstrap import with_intervals
from vaar.comparison.contrasts import contrasts_table
from vaar.comparison.figures import figures_table
from vaar.comparison.paired import REPLICATES, paired_change

HARD = np.random.default_rng(1).uniform(0, 1, 40)
AGAIN = HARD + 0.1 + np.random.default_rng(2).normal(0, 0.05, 40)


def units(values, clusters=None):
    names = [f"s{k:02d}" for k in range(len(values))]
    return dict(zip(zip(clusters or names, names, strict=True), map(float, values), strict=True))


def test_the_interval_is_that_of_the_differences_of_units():
    found = paired_change(units(AGAIN), units(HARD))
    known = with_intervals({"d": AGAIN - HARD}, REPLICATES, 1)
    assert found is not None
    assert (found.value, found.lower, found.upper) == pytest.approx(
        (known["d"], known["d_lower"], known["d_upper"])
    )
    assert found.p < 0.001


def test_whole_clusters_are_drawn():
    topics = [f"t{k // 5}" for k in range(40)]
    apart = units(HARD + np.repeat([0.0, 0.1, 0.2, 0.3] * 2, 5), topics)
    found = paired_change(apart, units(HARD, topics))
    single = paired_change(units(HARD + np.repeat([0.0, 0.1, 0.2, 0.3] * 2, 5)), units(HARD))
    assert found is not None and single is not None
    assert found.upper - found.lower > 2 * (single.upper - single.lower)


def test_other_units_units_without_a_value_and_equal_differences_are_not_paired():
    assert paired_change(units(HARD), units(HARD[:-1])) is None
    holed = units([np.nan, *HARD[1:]])
    assert paired_change(holed, units(HARD)) is None
    assert paired_change({}, {}) is None
    assert paired_change(units(HARD), units(HARD)) is None


def test_figures_of_the_same_scenarios_are_compared_scenario_by_scenario(study):
    early = figure("m", HARD.mean(), 0.1, units=units(HARD))
    late = figure("m", AGAIN.mean(), 0.1, units=units(AGAIN))
    runs = [run_of(study, "a", [early]), run_of(study, "b", [late])]
    (found,) = contrasts_table(figures_table(runs), runs).to_dict("records")
    assert found["paired"] and found["difference"] == pytest.approx(AGAIN.mean() - HARD.mean())
    assert found["difference_lower"] > 0 and found["p"] < 0.001
    alone = [run_of(study, "a", [early]), run_of(study, "b", [figure("m", AGAIN.mean(), 0.1)])]
    (other,) = contrasts_table(figures_table(alone), alone).to_dict("records")
    assert not other["paired"] and other["difference_lower"] < 0


def test_a_run_against_itself_is_not_paired_and_has_a_p_of_one(study):
    same = [figure("m", HARD.mean(), 0.1, units=units(HARD))]
    runs = [run_of(study, "a", same), run_of(study, "b", same)]
    (found,) = contrasts_table(figures_table(runs), runs).to_dict("records")
    assert (found["difference"], found["p"], found["paired"]) == (0, 1, False)
