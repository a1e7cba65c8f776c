from __future__ import annotations

from dataclasses import replace

import pandas as pd
from markupsafe import Markup

from support.made_up_run import MadeUp, made_up
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.report.figures.figure import Figure
from vaar.report.html import render_all
from vaar.report.section import Box, Prose
from vaar.tables.table import Table
from vaar.tables.text import without_marks


def with_history() -> MadeUp:
    run = made_up(["m [default]", "m [fresh]"], not_estimable=(), simulated=())
    groups = run.groups_csv.assign(respondent="m", condition=["default", "fresh"])
    history = pd.DataFrame(
        [
            ("m [default]", "m [fresh]", "aods ~ psa", -0.5, -0.1, -0.4, 0.1, -0.6, -0.2),
            ("m [default]", "m [fresh]", "aods ~ privacy", 0.4, 0.4, 0.0, 0.1, -0.2, 0.2),
        ],
        columns=list(run.history.columns),
    )
    return run.but(groups_csv=groups, history=history)


def tables(run: MadeUp) -> dict[str, list[list[str]]]:
    return {
        table.caption: [[cell.text for cell in row.cells] for row in table.rows]
        for table in run.alignment().tables
    }


def test_carried_and_isolated_history_stand_side_by_side() -> None:
    run = with_history()
    by_caption = tables(run)
    assert by_caption["Standardised paths: history carried less isolated"][0] == [
        *("m", "aods ~ psa", "−.50", "−.10", "−.40 [−.60, −.20]", ".10")
    ]
    (row,) = by_caption["VAAR, history carried and isolated"]
    assert row[0] == "m" and len(row) == 3
    (figure,) = (f for f in run.alignment().figures if f.name == "history")
    assert "aods ~ psa · m" in figure.drawing
    assert "the metric model" in Markup(render_all(run.alignment().blocks, "x")).striptags()


def test_a_group_without_estimates_is_said_to_have_none() -> None:
    run = with_history()
    lost = run.vaar["group"] == "m [fresh]"
    vaar = run.vaar.assign(status=run.vaar["status"].mask(lost, "not_estimable"))
    gone = ["std_isolated", "difference", "se", "lower", "upper"]
    run = run.but(vaar=vaar, history=run.history.assign(**dict.fromkeys(gone, float("nan"))))
    assert tables(run)["VAAR, history carried and isolated"][0][2] == "not estimable"
    assert tables(run)["Standardised paths: history carried less isolated"][0][4] == "—"
    assert not [f for f in run.alignment().figures if f.name == "history"]


def test_a_run_of_one_condition_says_nothing_of_history(made: MadeUp) -> None:
    assert "history" not in [heading.id for heading in made.alignment().headings]


def test_the_first_screen_has_the_chart_and_groups_without_vaar_are_boxed(made: MadeUp) -> None:
    section = made.alignment()
    assert any(isinstance(block, Figure) for block in section.first)
    said, box = section.blocks[:2]
    assert isinstance(said, Table) and said.caption == "What each model's answers say"
    assert isinstance(box, Box) and "constant" in str(box.blocks[1])


def test_ranks_are_told_before_the_chart_where_there_are_any(made: MadeUp) -> None:
    first = made.alignment().first[1]
    assert isinstance(first, Prose) and "hold together" in first.text
    unranked = made.but(vaar=made.vaar.assign(ranked=float("nan")))
    assert isinstance(unranked.alignment().first[1], Figure)


def test_repeating_personas_without_a_bootstrap_are_a_caution(made: MadeUp) -> None:
    bootstrap = made.record["bootstrap"] | {"personas": {"noisy": 30}}
    run = made.but(record=made.record | {"bootstrap": bootstrap})
    assert run.alignment().cautions == ()
    none = replace(AlignmentOptions(), replicates=0)
    (caution,) = run.but(options=none).alignment().cautions
    assert "too small" in caution.text
    assert made.but(options=none).alignment().cautions == ()


def test_the_summary_says_it_in_words_and_has_a_table_of_all_groups(made: MadeUp) -> None:
    said, _, whose, verdicts, table, ranks, lost, *_ = made.alignment().summary
    assert "taken as given, from the study" in str(whose)
    assert (
        isinstance(verdicts, Table)
        and isinstance(table, Table)
        and isinstance(said, Prose)
        and isinstance(lost, Prose)
    )
    assert isinstance(ranks, Prose) and "hold together" in ranks.text
    assert said.text == made.alignment().lead
    names = [row.cells[0].text for row in table.rows]
    assert names[0] == "human-like" and names[-1] == "constant"
    assert [cell.text for cell in verdicts.rows[0].cells] == ["human-like", *["as in people"] * 2]
    assert [cell.text for cell in verdicts.rows[-1].cells[1:]] == ["not estimable"] * 2
    assert [cell.text for cell in table.rows[-1].cells[1:]] == ["not estimable", "", "", "200"]
    assert lost.text == "constant: not estimable (every answer is the same)"


def test_verdicts_of_a_group_in_no_headline_are_marked(made: MadeUp) -> None:
    flag = made.vaar["flag"].mask(made.vaar["group"] == "noisy", "CFI 0.46")
    section = made.but(vaar=made.vaar.assign(flag=flag)).alignment()
    verdicts = next(block for block in section.summary if isinstance(block, Table))
    said = {row.cells[0].text: row.cells[-1].text for row in verdicts.rows}
    assert said["noisy"] == "not to be relied on" and said["human-like"] == ""
    words = next(t for t in section.tables if t.caption == "What each model's answers say")
    told = {row.cells[1].text: row.cells[2].text for row in words.rows}
    assert told["noisy"].endswith("; not to be relied on")
    assert "relied on" not in told["human-like"]


def test_a_summary_of_nothing_says_what_may_help() -> None:
    run = made_up(["a"], ["a"], [])
    assert "more sessions" in " ".join(str(block) for block in run.alignment().summary)


def test_paths_are_named_in_words_before_anything_is_said_of_them(made: MadeUp) -> None:
    section = made.alignment()
    told = "more privacy → less aods (aods ~ privacy)"
    assert told in without_marks(section.first[0].text)
    assert told in without_marks(section.summary[1].text)
    first = " ".join(without_marks(b.text) for b in section.first if isinstance(b, Prose))
    assert ("No people's answers are in this run" in first) == (not made.ranked.people)
