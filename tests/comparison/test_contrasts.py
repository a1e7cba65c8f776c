import numpy as np
import pytest

from support.compared import figure, reading, run_of
from vaar.analyses.contrasts.wald import holm
from vaar.comparison.contrasts import contrasts_table
from vaar.comparison.figures import figures_table


def contrasts(*runs):
    return contrasts_table(figures_table(runs), runs)


def test_a_run_against_itself_differs_by_nothing(study):
    same = [figure("m", 0.3), figure("k", 0.8, measure="vaar")]
    found = contrasts(run_of(study, "a", same), run_of(study, "b", same))
    assert found["difference"].tolist() == [0, 0]
    assert found["p"].tolist() == [1, 1] and found["p_holm"].tolist() == [1, 1]


def test_a_planted_difference_is_found_with_its_sign_and_the_others_are_not(study):
    early = [figure(name, 0.1, 0.05) for name in "klm"]
    late = [figure("k", 0.12, 0.05), figure("l", 0.5, 0.05), figure("m", 0.1, 0.05)]
    found = contrasts(run_of(study, "a", early), run_of(study, "b", late)).set_index("respondent")
    assert found.loc["l", "difference"] == pytest.approx(0.4)
    assert (found["earlier"].eq("a") & found["later"].eq("b")).all()
    reach = 0.05 * np.sqrt(2)
    assert found.loc["l", "difference_lower"] == pytest.approx(0.4 - reach)
    assert found["p_holm"].lt(0.05).to_dict() == {"k": False, "l": True, "m": False}
    assert found["p_holm"].to_numpy() == pytest.approx(holm(found["p"].to_numpy(float)))


def test_leading_figures_are_corrected_apart_from_the_others(study):
    def both(value):
        return [figure("m", value), *(figure("m", value, measure=m, leading=False) for m in "abcd")]

    found = contrasts(run_of(study, "a", both(0.1)), run_of(study, "b", both(0.3)))
    p = found["p"].iloc[0]
    assert found["p_holm"].to_numpy() == pytest.approx([p, *[4 * p] * 4])


def test_later_runs_are_each_taken_from_the_first(study):
    runs = [
        run_of(study, name, [figure("m", value)])
        for name, value in zip("abc", (1, 2, 4), strict=True)
    ]
    found = contrasts(*runs)
    assert found[["earlier", "later", "difference"]].to_numpy().tolist() == [
        ["a", "b", 1.0],
        ["a", "c", 3.0],
    ]


@pytest.mark.parametrize("further", [{"flaw": "takes the first"}, {"people": True}])
def test_figures_with_a_flaw_and_those_of_people_are_left_out(study, further):
    early, late = figure("m", 0.1), figure("m", 0.9, **further)
    assert contrasts(run_of(study, "a", [early]), run_of(study, "b", [late])).empty


def test_figures_of_other_options_are_not_held_against_each_other(study):
    early, late = (reading(figure("m", v), margin=v) for v in (0.1, 0.9))
    assert contrasts(run_of(study, "a", [early]), run_of(study, "b", [late])).empty


def test_a_figure_without_an_interval_has_a_difference_and_says_why_no_test(study):
    early, late = figure("m", 0.0, None), figure("m", 0.5)
    found = contrasts(run_of(study, "a", [early]), run_of(study, "b", [late]))
    assert found["difference"].tolist() == [0.5] and found["p"].isna().all()
    assert found["why_not"].tolist() == ["one of the two figures has no interval"]


def test_a_simulated_respondent_is_none_of_the_same_name_that_is_not(study):
    early, late = figure("m", 0.1), figure("m", 0.9, simulated=True)
    assert contrasts(run_of(study, "a", [early]), run_of(study, "b", [late])).empty
