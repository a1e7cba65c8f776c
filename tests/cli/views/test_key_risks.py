"""A host is allowed once for each user."""

import pytest

from vaar.cli.views.key_risks import allowed_hosts
from vaar.respondents.allowed_hosts import remembered
from vaar.respondents.key_safety import key_risks
from vaar.respondents.resolve import resolve


@pytest.fixture
def respondents(study, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-Zq81hT5vYp0aQx9LmN3bWc7")
    return resolve(["openai/m"], study, "http://gpu.example/v1")


def test_what_the_command_allows_is_remembered_and_told(respondents, capsys):
    assert allowed_hosts(respondents, []) == () and not remembered()
    assert key_risks(respondents)
    assert allowed_hosts(respondents, ["GPU.example", "other.example"])[0] == "gpu.example"
    told = capsys.readouterr().err
    assert "allowed_hosts.json: the key in OPENAI_API_KEY may be sent to gpu.example" in told
    assert [one.host for one in remembered()] == ["gpu.example"]
    assert not key_risks(respondents)


@pytest.mark.parametrize("answer", [True, False])
def test_who_sits_at_a_terminal_is_asked_and_a_yes_is_remembered(respondents, monkeypatch, answer):
    for stream in ("stdin", "stderr"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda *args, **options: answer)
    assert allowed_hosts(respondents, []) == (("gpu.example",) if answer else ())
    assert bool(remembered()) is answer


@pytest.mark.parametrize("stream", ["stdin", "stderr"])
def test_who_has_closed_a_stream_is_not_asked(respondents, monkeypatch, stream):
    monkeypatch.setattr(f"sys.{stream}", None)
    assert allowed_hosts(respondents, []) == ()
