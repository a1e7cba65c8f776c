"""What is said, and where: results, remarks, JSON, nothing."""

import json

import pytest
from typer.testing import CliRunner

from vaar.cli.console import INCOMPLETE
from vaar.cli.main import app

QUICK = ("--replicates", "0", "--set", "alignment.subsamples=1")
ASK = ("run", "--model", "simulated/noisy", "--sessions", "6", "--ask-only")


def vaar(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)], catch_exceptions=False)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    out = tmp_path_factory.mktemp("console") / "run"
    assert vaar(*ASK, "--out", out).exit_code == 0
    return out


def test_asking_as_json(tmp_path):
    done = vaar(*ASK, "--out", tmp_path / "r", "--json")
    told = json.loads(done.stdout)
    assert told["directory"] == str(tmp_path / "r")
    assert told["sessions"] == {"earlier": 0, "complete": 6, "failed": 0, "pending": 0}
    assert (told["analysis"], told["failed"], told["stopped"]) == (None, {}, "")


def test_an_analysis_as_json_holds_its_tables_and_options(run):
    done = vaar("analyze", run, "--json", *QUICK)
    told = json.loads(done.stdout)
    assert told["options"]["alignment"]["subsamples"] == 1
    assert told["groups"][0] | {"condition": ""} == {
        "group": "simulated/noisy",
        "respondent": "simulated/noisy",
        "condition": "",
        "levels": "{}",
        "simulated": True,
        "people": False,
    }
    (row,) = told["outcomes"]["alignment"]["tables"]["vaar"]
    assert row["status"] == "not_estimable" and row["vaar_lower"] is None
    assert told["outcomes"]["alignment"]["status"] == "not_estimable"
    assert done.exit_code == INCOMPLETE


def test_quiet_says_nothing(run):
    done = vaar("analyze", run, *QUICK, "--name", "q", "--quiet")
    assert (done.exit_code, done.output) == (INCOMPLETE, "")
    assert (run / "analyses" / "q" / "profile" / "profile.csv").is_file()


def test_without_quiet_stages_options_and_the_page_are_told(run):
    done = vaar("analyze", run, *QUICK, "--name", "q")
    assert "coding the replies …" in done.stderr
    assert "options in force: alignment.replicates=0, alignment.subsamples=1, " in done.stdout
    assert f"report: {run / 'analyses' / 'q' / 'report.html'}" in done.stdout
