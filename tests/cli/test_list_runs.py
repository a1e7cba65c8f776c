import json

from typer.testing import CliRunner

from vaar.cli.main import app


def vaar(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)], catch_exceptions=False)


def test_runs_are_listed(tmp_path, monkeypatch):
    monkeypatch.setattr("vaar.cli.console.out._width", 200)
    models = ("--model", "simulated/noisy", "--model", "simulated/constant")
    vaar("run", *models, "--sessions", 2, "--ask-only", "--out", tmp_path / "one")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "run.json").write_text("[]")
    done = vaar("list", tmp_path)
    row = next(line for line in done.output.splitlines() if "/one" in line)
    for words in ("privacy_prosocial", "simulated/noisy, simulated/constant", "4", "not yet"):
        assert words in row
    assert "bad/run.json: cannot be read (it holds no JSON object)" in done.output
    told = json.loads(vaar("list", tmp_path, "--json").stdout)
    assert [(one["complete"], bool(one["problem"])) for one in told] == [(0, True), (4, False)]


def test_a_directory_without_runs(tmp_path):
    assert "holds no run" in vaar("list", tmp_path).output
