"""The report's section, from tables as a run of a shifted model has them."""

import pandas as pd
import pytest

from vaar.analyses.value_control.options import ValueControlOptions
from vaar.analyses.value_control.section import control_section
from vaar.analyses.value_control.tables import ARM_TABLE, TABLES
from vaar.report.section import Prose
from vaar.tables.text import without_marks

FIGURES = ("score", "change", "beyond_random", "order_effect")


def arm(name, kind="dilemmas", change=0.2, beyond=float("nan"), order_effect=0.1):
    values = {"score": 0.5 + change, "change": change, "beyond_random": beyond}
    values["order_effect"] = order_effect
    return {
        **{"respondent": "m", "value": "privacy", "kind": kind, "arm": name},
        **{"questions": 40, "directions": 1},
        **{n + end: values[n] + more for n in FIGURES for end, more in _ENDS.items()},
    }


_ENDS = {"": 0.0, "_lower": -0.1, "_upper": 0.1}


@pytest.fixture
def section():
    rows = [arm("none", change=0.0), arm("shift", beyond=0.2), arm("random", change=0.0)]
    rows += [arm(name, "neutral", 0.0) for name in ("none", "shift")]
    tables = {spec.name: spec.of({}) for spec in TABLES}
    tables["control_arms"] = ARM_TABLE.checked(pd.DataFrame(rows)[list(ARM_TABLE.names)])
    return control_section(tables, ValueControlOptions())


def test_it_opens_with_the_answer_and_shows_each_arm(section):
    said = without_marks(section.lead)
    assert said.startswith("Pushed towards privacy, m decides for it in 70.0 % of dilemmas")
    assert "random directions of equal length do less" in section.lead
    assert len(section.figures) == 1
    captions = [getattr(block, "caption", "") for block in section.blocks]
    assert {"Arms", "Replies, gate and fluency", "Shift of each layer"} <= set(captions)


def test_the_terminal_has_the_answer_then_the_changes_of_dilemmas(section):
    words, table = section.summary
    assert isinstance(words, Prose) and "<b>" not in words.text
    assert [row.cells[1].text for row in table.rows] == ["shift", "random"]
    assert table.rows[0].cells[2].text == ".20 [.10, .30]"


def test_what_differs_from_the_paper_stands_with_the_method(section):
    assert "Jin et al. (2025)" in section.method[-1].caption
