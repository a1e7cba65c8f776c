"""What is said of a group, and where its errors come from, by how its fit and replicates ended."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.analyses.alignment import collect as module
from vaar.analyses.alignment.collect import (
    FEWEST_PERSONAS,
    MIN_REPLICATES_FITTED,
    Collected,
    Errors,
    _noted,
    clusters,
    collect,
    errors_of,
    few_personas,
    nothing_collected,
    repeating,
    with_few_personas,
)
from vaar.analyses.alignment.notes import Kind
from vaar.analyses.alignment.paths import PathEstimates, PathIndex
from vaar.study.model import Hypothesis

FINE, IMPROPER = sem.Outcome.CONVERGED, sem.Outcome.INADMISSIBLE
ALL, NONE = np.ones(10, bool), np.ones(0, bool)


def kinds(outcome, fitted, personas=None):
    origin = errors_of(outcome, fitted, personas)
    return [note.kind for note in _noted(outcome, origin, fitted, personas)]


@pytest.mark.parametrize(
    ("outcome", "fitted", "personas", "expected"),
    [
        (FINE, ALL, None, []),
        (FINE, NONE, None, []),
        (IMPROPER, ALL, None, [Kind.INADMISSIBLE, Kind.BOOTSTRAP_ERRORS]),
        (IMPROPER, NONE, None, [Kind.INADMISSIBLE]),
        (FINE, ALL, 30, [Kind.PERSONAS_REPEAT]),
        (IMPROPER, ALL, 30, [Kind.INADMISSIBLE, Kind.PERSONAS_REPEAT]),
    ],
)
def test_what_is_said_of_a_group(outcome, fitted, personas, expected):
    assert kinds(outcome, fitted, personas) == expected


def test_a_group_of_whose_replicates_fewer_than_half_were_fitted_has_no_estimate():
    half = np.arange(100) < 100 * 0.5
    assert MIN_REPLICATES_FITTED == 0.5
    assert kinds(FINE, half) == []
    assert kinds(FINE, np.arange(100) < 49, 30) == [Kind.FEW_REPLICATES]


def test_a_fit_without_a_solution_has_no_estimate():
    unusable = next(outcome for outcome in sem.Outcome if not outcome.usable)
    assert kinds(unusable, ALL, 30) == [Kind.NO_SOLUTION]


@pytest.mark.parametrize(
    ("outcome", "fitted", "personas", "expected"),
    [
        (FINE, ALL, None, Errors.FIT),
        (IMPROPER, ALL, None, Errors.REPLICATES),
        (FINE, ALL, 100, Errors.REPLICATES),
        (FINE, ALL, 99, Errors.LEFT_OUT),
        (IMPROPER, ALL, 99, Errors.LEFT_OUT),
        (IMPROPER, NONE, 99, Errors.FIT),
        (FINE, np.arange(100) < 49, 99, Errors.NOWHERE),
        (FINE, np.arange(100) < 50, 99, Errors.LEFT_OUT),
    ],
)
def test_where_the_errors_of_a_group_come_from(outcome, fitted, personas, expected):
    assert errors_of(outcome, fitted, personas) is expected


def test_errors_of_the_fit_of_personas_that_repeat_are_told_as_of_independent_sessions():
    (note,) = _noted(FINE, Errors.FIT, NONE, 30)
    assert "independent" in note.text


def fit_of(outcomes, row_groups=(), dropped=None):
    """What is read of a fit, without one."""
    return SimpleNamespace(
        groups=tuple(outcomes),
        group_outcome=outcomes,
        dropped=dropped or {},
        row_groups=np.array(row_groups, dtype=object),
        row_index=np.arange(len(row_groups))[::-1],
    )


def collected(monkeypatch, fit, again, drawn=None):
    """Two paths a group, each estimated as 0.3 with an error of 0.1."""
    shape = (len(fit.groups) + len(fit.dropped), 2)
    full = PathEstimates(*(np.full(shape, value) for value in (0.3, 0.1, 0.3, 0.1)))
    groups = (*fit.groups, *fit.dropped)
    index = PathIndex(groups, np.zeros((len(fit.groups), 2), int))
    monkeypatch.setattr(module, "estimates", lambda fit, index: full)
    monkeypatch.setattr(PathIndex, "of", lambda fit, hypotheses: index)
    return collect(fit, (), lambda fit, index: again, drawn)


def replicates(n_groups, lost=()):
    """Four replicates; those that are lost, as (replicate, group, path), could not be fitted."""
    again = np.arange(4.0)[:, None, None] * np.array([1.0, 2.0]) * np.ones((4, n_groups, 2))
    for place in lost:
        again[place] = np.nan
    return again


def test_errors_come_from_the_fit_or_from_replicates_where_it_has_none_to_trust(monkeypatch):
    fit = fit_of({"fine": FINE, "improper": IMPROPER}, dropped={"gone": "no rows"})
    found = collected(monkeypatch, fit, replicates(3, [(1, 1, 0)]))
    kept = np.array([[0.0, 0.0], [2.0, 4.0], [3.0, 6.0]])
    assert found.full.std_se[0].tolist() == [0.1, 0.1]
    assert found.full.std_se[1] == pytest.approx(kept.std(axis=0, ddof=1))
    assert [note.kind for note in found.notes["gone"]] == [Kind.NOT_FITTED]
    assert found.failed == {"fine": 0, "improper": 1}


@pytest.mark.parametrize(("personas", "left_out"), [(99, True), (100, False)])
def test_errors_of_personas_that_repeat_come_from_replicates_or_from_leaving_each_out(
    monkeypatch, personas, left_out
):
    fit = fit_of({"alone": FINE, "again": FINE}, ["alone"] * 3 + ["again"] * (personas + 1))
    names = [f"p{k}" for k in range(personas)]
    names_of_rows = [*names, "p0", "p1", "p2", "p3"]  # in the order of rows, from behind
    drawn = pd.Series(names_of_rows, dtype=object)
    asked = []

    def jackknife(fit, cluster):
        asked.append([name for name in cluster if name is not None])
        return SimpleNamespace(errors=lambda standardised: standardised * np.array([0.5, 0.6, 0.7]))

    monkeypatch.setattr(sem, "jackknife", jackknife)
    monkeypatch.setattr(PathIndex, "spread", lambda index, errors: errors[[[0, 0], [1, 2]]])
    found = collected(monkeypatch, fit, replicates(2), drawn)
    assert found.personas == {"again": personas}
    assert found.full.std_se[0].tolist() == [0.1, 0.1]
    spread = [0.6, 0.7] if left_out else replicates(1)[:, 0].std(axis=0, ddof=1)
    assert found.full.std_se[1] == pytest.approx(spread)
    assert asked == ([[*names, "p0"]] if left_out else [])
    assert drawn.notna().all()
    assert ("leaving out each" in found.notes["again"][0].text) == left_out


def test_a_group_that_cannot_be_fitted_without_one_of_its_personas_has_no_estimate(monkeypatch):
    without = SimpleNamespace(errors=lambda standardised: np.array([0.5, np.nan]))
    monkeypatch.setattr(sem, "jackknife", lambda fit, cluster: without)
    monkeypatch.setattr(PathIndex, "spread", lambda index, errors: errors[None])
    fit = fit_of({"again": FINE}, ["again"] * 3)
    found = collected(monkeypatch, fit, replicates(1), pd.Series(["a", "a", "b"]))
    assert [note.kind for note in found.notes["again"]] == [Kind.INDISPENSABLE_PERSONA]
    assert np.isnan(found.full.std_se).all() and np.isnan(found.full.std_estimate).all()


def test_nobody_is_left_out_of_a_group_whose_replicates_do_not_suffice(monkeypatch):
    monkeypatch.setattr(sem, "jackknife", lambda *given: pytest.fail("left out in vain"))
    fit = fit_of({"again": FINE}, ["again"] * 3)
    lost = [(row, 0, 0) for row in range(3)]
    found = collected(monkeypatch, fit, replicates(1, lost), pd.Series(["a", "a", "b"]))
    assert [note.kind for note in found.notes["again"]] == [Kind.FEW_REPLICATES]
    assert np.isnan(found.full.std_se).all()


@pytest.mark.parametrize(("fitted", "from_them"), [(1, False), (2, True)])
def test_two_replicates_are_the_fewest_of_an_error(monkeypatch, fitted, from_them):
    again = replicates(1)[1 : 1 + fitted]
    found = collected(monkeypatch, fit_of({"improper": IMPROPER}), again)
    assert (found.full.std_se[0, 0] != 0.1) == from_them


def test_what_is_not_estimable_has_neither_estimate_nor_error(monkeypatch):
    lost = [(row, 0, 0) for row in range(3)]
    found = collected(monkeypatch, fit_of({"g": FINE, "h": FINE}), replicates(2, lost))
    assert np.isnan(found.full.std_estimate[0]).all() and np.isnan(found.full.std_se[0]).all()
    assert found.full.std_estimate[1].tolist() == [0.3, 0.3]


def test_nobody_repeats_where_nobody_is_told_or_all_differ():
    fit = fit_of({"g": FINE}, ["g", "g"])
    assert repeating(fit, None) == {}
    assert repeating(fit, pd.Series(["a", "b"])) == {}
    assert repeating(fit, pd.Series(["a", "a"])) == {"g": 1}


def scored(**personas):
    rows = [(group, persona) for group, own in personas.items() for persona in own]
    return pd.DataFrame(rows, columns=["group", "persona"], index=range(10, 10 + len(rows)))


MANY, FEW = [f"p{k}" for k in range(FEWEST_PERSONAS)], [f"p{k}" for k in range(19)]


def test_twenty_personas_stand_for_others_and_nineteen_do_not():
    assert FEWEST_PERSONAS == 20
    scores = scored(many=MANY, few=[*FEW, *FEW, ""], none=["", None])
    assert few_personas(scores) == {"few": 19}
    assert few_personas(scores.drop(columns="persona")) == {}


def test_a_session_without_a_persona_or_of_few_is_drawn_alone():
    scores = scored(many=[*MANY, "p0", "", None], few=[*FEW, "p0"])
    drawn = clusters(scores)
    many = drawn[scores["group"] == "many"]
    assert many.iloc[0] == many.iloc[FEWEST_PERSONAS] == "p0"
    assert many.iloc[-2:].tolist() == [21, 22]
    assert drawn[scores["group"] == "few"].is_unique
    assert clusters(scores.drop(columns="persona")) is None


def test_groups_of_few_personas_are_told():
    empty = np.empty((1, 2))
    index = PathIndex(("few", "many"), np.zeros((2, 2), int))
    held = Collected(index, PathEstimates(empty, empty, empty, empty), empty, {"many": []}, {})
    noted = with_few_personas(held, scored(many=MANY, few=FEW)).notes
    assert [note.kind for note in noted["few"]] == [Kind.FEW_PERSONAS]
    assert noted["few"][0].facts["personas"] == 19 and noted["many"] == []


def test_where_nothing_is_fitted_every_group_is_told_why_and_has_no_path():
    hypotheses = (Hypothesis("a", "p", -1), Hypothesis("a", "s", 1))
    found = nothing_collected({"g": "no rows", "h": "no rows"}, hypotheses)
    assert found.groups == ("g", "h") and found.index.n_fitted == 0
    assert found.full.std_estimate.shape == (2, 2) and found.replicated.shape == (0, 2, 2)
    assert {note.kind for own in found.notes.values() for note in own} == {Kind.NOT_FITTED}
