"""`vaar run` with a model on this machine, from the first question to the report."""

import pytest
from typer.testing import CliRunner

from support.tiny_model import save_tiny_model
from vaar.cli.main import app
from vaar.errors import RespondentError


def vaar(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)], catch_exceptions=False)


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    for console in ("out", "err"):
        monkeypatch.setattr(f"vaar.cli.console.{console}._width", 300)


@pytest.mark.slow
def test_a_model_that_talks_rubbish_ends_in_a_clear_account(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save_tiny_model(tmp_path / "tiny")
    out = tmp_path / "run"
    done = vaar("run", "--model", "hf/tiny", "--sessions", 5, "--out", out, "--max-cost", 1)
    assert done.exit_code == 0, done.output
    assert "not estimable" in done.output
    assert (out / "report.html").exists()
    told = vaar("status", out)
    assert "tiny@" in told.output
    again = vaar("run", "--model", "hf/tiny", "--sessions", 5, "--out", out)
    assert again.exit_code == 0


def test_a_plan_loads_nothing_and_names_no_price_as_unknown(tmp_path):
    done = vaar("run", "--plan", "--model", f"hf/{tmp_path}")
    assert done.exit_code == 0
    assert "nknown" not in done.output


def test_a_model_that_is_not_there_starts_no_run(tmp_path):
    with pytest.raises(RespondentError, match="Nothing is downloaded"):
        vaar("run", "--model", "hf/./none", "--out", tmp_path / "r")
    assert not (tmp_path / "r").exists()
