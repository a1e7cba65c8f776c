import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.respondents.base import Request
from vaar.respondents.http.call_options import CallOptions
from vaar.respondents.http.dialect import UnusableReplyError
from vaar.respondents.http.dialects.gemini import GOOGLE, key_env
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.request_form import RequestWriter

ENDPOINT = Endpoint("google/m", "m", "http://127.0.0.1:8000/v1beta", GOOGLE)
GEMINI = GOOGLE.dialect
ANY = Request([], 1, 1.0, 8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def body(request, model="m", **options):
    endpoint = replace(ENDPOINT, model=model, options=CallOptions(**options))
    return json.loads(RequestWriter(endpoint).body(request))


def test_request(ask):
    assert body(ask("One?", "4", "Two?", seed=2**31 + 7, max_tokens=9)) == {
        "systemInstruction": {"parts": [{"text": "Hello."}]},
        "contents": [
            {"role": "user", "parts": [{"text": "One?"}]},
            {"role": "model", "parts": [{"text": "4"}]},
            {"role": "user", "parts": [{"text": "Two?"}]},
        ],
        "generationConfig": {"temperature": 1.0, "maxOutputTokens": 9, "seed": 7, "topP": 1.0},
    }


def test_schema_and_probabilities(ask):
    request = ask("One?", schema={"type": "object"}, choices=("3", "4"))
    config = body(request)["generationConfig"]
    assert config["responseMimeType"] == "application/json"
    assert config["responseJsonSchema"] == {"type": "object"}
    assert (config["responseLogprobs"], config["logprobs"]) == (True, 20)


@pytest.mark.parametrize("model", ["m-1", "models/m-1"])
def test_path(model):
    assert GEMINI.path(model) == "models/m-1:generateContent"


def test_reply():
    parts = [{"text": "Hm.", "thought": True}, {"text": "4"}, {"text": "!"}]
    usage = {
        "promptTokenCount": 120,
        "cachedContentTokenCount": 100,
        "candidatesTokenCount": 2,
        "thoughtsTokenCount": 5,
    }
    candidate = {"content": {"parts": parts, "role": "model"}, "finishReason": "STOP"}
    payload = {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "m-1"}
    reply = GEMINI.reply(payload, ANY, 0.5)
    assert (reply.text, reply.finish_reason, reply.model) == ("4!", "STOP", "m-1")
    assert (reply.input_tokens, reply.cached_tokens, reply.output_tokens) == (120, 100, 7)


@pytest.mark.parametrize("said", ["MAX_TOKENS", "SAFETY", "OTHER", "MODEL_ARMOR"])
def test_the_reason_is_the_services_own_word(said):
    reply = GEMINI.reply({"candidates": [{"finishReason": said}]}, ANY, 0.5)
    assert (reply.text, reply.finish_reason) == ("", said)


@pytest.mark.parametrize(
    ("model", "options", "sent"),
    [
        ("gemini-2.5-flash", {"reasoning_effort": "none"}, {"thinkingBudget": 0}),
        ("gemini-2.5-pro", {"thinking_tokens": 2000}, {"thinkingBudget": 2000}),
        ("gemini-3-flash", {"reasoning_effort": "none"}, {"thinkingLevel": "minimal"}),
        ("gemini-3-pro", {"reasoning_effort": "none"}, {"thinkingLevel": "low"}),
        ("gemini-4-carbon", {"reasoning_effort": "none"}, {"thinkingLevel": "low"}),
        ("gemini-3-pro", {"reasoning_effort": "high"}, {"thinkingLevel": "high"}),
        ("gemini-3-pro", {"thinking_tokens": 2000}, None),
    ],
)
def test_thinking_has_a_budget_or_a_level_and_never_both(ask, model, options, sent):
    config = body(ask("One?"), model, **options)["generationConfig"]
    assert config.get("thinkingConfig") == sent


def test_a_blocked_question_is_a_withheld_reply():
    payload = {
        "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
        "usageMetadata": {"promptTokenCount": 9},
    }
    reply = GEMINI.reply(payload, ANY, 0.5)
    assert (reply.text, reply.finish_reason, reply.input_tokens) == ("", "PROHIBITED_CONTENT", 9)


@pytest.mark.parametrize("payload", [None, {}, {"candidates": []}, {"candidates": [{}]}])
def test_no_reply(payload):
    with pytest.raises(UnusableReplyError):
        GEMINI.reply(payload, ANY, 0.5)


def test_probabilities(ask):
    top = [
        {"token": "4", "logProbability": math.log(0.6)},
        {"token": "3", "logProbability": math.log(0.2)},
    ]
    result = {"chosenCandidates": top[:1], "topCandidates": [{"candidates": top}]}
    candidate = {"content": {"parts": [{"text": "4"}]}, "logprobsResult": result}
    reply = GEMINI.reply({"candidates": [candidate]}, ask("One?", choices=("3", "4")), 0.5)
    assert reply.distribution == pytest.approx((0.25, 0.75))
    assert reply.mass == pytest.approx(0.8)


def test_models():
    assert GEMINI.model_ids({"models": [{"name": "models/m-1"}, {"name": 3}, 4]}) == ["m-1"]


def test_the_second_variable_counts_only_where_it_alone_is_set(monkeypatch):
    monkeypatch.delenv("GOOGLE_API_KEY", raising=False)
    monkeypatch.delenv("GEMINI_API_KEY", raising=False)
    assert key_env() == "GOOGLE_API_KEY"
    monkeypatch.setenv("GEMINI_API_KEY", "x")
    assert key_env() == "GEMINI_API_KEY"
    monkeypatch.setenv("GOOGLE_API_KEY", "y")
    assert key_env() == "GOOGLE_API_KEY"


@given(
    JSON
    | st.fixed_dictionaries(
        {"candidates": st.lists(JSON), "error": JSON, "usageMetadata": JSON, "models": JSON}
    )
)
def test_hostile_json(payload):
    GEMINI.model_ids(payload)
    try:
        assert isinstance(GEMINI.reply(payload, ANY, 0.5).text, str)
    except UnusableReplyError as error:
        assert str(error)
