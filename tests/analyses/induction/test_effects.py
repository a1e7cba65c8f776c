"""Effects of assigned values: in closed form, and in simulated sessions that take a value up."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.scored import coded, scored
from vaar.analyses.base import Work
from vaar.analyses.induction.analysis import InductionAnalysis
from vaar.analyses.induction.effects import Said, as_path, said
from vaar.analyses.induction.options import InductionOptions
from vaar.errors import OptionError
from vaar.report.groups import Groups
from vaar.respondents.simulated.artefacts import Artefacts
from vaar.respondents.simulated.populations import COUNTERFEITS
from vaar.study.load import load_study

BOTH = InductionOptions(assigned=("assigned_privacy=privacy", "assigned_prosocial=prosocial"))
CELLS = [(a, b) for a in ("high", "low") for b in ("high", "low")]


@pytest.fixture(scope="module")
def study():
    return load_study("value_induction")


def sessions(study, n, moved=0.0, **artefacts):
    """Sessions that take up both values, and move their acceptance by so many standard deviations
    for each."""
    parts = []
    for k, (privacy, prosocial) in enumerate(CELLS):
        up = [1.0 if level == "high" else -1.0 for level in (privacy, prosocial)]
        population = replace(
            COUNTERFEITS["null"],
            predictor_means=(0.8 * up[0], 0.8 * up[1]),
            outcome_mean=moved * (up[1] - up[0]),
            artefacts=Artefacts(**artefacts),
        )
        rows = scored(study, population, range(1000 * k, 1000 * k + n))
        parts.append(rows.assign(assigned_privacy=privacy, assigned_prosocial=prosocial))
    return pd.concat(parts, ignore_index=True)


def data(study, rows, condition="acceptance_first"):
    facts = [
        f'{{"assigned_privacy": "{a}", "assigned_prosocial": "{b}"}}'
        for a, b in zip(rows["assigned_privacy"], rows["assigned_prosocial"], strict=True)
    ]
    return coded(study, {"m": rows}, {"facts": facts}, condition)


def run(study, rows, **more):
    return InductionAnalysis().run(data(study, rows, **more), BOTH, {}, Work())


def test_values_that_are_followed(study):
    outcome = run(study, sessions(study, 60, moved=0.4))
    table = outcome.tables["induction"].set_index(["assigned", "role"])
    assert (table["said"] == "as assigned").all() and len(table) == 4
    assert (table.loc[("assigned_privacy", "followed"), "d"] < 0).all()
    assert table.xs("followed", level="role")["asked_first"].all()
    assert not table.xs("taken up", level="role")["asked_first"].any()
    values = run(study, sessions(study, 60, moved=0.4), condition="values_first")
    assert not values.tables["induction"]["asked_first"].iloc[1:2].any()


def test_values_that_do_nothing_leave_acceptance_alone_under_carry_over(study):
    outcome = run(study, sessions(study, 100, carry_over=0.6))
    table = outcome.tables["induction"].set_index(["role"])
    assert (table.loc["taken up", "said"] == "as assigned").all()
    # three standard errors of 400 sessions
    assert table.loc["followed", "path"].abs().max() < 0.15


def test_the_section_says_what_it_shows_and_what_not(study):
    rows = sessions(study, 60, moved=0.4)
    given_data = data(study, rows)
    outcome = InductionAnalysis().run(given_data, BOTH, {}, Work())
    section = InductionAnalysis().section(outcome, Groups.of(given_data.groups), study)
    assert section is not None
    assert "following an assigned value, not holding one" in section.lead
    assert "where the outcome was asked first, in 2 of 2 cases" in section.lead
    assert "when none is assigned" in section.cautions[0].text


@given(st.floats(-5, 5))
def test_as_a_path_it_is_the_correlation_with_the_assignment(d):
    """Two groups of equal size and unit variance whose means differ by d."""
    half = d / 2
    assert as_path(d) == pytest.approx(half / np.sqrt(1 + half**2))


def test_what_is_said_hangs_on_the_interval_and_the_sign():
    assert said(0.01, 0.5, 1) is Said.AS_ASSIGNED and said(0.01, 0.5, -1) is Said.AGAINST
    assert said(-0.5, -0.01, -1) is Said.AS_ASSIGNED and said(0.0, 0.5, 1) is Said.UNDECIDED


@pytest.mark.parametrize(
    ("assigned", "told"),
    [
        ("assigned_privacy", "FACT=VALUE"),
        ("tone=privacy", "no fact 'tone'"),
        ("assigned_privacy=trust", "no hypothesis has the predictor 'trust'; there are privacy"),
    ],
)
def test_what_is_not_there_is_refused(study, assigned, told):
    with pytest.raises(OptionError, match=told):
        options = InductionOptions(assigned=(assigned,))
        InductionAnalysis().run(data(study, sessions(study, 3)), options, {}, Work())


def test_both_arms_are_given_the_same_persons(study):
    first, second = study.conditions
    assert first.system == second.system and "{about_privacy} {about_others}" in first.system
    assert first.order[0] == "aods_balanced" and second.order[-1] == "aods_balanced"
    assert {f.name for f in study.variation.facts} >= {"assigned_privacy", "assigned_prosocial"}
