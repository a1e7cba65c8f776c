"""Google's generateContent, which Gemini models speak: a request to its JSON, and back."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from vaar.respondents.base import Message, Reply, Request
from vaar.respondents.http.dialect import UnusableReplyError
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.wire.answer_probabilities import Told, first_tokens, tellable, weigh
from vaar.respondents.wire.messages import spoken, system_text
from vaar.respondents.wire.payloads import count, encodable, line, mapping

GOOGLE_KEY = "GOOGLE_API_KEY"
GEMINI_KEY = "GEMINI_API_KEY"

SEEDS = 2**31
"""The service takes seeds below this."""

_DELAY = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,9})?)s")
_MODELS = "models/"
_ROLES = {"assistant": "model"}
_WITHHELD = ("SAFETY", "PROHIBITED_CONTENT", "RECITATION", "BLOCKLIST", "SPII")
_REASONS = {"STOP": "stop", "MAX_TOKENS": "length"} | dict.fromkeys(_WITHHELD, "content_filter")
_CODES = {"NOT_FOUND": "model_not_found", "UNAUTHENTICATED": "invalid_api_key"}


def key_env() -> str:
    """The environment variable that holds the key: the second of two only where it alone is set."""
    second = os.environ.get(GEMINI_KEY) and not os.environ.get(GOOGLE_KEY)
    return GEMINI_KEY if second else GOOGLE_KEY


class Gemini:
    """The generateContent method of Google's Gemini API."""

    key_env = GOOGLE_KEY
    base_url = "https://generativelanguage.googleapis.com/v1beta"
    models_path = "models?pageSize=1000"

    def path(self, endpoint: Endpoint) -> str:
        """Where a turn is asked: the model is part of it."""
        return f"{_MODELS}{quote(endpoint.model.removeprefix(_MODELS))}:generateContent"

    def headers(self, key: str | None) -> dict[str, str]:
        """The key in a header of its own; it is never part of an address."""
        return {"x-goog-api-key": key} if key else {}

    def body(self, request: Request, endpoint: Endpoint, with_schema: bool) -> bytes:
        """The JSON that asks for one turn."""
        payload: dict[str, Any] = {
            "contents": [_content(message) for message in spoken(request.messages)],
            "generationConfig": _config(request, endpoint, with_schema),
        }
        if system := system_text(request.messages):
            payload["systemInstruction"] = {"parts": [{"text": system}]}
        return json.dumps(payload).encode()

    def reply(self, payload: object, request: Request, latency: float) -> Reply:
        """The reply in the service's JSON: its text, without what the model thought.

        A question that the service blocks is a reply without text that a filter withheld.

        Raises
        ------
        UnusableReplyError
            It has no candidate, and does not say that the question was blocked.
        """
        if not isinstance(payload, dict):
            raise UnusableReplyError("something that is no JSON object")
        candidate = _candidate(payload)
        usage = mapping(payload, "usageMetadata")
        reason = line(candidate.get("finishReason")) or "STOP"
        told = _told(candidate, request.choices) if request.choices else None
        return Reply(
            text=_text(candidate),
            finish_reason=_REASONS.get(reason, reason.lower()),
            input_tokens=count(usage, "promptTokenCount"),
            output_tokens=count(usage, "candidatesTokenCount") + count(usage, "thoughtsTokenCount"),
            cached_tokens=count(usage, "cachedContentTokenCount"),
            latency=latency,
            model=line(payload.get("modelVersion")),
            distribution=told and told.distribution,
            mass=told and told.mass,
        )

    def error_text(self, payload: object) -> str:
        """What the service says went wrong: status and message."""
        error = mapping(payload, "error")
        parts = (error.get(key) for key in ("status", "message"))
        return " ".join(part for part in parts if isinstance(part, str))

    def error_code(self, payload: object) -> str:
        """The status of the service's error, in the respondent's words where it has some."""
        error = mapping(payload, "error")
        if any(detail.get("reason") == "API_KEY_INVALID" for detail in _objects(error, "details")):
            return "invalid_api_key"
        status = error.get("status")
        return _CODES.get(status, status) if isinstance(status, str) else ""

    def wait(self, payload: object) -> float | None:
        """The delay in the details of the service's error, which has no header for it."""
        for detail in _objects(mapping(payload, "error"), "details"):
            if found := _DELAY.fullmatch(str(detail.get("retryDelay"))):
                return float(found[1])
        return None

    def model_ids(self, payload: object) -> list[str]:
        """The ids in the service's list of models, without the prefix that all of them have."""
        names = (entry.get("name") for entry in _objects(payload, "models"))
        return [name.removeprefix(_MODELS) for name in names if isinstance(name, str)]


GEMINI = Gemini()


def _content(message: Message) -> dict[str, Any]:
    role = _ROLES.get(message["role"], message["role"])
    return {"role": role, "parts": [{"text": message["content"]}]}


def _config(request: Request, endpoint: Endpoint, with_schema: bool) -> dict[str, Any]:
    config: dict[str, Any] = {
        "temperature": endpoint.temperature_for(request.temperature),
        "maxOutputTokens": request.max_tokens,
        "seed": request.seed % SEEDS,
    }
    if with_schema:
        config |= {"responseMimeType": "application/json", "responseJsonSchema": request.schema}
    if endpoint.top_logprobs and tellable(request.choices):
        config |= {"responseLogprobs": True, "logprobs": endpoint.top_logprobs}
    return config


def _candidate(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    candidates = payload.get("candidates")
    if not isinstance(candidates, list) or not candidates:
        if mapping(payload, "promptFeedback").get("blockReason"):
            return {"finishReason": "SAFETY"}
        raise UnusableReplyError("JSON without candidates")
    candidate = candidates[0]
    if not isinstance(candidate, dict) or not candidate.keys() & {"content", "finishReason"}:
        raise UnusableReplyError("a candidate without content")
    return candidate


def _text(candidate: Mapping[str, Any]) -> str:
    parts = _objects(candidate.get("content"), "parts")
    texts = (part.get("text") for part in parts if part.get("thought") is not True)
    return encodable("".join(text for text in texts if isinstance(text, str)))


def _told(candidate: Mapping[str, Any], choices: tuple[str, ...]) -> Told | None:
    result = mapping(candidate, "logprobsResult")
    chosen, rivals = _objects(result, "chosenCandidates"), _objects(result, "topCandidates")
    content = [
        _token(token) | {"top_logprobs": [_token(rival) for rival in _objects(top, "candidates")]}
        for token, top in zip(chosen, rivals, strict=False)
    ]
    return weigh(first_tokens(content), choices)


def _token(candidate: Mapping[str, Any]) -> dict[str, Any]:
    """One token as the chat-completions format writes it."""
    return {"token": candidate.get("token"), "logprob": candidate.get("logProbability")}


def _objects(value: object, key: str) -> Iterator[Mapping[str, Any]]:
    """The objects in the list under a key; none where there is no list."""
    listed = value.get(key) if isinstance(value, Mapping) else None
    return (
        entry
        for entry in (listed if isinstance(listed, list) else [])
        if isinstance(entry, Mapping)
    )
