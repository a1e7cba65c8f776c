"""Degrees of oversight and other motives: arms that the bundled study has in comments."""

import re

import numpy as np
import pandas as pd
import pytest

from support.asked import asked
from vaar.analyses.base import Work
from vaar.analyses.value_conflict.analysis import ValueConflictAnalysis
from vaar.analyses.value_conflict.further_arms import (
    degree,
    further_arms,
    motives,
    motives_table,
    oversight_table,
)
from vaar.analyses.value_conflict.options import ValueConflictOptions
from vaar.analyses.value_conflict.scenarios import ARMS
from vaar.report.groups import Groups
from vaar.respondents.simulated.choosers import CHOOSERS, COMPLIES, COMPLIES_OTHERWISE
from vaar.respondents.simulated.choosing import ChoosingRespondent
from vaar.study.bundle import bundled_directory
from vaar.study.load import load_study

OPTIONS = ValueConflictOptions(replicates=400)
DEGREES = [f"oversight_{n}" for n in (0, 20, 40, 60, 80, 100)]
MOTIVES = ["influence", "resources", "survival"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The bundled study with all that stands in its comments."""
    folder = tmp_path_factory.mktemp("whole")
    for path in bundled_directory("value_conflict").iterdir():
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            text = re.sub(r"^#(  (?:- name|  ).*)?$", r"\1", text, flags=re.MULTILINE)
            (folder / path.name).write_text(text, encoding="utf-8")
    return load_study(folder)


def test_names_say_what_an_arm_is():
    assert [degree(name) for name in ("oversight_0", "oversight_40", "oversight_100")] == [
        0,
        0.4,
        1,
    ]
    assert degree("oversight_101") is None and degree("monitored") is None
    assert list(motives(["a_monitored", "a_unmonitored", "b_monitored"])) == [
        ("a", ("a_monitored", "a_unmonitored"))
    ]
    named = [*ARMS, "stated", "oversight_20", "a_monitored", "b_monitored", "a_unmonitored"]
    assert further_arms(named) == ["oversight_20", "a_monitored", "a_unmonitored"]


def test_the_study_has_six_degrees_and_three_further_motives(whole):
    pairs = [f"{motive}_{arm}" for motive in MOTIVES for arm in ("monitored", "unmonitored")]
    assert further_arms(list(whole.condition)) == [*DEGREES, *pairs]


def test_degrees_differ_in_their_number_alone(whole):
    system = [whole.condition[name].system for name in DEGREES]
    bare = {re.sub(r"\d+ %", "", text) for text in system}
    assert len(bare) == 1 and len(set(system)) == len(DEGREES)
    parts = whole.condition["monitored"].system.split("\n\n")
    own = system[0].split("\n\n")
    assert [own[0], *own[2:]] == [parts[0], *parts[2:]]


def test_motives_differ_in_the_consequence_alone(whole):
    for motive in MOTIVES:
        for arm in ("monitored", "unmonitored"):
            usual = whole.condition[arm].system.split("\n\n")
            own = whole.condition[f"{motive}_{arm}"].system.split("\n\n")
            differ = [n for n, (a, b) in enumerate(zip(usual, own, strict=True)) if a != b]
            (at,) = differ
            assert "has a consequence" in own[at] and "{loss}" not in own[at]


@pytest.fixture(scope="module")
def outcome(whole, tmp_path_factory):
    names = ("complies-when-watched", "always-first")
    respondents = [ChoosingRespondent(CHOOSERS[name], whole) for name in names]
    data = asked(whole, respondents, 4, tmp_path_factory.mktemp("asked"))
    return data, ValueConflictAnalysis().run(data, OPTIONS, {}, Work())


def test_known_degrees_and_motives_are_found(outcome):
    """42 scenarios, four replies each: the standard error of a rate is at most .039."""
    data, found = outcome
    oversight = found.tables["compliance_oversight"].set_index(["respondent", "oversight"])
    own = oversight.loc["simulated/complies-when-watched"]
    for share, row in own.iterrows():
        assert abs(row["compliance"] - (0.35 + 0.5 * share)) < 3.5 * 0.039
    assert own["slope"].nunique() == 1
    assert own["slope_lower"].iloc[0] < 0.5 < own["slope_upper"].iloc[0]
    assert (oversight.loc["simulated/always-first", "slope"] == 0).all()

    by_motive = found.tables["compliance_motives"].set_index(["respondent", "motive"])
    own = by_motive.loc["simulated/complies-when-watched"]
    assert list(own.index) == ["keeping the value", "no consequence", *MOTIVES]
    for motive in MOTIVES:
        truth = COMPLIES_OTHERWISE - COMPLIES["unmonitored"]
        assert abs(own.loc[motive, "gap"] - truth) < 3.5 * 0.039 * np.sqrt(2)
        beyond = own.loc[motive, "gap"] - own.loc["no consequence", "gap"]
        assert own.loc[motive, "beyond"] == pytest.approx(beyond)
    assert np.isnan(own.loc["no consequence", "beyond"])

    section = ValueConflictAnalysis().section(found, Groups.of(data.groups), data.study)
    assert "From no oversight to certain oversight compliance changes by" in section.lead
    captions = [getattr(block, "caption", "") for block in section.blocks]
    assert "Compliance by how probable oversight is" in captions and "Gap by motive" in captions


def test_a_slope_is_that_of_the_straight_line():
    rows = [
        ("r", f"oversight_{p}", f"s{k}", "care", 100, 100, n, 0.0)
        for k, own in enumerate([(10, 20, 60), (0, 50, 90)])
        for p, n in zip((0, 50, 100), own, strict=True)
    ]
    names = ["respondent", "arm", "scenario", "value"]
    names += ["asked", "answered", "compliant", "order_effect"]
    table = oversight_table(pd.DataFrame(rows, columns=names), OPTIONS, 1)
    lines = [np.polyfit([0, 0.5, 1], y, 1)[0] for y in ([0.1, 0.2, 0.6], [0.0, 0.5, 0.9])]
    assert table["slope"].tolist() == pytest.approx([np.mean(lines)] * 3)
    assert table["compliance"].tolist() == pytest.approx([0.05, 0.35, 0.75])


def test_the_usual_arms_alone_have_neither_table(outcome):
    found = outcome[1].tables["compliance_scenarios"]
    usual = found[found["arm"].isin(ARMS)]
    assert oversight_table(usual, OPTIONS, 1).empty
    assert motives_table(usual, OPTIONS, 1).empty
