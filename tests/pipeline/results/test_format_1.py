"""A run directory of an earlier version is read, and migrated by the next analysis."""

import json
import shutil
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

import vaar
from vaar.errors import RunDirectoryError
from vaar.journal.journal import Journal
from vaar.pipeline.results.read import read_analysis
from vaar.pipeline.rundir import RunDirectory

RECORD = Path(__file__).parents[2] / "data" / "three_respondents"


@pytest.fixture
def recorded(tmp_path):
    run = shutil.copytree(RECORD, tmp_path / "run")
    fit = {"level": "metric", "why": "", "options": {}}
    (run / "fit.json").write_text(json.dumps(fit), encoding="utf-8")
    return run


def test_its_tables_are_read_as_the_default_analysis(recorded):
    found = read_analysis(RunDirectory(recorded))
    rates = pd.read_csv(RECORD / "vaar.csv")["vaar"].tolist()
    assert found.vaar["vaar"].tolist() == pytest.approx(rates, rel=1e-14)  # pandas's last digit
    assert found.options["alignment"].replicates == 1000
    assert found.outcomes["alignment"].record["level"] == "metric"
    assert found.groups["respondent"].tolist() == found.groups["group"].tolist()
    assert "earlier version of vaar" in found.stale
    with pytest.raises(RunDirectoryError, match=r"earlier version.*Run `vaar analyze`"):
        vaar.write_report(recorded)


def test_the_next_analysis_migrates_it_and_its_options_stay(recorded):
    record = json.loads((recorded / "run.json").read_text(encoding="utf-8"))
    record["options"] |= {"replicates": 0, "subsamples": 1, "gone": 3}
    (recorded / "run.json").write_text(json.dumps(record), encoding="utf-8")
    with closing(Journal.existing(recorded / "journal.sqlite")) as journal:
        turns = len(list(journal.turns()))
    rates = recorded / "vaar.csv"
    pd.read_csv(rates).drop(columns="definition").to_csv(rates, index=False)
    assert "has changed its meaning" in vaar.analyze(recorded).redefined
    assert vaar.analyze(recorded).redefined == ""
    again = read_analysis(RunDirectory(recorded))
    assert (again.options["alignment"].replicates, again.stale) == (0, "")
    old = pd.read_csv(RECORD / "paths.csv")["std_estimate"]
    assert again.paths["std_estimate"].to_numpy() == pytest.approx(old.to_numpy(), abs=1e-10)
    assert not (recorded / "fit.json").exists()
    assert (recorded / "groups.csv").is_file()
    assert json.loads((recorded / "run.json").read_text(encoding="utf-8")) == record
    with closing(Journal.existing(recorded / "journal.sqlite")) as journal:
        assert len(list(journal.turns())) == turns


def test_a_table_it_cannot_read_is_told(recorded):
    (recorded / "vaar.csv").write_text("group\n", encoding="utf-8")
    with pytest.raises(RunDirectoryError, match=r"vaar\.csv.*lacks.*`vaar analyze`"):
        read_analysis(RunDirectory(recorded))
