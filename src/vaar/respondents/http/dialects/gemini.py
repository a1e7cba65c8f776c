"""Google's generateContent, which Gemini models speak: a request to its JSON, and back."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from vaar.respondents.base import Message, Reply, Request
from vaar.respondents.http.call_options import CallOptions
from vaar.respondents.http.choosing.enum_forms import GEMINI_ENUM
from vaar.respondents.http.dialect import Form, Ignored, Provider, UnusableReplyError
from vaar.respondents.http.dialects.reasoning import OFF
from vaar.respondents.wire.answer_probabilities import Told, first_tokens, weigh
from vaar.respondents.wire.messages import apart
from vaar.respondents.wire.payloads import count, encodable, line, mapping, objects

GOOGLE_KEY = "GOOGLE_API_KEY"
GEMINI_KEY = "GEMINI_API_KEY"

_MODELS = "models/"
_ROLES = {"assistant": "model"}


def key_env() -> str:
    """The environment variable that holds the key: the second of two only where it alone is set."""
    second = os.environ.get(GEMINI_KEY) and not os.environ.get(GOOGLE_KEY)
    return GEMINI_KEY if second else GOOGLE_KEY


class Gemini:
    """The generateContent method of Google's Gemini API."""

    models_path = "models?pageSize=1000"

    def path(self, model: str) -> str:
        """Where a turn is asked: the model is part of it."""
        return f"{_MODELS}{quote(model.removeprefix(_MODELS))}:generateContent"

    def fields(self, form: Form) -> dict[str, Any]:
        """The body that asks for one turn, without the conversation."""
        config: dict[str, Any] = {"maxOutputTokens": form.ceiling}
        if form.temperature is not None:
            config["temperature"] = form.temperature
        if form.seed_field:
            config[form.seed_field] = form.seed
        if form.schema is not None:
            config |= {"responseMimeType": "application/json", "responseJsonSchema": form.schema}
        if form.top_logprobs:
            config |= {"responseLogprobs": True, "logprobs": form.top_logprobs}
        return {"generationConfig": config}

    def conversation(self, messages: Sequence[Message], form: Form) -> str:
        """The conversation as ``contents``, the system message beside it."""
        system, said = apart(messages, form.system)
        contents = [_content(message) for message in said]
        instruction = {"systemInstruction": {"parts": [{"text": system}]}} if system else {}
        return json.dumps({"contents": contents, **instruction})[1:-1]

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
        parts = list(objects(candidate.get("content"), "parts"))
        usage = mapping(payload, "usageMetadata")
        thought = count(usage, "thoughtsTokenCount")
        told = _told(candidate, request.choices) if request.choices else None
        return Reply(
            text=_text(parts, thought=False),
            finish_reason=line(candidate.get("finishReason")) or "STOP",
            input_tokens=count(usage, "promptTokenCount"),
            output_tokens=count(usage, "candidatesTokenCount") + thought,
            cached_tokens=count(usage, "cachedContentTokenCount"),
            latency=latency,
            model=line(payload.get("modelVersion")),
            distribution=told and told.shares,
            mass=told and told.mass,
            reasoning_tokens=thought,
            thoughts=_text(parts, thought=True),
        )

    def model_ids(self, payload: object) -> list[str]:
        """The ids in the service's list of models, without the prefix that all of them have."""
        names = (entry.get("name") for entry in objects(payload, "models"))
        return [name.removeprefix(_MODELS) for name in names if isinstance(name, str)]


def _content(message: Message) -> dict[str, Any]:
    role = _ROLES.get(message["role"], message["role"])
    return {"role": role, "parts": [{"text": message["content"]}]}


def _candidate(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    candidates = payload.get("candidates")
    if not isinstance(candidates, list) or not candidates:
        if blocked := mapping(payload, "promptFeedback").get("blockReason"):
            known = blocked in ("SAFETY", "BLOCKLIST", "PROHIBITED_CONTENT")
            return {"finishReason": blocked if known else "SAFETY"}
        raise UnusableReplyError("JSON without candidates")
    candidate = candidates[0]
    if not isinstance(candidate, dict) or not candidate.keys() & {"content", "finishReason"}:
        raise UnusableReplyError("a candidate without content")
    return candidate


def _text(parts: Sequence[Mapping[str, Any]], *, thought: bool) -> str:
    texts = (part.get("text") for part in parts if bool(part.get("thought")) is thought)
    return encodable("".join(text for text in texts if isinstance(text, str)))


def _told(candidate: Mapping[str, Any], choices: tuple[str, ...]) -> Told | None:
    result = mapping(candidate, "logprobsResult")
    chosen, rivals = objects(result, "chosenCandidates"), objects(result, "topCandidates")
    content = [
        _token(token) | {"top_logprobs": [_token(rival) for rival in objects(top, "candidates")]}
        for token, top in zip(chosen, rivals, strict=False)
    ]
    return weigh(first_tokens(content), choices)


def _token(candidate: Mapping[str, Any]) -> dict[str, Any]:
    """One token as the chat-completions format writes it."""
    return {"token": candidate.get("token"), "logprob": candidate.get("logProbability")}


_BUDGET = re.compile(r"gemini-2\.5")
_MINIMAL = re.compile(r"gemini-3[^/]*flash")
_NO_TEMPERATURE = re.compile(r"gemini-(?:3\.[6-9]|[4-9])")


def _reasoning(model: str, options: CallOptions) -> dict[str, Any]:
    """A budget for Gemini 2.5, a level for later models; both in one request are refused."""
    effort, budget = options.reasoning_effort, options.thinking_tokens
    if _BUDGET.search(model):
        budget = 0 if effort == OFF else budget
        return {} if budget is None else _thinking(thinkingBudget=budget)
    if effort is None:
        return {}
    least = "minimal" if _MINIMAL.search(model) else "low"
    return _thinking(thinkingLevel=least if effort == OFF else effort)


def _thinking(**config: object) -> dict[str, Any]:
    return {"generationConfig": {"thinkingConfig": config}}


GOOGLE = Provider(
    name="google",
    dialect=Gemini(),
    base_url="https://generativelanguage.googleapis.com/v1beta",
    key_env=GOOGLE_KEY,
    key_header="x-goog-api-key",
    ceiling_field="maxOutputTokens",
    seeds=2**31,
    plain={"generationConfig": {"topP": 1.0}},
    reasoning=_reasoning,
    enum_form=GEMINI_ENUM,
    ignored=(
        Ignored(
            "generationConfig.temperature",
            "Gemini 3.6 and later take a temperature and do not heed it",
            lambda model, options: bool(_NO_TEMPERATURE.search(model)),
        ),
        Ignored(
            "generationConfig.topP",
            "Gemini 3.6 and later take it and do not heed it",
            lambda model, options: bool(_NO_TEMPERATURE.search(model)),
        ),
    ),
    thinking="`reasoning_effort: none` switches thinking off in Gemini 2.5 Flash and asks later "
    "models for as little as they can; with those and with Pro models also "
    "`thinking_tokens: 4000`",
    note="topK is as the model has it (64 in most)",
)
