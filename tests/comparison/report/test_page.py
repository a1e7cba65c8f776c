from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from support.compared import answers, figure, run_of
from vaar.comparison.report.page import comparison_page
from vaar.pipeline.comparing.compare import tables_of
from vaar.report.page import render
from vaar.tables import terminal
from vaar.tables.text import without_marks

HOSTILE = "<script>alert(1)</script>"


def page_of(*runs):
    return comparison_page(runs, tables_of(runs))


def leads(page):
    return {section.id: without_marks(section.lead) for section in page.ordered}


def test_words_come_first_and_say_which_models_and_measures(study):
    figures = [figure("m", 0.1, title="gap"), figure("k", 0.9, measure="vaar", title="VAAR")]
    runs = [run_of(study, "a", figures), run_of(replace(study, name="two"), "b", figures)]
    page = page_of(*runs)
    first = page.ordered[0]
    assert leads(page)["compared"].startswith(
        "2 runs of tiny, two hold 2 models and 2 measures: gap; VAAR. None of 2 differences"
    )
    assert first.first and not page.simulated


def test_a_difference_beyond_chance_is_told_with_its_direction(study):
    early, late = [figure("m", 0.5, 0.05)], [figure("m", 0.1, 0.05)]
    told = leads(page_of(run_of(study, "a", early), run_of(study, "b", late)))["changes"]
    assert told == (
        "1 of 1 differences of a model from itself are beyond chance (Holm): gap of m fell by "
        ".40 [.33, .47]."
    )


def test_correlations_are_told_or_why_not(study):
    x, y = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6), (0.12, 0.19, 0.33, 0.41, 0.48, 0.6)
    figures = [figure(f"m{k}", v, 0.01) for k, v in enumerate(x)]
    figures += [figure(f"m{k}", v, 0.01, measure="vaar") for k, v in enumerate(y)]
    told = leads(page_of(run_of(study, "a", figures), run_of(study, "b", figures[:1])))
    assert told["correlations"].startswith("Over models, 1 of 1 pairs go together beyond chance")
    few = [f for f in figures if f.respondent != "m5"]
    told = leads(page_of(run_of(study, "a", few), run_of(study, "b", few[:1])))
    assert told["correlations"] == (
        "No correlation over models is told: that takes 6 models with both figures, and no pair of "
        "measures has more than 5."
    )


def test_what_is_refused_pending_lacking_or_a_copy_is_on_the_page(study):
    warmer = replace(study, temperature=0.1)
    first = run_of(
        study,
        "a",
        [figure("m", 0.1)],
        state="x",
        cautions=("4 sessions are pending.",),
        lacks={"vaar": "it was not done"},
    )
    html = render(page_of(first, run_of(warmer, "b", [figure("m", 0.1)], state="x")))
    for told in (
        "a: 4 sessions are pending.",
        "a has no figures of vaar: it was not done.",
        "asked different versions of tiny: temperature differ",
        "one is a copy",
    ):
        assert told in html


@pytest.mark.parametrize("simulated", [True, False])
def test_names_of_models_and_verdicts_are_hostile_text(study, simulated):
    own = figure(HOSTILE, 0.1, words=HOSTILE, title=HOSTILE, flaw=HOSTILE, simulated=simulated)
    items = answers(HOSTILE, [0.1, 0.2, 0.3, 0.5], simulated)
    facts = {(HOSTILE, HOSTILE): HOSTILE}
    runs = [run_of(study, name, [own], items=items, facts=facts) for name in ("a", HOSTILE)]
    page = page_of(*runs)
    html = render(page)
    assert "<script>" not in html and "alert(1)" in html
    assert page.simulated is simulated


def test_models_are_named_before_simulated_respondents(study):
    figures = [figure("real", 0.2), figure("other", 0.3), figure("fake", 0.9, simulated=True)]
    html = render(page_of(run_of(study, "a", figures), run_of(study, "b", [])))
    assert "highest of 2 real models" in html


def test_the_terminal_has_room_for_the_differences(study):
    long = "acceptance of the sharing of data, in sixteen vignettes of everyday life"
    further = [
        figure("provider/m", v, title=long, short="aods", measure=m, facet=m)
        for v, m in ((0.2, "a"), (0.3, "b"))
    ]
    runs = [run_of(study, name, further) for name in ("spring", "autumn")]
    (table,) = page_of(*runs).ordered[2].summary
    console = Console(width=80, record=True, file=StringIO())
    console.print(terminal.render(table))
    said = console.export_text()
    assert "autumn less spring, each model less itself" in said
    rows = [line.strip() for line in said.splitlines() if "[" in line][1:]
    assert len(rows) == 2 and rows[0].startswith("aods") and "provider" not in said
    assert all("[−" in row and row.endswith("1.000") for row in rows)


def test_what_differs_from_row_to_row_has_its_column(study):
    figures = [figure("p/m", 0.2), figure("p/k", 0.2, simulated=True)]
    runs = [run_of(study, name, figures) for name in "abc"]
    (table,) = page_of(*runs).ordered[2].summary
    heads = [column.heading for column in table.headings]
    assert heads == ["Measure", "model", "runs", "difference [95 %]", "p (Holm)"]
    assert [row.cells[1].tagged for row in table.rows[:3]] == ["m", "m", "k (simulated)"]


def test_figures_of_one_measure_stand_together(study):
    early = [figure("m", 0.1), figure("m", 0.2, measure="vaar")]
    page = page_of(run_of(study, "a", early), run_of(study, "b", early))
    table = next(t for t in page.ordered[1].tables if t.caption == "Leading figures")
    assert [row.cells[0].text for row in table.rows] == ["gap", "gap", "vaar", "vaar"]


@pytest.mark.parametrize(("difference", "told"), [(0.1482, "1 of 1"), (0.1357, "None of 1")])
def test_a_difference_is_told_from_p_below_five_percent(study, difference, told):
    early, late = [figure("m", 0.5)], [figure("m", 0.5 + difference)]  # p = .04 and .06
    lead = leads(page_of(run_of(study, "a", early), run_of(study, "b", late)))["changes"]
    assert lead.startswith(told)
