import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.respondents.base import Request
from vaar.respondents.http.dialect import UnusableReplyError
from vaar.respondents.http.dialects.anthropic import ANTHROPIC_MESSAGES
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.price import Price

ENDPOINT = Endpoint("anthropic/m", "m", "http://127.0.0.1:8000/v1")
ANY = Request([], 1, 1.0, 8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def body(request, with_schema=False):
    return json.loads(ANTHROPIC_MESSAGES.body(request, ENDPOINT, with_schema))


def test_request(ask):
    marked = {"type": "text", "text": "Two?", "cache_control": {"type": "ephemeral"}}
    assert body(ask("One?", "4", "Two?", seed=7, max_tokens=9, choices=("3", "4"))) == {
        "model": "m",
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
    sent = body(ask("One?", schema={"type": "object"}), with_schema=True)
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
    reply = ANTHROPIC_MESSAGES.reply(payload, ANY, 0.5)
    assert (reply.text, reply.finish_reason, reply.model) == ("4!", "stop", "m-1")
    assert (reply.input_tokens, reply.cached_tokens, reply.output_tokens) == (123, 100, 2)
    price = Price(input=2.0, output=10.0, cached=0.5)
    cost = price.of(reply.input_tokens, reply.output_tokens, reply.cached_tokens)
    assert cost == pytest.approx((23 * 2 + 100 * 0.5 + 2 * 10) / 1e6)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("refusal", "content_filter"),
        ("pause_turn", "pause_turn"),
    ],
)
def test_reasons(said, meant):
    payload = {"content": [], "stop_reason": said}
    assert ANTHROPIC_MESSAGES.reply(payload, ANY, 0.5).finish_reason == meant


@pytest.mark.parametrize(
    ("kind", "message", "code"),
    [
        ("not_found_error", "model: m", "model_not_found"),
        ("billing_error", "pay", "insufficient_quota"),
        ("invalid_request_error", "Your credit balance is too low to …", "insufficient_quota"),
        ("overloaded_error", "Overloaded", "overloaded_error"),
    ],
)
def test_errors(kind, message, code):
    payload = {"type": "error", "error": {"type": kind, "message": message}}
    assert ANTHROPIC_MESSAGES.error_code(payload) == code
    assert ANTHROPIC_MESSAGES.error_text(payload) == f"{kind} {message}"


@given(JSON | st.fixed_dictionaries({"content": JSON, "error": JSON, "usage": JSON, "data": JSON}))
def test_hostile_json(payload):
    ANTHROPIC_MESSAGES.error_text(payload)
    ANTHROPIC_MESSAGES.error_code(payload)
    ANTHROPIC_MESSAGES.model_ids(payload)
    try:
        assert isinstance(ANTHROPIC_MESSAGES.reply(payload, ANY, 0.5).text, str)
    except UnusableReplyError as error:
        assert str(error)
