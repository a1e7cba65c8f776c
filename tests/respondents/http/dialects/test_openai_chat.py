import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.respondents.base import Message, Request
from vaar.respondents.http.dialect import UnusableReplyError
from vaar.respondents.http.dialects.openai_chat import CHAT_COMPLETIONS
from vaar.respondents.http.endpoint import Endpoint

NEAR = "http://127.0.0.1:8000/v1"


error_text, model_ids = CHAT_COMPLETIONS.error_text, CHAT_COMPLETIONS.model_ids
ANY = Request([], 1, 1.0, 8)


def to_payload(request, endpoint, with_schema):
    return json.loads(CHAT_COMPLETIONS.body(request, endpoint, with_schema))


def from_payload(payload, latency):
    return CHAT_COMPLETIONS.reply(payload, ANY, latency)


def answered(message, **others):
    return {"choices": [{"message": message, "finish_reason": "stop"}], **others}


def test_request(ask):
    request = ask("Hello?", seed=7, max_tokens=9, schema={"type": "object"})
    assert to_payload(request, Endpoint("openai/m", "m", NEAR), with_schema=False) == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Hello."},
            {"role": "user", "content": "Hello?"},
        ],
        "temperature": 1.0,
        "seed": 7,
        "max_tokens": 9,
    }


def test_request_with_every_option(ask):
    endpoint = Endpoint("m", "m", NEAR, temperature=0.0, max_tokens_field="max_completion_tokens")
    payload = to_payload(ask("Hello?", schema={"type": "object"}), endpoint, with_schema=True)
    assert payload["temperature"] == 0.0
    assert payload["max_completion_tokens"] == 64 and "max_tokens" not in payload
    assert payload["response_format"]["type"] == "json_schema"
    assert payload["response_format"]["json_schema"]["schema"] == {"type": "object"}


def test_reply_with_usage():
    usage = {
        "prompt_tokens": 11,
        "completion_tokens": 2,
        "prompt_tokens_details": {"cached_tokens": 8},
    }
    reply = from_payload(answered({"content": "4"}, model="m-1", usage=usage), 0.5)
    assert (reply.text, reply.finish_reason, reply.model, reply.latency) == (
        "4",
        "stop",
        "m-1",
        0.5,
    )
    assert (reply.input_tokens, reply.output_tokens, reply.cached_tokens) == (11, 2, 8)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"content": "4"}, "4"),
        ({"content": None}, ""),
        ({}, ""),
        ({"content": None, "refusal": "I will not."}, "I will not."),
        ({"content": [{"type": "text", "text": "a"}, {"text": "b"}, "c", {"text": 4}]}, "ab"),
        ({"content": 4}, ""),
        ({"content": "x\ud800y"}, "x?y"),
        ({"content": "né"}, "né"),
    ],
)
def test_text(message, text):
    assert from_payload(answered(message), 0.0).text == text


@pytest.mark.parametrize(
    "usage", [None, 7, {"prompt_tokens": -1}, {"prompt_tokens": "9"}, {"prompt_tokens": True}]
)
def test_odd_usage_counts_as_none(usage):
    assert from_payload(answered({"content": "4"}, usage=usage), 0.0).input_tokens == 0


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (None, "no JSON object"),
        ([], "no JSON object"),
        ({}, "without choices"),
        ({"choices": []}, "without choices"),
        ({"choices": {"0": 1}}, "without choices"),
        ({"choices": ["x"]}, "without choices"),
        ({"choices": [{"text": "4"}]}, "without a message"),
    ],
)
def test_no_reply(payload, message):
    with pytest.raises(UnusableReplyError, match=message):
        from_payload(payload, 0.0)


def test_simulated_servers_say_so():
    answered = {"choices": [{"message": {"content": "4"}}]}
    assert from_payload(answered | {"system_fingerprint": "vaar-simulated"}, 0.0).simulated
    assert not from_payload(answered | {"system_fingerprint": "fp_1"}, 0.0).simulated
    assert not from_payload(answered, 0.0).simulated


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ({"error": {"code": "c", "type": "t", "message": "m"}}, "c t m"),
        ({"error": "plain"}, "plain"),
        ({"message": "top", "code": 400}, "400 top"),
        ({"detail": "Not Found"}, "Not Found"),
        (None, ""),
        ([1], ""),
    ],
)
def test_what_servers_say_of_errors(payload, said):
    assert error_text(payload) == said


def test_lists_of_models():
    assert model_ids({"data": [{"id": "a"}, {"id": 3}, "x", {"id": "b"}]}) == ["a", "b"]
    for odd in (None, {}, {"data": 7}, {"data": {"id": "a"}}):
        assert model_ids(odd) == []


def test_model_ids_are_one_short_line():
    assert from_payload(answered({"content": "4"}, model="a\n\x1b[31m" + "b" * 999), 0.0).model == (
        "a[31m" + "b" * 193
    )


CHOICES = ("1", "2", "3")


def test_probabilities_are_asked_for_where_choices_are_given(ask):
    request = replace(ask("Hello?"), choices=CHOICES)
    endpoint = Endpoint("m", "m", NEAR)
    payload = to_payload(request, endpoint, with_schema=False)
    assert (payload["logprobs"], payload["top_logprobs"]) == (True, 20)
    for other, where in (
        (request, replace(endpoint, top_logprobs=0)),
        (replace(request, choices=()), endpoint),
        (replace(request, choices=("9", "10")), endpoint),
    ):
        assert "logprobs" not in to_payload(other, where, with_schema=False)


def test_probabilities_are_read_where_choices_were_given(ask):
    listed = [{"token": token, "logprob": -1.0} for token in ("1", " 3", "No")]
    answer = answered({"content": "3"})
    answer["choices"][0]["logprobs"] = {"content": [{**listed[1], "top_logprobs": listed}]}
    reply = CHAT_COMPLETIONS.reply(answer, replace(ANY, choices=CHOICES), 0.5)
    assert reply.distribution == pytest.approx((0.5, 0, 0.5))
    assert reply.mass == pytest.approx(2 * math.exp(-1))
    without = CHAT_COMPLETIONS.reply(answer, ANY, 0.5)
    assert (without.distribution, without.mass) == (None, None)


@pytest.mark.parametrize("logprobs", [None, 4, {}, {"content": None}, {"content": [None]}])
def test_a_server_that_tells_no_probabilities(logprobs):
    answer = answered({"content": "3"})
    answer["choices"][0]["logprobs"] = logprobs
    reply = CHAT_COMPLETIONS.reply(answer, replace(ANY, choices=CHOICES), 0.5)
    assert (reply.text, reply.distribution, reply.mass) == ("3", None, None)


@given(st.lists(st.text(max_size=40), min_size=1, max_size=8))
def test_every_conversation_arrives_as_it_is(contents):
    messages: list[Message] = [
        {"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(contents)
    ]
    sent = to_payload(Request(messages, 1, 1.0, 8), Endpoint("m", "m", NEAR), with_schema=False)
    assert sent["messages"] == messages
