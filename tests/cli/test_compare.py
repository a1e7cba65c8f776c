from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import vaar
from vaar.cli.main import app
from vaar.pipeline.plan import plan
from vaar.pipeline.run import carry_out


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    where = tmp_path_factory.mktemp("compare")
    for seed in (1, 2):
        carry_out(plan(models=["simulated/noisy"], sessions=3, seed=seed), where / f"r{seed}")
        vaar.analyze(where / f"r{seed}", only=["profile"])
    return [str(where / "r1"), str(where / "r2")]


def test_the_answer_in_words_and_the_differences_are_shown(runs: list[str]) -> None:
    done = CliRunner().invoke(app, ["compare", *runs])
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    assert "SIMULATED: Every respondent of these runs is simulated" in said
    assert "2 runs of privacy_prosocial hold 1 model (1 simulated)" in said
    assert "r2 less r1, each model less itself" in said
    assert "--out FOLDER writes" in said


def test_the_page_and_json_with_every_table(runs: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["compare", *runs, "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["page"] == str(out / "comparison.html") and Path(told["page"]).is_file()
    assert set(told["tables"]) == {
        *("runs", "figures", "correlations", "contrasts", "run_retest", "run_facts"),
    }
    assert told["refused"] == []


def test_what_is_no_run_ends_with_an_error(runs: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["compare", runs[0], str(tmp_path)])
    assert done.exit_code == 1 and "is this a run directory?" in str(done.exception)
    assert CliRunner().invoke(app, ["compare"]).exit_code == 2
