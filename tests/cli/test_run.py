"""`vaar run`: the asking, its bounds, and what is said of them."""

import json
import re
from contextlib import closing

import pytest
from typer.testing import CliRunner

from vaar.cli.main import app
from vaar.errors import DataError, RespondentError, RunDirectoryError
from vaar.journal.journal import Journal

ASK = ["run", "--model", "simulated/noisy", "--sessions", "12", "--ask-only"]


def vaar(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)], catch_exceptions=False)


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    for console in ("out", "err", "notes"):
        monkeypatch.setattr(f"vaar.cli.console.{console}._width", 300)


def turns(directory):
    with closing(Journal.existing(directory / "journal.sqlite")) as journal:
        return list(journal.turns())


def test_asking_alone_leaves_the_analysis_out(tmp_path):
    done = vaar(*ASK, "--out", tmp_path / "r")
    assert done.exit_code == 0
    assert not (tmp_path / "r" / "report.html").exists()
    assert len({turn.session for turn in turns(tmp_path / "r")}) == 12
    told = vaar("status", tmp_path / "r")
    assert f"Next: vaar analyze {tmp_path / 'r'}" in told.output


def test_a_cap_says_what_was_spent_and_how_to_go_on(tmp_path):
    out = tmp_path / "r"
    done = vaar(*ASK, "--out", out, "--max-tokens", 50_000)
    assert done.exit_code == 3
    assert "--max-tokens 50,000 is reached: 5" in done.output
    assert "Give the same command with a higher cap" in done.output
    kept = len(turns(out))
    again = vaar(*ASK, "--out", out, "--max-tokens", 50_000)
    assert (again.exit_code, len(turns(out))) == (3, kept)
    whole = vaar(*ASK, "--out", out)
    assert whole.exit_code == 0
    vaar(*ASK, "--out", tmp_path / "unbroken")

    def said(directory):
        return [(t.session, t.turn, t.attempt, t.reply.text) for t in turns(directory)]

    assert said(out) == said(tmp_path / "unbroken")


def test_the_plan_counts_what_the_run_in_the_directory_is_asked_for(tmp_path):
    out = tmp_path / "r"
    assert vaar(*ASK, "--out", out).exit_code == 0
    again = vaar("run", "--model", "simulated/noisy", "--out", out, "--plan")
    assert re.search(r"simulated/noisy\s.*\s12\s", again.output)
    assert "All of them are in the run already" in again.output
    another = vaar("run", "--model", "simulated/contrarian", "--out", out, "--ask-only")
    assert re.search(r"simulated/contrarian\s.*\s12\s", another.output)
    assert "already;" not in another.output
    more = vaar(*ASK[:3], "--sessions", "15", "--out", out, "--plan")
    assert "12 of the 15 sessions are in the run already" in more.output
    with closing(Journal.existing(out / "journal.sqlite")) as journal:
        assert len(journal.sessions()) == 24
    calls = json.loads((out / "run.json").read_text())["calls"]
    assert [(one["sessions"], one["respondents"]) for one in calls] == [
        (12, ["simulated/noisy"]),
        (12, ["simulated/contrarian"]),
    ]


def test_a_plan_for_a_damaged_directory_is_told_of_it_when_it_is_taken(tmp_path):
    out = tmp_path / "r"
    out.mkdir()
    (out / "run.json").write_text("{}")
    assert "simulated/noisy" in vaar(*ASK, "--out", out, "--plan").output
    with pytest.raises(RunDirectoryError):
        vaar(*ASK, "--out", out)


def test_money_cannot_be_capped_without_a_price(tmp_path):
    with pytest.raises(RespondentError, match="price of every model, and that of openai/x"):
        vaar(
            *("run", "--model", "openai/x", "--base-url", "http://127.0.0.1:9/v1"),
            *("--max-cost", 5, "--out", tmp_path / "r"),
        )
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("given", ["0", "-3", "many", "1.5", ""])
def test_a_concurrency_that_is_none(tmp_path, given):
    done = vaar(*ASK, "--out", tmp_path / "r", "--concurrency", given)
    assert done.exit_code == 2
    assert "neither" in done.output


def test_a_plan_needs_no_key_and_shows_what_has_no_price(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    done = vaar("run", "--plan", "--model", "openai/x", "--base-url", "http://127.0.0.1:9/v1")
    assert done.exit_code == 0
    for words in ("unknown", "Price unknown: write it in a models file", "square of the turns"):
        assert words in done.output


@pytest.mark.parametrize("option", ["--by", "--covariate"])
@pytest.mark.parametrize("command", [["run", "--plan"], ["study", "freeze", "frozen.json"]])
def test_a_factor_that_the_study_has_not_is_refused_before_asking(
    tmp_path, monkeypatch, command, option
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match="no factor 'moon'; the factors of study privacy_prosocial"):
        app([*command, option, "moon"], standalone_mode=False)
    assert not list(tmp_path.iterdir())


def test_a_simulated_plan_costs_nothing():
    done = vaar("run", "--plan", "--model", "simulated/noisy", "--sessions", 3)
    assert done.exit_code == 0
    assert "rice unknown" not in done.output


def test_time_is_capped(tmp_path):
    done = vaar(
        *("run", "--model", "simulated/noisy", "--sessions", 3_000, "--ask-only"),
        *("--out", tmp_path / "r", "--max-minutes", 0.01),
    )
    assert done.exit_code == 3
    assert "--max-minutes 0.01 is reached" in done.output
    assert 0 < len(turns(tmp_path / "r")) < 3_000 * 41 / 2


def test_distributions_are_kept_analysed_and_belong_to_the_run(tmp_path):
    out = tmp_path / "r"
    done = vaar(*ASK, "--distributions", "--out", out)
    assert done.exit_code == 0 and "probabilities" not in done.output
    given = [turn.reply.distribution for turn in turns(out)]
    told = [shares for shares in given if shares is not None]
    assert len(given) - len(told) == 12  # the form is answered in words
    assert all(sum(shares) == pytest.approx(1, abs=1e-4) for shares in told)
    with pytest.raises(RunDirectoryError, match="distributions: there True, asked None"):
        vaar(*ASK, "--out", out)
    assert vaar(*ASK, "--distributions", "--out", out).exit_code == 0


def test_without_the_option_nothing_of_distributions_is_asked_or_recorded(tmp_path):
    vaar(*ASK, "--out", tmp_path / "r")
    assert {turn.reply.distribution for turn in turns(tmp_path / "r")} == {None}
    assert "distributions" not in (tmp_path / "r" / "run.json").read_text(encoding="utf-8")
