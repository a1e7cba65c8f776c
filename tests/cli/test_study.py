import json

import pytest
from typer.testing import CliRunner

from vaar.cli.study import app
from vaar.errors import DataError, StudyError
from vaar.pipeline.preregistration.registration import read_registration
from vaar.study.dump import dump_study
from vaar.study.load import load_study
from vaar.study.schema.entry import json_schema
from vaar.study.schema.instrument_file import InstrumentFile
from vaar.study.schema.study_file import StudyFile


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")

    def invoke(*arguments):
        result = CliRunner().invoke(app, list(arguments))
        if result.exception:
            raise result.exception
        return result.stdout

    return invoke


def test_show_tells_the_whole_study_in_80_columns(run):
    page = run("show")
    assert max(len(line) for line in page.splitlines()) <= 80
    words = " ".join(page.split())
    study = load_study("privacy_prosocial")
    for instrument in study.instruments:
        assert instrument.title in words
        assert all(item.code in page for item in instrument.items)
        assert instrument.scale is None or all(one in page for one in instrument.scale.labels)
    assert "parallel form" in words and "balanced" in words
    assert "aods ~ privacy expected −" in words
    assert "Caution: once perceived risk and intention are in the model" in words
    assert "iuipc8_balanced → psa_balanced → aods_balanced → release" in words


def test_show_takes_texts_as_they_are(run, tmp_path):
    study = load_study("privacy_prosocial")
    text = dump_study(study).replace("- Often", "- '[bold]Often[/nonsense]'")
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    assert "[bold]Often[/nonsense]" in run("show", str(tmp_path))


def test_init_then_check(run, tmp_path):
    directory = tmp_path / "my study"
    assert f"vaar study check '{directory}'" in run("init", str(directory))
    answer = run("check", str(directory))
    assert answer.startswith(f"OK {directory}")
    assert "aods ~ privacy (−), aods ~ prosocial (+)" in answer


def test_init_refuses_a_directory_that_is_not_empty(run, tmp_path):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(StudyError, match="is not empty"):
        run("init", str(tmp_path))


def test_check_lets_the_errors_of_the_files_through(run, tmp_path):
    run("init", str(tmp_path / "s"))
    path = tmp_path / "s" / "release.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(
        "wording: parallel", "wording: mine"), encoding="utf-8")  # fmt: skip
    with pytest.raises(StudyError, match=r'release\.yaml:\d+: "wording" is "mine"'):
        run("check", str(tmp_path / "s"))


def test_check_reads_the_model_as_the_engine_does(run, tmp_path):
    text = dump_study(load_study("privacy_prosocial"))
    line = text[: text.index("privacy ~~ prosocial")].count("\n") + 1
    (tmp_path / "study.yaml").write_text(text.replace("privacy ~~ prosocial", "privacy ~~ "))
    with pytest.raises(StudyError, match=rf"study.yaml:{line}: nothing follows '~~'"):
        run("check", str(tmp_path))


def test_list_names_the_bundled_studies(run):
    listed = [line.split("  ")[0] for line in run("list").splitlines() if line[:1].strip()]
    assert {"privacy_prosocial", "value_conflict"} <= set(listed)


@pytest.mark.parametrize(
    ("arguments", "model"),
    [((), StudyFile), (("study",), StudyFile), (("instrument",), InstrumentFile)],
)
def test_schema_is_printed_as_json(run, arguments, model):
    assert json.loads(run("schema", *arguments)) == json_schema(model)


def test_the_prompts_of_a_session_are_printed_as_they_would_be_sent(run):
    told = run("prompt")
    assert "[system]\n  You are a respondent in a survey." in told
    assert told.count("[turn ") == 41
    requests = json.loads(run("prompt", "--json"))
    assert [message["role"] for message in requests[1]["messages"]] == [
        *("system", "user", "assistant", "user"),
    ]
    assert requests[0]["choices"] == ["1", "2", "3", "4", "5", "6", "7"]
    with pytest.raises(StudyError, match="no condition 'x'; the study has carried"):
        run("prompt", "--condition", "x")


def test_freeze_writes_what_would_be_asked_and_replaces_nothing(run, tmp_path):
    path = tmp_path / "registered.json"
    told = run(
        *("freeze", str(path), "--model", "simulated/human-like", "--sessions", "70"),
        *("--estimator", "ML", "--set", "alignment.subsamples=20"),
    )
    registered = read_registration(path)
    assert registered.digest in told and "aods ~ privacy (-)" in told
    assert registered.identity["sessions"] == 70
    assert registered.options["alignment"]["estimator"] == "ML"
    assert registered.options["alignment"]["subsamples"] == 20
    with pytest.raises(DataError, match="is there already"):
        run("freeze", str(path))
    with pytest.raises(DataError, match="cannot be written"):
        run("freeze", str(tmp_path / "nowhere" / "registered.json"))
