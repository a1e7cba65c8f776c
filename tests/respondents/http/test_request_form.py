import json
from dataclasses import replace

import pytest

from vaar.respondents.http.call_options import CallOptions
from vaar.respondents.http.dialects.own_servers import LLAMA_CPP, VLLM
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.registry import HTTP_PROVIDERS
from vaar.respondents.http.request_form import RequestWriter, leave_out, merge, names_in

ENDPOINT = Endpoint("m", "m", "http://127.0.0.1:8000/v1")


def body(request, endpoint=ENDPOINT, **options):
    return json.loads(
        RequestWriter(replace(endpoint, options=CallOptions(**options))).body(request)
    )


def test_the_options_of_a_model(ask):
    sent = body(
        ask("One?", seed=7),
        temperature=0.2,
        top_p=0.9,
        max_tokens=16,
        thinking_tokens=1000,
        reasoning_effort="low",
        service_tier="flex",
        seed_field="random_seed",
        extra_body={"chat_template_kwargs": {"a": 1}},
    )
    assert sent.pop("messages")
    assert sent == {
        "model": "m",
        "stream": False,
        "temperature": 0.2,
        "top_p": 0.9,
        "max_tokens": 1016,
        "reasoning_effort": "low",
        "service_tier": "flex",
        "random_seed": 7,
        "chat_template_kwargs": {"a": 1},
    }


def test_what_is_not_sent(ask):
    sent = body(ask("One?"), sends_temperature=False, sends_seed=False, omit=("max_tokens", "x.y"))
    assert sent.keys() == {"model", "stream", "messages"}


def test_a_temperature_of_zero_is_sent(ask):
    assert body(ask("One?"), temperature=0.0)["temperature"] == 0.0


@pytest.mark.parametrize("name", HTTP_PROVIDERS)
def test_every_turn_has_its_seed_and_asks_for_no_stream(ask, name):
    provider = HTTP_PROVIDERS[name]
    writer = RequestWriter(replace(ENDPOINT, provider=provider))
    seeds = []
    for seed in (7, 2**31 - 1, provider.seeds + 5):
        sent = names_in(json.loads(writer.body(ask("One?", seed=seed))))
        field = {"google": "generationConfig.seed"}.get(name, provider.seed_field)
        seeds.append(sent.get(field))
        assert sent.get("stream", False) is False
    assert seeds == ([7, 2**31 - 1, 5] if provider.seed_field else [None] * 3)


@pytest.mark.parametrize("name", HTTP_PROVIDERS)
def test_the_resolved_body_is_what_is_sent_less_the_conversation(ask, name):
    writer = RequestWriter(replace(ENDPOINT, provider=HTTP_PROVIDERS[name]))
    request = ask("One?", seed=7, schema={"type": "object"}, choices=("1", "2"))
    sent, shown = json.loads(writer.body(request)), writer.resolved(request)
    conversation = {"messages", "input", "contents", "system", "systemInstruction"}
    differing = {n for n in names_in(shown) if names_in(sent).get(n) != names_in(shown)[n]}
    assert sent.keys() - shown.keys() <= conversation
    assert {name.rpartition(".")[2] for name in differing} <= {
        "seed",
        "random_seed",
        "generationConfig",
    }


def test_what_would_narrow_the_models_probabilities_is_switched_off(ask):
    endpoint = replace(ENDPOINT, provider=LLAMA_CPP)
    plain = {"top_k": 0, "top_p": 1.0, "min_p": 0.0, "typical_p": 1.0, "repeat_penalty": 1.0}
    sent = body(ask("One?"), endpoint)
    assert {name: sent[name] for name in plain} == plain
    assert body(ask("One?"), endpoint, top_p=0.5)["top_p"] == 0.5
    assert body(ask("One?"), endpoint, extra_body={"top_k": 20})["top_k"] == 20
    assert "top_k" not in body(ask("One?"))


def test_bodies_are_written_anew_where_anything_changes(ask):
    writer = RequestWriter(replace(ENDPOINT, provider=VLLM))
    first = json.loads(writer.body(ask("One?", max_tokens=8)))
    writer.taken = replace(writer.taken, seed_field="", ceiling_field="max_completion_tokens")
    second = json.loads(writer.body(ask("One?", max_tokens=9)))
    assert (first["max_tokens"], second["max_completion_tokens"]) == (8, 9)
    assert "seed" not in second


def test_merging_and_leaving_out():
    sent = {"a": {"b": 1}, "c": [1]}
    merge(sent, {"a": {"d": 2}, "c": {"e": 3}})
    assert sent == {"a": {"b": 1, "d": 2}, "c": {"e": 3}}
    for name in ("a.b", "a.d", "c.e.f", "g"):
        leave_out(sent, name)
    assert sent == {"c": {"e": 3}}
