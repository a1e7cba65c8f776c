from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import vaar
from support.outline import outline
from vaar.errors import RunDirectoryError


def test_the_example_has_its_section_chart_table_and_method_text(run: Path, example: Any) -> None:
    page = vaar.write_report(run, analyses=[example.Extremes()]).read_text("utf-8")
    shown = outline(page)
    assert any(a.get("id") == "extremes" for a in shown.named("section"))
    section = page[page.index('<section id="extremes"') :].split("</section>")[0]
    assert 0 < section.index("<svg") < section.index("<table")
    assert "Share of answers at an end of the scale" in section
    assert "Most answers at an end of the scale" in section
    method = page[page.index('<section id="method"') :]
    assert "An answer is extreme where it is one of the 1 outermost points" in method


def test_a_changed_option_of_the_example_changes_its_method_text(run: Path, example: Any) -> None:
    own = [example.Extremes()]
    vaar.analyze(run, {"extremes": {"points": 2}}, analyses=own, only=["extremes"])
    page = vaar.write_report(run, analyses=own).read_text("utf-8")
    assert "one of the 2 outermost points" in page and "one of the 1 outermost" not in page


def test_the_table_of_the_example_is_a_file_of_the_run(run: Path, example: Any) -> None:
    stored = run / "analyses" / "default" / "extremes" / "extremes.csv"
    assert stored.read_bytes() == (run / "extremes.csv").read_bytes()
    table = pd.read_csv(stored)
    assert list(table) == list(example.Extremes.tables[0].names)
    assert len(table) == 2 * 3 and table["share"].between(0, 1).all()


def test_the_shares_of_the_example_are_those_of_the_answers(run: Path, example: Any) -> None:
    responses = vaar.open_run(run).responses.dropna(subset="value")
    own = responses[(responses["group"] == "simulated/noisy") & (responses["instrument"] == "psa")]
    by_session = own.assign(end=own["value"].isin([1, 5])).groupby("session")["end"].mean()
    found = pd.read_csv(run / "extremes.csv").set_index(["group", "instrument"])
    assert found.loc[("simulated/noisy", "psa"), "share"] == pytest.approx(by_session.mean())


def test_a_page_without_the_users_analysis_says_what_is_missing(run: Path) -> None:
    page = vaar.write_report(run).read_text("utf-8")
    assert 'id="extremes"' not in page
    assert "Not shown: extremes, as its results are stored, but this program does not" in page


def test_every_option_in_force_is_on_the_page(run: Path, example: Any) -> None:
    page = outline(vaar.write_report(run, analyses=[example.Extremes()]).read_text("utf-8")).text
    assert "Options of extremes Option value points 1" in page
    assert "Options of groups Option value by []" in page


def test_an_analysis_that_was_not_done_is_said(run: Path, example: Any) -> None:
    class Never(example.Extremes):
        name = "never"
        tables = ()

        def applies(self, study: object) -> str:
            return "the study has <no> scales"

    own = [example.Extremes(), Never()]
    vaar.analyze(run, analyses=own, only=["profile", "extremes", "never"])
    page = vaar.write_report(run, analyses=own).read_text("utf-8")
    assert "Not shown: never, as the study has &lt;no&gt; scales." in page


def test_a_page_of_what_has_changed_since_is_refused(run: Path) -> None:
    record = json.loads((run / "run.json").read_text())
    assert record["respondents"]
    study = (run / "study.yaml").read_text()
    (run / "study.yaml").write_text(study + "\n# changed\n")
    with pytest.raises(RunDirectoryError, match=r"study\.yaml was changed; a page would mix"):
        vaar.write_report(run)


def test_a_named_analysis_has_a_page_of_its_own(run: Path, example: Any) -> None:
    own = [example.Extremes()]
    vaar.analyze(run, analyses=own, only=["extremes"], name="ends")
    page = vaar.write_report(run, "ends", own)
    assert page == run / "analyses" / "ends" / "report.html"
    assert "analysis ends" in page.read_text("utf-8")
    assert not (run / "report.html").exists()
