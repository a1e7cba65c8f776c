"""Every provider, against a server on this machine that behaves as it documents itself."""

from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
import yaml

from support.providers import KEY, hosted
from support.providers.every import BASES, DEPLOYMENT, SERVICES, plain, thinker
from support.scripted import tiny_study
from support.services import serving
from vaar.errors import RespondentHaltedError
from vaar.journal.journal import Journal
from vaar.pipeline.plan import plan
from vaar.pipeline.run import carry_out
from vaar.respondents.http.registry import HTTP_PROVIDERS
from vaar.respondents.wire import retries
from vaar.study.dump import dump_study

OFF: dict[str, Any] = {"reasoning_effort": "none"}
ROOM: dict[str, Any] = {"thinking_tokens": 1000}
THINKERS: dict[str, list[dict[str, Any]]] = {
    **{name: [OFF, ROOM] for name in SERVICES},
    "moonshot": [OFF | {"temperature": None}, ROOM | {"temperature": None}],
    "tgi": [ROOM],
}
"""The documented options under which the thinking model answers."""

KEYED = [name for name, provider in HTTP_PROVIDERS.items() if provider.needs_key]


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.0)
    monkeypatch.delenv("GEMINI_API_KEY", raising=False)
    for provider in HTTP_PROVIDERS.values():
        monkeypatch.setenv(provider.key_env, KEY)


@pytest.fixture
def run(tmp_path):
    """Ask two sessions of one model: how it ended, its record, and its replies."""

    def go(
        name,
        model,
        options=None,
        service=None,
        sessions=2,
        distributions=False,
        asked_study=None,
    ):
        make, usual = SERVICES[name]
        study, asked = tmp_path / "study.yaml", asked_study or tiny_study()
        study.write_text(dump_study(asked).replace("description: ''", "description: Tiny."))
        with serving(service or make()) as (base_url, wrong):
            base = base_url.removesuffix("/v1") + BASES.get(name, "/v1")
            given = options or {}
            base = base.replace("/openai/v1", given.pop("base", "/openai/v1"))
            entry = {"name": f"{name}/{model}", "base_url": base, **usual, **given}
            models = tmp_path / "models.yaml"
            models.write_text(yaml.safe_dump({"models": [entry]}))
            settled = plan(study, [models], sessions=sessions, distributions=distributions)
            files, asked = carry_out(settled, tmp_path / f"run{len(list(tmp_path.iterdir()))}")
        assert wrong == []
        with closing(Journal(files.journal)) as journal:
            replies = [turn.reply for turn in journal.turns()]
        return asked, files.read_run()["requests"][entry["name"]], replies

    return go


def test_every_provider_has_a_service():
    assert SERVICES.keys() == HTTP_PROVIDERS.keys()


@pytest.mark.parametrize("name", SERVICES)
def test_a_run(run, name):
    asked, record, replies = run(name, plain(name))
    assert (asked.progress.complete, asked.failed) == (2, {})
    assert {reply.text for reply in replies} == {"4"} and len(replies) == 10
    assert asked.progress.faults[f"{name}/{plain(name)}"] == {}
    assert record["adaptations"] == []
    assert record["provider"] == name and record["address"].startswith("http://127.0.0.1")


@pytest.mark.parametrize("name", SERVICES)
def test_probabilities_are_asked_for_where_they_can_be_told(run, name):
    if name in ("google", "openai-responses"):
        pytest.skip("its service here has no probabilities")
    asked, record, _ = run(name, plain(name), distributions=True)
    assert asked.progress.complete == 2
    tells = HTTP_PROVIDERS[name].logprobs != "none"
    assert ("logprobs" in record["body"]) is tells


@pytest.mark.parametrize("name", SERVICES)
def test_a_model_that_thinks_is_stopped_within_ten_replies_with_the_remedy(run, name):
    options = {"temperature": None} if name == "moonshot" else {}
    asked, _, replies = run(name, thinker(name), options, sessions=8)
    (said,) = asked.progress.halted.values()
    assert "its first 10 replies hold no answer" in said
    assert "thinking_tokens" in said or OFF in THINKERS[name]
    assert ("reasoning_effort: none" in said) is (OFF in THINKERS[name] or name == "moonshot")
    assert len(replies) == asked.progress.turns == 10
    assert asked.pending == 8


@pytest.mark.parametrize(
    ("name", "options"), [(name, options) for name, many in THINKERS.items() for options in many]
)
def test_with_the_documented_options_it_answers(run, name, options):
    asked, _, replies = run(name, thinker(name), dict(options))
    assert asked.progress.halted == {} and asked.progress.complete == 2
    assert {reply.text for reply in replies} == {"4"}
    thought = [reply.thoughts for reply in replies if reply.thoughts]
    assert not thought or "reasoning_effort" not in options


@pytest.mark.parametrize("name", KEYED)
def test_a_wrong_key_names_its_variable(run, name, monkeypatch):
    variable = HTTP_PROVIDERS[name].key_env
    monkeypatch.setenv(variable, "wrong-9876543210")
    with pytest.raises(RespondentHaltedError) as raised:
        run(name, plain(name))
    said = str(raised.value)
    assert f"Check the key in the environment variable {variable}" in said
    assert "wrong-9876543210" not in said


def test_azure_before_v1(run):
    service = hosted.azure(f"{DEPLOYMENT}/chat/completions?api-version=2024-10-21")
    options = {"base": DEPLOYMENT, "query": {"api-version": "2024-10-21"}}
    asked, record, _ = run("azure", "plain", options, service)
    assert asked.progress.complete == 2
    assert record["address"].endswith("/chat/completions?api-version=2024-10-21")


def test_openrouter_tells_who_answered_and_what_it_cost(run):
    _, record, replies = run("openrouter", "plain")
    assert {(reply.provider, reply.cost) for reply in replies} == {("Someone", 0.001)}
    assert record["body"]["provider"] == {
        "allow_fallbacks": False,
        "require_parameters": True,
        "only": ["someone"],
    }


def test_what_is_sent_but_not_heeded_is_in_the_record(run):
    _, record, _ = run("deepseek", "plain")
    assert record["ignored"].keys() == {"seed", "temperature"}
    _, record, _ = run("deepseek", "plain", dict(OFF))
    assert record["ignored"].keys() == {"seed"}


@pytest.mark.parametrize("name", SERVICES)
def test_what_narrows_the_models_probabilities_is_off_where_the_server_takes_that(run, name):
    _, record, _ = run(name, plain(name))
    body = {**record["body"], **record["body"].get("generationConfig", {})}
    own_servers = {"vllm", "sglang", "llamacpp"}
    if name in own_servers | {"lmstudio"}:
        assert body["top_p"] == 1.0 and body["top_k"] in (0, -1)
    if name in own_servers:
        assert body["min_p"] == 0.0
    if name == "google":
        assert body["topP"] == 1.0


@pytest.mark.parametrize("name", SERVICES)
def test_a_run_of_forced_answers(run, name):
    """Words and choices in one run: drawn or written, each item once, the answer in the history."""
    tiny = tiny_study()
    words = tiny.conditions[0]
    study = replace(tiny, conditions=(words, replace(words, name="forced", response="choice")))
    service = SERVICES[name][0]()
    asked, record, replies = run(name, plain(name), service=service, asked_study=study)
    assert (asked.progress.complete, asked.failed, len(replies)) == (4, {}, 20)
    assert {reply.text for reply in replies} <= {"2", "4", "5"}
    drawn = [reply for reply in replies if reply.distribution is not None]
    way = record["forms"]["choice"]["way"]
    tells = way == "probabilities" and name != "ollama"  # the one here does not know of them
    assert len(drawn) == (10 if tells else 0)
    assert all(reply.mass == pytest.approx(0.85) for reply in drawn)
    for body in getattr(service, "seen", []):
        for message in body["messages"]:
            assert message["role"] != "assistant" or message["content"] in ("2", "4", "5")
