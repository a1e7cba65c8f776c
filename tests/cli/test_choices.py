"""Options of analyses on the command line."""

import json

import pytest
from typer.testing import CliRunner

from vaar.cli.main import app
from vaar.errors import DataError, OptionError

RUN = ["run", "--model", "simulated/human-like", "--sessions", "60", "--replicates", "0"]


def vaar(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)], catch_exceptions=False)


@pytest.fixture(scope="module")
def analysed(tmp_path_factory):
    out = tmp_path_factory.mktemp("choices") / "r"
    assert vaar(*RUN, "--set", "alignment.subsamples=2", "--out", out).exit_code == 0
    return out


def options_of(out, name="default"):
    manifest = out / "analyses" / name / "analysis.json"
    return json.loads(manifest.read_text(encoding="utf-8"))["options"]


def test_names_that_are_no_factor_are_refused_before_anything_is_asked(tmp_path):
    for option in ("--by", "--covariate"):
        with pytest.raises(DataError, match=r"no factor 'mood'.*order"):
            vaar(*RUN, option, "mood", "--out", tmp_path / "r")
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("alignment.replicates", "not of the form NAME.OPTION=VALUE"),
        ("replicates=5", "not of the form NAME.OPTION=VALUE"),
        ("alinment.replicates=5", "no options of 'alinment'; there are options of groups, profile"),
        ("alignment.replicate=5", "did you mean 'replicates'"),
        ("alignment.replicates=-1", r"alignment.replicates is '-1'; allowed is greater than or"),
        ("alignment.level=strict", "allowed is 'auto', 'configural' or 'metric'"),
    ],
)
def test_an_option_that_is_none_is_refused_before_anything_is_asked(tmp_path, given, told):
    with pytest.raises(OptionError, match=told):
        vaar(*RUN, "--set", given, "--out", tmp_path / "r")
    assert not (tmp_path / "r").exists()


def test_what_does_not_vary_is_refused_and_the_replies_are_kept(tmp_path):
    out = tmp_path / "r"
    with pytest.raises(DataError, match="every session of this run has the same"):
        vaar(*RUN, "--sessions", 8, "--by", "options", "--out", out)
    assert vaar("analyze", out, "--by", "none", "--only", "profile").exit_code == 0
    assert options_of(out)["groups"] == {"by": [], "people": True}


def test_options_stay_until_the_packages_are_asked_for(analysed):
    assert options_of(analysed)["alignment"]["subsamples"] == 2
    file = analysed / "options.yaml"
    file.write_text("alignment:\n  estimator: ML\n  replicates: 7\n", encoding="utf-8")
    done = vaar("analyze", analysed, "--options", file, "--replicates", 3)
    told = "options in force: alignment.estimator=ML, alignment.replicates=3, "
    assert f"{told}alignment.subsamples=2" in done.output
    assert options_of(analysed)["alignment"]["estimator"] == "ML"
    done = vaar("analyze", analysed, "--defaults", "--replicates", 3)
    assert "options in force: alignment.replicates=3" in done.output
    assert "subsamples" not in done.output


def test_an_options_file_that_holds_no_options_is_told(analysed, tmp_path):
    (tmp_path / "o.yaml").write_text("- 3\n", encoding="utf-8")
    with pytest.raises(OptionError, match=r"o\.yaml: must hold, for the name of each analysis"):
        vaar("analyze", analysed, "--options", tmp_path / "o.yaml")


def test_help_is_made_from_the_options_and_names_no_default_that_may_not_be_in_force():
    for command in ("run", "analyze"):
        told = vaar(command, "--help").output
        assert "--delta" in told and "--covariate" in told
        assert "MLR" in told and "default: MLR" not in told
