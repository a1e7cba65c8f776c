"""What is said of a group, and where its errors come from, by how its fit and replicates ended."""

import numpy as np
import pytest

import vaar.sem as sem
from vaar.analyses.alignment.collect import MIN_REPLICATES_FITTED, _noted
from vaar.analyses.alignment.notes import Kind

FINE, IMPROPER = sem.Outcome.CONVERGED, sem.Outcome.INADMISSIBLE
ALL, NONE = np.ones(10, bool), np.ones(0, bool)


def kinds(outcome, fitted, personas=None):
    return [note.kind for note in _noted(outcome, fitted, personas)]


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
