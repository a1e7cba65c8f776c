"""`vaar run` with a model on this machine, from the first question to the report."""

import re
import shutil
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from support.tiny_model import save_tiny_model
from vaar.cli.console import INCOMPLETE
from vaar.cli.main import app
from vaar.errors import DataError, RespondentError

RECORDED = Path(__file__).parents[1] / "data/three_respondents"


def vaar(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)], catch_exceptions=False)


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    for console in ("out", "err", "notes"):
        monkeypatch.setattr(f"vaar.cli.console.{console}._width", 300)


@pytest.fixture(autouse=True)
def one_thread():
    """More threads only slow a tiny model down beside other tests."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def brief(tmp_path, monkeypatch):
    """A directory with a tiny model, and the bundled study with short replies and no re-asking."""
    monkeypatch.chdir(tmp_path)
    save_tiny_model(tmp_path / "tiny")
    vaar("study", "init", tmp_path / "brief")
    file = tmp_path / "brief" / "study.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("reasks: 2", "reasks: 0").replace("reply_tokens: 64", "reply_tokens: 2")
    file.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_a_model_that_talks_rubbish_ends_in_a_clear_account(brief):
    asking = ("run", "brief", "--model", "hf/tiny", "--sessions", 5, "--out", "run")
    done = vaar(*asking, "--max-cost", 1)
    assert done.exit_code == INCOMPLETE
    assert "No group could be estimated" in done.output
    assert re.search(r"hf/tiny: not estimable \(.+\)", done.output)
    told = vaar("status", "run").output
    assert "tiny@" in told
    assert vaar(*asking).exit_code == INCOMPLETE
    assert vaar("status", "run").output == told


@pytest.mark.slow
def test_beside_another_model_it_is_shown_as_not_estimable(brief):
    file = brief / "brief" / "study.yaml"
    few_turns = "presentation: block\n    omit: [release]"
    text = file.read_text("utf-8").replace("presentation: item", few_turns, 1)
    text = text.replace("reply_tokens: 2", "reply_tokens: 12")  # blocks are cut with fewer
    file.write_text(text, encoding="utf-8")
    done = vaar(
        *("run", "brief", "--model", "hf/tiny", "--model", "simulated/human-like"),
        *("--sessions", 60, "--out", "run", "--replicates", 20, "--set", "alignment.subsamples=1"),
    )
    assert done.exit_code == 0, done.output
    assert re.search(r"hf/tiny .*not estimable", done.output)
    assert "tiny" in (brief / "run" / "report.html").read_text(encoding="utf-8")


def test_a_plan_loads_nothing_and_names_no_price_as_unknown(tmp_path):
    done = vaar("run", "--plan", "--model", f"hf/{tmp_path}")
    assert done.exit_code == 0
    assert "nknown" not in done.output


def test_a_model_that_is_not_there_starts_no_run(tmp_path):
    with pytest.raises(RespondentError, match="Nothing is downloaded"):
        vaar("run", "--model", "hf/./none", "--out", tmp_path / "r")
    assert not (tmp_path / "r").exists()


def test_several_analyses_may_stand_behind_one_only(tmp_path):
    run = tmp_path / "run"
    shutil.copytree(RECORDED, run)
    with pytest.raises(DataError, match="no analysis 'nothing'"):
        vaar("analyze", run, "--only", "profile,nothing")
    done = vaar("analyze", run, "--only", "profile,stability")
    assert done.exit_code == 0
    made = {path.name for path in (run / "analyses" / "default").iterdir()}
    assert {"profile", "stability"} <= made and "alignment" not in made


def test_an_analysis_beside_others_says_which_of_them_are_out_of_date(tmp_path):
    run = tmp_path / "run"
    shutil.copytree(RECORDED, run)
    assert "Out of date" not in vaar("analyze", run, "--only", "profile").output
    with (run / "study.yaml").open("a", encoding="utf-8") as study:
        study.write("# a remark\n")
    done = vaar("analyze", run, "--only", "profile", "--name", "beside")
    assert (
        "Out of date: since the analysis 'default' was made, study.yaml was changed" in done.output
    )
