import json

import pytest
from typer.testing import CliRunner

from vaar.cli.main import app


def vaar(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)], catch_exceptions=False)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    out = tmp_path_factory.mktemp("cli") / "run"
    asked = vaar(
        *("run", "--model", "simulated/noisy", "--sessions", 8, "--ask-only"), "--out", out
    )
    assert asked.exit_code == 0
    return out


def test_conversations_are_printed_with_what_they_were_coded_as(run):
    done = vaar("transcripts", run, "--n", 1)
    assert "━━ session 1 · simulated/noisy · complete" in done.output
    assert "[system]\n  You are a respondent in a survey." in done.output
    assert "→ iuipc8b_01 = " in done.output
    assert "There are more; --n shows them." in done.output


def test_only_what_is_looked_for_is_printed(run):
    done = vaar("transcripts", run, "--reason", "refused", "--n", 100)
    coded = [line for line in done.output.splitlines() if line.startswith("  → ")]
    assert coded and all(line.endswith(" = refused") for line in coded)
    none = vaar("transcripts", run, "--item", "psab_01", "--reason", "truncated")
    assert "No session has such a reply." in none.output


def test_conversations_as_json(run):
    told = json.loads(vaar("transcripts", run, "--item", "psab_01", "--json").stdout)
    assert len(told) == 8
    (first, *_) = told[0]["exchanges"]
    assert "psab_01" in first["coded"] and first["prompt"] and first["reply"]
