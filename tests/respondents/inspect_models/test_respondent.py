"""Inspect's providers as respondents: its own mock model, and one that fails as it is told."""

import asyncio
import sys
from collections import Counter

import pytest
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.model import (
    Logprob,
    Logprobs,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    TopLogprob,
    get_model,
    modelapi,
)
from inspect_ai.model._model import RetryDecision

from support.inspect_mock import bridged_study, mock, output, quiet, write_study
from vaar.errors import (
    MissingKeyError,
    ProviderError,
    RespondentError,
    RespondentHaltedError,
    UnknownModelError,
)
from vaar.pipeline.ask import CollectionOptions
from vaar.pipeline.plan import plan
from vaar.pipeline.run import carry_out
from vaar.respondents.base import Reply
from vaar.respondents.http.call_options import CallOptions
from vaar.respondents.http.endpoint import ATTEMPTS
from vaar.respondents.inspect_models.respondent import InspectModel, InspectRespondent
from vaar.respondents.models_file.read import read_models_file
from vaar.respondents.resolve import resolve

KEY = "sk-very-secret-0123456789"


@pytest.fixture(autouse=True)
def _quiet():
    with quiet():
        yield


class Refused(Exception):
    """What a provider's client raises: a status, or none where no connection came about."""

    def __init__(self, message, status=None):
        super().__init__(message)
        if status is not None:
            self.status_code = status


class Scripted(ModelAPI):
    """A provider that plays a script: outputs are returned, errors raised; the last for ever."""

    script: tuple = ()
    calls = 0

    def __init__(self, model_name, base_url=None, api_key=None, config=None, **args):
        super().__init__(model_name, base_url, api_key, ["SCRIPTED_API_KEY"], config)
        self.client = type("Client", (), {"max_retries": 2})()
        if model_name == "keyless":
            raise PrerequisiteError("ERROR: No [bold]SCRIPTED_API_KEY[/bold] in the environment.")

    async def generate(self, input, tools, tool_choice, config):
        played = self.script[min(type(self).calls, len(self.script) - 1)]
        type(self).calls += 1
        if isinstance(played, Exception):
            raise played
        return played

    def should_retry(self, ex):
        status = getattr(ex, "status_code", None)
        if status == 429:
            return RetryDecision.rate_limit(0.0)
        return RetryDecision.transient() if status in (None, 500, 503) else RetryDecision.no()

    def max_connections(self):
        return 7


@modelapi(name="scripted")
def scripted():
    return Scripted


@pytest.fixture
def played(monkeypatch, ask, no_waits):
    """Ask once what plays a script; return the reply or error, the respondent and its calls."""

    def play(*script):
        monkeypatch.setattr(Scripted, "script", script)
        monkeypatch.setattr(Scripted, "calls", 0)
        monkeypatch.setenv("SCRIPTED_API_KEY", KEY)
        respondent = InspectRespondent(InspectModel("inspect/scripted/m", "scripted/m"))
        found: Reply | RespondentError
        try:
            found = asyncio.run(respondent.reply(ask("How often?")))
        except RespondentError as error:
            found = error
        return found, respondent, Scripted.calls

    return play


def reply_of(answer, request, **wanted):
    respondent = InspectRespondent(InspectModel("m", "mockllm/model", **wanted), mock(answer))
    return asyncio.run(respondent.reply(request))


def test_a_conversation_goes_out_and_a_reply_comes_back(ask):
    seen = []

    def answer(messages, config):
        seen.append(([(m.role, m.text) for m in messages], config))
        return output("4", sent=30, received=2)

    schema = {"type": "object", "properties": {"a": {"type": "integer", "enum": [1, 2]}}}
    reply = reply_of(answer, ask("One?", "3", "Two?", seed=5, max_tokens=9, schema=schema))
    ((messages, config),) = seen
    assert messages == [
        *(("system", "Hello."), ("user", "One?"), ("assistant", "3"), ("user", "Two?"))
    ]
    assert (config.seed, config.temperature, config.max_tokens) == (5, 1.0, 9)
    assert config.cache is False and config.max_retries == 0
    assert config.response_schema.json_schema.properties["a"].enum == [1, 2]
    assert (reply.text, reply.finish_reason, reply.model) == ("4", "stop", "mock")
    assert (reply.input_tokens, reply.output_tokens, reply.cached_tokens) == (30, 2, 0)
    assert reply.latency > 0
    assert reply.simulated


def test_a_models_file_has_the_last_word(ask):
    seen = []

    def answer(messages, config):
        seen.append(config)
        return "4"

    reply_of(answer, ask("?", schema={"type": "object"}), temperature=0.3, structured="never")
    assert seen[0].temperature == 0.3
    assert seen[0].response_schema is None


def test_what_is_sent_is_recorded_and_a_changed_temperature_shows_in_it(ask):
    def sent(**options):
        wanted = InspectModel("m", "mockllm/model", options=CallOptions(**options))
        return InspectRespondent(wanted).sent(ask("?"))

    assert sent()["body"]["temperature"] == 1.0
    assert sent(temperature=0.5) != sent() != sent(sends_temperature=False)
    assert sent(sends_seed=False)["body"]["seed"] is None


def test_the_options_of_a_models_file_reach_inspect(ask):
    seen = []

    def answer(messages, config):
        seen.append(config)
        return "4"

    options = CallOptions(
        sends_temperature=False,
        top_p=0.9,
        max_tokens=16,
        thinking_tokens=1000,
        reasoning_effort="low",
        sends_seed=False,
        extra_body={"x": 1},
    )
    reply_of(answer, ask("?"), options=options)
    (config,) = seen
    assert (config.temperature, config.seed, config.top_p) == (None, None, 0.9)
    assert (config.max_tokens, config.reasoning_tokens) == (1016, 1000)
    assert (config.reasoning_effort, config.extra_body) == ("low", {"x": 1})


@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        *(("stop", "stop"), ("max_tokens", "length"), ("model_length", "length")),
        ("content_filter", "content_filter"),
    ],
)
def test_finish_reasons(ask, stop, reason):
    assert reply_of(lambda *_: output("No", stop), ask("?")).finish_reason == reason


def test_cached_tokens_are_part_of_the_input(ask):
    said = output("4")
    said.usage = ModelUsage(
        input_tokens=5, output_tokens=1, input_tokens_cache_read=20, input_tokens_cache_write=3
    )
    reply = reply_of(lambda *_: said, ask("?"))
    assert (reply.input_tokens, reply.cached_tokens) == (28, 20)


def test_lone_surrogates_cannot_be_kept(ask):
    assert reply_of(lambda *_: output("4\ud800"), ask("?")).text == "4?"


def test_probabilities_of_the_choices(ask):
    from dataclasses import replace
    from math import exp

    likeliest = [TopLogprob(token=t, logprob=p) for t, p in [("2", -1.0), (" 2", -1.0), ("9", 0.0)]]
    said = output("2")
    first = Logprob(token="2", logprob=-1.0, top_logprobs=likeliest)
    said.choices[0].logprobs = Logprobs(content=[first])
    request = replace(ask("?"), choices=("1", "2"))
    reply = reply_of(lambda *_: said, request)
    assert reply.distribution == (0.0, 1.0)
    assert reply.mass == pytest.approx(2 * exp(-1))
    assert reply_of(lambda *_: said, ask("?")).distribution is None
    assert reply_of(lambda *_: output("2"), request).distribution is None


def test_what_may_pass_is_tried_again_and_counted(played):
    busy, broken, late = Refused("busy", 429), Refused("down", 503), TimeoutError()
    reply, respondent, calls = played(
        busy, broken, late, ConnectionResetError("reset"), output("4")
    )
    assert reply.text == "4"
    assert calls == 5
    assert respondent.faults == Counter(rate_limited=1, server_error=1, time_out=1, connection=1)


def test_repetitions_are_bounded_and_not_multiplied(played):
    error, respondent, calls = played(Refused("busy", 503))
    assert isinstance(error, ProviderError)
    assert "gave up after 6 calls" in str(error)
    assert calls == ATTEMPTS == respondent.faults["server_error"]


def test_the_clients_own_repetition_is_switched_off(small):
    (respondent,) = resolve(["inspect/scripted/m"], small)
    respondent.prepare()
    assert vars(respondent)["_model"].api.client.max_retries == 0


def test_a_provider_that_cannot_be_reached_halts(played):
    error, _, calls = played(ConnectionRefusedError("nothing listens"))
    assert isinstance(error, RespondentHaltedError)
    assert calls == ATTEMPTS


def test_an_answer_without_a_choice_is_no_reply(played):
    reply, respondent, _ = played(ModelOutput(model="m", choices=[]), output("4"))
    assert reply.text == "4"
    assert respondent.faults == Counter(unusable_reply=1)


@pytest.mark.parametrize(
    ("status", "said", "advice"),
    [
        (401, "wrong key", "Check the key in the environment variable SCRIPTED_API_KEY"),
        (404, "no such model", "Check that the provider knows the model 'm'"),
        (402, "You exceeded your current quota", "top it up"),
    ],
)
def test_what_every_call_would_meet_halts_at_once(played, status, said, advice):
    error, _, calls = played(Refused(said, status))
    assert isinstance(error, RespondentHaltedError)
    assert said in str(error) and advice in str(error)
    assert calls == 1


def test_another_error_ends_the_session_only(played):
    error, _, calls = played(Refused("the prompt is not allowed", 400))
    assert isinstance(error, ProviderError)
    assert calls == 1


def test_an_error_that_is_returned_counts_like_one_that_is_raised(played):
    # a provider may hand its error back beside the request, which must not reach the message
    returned = (Refused("wrong key", 401), None)
    error, _, _ = played(returned)
    assert isinstance(error, RespondentHaltedError)
    assert "How often?" not in str(error)


def test_vaars_own_simulations_are_known_behind_a_provider(played):
    said = output("4")
    said.model = "simulated/human-like"
    reply, respondent, _ = played(said)
    assert reply.simulated and respondent.simulated


def test_keys_are_in_no_message_and_no_reply(played):
    error, _, _ = played(Refused(f"key {KEY} or {KEY[:14]} is wrong", 401))
    assert KEY[:10] not in str(error)
    reply, _, _ = played(output(f"4 {KEY}"))
    assert reply.text == "4 [key]"


def test_what_keeps_every_call_from_succeeding_is_settled_first(small, monkeypatch):
    def prepare(name):
        (respondent,) = resolve([name], small)
        respondent.prepare()

    with pytest.raises(UnknownModelError, match=r"no provider of 'nope/m'.*inspect/PROVIDER/MODEL"):
        prepare("inspect/nope/m")
    with pytest.raises(UnknownModelError, match="no provider of 'alone'"):
        prepare("inspect/alone")
    with pytest.raises(MissingKeyError, match=r"No SCRIPTED_API_KEY in the environment"):
        prepare("inspect/scripted/keyless")
    monkeypatch.setitem(sys.modules, "inspect_ai.model", None)
    with pytest.raises(RespondentError, match=r"pip install 'vaar\[inspect\]'"):
        prepare("inspect/mockllm/model")


def test_capacity_is_the_providers_or_the_owners(small, tmp_path, monkeypatch):
    (free,) = resolve(["inspect/scripted/m"], small)
    free.prepare()
    assert free.capacity == 7
    path = tmp_path / "models.yaml"
    path.write_text(
        "models:\n  - name: mine\n    provider: inspect\n    model: scripted/m\n"
        "    concurrency: 3\n    api_key_env: MY_OWN\n"
    )
    assert read_models_file(path)[0].reached_by == "inspect"
    (mine,) = resolve([path], small)
    assert (mine.name, mine.capacity, mine.simulated) == ("mine", 3, False)
    with pytest.raises(MissingKeyError, match="MY_OWN is not set"):
        mine.prepare()
    monkeypatch.setenv("MY_OWN", KEY)
    mine.prepare()


def test_the_owners_limit_on_calls_in_flight_is_kept(ask):
    running = most = 0

    async def answer(messages, config):
        nonlocal running, most
        running, most = running + 1, max(most, running + 1)
        await asyncio.sleep(0)
        running -= 1
        return output("4")

    async def many():
        wanted = InspectModel("m", "mockllm/model", concurrency=2)
        respondent = InspectRespondent(wanted, mock(answer))
        await asyncio.gather(*(respondent.reply(ask("?", seed=n)) for n in range(6)))

    asyncio.run(many())
    assert most == 2


def test_inspects_mock_is_simulated_and_needs_no_network(tmp_path):
    study = write_study(bridged_study(), tmp_path)
    for out in ("one", "two"):  # twice in one process, each in an event loop of its own
        settled = plan(study, models=["inspect/mockllm/model"], sessions=1)
        files, asked = carry_out(settled, tmp_path / out, CollectionOptions())
        assert asked.progress.complete == 2
        assert files.read_run()["respondents"][0]["simulated"]
    assert get_model("mockllm/model").api is not get_model("mockllm/model").api
