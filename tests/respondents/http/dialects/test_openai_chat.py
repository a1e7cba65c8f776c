import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.respondents.base import Message, Request
from vaar.respondents.http.call_options import CallOptions
from vaar.respondents.http.dialects.openai_chat import CHAT_COMPLETIONS
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.request_form import RequestWriter
from vaar.respondents.wire.payloads import NO_REPLY

ENDPOINT = Endpoint("openai/m", "m", "http://127.0.0.1:8000/v1")
CHOICES = ("1", "2", "3")


def body(request, **options):
    endpoint = replace(ENDPOINT, options=CallOptions(**options))
    return json.loads(RequestWriter(endpoint).body(request))


def test_request(ask):
    request = ask("Hello?", seed=7, max_tokens=9, schema={"type": "object"})
    assert body(request, structured="never") == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Hello."},
            {"role": "user", "content": "Hello?"},
        ],
        "stream": False,
        "temperature": 1.0,
        "seed": 7,
        "max_tokens": 9,
    }


def test_the_schema_and_another_name_for_the_ceiling(ask):
    sent = body(ask("Hello?", schema={"type": "object"}), max_tokens_field="max_completion_tokens")
    assert sent["max_completion_tokens"] == 64 and "max_tokens" not in sent
    assert sent["response_format"]["type"] == "json_schema"
    assert sent["response_format"]["json_schema"]["schema"] == {"type": "object"}


def test_lists_of_models():
    ids = CHAT_COMPLETIONS.model_ids
    assert ids({"data": [{"id": "a"}, {"id": 3}, "x", {"id": "b"}]}) == ["a", "b"]
    for odd in (None, {}, {"data": 7}, {"data": {"id": "a"}}):
        assert ids(odd) == []


def test_probabilities_are_asked_for_where_choices_are_given(ask):
    request = replace(ask("Hello?"), choices=CHOICES)
    sent = body(request)
    assert (sent["logprobs"], sent["top_logprobs"]) == (True, 20)
    assert body(request, logprobs="together")["logprobs"] == 20
    assert "logprobs" not in body(request, logprobs="none")
    assert "logprobs" not in body(request, top_logprobs=0)
    assert "logprobs" not in body(replace(request, choices=()))
    assert "logprobs" not in body(replace(request, choices=("9", "10")))


@pytest.mark.parametrize(
    ("system", "first"),
    [
        ("system", {"role": "system", "content": "Hello."}),
        ("developer", {"role": "developer", "content": "Hello."}),
        ("user", {"role": "user", "content": "Hello.\n\nOne?"}),
    ],
)
def test_the_role_of_the_system_message(ask, system, first):
    messages = body(ask("One?", "4", "Two?"), system=system)["messages"]
    assert messages[0] == first
    assert [message["role"] for message in messages[-2:]] == ["assistant", "user"]


@given(st.lists(st.text(max_size=40), min_size=1, max_size=8))
def test_every_conversation_arrives_as_it_is_but_for_empty_messages(contents):
    messages: list[Message] = [
        {"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(contents)
    ]
    sent = json.loads(RequestWriter(ENDPOINT).body(Request(messages, 1, 1.0, 8)))
    assert [message["content"] for message in sent["messages"]] == [
        text if text.strip() else NO_REPLY for text in contents
    ]
