from typing import Any

import typer
from typer.testing import CliRunner

from vaar.cli.imports.group import app

GROUP: Any = typer.main.get_command(app)


def test_words_that_are_no_command_are_logs():
    assert GROUP.named(["log.eval", "--out", "x"]) == ["logs", "log.eval", "--out", "x"]
    assert GROUP.named(["--out", "x", "log.eval"]) == ["logs", "--out", "x", "log.eval"]
    for given in (["logs", "a"], ["people", "a"], ["--help"], []):
        assert GROUP.named(given) == given


def test_help_names_both():
    told = CliRunner().invoke(app, ["--help"]).output
    assert "logs" in told
    assert "people" in told
