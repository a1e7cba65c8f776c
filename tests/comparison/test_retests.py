from dataclasses import replace

import numpy as np
import pytest

from support.compared import answers, figure, run_of
from vaar.analyses.stability.intraclass import agreement
from vaar.comparison.retests import retests_table

FIRST, AGAIN = [0.1, 0.5, 0.3, 0.9, 0.7], [0.2, 0.4, 0.3, 0.8, 0.9]


def run(study, label, items):
    return run_of(study, label, [figure("m", 1)], items=items)


def test_a_run_against_itself_has_an_icc_of_one(study):
    items = answers("m", FIRST)
    found = retests_table([run(study, "a", items), run(study, "b", items)]).iloc[0]
    assert (found["over"], found["of"], found["n"], found["runs"]) == ("items", "m", 5, 2)
    assert found["icc"] == 1 and found["shift"] == 0


def test_items_of_a_model_agree_as_mcgraw_and_wong_have_it(study):
    runs = [run(study, "a", answers("m", FIRST)), run(study, "b", answers("m", AGAIN))]
    found = retests_table(runs).iloc[0]
    known = agreement(np.column_stack([FIRST, AGAIN]))
    assert (found["icc"], found["icc_lower"], found["icc_upper"]) == pytest.approx(
        (known.value, known.lower, known.upper)
    )
    assert found["shift"] == pytest.approx(np.mean(AGAIN) - np.mean(FIRST))


def test_models_keep_their_places_on_a_questionnaire_simulated_ones_apart(study):
    first = [a for k, name in enumerate("abcd") for a in answers(name, [0.2 * k, 0.2 * k + 0.1])]
    fake = answers("s", [0.9, 0.1], simulated=True) + answers("t", [0.8, 0.1], simulated=True)
    found = retests_table([run(study, "a", first + fake), run(study, "b", first + fake)])
    models = found[found["over"].eq("models")]
    assert models["simulated"].tolist() == [False, True]
    assert models["n"].tolist() == [4, 2]
    assert models["icc"].tolist()[0] == 1 and np.isnan(models["icc"].tolist()[1])
    assert models["why_not"].tolist() == ["", "fewer than 4"]


def test_runs_of_studies_that_differ_are_not_held_against_each_other(study):
    items = answers("m", FIRST)
    other = replace(study, temperature=0.1)
    assert retests_table([run(study, "a", items), run(other, "b", items)]).empty
