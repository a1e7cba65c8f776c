import json

import pandas as pd
import pytest

import vaar
from support.people_tables import answers, plain
from vaar.errors import DataError
from vaar.pipeline.people.reference import people_source
from vaar.pipeline.rundir import RunDirectory
from vaar.study.load import load_study

QUICK = vaar.AnalysisOptions(replicates=0, subsamples=2)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    directory = tmp_path_factory.mktemp("run") / "r"
    vaar.run(models=["simulated/human-like"], sessions=60, out=directory, options=QUICK)
    return directory


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("people") / "mine.csv"
    study = load_study("privacy_prosocial")
    path.write_text(plain(study, answers(study, 80)) + "," * 39 + "\n")
    return path


def test_people_are_taken_left_out_and_taken_again(run, table):
    done = vaar.analyze(run, human=table)
    assert "human" in set(done.paths["group"])
    told = json.loads((run / "run.json").read_text("utf-8"))["human"]
    assert (told["source"], told["people"]) == ("mine.csv", 80)
    assert len(pd.read_csv(run / "human.csv")) == 80
    without = vaar.analyze(run, {"groups": {"people": False}})
    assert set(without.paths["group"]) == {"simulated/human-like"}
    assert not vaar.open_run(run).analysis().stale
    assert "human" not in set(vaar.analyze(run).paths["group"])
    again = vaar.analyze(run, {"groups": {"people": True}})
    assert "human" in set(again.paths["group"])
    assert not vaar.open_run(run).analysis().stale


def test_a_table_without_people_is_refused_before_anything_is_asked(table, tmp_path):
    head = table.read_text().splitlines()[0]
    empty = tmp_path / "empty.csv"
    empty.write_text(head + "\n")
    with pytest.raises(DataError, match="holds no person's answers"):
        vaar.run(models=["simulated/human-like"], out=tmp_path / "r", human=empty)
    assert not (tmp_path / "r").exists()


def test_what_an_import_told_is_one_line_of_sentences(tmp_path, monkeypatch):
    told = {"account": ["t.csv: a table", "blank: 2 cells"], "warnings": ["was it moved?", "x"]}
    monkeypatch.setattr(RunDirectory, "read_run", lambda self: {"human": told})
    told_of = people_source(RunDirectory(tmp_path))
    assert told_of == "t.csv: a table. blank: 2 cells. LOOK: was it moved? LOOK: x"
