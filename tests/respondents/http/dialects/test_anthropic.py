import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.respondents.base import Request
from vaar.respondents.http.call_options import CallOptions
from vaar.respondents.http.dialect import UnusableReplyError
from vaar.respondents.http.dialects.anthropic import ANTHROPIC
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.request_form import RequestWriter

ENDPOINT = Endpoint("anthropic/m", "m", "http://127.0.0.1:8000/v1", ANTHROPIC)
MESSAGES = ANTHROPIC.dialect
ANY = Request([], 1, 1.0, 8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def body(request, model="m", **options):
    endpoint = replace(ENDPOINT, model=model, options=CallOptions(**options))
    return json.loads(RequestWriter(endpoint).body(request))


def test_request(ask):
    marked = {"type": "text", "text": "Two?", "cache_control": {"type": "ephemeral"}}
    assert body(ask("One?", "4", "Two?", seed=7, max_tokens=9, choices=("3", "4"))) == {
        "model": "m",
        "stream": False,
        "system": "Hello.",
        "messages": [
            {"role": "user", "content": "One?"},
            {"role": "assistant", "content": "4"},
            {"role": "user", "content": [marked]},
        ],
        "temperature": 1.0,
        "max_tokens": 9,
    }


def test_the_schema(ask):
    sent = body(ask("One?", schema={"type": "object"}))
    assert sent["output_config"] == {
        "format": {"type": "json_schema", "schema": {"type": "object"}}
    }


def test_reply():
    content = [
        {"type": "thinking", "thinking": "Hm."},
        {"type": "text", "text": "4"},
        {"type": "text", "text": "!"},
    ]
    usage = {
        "input_tokens": 3,
        "cache_read_input_tokens": 100,
        "cache_creation_input_tokens": 20,
        "output_tokens": 2,
    }
    payload = {"content": content, "usage": usage, "model": "m-1", "stop_reason": "end_turn"}
    reply = MESSAGES.reply(payload, ANY, 0.5)
    assert (reply.text, reply.finish_reason, reply.model) == ("4!", "end_turn", "m-1")
    assert (reply.input_tokens, reply.cached_tokens, reply.output_tokens) == (123, 100, 2)
    assert (reply.cache_write_tokens, reply.thoughts) == (20, "Hm.")


@pytest.mark.parametrize("said", ["stop_sequence", "max_tokens", "refusal", "pause_turn"])
def test_the_reason_is_the_services_own_word(said):
    payload = {"content": [], "stop_reason": said}
    assert MESSAGES.reply(payload, ANY, 0.5).finish_reason == said


@pytest.mark.parametrize(
    ("model", "sent"),
    [
        ("claude-opus-4-8", {"thinking": {"type": "disabled"}}),
        ("claude-sonnet-5", {"thinking": {"type": "disabled"}}),
        ("claude-sonnet-5-5", {"thinking": {"type": "between_tools"}}),
        ("claude-opus-5-5", {"output_config": {"effort": "low"}}),
    ],
)
def test_how_thinking_is_switched_off_depends_on_the_model(ask, model, sent):
    said = body(ask("One?"), model, reasoning_effort="none")
    assert {name: said[name] for name in ("thinking", "output_config") if name in said} == sent


def test_an_effort_stands_beside_the_schema(ask):
    sent = body(ask("One?", schema={"type": "object"}), reasoning_effort="high")
    assert sent["output_config"].keys() == {"effort", "format"}
    assert sent["thinking"] == {"type": "adaptive"}


@given(JSON | st.fixed_dictionaries({"content": JSON, "error": JSON, "usage": JSON, "data": JSON}))
def test_hostile_json(payload):
    MESSAGES.model_ids(payload)
    try:
        assert isinstance(MESSAGES.reply(payload, ANY, 0.5).text, str)
    except UnusableReplyError as error:
        assert str(error)
