import io
import math

import pandas as pd
import pytest
from rich.console import Console

from support.grouped import groups_of
from vaar.analyses.shifted_sessions.section import beside_random, outcomes_section, what_changed
from vaar.report.section import Prose
from vaar.study.load import load_study
from vaar.tables.terminal import render


@pytest.fixture(scope="module")
def study():
    return load_study("privacy_prosocial")


@pytest.mark.parametrize(
    ("outcome", "ends", "said"),
    [
        ("released", (0.1, 0.3), "releases more of its record"),
        ("released", (-0.3, -0.1), "releases less of its record"),
        ("released", (-0.3, 0.1), "releases neither surely more nor surely less of its record"),
        ("aods_balanced", (-0.3, -0.1), "scores lower on "),
        ("aods_balanced", (0.1, 0.3), "scores higher on "),
        ("aods_balanced", (math.nan, math.nan), "scores neither surely higher nor surely lower"),
    ],
)
def test_a_change_in_words(study, outcome, ends, said):
    record = {"outcome": outcome, "change_lower": ends[0], "change_upper": ends[1]}
    assert what_changed(record, study).startswith(said)
    if outcome != "released":
        assert study.instrument[outcome].title in what_changed(record, study)


def row(shift, outcome, change, beyond=(math.nan,) * 3):
    names = ("beyond_random", "beyond_random_lower", "beyond_random_upper")
    return {
        "group": f"a-model-with-a-longish-name [{shift.replace(' ', '_')}]",
        "base": "a-model-with-a-longish-name [carried]",
        "shift": shift,
        "outcome": outcome,
        "sessions": 60,
        "unshifted": 0.57,
        "shifted": 0.57 + change,
        "change": change,
        "change_lower": change - 0.1,
        "change_upper": change + 0.1,
        **dict(zip(names, beyond, strict=True)),
    }


@pytest.mark.parametrize(
    ("beyond", "said"),
    [
        ((-0.3, -0.4, -0.2), "; as long a push in a random direction does otherwise"),
        ((-0.1, -0.2, 0.1), "does the same, as far as can be told (difference −.10 [−.20, .10])"),
        ((math.nan,) * 3, ""),
    ],
)
def test_it_is_said_whether_a_random_direction_does_as_much(beyond, said):
    told = beside_random(row("towards privacy", "released", -0.3, beyond))
    assert (said in told) and bool(told) == bool(said)


@pytest.fixture
def section(study):
    rows = [
        row(shift, outcome, change)
        for shift, change in (("towards privacy", -0.3), ("in random direction 1, as far", 0.0))
        for outcome in ("iuipc8_balanced", "aods_balanced", "released")
    ]
    return outcomes_section(pd.DataFrame(rows), groups_of(rows[0]["base"]), study, 100)


def test_words_come_first_on_the_terminal_a_line_for_each_action(section):
    *words, table = section.summary
    assert len(words) == 2 and all(isinstance(one, Prose) for one in words)
    assert words[0].text.startswith("Pushed towards privacy, a-model-with-a-longish-name [carried]")
    assert "releases less of its record: .57 → .27, a change of −.30 [−.40, −.20]" in words[1].text
    assert len(table.rows) == 6


def test_the_terminal_has_room_for_the_table(section):
    shown = io.StringIO()
    Console(width=80, file=shown, force_terminal=False).print(render(section.summary[-1]))
    lines = shown.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert any("aods_balanced" in line and "−0.30 [−0.40, −0.20]" in line for line in lines)


def test_what_is_known_of_no_session_is_said_so(study):
    unknown = {name: math.nan for name in ("unshifted", "shifted", "change", "change_lower")}
    rows = [
        {**row("towards privacy", outcome, 0.0), **unknown, "change_upper": math.nan}
        for outcome in ("aods_balanced", "released")
    ]
    section = outcomes_section(pd.DataFrame(rows), groups_of("m"), study, 100)
    acceptance, form, _ = (getattr(block, "text", "") for block in section.summary)
    assert f"no answers to {study.instrument['aods_balanced'].title} are known" in acceptance
    assert "no release form was read of the same session" in form
