"""Services with a format of their own: OpenAI's Responses, Anthropic's Messages, Gemini."""

from __future__ import annotations

from math import log
from typing import Any

from support.providers import KEY, THOUGHT, tokens_of
from support.providers.chat import FIRST_TOKENS, enum_in, in_object, told

Body = dict[str, Any]
Answer = tuple[int, Any]


def responses(path: str, headers: Any, body: Any) -> Answer:
    """OpenAI's Responses.

    Source: openai-python, src/openai/types/responses/response.py and response_create_params.py
    (statuses, ``incomplete_details``, a ceiling of 16 at least, no seed).
    """
    if headers["Authorization"] != f"Bearer {KEY}":
        return 401, {"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}}
    if body is None:
        return 200, {"data": [{"id": "plain"}, {"id": "thinker"}]}
    assert path == "/v1/responses" and body["stream"] is False and body["store"] is False
    known = {"model", "input", "stream", "store", "truncation", "temperature", "top_p", "text"}
    unknown = body.keys() - known - {"max_output_tokens", "reasoning", "include", "top_logprobs"}
    assert not unknown, unknown
    assert body["max_output_tokens"] >= 16
    effort = body.get("reasoning", {}).get("effort", "medium")
    thinking = body["model"] == "thinker" and effort != "none"
    cut = thinking and body["max_output_tokens"] <= THOUGHT
    output: list[Body] = [{"type": "reasoning", "summary": [{"text": "2?"}]}] if thinking else []
    wanted = body.get("text", {}).get("format")
    if not cut:
        said = in_object(enum_in(wanted["schema"])[-2]) if wanted else "4"
        content = [{"type": "output_text", "text": said, "annotations": []}]
        if body.get("include") == ["message.output_text.logprobs"]:
            content[0]["logprobs"] = told({**body, "logprobs": True}, "4")["content"]
        output.append({"type": "message", "role": "assistant", "content": content})
    received = body["max_output_tokens"] if cut else 1 + THOUGHT * thinking
    return 200, {
        "object": "response",
        "model": f"{body['model']}-1",
        "status": "incomplete" if cut else "completed",
        "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
        "error": None,
        "output": output,
        "service_tier": "default",
        "usage": {
            "input_tokens": tokens_of(body["input"]),
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": received,
            "output_tokens_details": {"reasoning_tokens": received - (not cut) if thinking else 0},
        },
    }


def anthropic(path: str, headers: Any, body: Any) -> Answer:
    """Anthropic.

    Sources: anthropic-sdk-python, src/anthropic/types/message_create_params.py, usage.py,
    thinking_config_param.py (thinking counts towards ``max_tokens``).
    """
    if headers["x-api-key"] != KEY:
        return _anthropic_error(401, "authentication_error", "invalid x-api-key")
    if body is None:
        return 200, {"data": [{"id": "plain"}, {"id": "thinker"}]}
    assert path == "/v1/messages" and headers["anthropic-version"] == "2023-06-01"
    known = {"model", "messages", "max_tokens", "temperature", "system", "stream"}
    for name in sorted(body.keys() - known - {"thinking", "output_config", "service_tier"}):
        return _anthropic_error(
            400, "invalid_request_error", f"{name}: Extra inputs are not permitted"
        )
    mode = body.get("thinking", {}).get("type", "adaptive")
    thinking = body["model"] == "thinker" and mode == "adaptive"
    if thinking and body.get("temperature", 1) != 1:
        said = "`temperature` may only be set to 1 when thinking is enabled"
        return _anthropic_error(400, "invalid_request_error", said)
    cut = thinking and body["max_tokens"] <= THOUGHT
    content: list[Body] = [{"type": "thinking", "thinking": "2?"}] if thinking else []
    sent = tokens_of(body["messages"])
    wanted = body.get("output_config", {}).get("format")
    said = in_object(enum_in(wanted["schema"])[-2]) if wanted else "4"
    return 200, {
        "type": "message",
        "model": f"{body['model']}-1",
        "content": content if cut else [*content, {"type": "text", "text": said}],
        "stop_reason": "max_tokens" if cut else "end_turn",
        "usage": {
            "input_tokens": 3,
            "cache_creation_input_tokens": sent // 3,
            "cache_read_input_tokens": sent - sent // 3,
            "output_tokens": body["max_tokens"] if cut else 1 + THOUGHT * thinking,
            "service_tier": "standard",
        },
    }


def google(path: str, headers: Any, body: Any) -> Answer:
    """Gemini.

    Sources: ai.google.dev/api/generate-content (``GenerationConfig``, ``FinishReason``),
    ai.google.dev/gemini-api/docs/thinking (budgets for 2.5, levels for 3; thoughts count).
    """
    if headers["x-goog-api-key"] != KEY:
        details = [{"reason": "API_KEY_INVALID", "domain": "googleapis.com"}]
        return 400, {"error": {"code": 400, "message": "API key not valid.", "details": details}}
    if body is None:
        return 200, {
            "models": [{"name": "models/gemini-2.5-flash"}, {"name": "models/gemini-3-flash"}]
        }
    model = path.removeprefix("/v1/models/").removesuffix(":generateContent")
    config = body["generationConfig"]
    known = {"temperature", "maxOutputTokens", "seed", "topP", "topK", "thinkingConfig"}
    telling = {"responseLogprobs", "logprobs", "responseMimeType", "responseSchema"}
    assert not config.keys() - known - telling, config
    how = config.get("thinkingConfig", {})
    if len(how) > 1 or (how and ("thinkingLevel" in how) == ("2.5" in model)):
        said = "You can only set only one of thinking budget and thinking level."
        return 400, {"error": {"code": 400, "message": said, "status": "INVALID_ARGUMENT"}}
    off = how.get("thinkingBudget") == 0 or how.get("thinkingLevel") == "minimal"
    thinking = model != "gemini-plain" and not off
    cut = thinking and config["maxOutputTokens"] <= THOUGHT
    parts: list[Body] = [{"text": "2?", "thought": True}] if thinking else []
    said = "4"
    if schema := config.get("responseSchema"):
        assert config["responseMimeType"] == "text/x.enum" and schema["type"] == "STRING"
        said = schema["enum"][-2]
    content = {"role": "model", "parts": parts if cut else [*parts, {"text": said}]}
    candidate = {"content": content, "finishReason": "MAX_TOKENS" if cut else "STOP"}
    if config.get("responseLogprobs"):
        candidate["logprobsResult"] = _google_logprobs(config["logprobs"])
    return 200, {
        "candidates": [candidate],
        "modelVersion": f"{model}-1",
        "usageMetadata": {
            "promptTokenCount": 5 * len(body["contents"]),
            "candidatesTokenCount": 0 if cut else 1,
            "thoughtsTokenCount": (config["maxOutputTokens"] if cut else THOUGHT) * thinking,
        },
    }


def _google_logprobs(most: int) -> Body:
    rivals = [{"token": token, "logProbability": log(p)} for token, p in FIRST_TOKENS.items()]
    return {"chosenCandidates": rivals[:1], "topCandidates": [{"candidates": rivals[:most]}]}


def _anthropic_error(status: int, kind: str, message: str) -> Answer:
    return status, {"type": "error", "error": {"type": kind, "message": message}}
