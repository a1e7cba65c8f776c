"""OpenAI's Responses API, the only one of some models: a request to its JSON, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vaar.respondents.base import Message, Reply, Request
from vaar.respondents.http.choosing.enum_forms import RESPONSES_SCHEMA
from vaar.respondents.http.dialect import Form, Provider, UnusableReplyError
from vaar.respondents.http.dialects.chat_reply import REFUSAL
from vaar.respondents.http.dialects.hosted_chat import OPENAI
from vaar.respondents.http.dialects.openai_chat import CHAT_COMPLETIONS
from vaar.respondents.http.dialects.reasoning import nested_effort
from vaar.respondents.wire.answer_probabilities import Told, first_tokens, weigh
from vaar.respondents.wire.messages import folded
from vaar.respondents.wire.payloads import count, encodable, line, mapping, message_json, objects
from vaar.respondents.wire.payloads import texts as all_texts

LEAST_CEILING = 16
"""The service refuses a lower ceiling."""


class Responses:
    """The Responses API of OpenAI. It takes no seed."""

    models_path = "models"

    def path(self, model: str) -> str:
        """Where a turn is asked."""
        return "responses"

    def fields(self, form: Form) -> dict[str, Any]:
        """The body that asks for one turn, without the conversation; nothing is kept there."""
        body: dict[str, Any] = {
            "model": form.model,
            "stream": False,
            "store": False,
            "truncation": "disabled",
            "max_output_tokens": max(form.ceiling, LEAST_CEILING),
        }
        if form.temperature is not None:
            body["temperature"] = form.temperature
        if form.seed_field:
            body[form.seed_field] = form.seed
        if form.schema is not None:
            schema = {"type": "json_schema", "name": "answers", "strict": True}
            body["text"] = {"format": {**schema, "schema": form.schema}}
        if form.top_logprobs:
            body["include"] = ["message.output_text.logprobs"]
            body["top_logprobs"] = form.top_logprobs
        return body

    def conversation(self, messages: Sequence[Message], form: Form) -> str:
        """The conversation as ``input``."""
        said = [message_json(m["role"], m["content"]) for m in folded(messages, form.system)]
        return f'"input":[{",".join(said)}]'

    def reply(self, payload: object, request: Request, latency: float) -> Reply:
        """The reply in the service's JSON: its text, without what the model thought.

        Raises
        ------
        UnusableReplyError
            It has no list of output.
        """
        if not isinstance(payload, dict):
            raise UnusableReplyError("something that is no JSON object")
        if not isinstance(payload.get("output"), list):
            raise UnusableReplyError("JSON without output")
        parts = list(_parts(payload))
        text = "".join(_texts(parts, "output_text", "text"))
        refusal = "".join(_texts(parts, "refusal", "refusal"))
        usage = mapping(payload, "usage")
        told = _told(parts, request.choices) if request.choices else None
        return Reply(
            text=encodable(text or refusal),
            finish_reason=REFUSAL if refusal and not text else _reason(payload),
            input_tokens=count(usage, "input_tokens"),
            output_tokens=count(usage, "output_tokens"),
            cached_tokens=count(mapping(usage, "input_tokens_details"), "cached_tokens"),
            latency=latency,
            model=line(payload.get("model")),
            distribution=told and told.shares,
            mass=told and told.mass,
            reasoning_tokens=count(mapping(usage, "output_tokens_details"), "reasoning_tokens"),
            service_tier=line(payload.get("service_tier")),
            thoughts=_thoughts(payload),
        )

    def model_ids(self, payload: object) -> list[str]:
        """The ids in the service's list of models."""
        return CHAT_COMPLETIONS.model_ids(payload)


RESPONSES = Responses()

OPENAI_RESPONSES = Provider(
    name="openai-responses",
    dialect=RESPONSES,
    base_url=OPENAI.base_url,
    any_address=True,
    key_env=OPENAI.key_env,
    ceiling_field="max_output_tokens",
    seed_field="",
    reasoning=nested_effort,
    enum_form=RESPONSES_SCHEMA,
    thinking=OPENAI.thinking,
    note="for models that chat completions do not have; a ceiling below 16 becomes 16",
)


def _parts(payload: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for item in objects(payload, "output"):
        if item.get("type") == "message":
            yield from objects(item, "content")


def _texts(parts: Sequence[Mapping[str, Any]], kind: str, key: str) -> Iterator[str]:
    return (
        text
        for part in parts
        if part.get("type") == kind and isinstance(text := part.get(key), str)
    )


def _thoughts(payload: Mapping[str, Any]) -> str:
    items = (item for item in objects(payload, "output") if item.get("type") == "reasoning")
    return encodable("".join(text for item in items for text in all_texts(item)))


def _reason(payload: Mapping[str, Any]) -> str:
    """Why a reply is incomplete, else what became of it, in the service's words."""
    incomplete = line(mapping(payload, "incomplete_details").get("reason"))
    return incomplete or line(payload.get("status")) or "completed"


def _told(parts: Sequence[Mapping[str, Any]], choices: Sequence[str]) -> Told | None:
    content = [token for part in parts for token in objects(part, "logprobs")]
    return weigh(first_tokens(content), choices)
