import json

import pytest
from typer.testing import CliRunner

from vaar.cli.main import app

SMALL = ["--sessions", "60", "--data-sets", "2", "--population", "null", "--workers", "1"]


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return lambda *given: CliRunner().invoke(app, [*map(str, given)])


def test_it_says_how_often_and_the_plan_repeats_it(run, tmp_path):
    done = run("calibrate", *SMALL)
    assert done.exit_code == 0, done.output
    assert "without any effect get a wrong verdict" in done.stdout
    assert "kept in runs/privacy_prosocial.calibration" in done.stdout
    rows = [line for line in done.stdout.splitlines() if line.startswith("  aods ~ ")]
    assert len(rows) == 2  # on one line each, on a terminal of 80 columns
    assert (tmp_path / "runs" / "privacy_prosocial.calibration" / "calibration.json").is_file()
    plan = run("run", "--plan", "--model", "simulated/noisy", "--sessions", "60")
    assert "without any effect get a wrong verdict" in plan.stderr
    assert "another design" not in plan.stderr
    other = run("run", "--plan", "--model", "simulated/noisy", "--sessions", "70")
    assert "60 sessions were simulated, and here are 70" in other.stderr


def test_json(run):
    done = run("calibrate", *SMALL, "--json", "--delta", "0.2")
    found = json.loads(done.stdout)
    assert found["kind"] == "calibration"
    assert found["analysis"]["delta"] == 0.2
    assert [row["path"] for row in found["calibration_paths"]] == [
        "aods ~ privacy",
        "aods ~ prosocial",
    ]
