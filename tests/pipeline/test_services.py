import logging
from dataclasses import replace

import pytest

from support.scripted import with_condition
from support.services import KEY, anthropic, google, serving, telling
from vaar.errors import MissingKeyError
from vaar.pipeline.ask import CollectionOptions, ask
from vaar.pipeline.rundir import RunDirectory
from vaar.respondents.resolve import resolve
from vaar.respondents.wire import retries
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.budget import Caps

SERVICES = {
    "anthropic/claude-known": (anthropic, "ANTHROPIC_API_KEY"),
    "google/gemini-known": (google, "GOOGLE_API_KEY"),
}
BLOCKED = b'{"promptFeedback": {"blockReason": "SAFETY"}}'
NO_CAPS = CollectionOptions().caps
both = pytest.mark.parametrize("name", SERVICES)


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.0)
    monkeypatch.delenv("GEMINI_API_KEY", raising=False)
    for _, variable in SERVICES.values():
        monkeypatch.setenv(variable, KEY)


@pytest.fixture
def run(tmp_path):
    """Ask two sessions of a model behind a service: how it ended."""

    def go(name, study, *faults, service=None, keys="", caps=NO_CAPS):
        service = service or SERVICES[f"{name.split('/')[0]}/{known(name)}"][0]
        with serving(service, *faults) as (base_url, wrong):
            models = tmp_path / "models.yaml"
            models.write_text(f"models:\n  - {{name: {name}, base_url: '{base_url}'{keys}}}\n")
            respondents = resolve([models], study)
            planned = plan_sessions(study, [name], 2, seed=1)
            asked = ask(
                study, planned, respondents, RunDirectory(tmp_path), CollectionOptions(1, caps=caps)
            )
        assert wrong == []
        return asked

    return go


def known(name):
    return "claude-known" if name.startswith("anthropic") else "gemini-known"


@both
def test_a_run(run, study, name):
    asked = run(name, study)
    assert (asked.progress.complete, asked.progress.turns, asked.failed) == (2, 10, {})
    assert asked.models == {name: {f"{known(name)}-1": 10}}
    assert asked.progress.input_tokens == 2 * (10 + 20 + 30 + 40 + 50)


@both
def test_faults_that_pass(run, study, name):
    busy = (429, b"{}", {"Retry-After": "0"})
    asked = run(name, study, busy, (529, b"{}", {}), (200, b'{"content": [', {}))
    assert asked.progress.complete == 2
    counted = {"rate_limited": 1, "server_error": 1, "unusable_reply": 1}
    assert asked.progress.faults[name] == counted


def test_a_blocked_question_is_asked_again_and_its_empty_reply_is_not_sent_back_empty(run, study):
    asked = run("google/gemini-known", study, (200, BLOCKED, {}))
    assert asked.progress.complete == 2


@both
def test_a_refused_schema_is_left_out(run, study, name):
    asked = run(name, with_condition(study, presentation="block"))
    assert asked.progress.faults[name] == {"rejected": 1}
    assert asked.failed == {}


@both
def test_a_wrong_key_names_its_variable(run, study, name, monkeypatch):
    variable = SERVICES[name][1]
    monkeypatch.setenv(variable, "wrong-9876543210")
    message = run(name, study).progress.halted[name]
    assert f"Check the key in the environment variable {variable}" in message
    assert "wrong-9876543210" not in message


@both
def test_an_unknown_model_is_told_what_there_is(run, study, name):
    other = f"{name.split('/')[0]}/other"
    message = run(other, study).progress.halted[other]
    assert f"does not know 'other'; it offers: {known(name)}" in message


def test_a_temperature_that_the_service_refuses_is_never_lowered_unasked(run, study):
    name = "anthropic/claude-known"
    hot = replace(study, temperature=1.5)
    assert "Write a temperature" in run(name, hot).progress.halted[name]


@both
def test_the_base_url_of_openai_models_is_not_theirs(study, name, monkeypatch):
    monkeypatch.delenv(SERVICES[name][1])
    respondent, _ = resolve([name, "openai/m"], study, base_url="http://127.0.0.1:1/v1")
    with pytest.raises(MissingKeyError, match=f"{SERVICES[name][1]} is not set, and https://"):
        respondent.prepare()


@both
def test_cached_tokens_are_priced_as_such(run, study, name):
    """Of 300 tokens sent 200 are read from the cache; 10 are received."""
    keys = ", price: {input: 1000000, output: 0, cached: 0}"
    assert run(name, study, keys=keys, caps=Caps(cost=100.5)).progress.stopped == ""


@both
def test_tokens_that_are_not_cached_reach_the_cap_on_money(run, study, name):
    keys = ", price: {input: 1000000, output: 0, cached: 0}"
    assert "are spent" in run(name, study, keys=keys, caps=Caps(cost=50)).progress.stopped


@both
@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 429, 500])
def test_a_service_that_tells_the_key(run, study, name, status, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    asked = run(name, study, service=telling(status))
    assert KEY not in repr(asked) + caplog.text
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "journal.sqlite" for path in files)
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


@pytest.mark.parametrize("status", [401, 403])
@both
def test_a_refused_key_halts_whatever_else_is_said(run, study, name, status):
    message = run(name, study, (status, b"{}", {})).progress.halted[name]
    assert f"Check the key in the environment variable {SERVICES[name][1]}" in message


def test_the_second_variable_of_google_is_used_where_it_alone_is_set(run, study, monkeypatch):
    monkeypatch.delenv("GOOGLE_API_KEY")
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    assert run("google/gemini-known", study).progress.complete == 2
