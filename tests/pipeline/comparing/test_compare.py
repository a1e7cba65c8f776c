from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pandas as pd
import pytest

import vaar
from support.scripted import Scripted
from vaar.analyses.base import Outcome, Status
from vaar.analyses.headlines import Headline
from vaar.comparison.tables import TABLES
from vaar.errors import RunDirectoryError
from vaar.pipeline.ask import CollectionOptions
from vaar.pipeline.plan import RunPlan
from vaar.pipeline.run import carry_out
from vaar.respondents.base import Message
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.budget import Caps
from vaar.study.model import Study

Runs = tuple[Path, Path]


def test_two_runs_of_a_study_on_one_page_with_all_tables(runs: Runs, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = vaar.compare(runs, out)
    page = (out / "comparison.html").read_text("utf-8")
    assert "SIMULATED" in page and "2 runs of privacy_prosocial" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    for spec in TABLES:
        stored = spec.read(out / "data" / spec.file)
        pd.testing.assert_frame_equal(stored, found.tables[spec.name])
    assert set(found.figures["measure"]) == {"mean"}
    assert found.runs["run"].tolist() == ["spring", "autumn"]
    contrasts = found.contrasts
    assert len(contrasts) == len(found.figures) / 2 and contrasts["p"].notna().all()
    first = contrasts.iloc[0]
    values = found.figures[found.figures["title"] == first["title"]].set_index(
        ["run", "respondent"]
    )["value"]
    who = first["respondent"]
    assert first["difference"] == pytest.approx(values["autumn", who] - values["spring", who])
    icc = found.run_retest[found.run_retest["over"].eq("items")]
    assert icc["n"].tolist() == [36, 36] and icc["icc"].between(-1, 1).all()
    facts = found.run_facts
    assert facts[facts["fact"].eq("seed")]["differs"].tolist() == [True, True]
    assert not facts[facts["fact"].eq("temperature")]["differs"].any()


def test_a_copy_of_a_run_differs_by_nothing_agrees_wholly_and_is_told(runs: Runs) -> None:
    copy = runs[0].with_name("copy")
    shutil.copytree(runs[0], copy)
    found = vaar.compare([runs[0], copy])
    assert found.contrasts["difference"].eq(0).all() and found.contrasts["p"].eq(1).all()
    items = found.run_retest[found.run_retest["over"].eq("items")]
    assert items["icc"].eq(1).all() and items["shift"].eq(0).all()
    assert any("hold the same sessions and replies" in c.text for c in found.page.all_cautions)
    assert found.folder is None and found.page_file is None


def test_nothing_is_written_into_the_runs(runs: Runs, tmp_path: Path) -> None:
    before = {p: p.stat().st_mtime_ns for run in runs for p in run.rglob("*") if p.is_file()}
    vaar.compare(runs, tmp_path / "out")
    after = {p: p.stat().st_mtime_ns for run in runs for p in run.rglob("*") if p.is_file()}
    assert after == before


@dataclass(frozen=True)
class NoOptions:
    """Nothing to choose."""


class Longest:
    """A user's own analysis: the longest reply of each group."""

    name = "longest"
    needs = ()
    options = NoOptions
    tables = ()

    def applies(self, study):
        return ""

    def run(self, data, options, earlier, work):
        longest = data.responses["raw"].str.len().groupby(data.responses["group"]).max()
        record = {group: int(n) for group, n in longest.items()}
        return Outcome(self.name, Status.DONE, "", options, {}, record)

    def section(self, outcome, groups, study):
        return None

    def headlines(self, outcome, groups, study):
        for group, n in outcome.record.items():
            who = groups[group]
            yield Headline(who.respondent, "longest", "longest reply", n, simulated=who.simulated)


def test_a_users_own_analysis_is_compared_without_more_ado(runs: Runs) -> None:
    for run in runs:
        vaar.analyze(run, analyses=[Longest()], only=["longest"])
    found = vaar.compare(runs, analyses=[Longest()])
    own = found.figures[found.figures["analysis"].eq("longest")]
    assert len(own) == 4 and own["simulated"].all()
    assert found.contrasts["title"].eq("longest reply").sum() == 2
    assert found.correlations["one"].eq("longest reply").any() or (
        found.correlations["other"].eq("longest reply").any()
    )


def test_what_an_analysis_lacks_names_the_command_that_makes_it(runs: Runs) -> None:
    found = vaar.compare(runs)
    lacks = found.compared[0].lacks
    assert lacks["alignment"] == (
        f"it was not done; `vaar analyze {runs[0]} --only alignment` does it"
    )
    assert "national_values" not in lacks


def test_every_directory_that_cannot_be_compared_gets_a_line(runs: Runs, tmp_path: Path) -> None:
    (foreign := tmp_path / "foreign").mkdir()
    damaged, bare = runs
    (damaged / "run.json").write_text("{")
    shutil.rmtree(bare / "analyses")
    with pytest.raises(RunDirectoryError) as told:
        vaar.compare([damaged, bare, foreign, tmp_path / "nowhere"])
    lines = str(told.value).splitlines()
    assert len(lines) == 4
    assert [str(p) in line for p, line in zip((damaged, bare, foreign), lines, strict=False)]
    assert "vaar analyze" in lines[1]


def test_a_run_whose_analysis_is_out_of_date_is_refused(runs: Runs) -> None:
    study = runs[0] / "study.yaml"
    study.write_text(study.read_text("utf-8") + "\n# changed\n", encoding="utf-8")
    with pytest.raises(RunDirectoryError, match=r"study.yaml was changed.*vaar analyze"):
        vaar.compare(runs)


def test_one_run_and_the_same_run_twice_are_refused(runs: Runs) -> None:
    with pytest.raises(RunDirectoryError, match="there is 1 run to compare"):
        vaar.compare(runs[:1])
    with pytest.raises(RunDirectoryError, match="given more than once"):
        vaar.compare([runs[0], runs[0].parent / "autumn" / ".." / "spring"])


def test_a_folder_of_something_else_is_left_alone(runs: Runs, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(RunDirectoryError, match=r"not empty.*--out"):
        vaar.compare(runs, tmp_path, overwrite=True)
    vaar.compare(runs, tmp_path / "out")
    with pytest.raises(RunDirectoryError, match="--overwrite"):
        vaar.compare(runs, tmp_path / "out")
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(RunDirectoryError, match=r"mine\.txt.*would be lost.*--out"):
        vaar.compare(runs, tmp_path / "out", overwrite=True)
    (tmp_path / "out" / "mine.txt").unlink()
    vaar.compare(runs, tmp_path / "out", overwrite=True)


def test_links_that_lead_to_themselves_are_told(runs: Runs, tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for directory in (loop, loop / "below"):
        with pytest.raises(RunDirectoryError, match=r"run\.json.*"):
            vaar.compare([runs[0], directory])


def asked_by_rule(
    study: Study, where: Path, higher: int, asking: CollectionOptions | None = None
) -> Path:
    """Sessions of one respondent, whose answers are 1 to 3 by chance, or higher by so much."""
    chance, study = Random(1), replace(study, description="Made up.")

    def answer(messages: Sequence[Message]) -> str:
        return str(chance.randint(1, 3) + higher)

    sessions = tuple(plan_sessions(study, ["m"], 10, seed=1))
    planned = RunPlan(study, (Scripted("m", answer),), sessions, 10, 1, None)
    carry_out(planned, where, asking or CollectionOptions(1))
    vaar.analyze(where, only=["profile"])
    return where


def test_a_planted_shift_of_every_answer_is_found(study: Study, tmp_path: Path) -> None:
    runs = [asked_by_rule(study, tmp_path / f"by-{k}", higher=k) for k in (0, 1)]
    found = vaar.compare(runs)
    assert found.contrasts["difference"].to_numpy(float) == pytest.approx(1.0)
    assert (found.contrasts["difference_lower"] > 0).all()
    assert found.run_retest["shift"].to_numpy(float) == pytest.approx(1 / 4)


def test_pending_sessions_are_told_with_what_goes_on(study: Study, tmp_path: Path) -> None:
    cut = CollectionOptions(1, caps=Caps(tokens=4 * 5 * 11))
    runs = [
        asked_by_rule(study, tmp_path / "cut", 0, asking=cut),
        asked_by_rule(study, tmp_path / "whole", 0),
    ]
    (told,) = (c.text for c in vaar.compare(runs).page.cautions if c.label == "look")
    assert told.startswith("cut: 6 of 10 sessions are pending, and its figures rest on the others;")


def test_a_directory_whose_name_is_no_utf_8_is_told_by_its_bytes(
    runs: Runs, tmp_path: Path
) -> None:
    strange = runs[0].rename(runs[0].with_name(os.fsdecode(b"r\xe9sum\xff")))
    found = vaar.compare([strange, runs[1]], tmp_path / "out")
    assert found.runs["run"].tolist() == [r"r\xe9sum\xff", "autumn"]
    assert r"r\xe9sum\xff" in (tmp_path / "out" / "comparison.html").read_text("utf-8")
