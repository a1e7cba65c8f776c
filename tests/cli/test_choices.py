"""`--by` and `--covariate` on the command line."""

import json

import pytest
from typer.testing import CliRunner

from vaar.analyses.alignment.options import AnalysisOptions
from vaar.cli.analyze import resolve
from vaar.cli.main import app
from vaar.errors import DataError

RUN = ["run", "--model", "simulated/human-like", "--sessions", "30", "--replicates", "0"]


def vaar(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)], catch_exceptions=False)


def test_names_that_are_no_factor_are_refused_before_anything_is_asked(tmp_path):
    for option in ("--by", "--covariate"):
        with pytest.raises(DataError, match=r"no factor 'mood'.*order"):
            vaar(*RUN, option, "mood", "--out", tmp_path / "r")
    assert not (tmp_path / "r").exists()


def test_what_does_not_vary_is_refused_and_the_replies_are_kept(tmp_path):
    out = tmp_path / "r"
    with pytest.raises(DataError, match="every session of this run has the same"):
        vaar(*RUN, "--by", "options", "--out", out)
    assert vaar("analyze", out, "--by", "none").exit_code == 0
    assert json.loads((out / "run.json").read_text())["options"]["by"] == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [(None, ("order",)), (["none"], ()), (["options", "items"], ("options", "items"))],
)
def test_a_list_stays_is_taken_back_or_replaced(given, expected):
    base = AnalysisOptions(by=("order",))
    assert resolve(base, by=given).by == expected
