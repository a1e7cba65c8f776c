"""Anthropic's Messages API: a request to its JSON, its JSON to a reply."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from vaar.respondents.base import Message, Reply, Request
from vaar.respondents.http.call_options import CallOptions
from vaar.respondents.http.choosing.enum_forms import ANTHROPIC_SCHEMA
from vaar.respondents.http.dialect import Form, Provider, UnusableReplyError
from vaar.respondents.http.dialects.openai_chat import CHAT_COMPLETIONS
from vaar.respondents.http.dialects.reasoning import OFF
from vaar.respondents.wire.messages import apart
from vaar.respondents.wire.payloads import count, encodable, line, mapping, message_json, objects

VERSION = "2023-06-01"
"""Version of the format, sent with every call."""

HOTTEST = 1.0
"""Highest temperature that the service takes."""


class AnthropicMessages:
    """The Messages API of Anthropic. It takes no seed and tells no probabilities."""

    models_path = "models?limit=1000"

    def path(self, model: str) -> str:
        """Where a turn is asked."""
        return "messages"

    def fields(self, form: Form) -> dict[str, Any]:
        """The body that asks for one turn, without the conversation."""
        body: dict[str, Any] = {
            "model": form.model,
            "stream": False,
            "max_tokens": form.ceiling,
        }
        if form.temperature is not None:
            body["temperature"] = form.temperature
        if form.seed_field:
            body[form.seed_field] = form.seed
        if form.schema is not None:
            schema = {"type": "json_schema", "schema": form.schema}
            body["output_config"] = {"format": schema}
        return body

    def conversation(self, messages: Sequence[Message], form: Form) -> str:
        """The conversation so far, its end marked for the cache."""
        system, (*earlier, last) = apart(messages, form.system)
        block = {"type": "text", "text": last["content"], "cache_control": {"type": "ephemeral"}}
        said = [message_json(m["role"], m["content"]) for m in earlier]
        said.append(json.dumps({"role": last["role"], "content": [block]}))
        leading = f'"system":{json.dumps(system)},' if system else ""
        return f'{leading}"messages":[{",".join(said)}]'

    def reply(self, payload: object, request: Request, latency: float) -> Reply:
        """The reply in the service's JSON: its text, without what the model thought.

        Raises
        ------
        UnusableReplyError
            It has no list of content.
        """
        if not isinstance(payload, dict):
            raise UnusableReplyError("something that is no JSON object")
        if not isinstance(payload.get("content"), list):
            raise UnusableReplyError("JSON without content")
        blocks = list(objects(payload, "content"))
        usage = mapping(payload, "usage")
        details = mapping(usage, "output_tokens_details")
        cached = count(usage, "cache_read_input_tokens")
        written = count(usage, "cache_creation_input_tokens")
        return Reply(
            text=_joined(block.get("text") for block in blocks if block.get("type") == "text"),
            finish_reason=line(payload.get("stop_reason")) or "end_turn",
            input_tokens=count(usage, "input_tokens") + written + cached,
            output_tokens=count(usage, "output_tokens"),
            cached_tokens=cached,
            latency=latency,
            model=line(payload.get("model")),
            reasoning_tokens=count(details, "thinking_tokens")
            or count(details, "reasoning_tokens"),
            cache_write_tokens=written,
            service_tier=line(usage.get("service_tier")),
            thoughts=_joined(b.get("thinking") for b in blocks if b.get("type") == "thinking"),
        )

    def model_ids(self, payload: object) -> list[str]:
        """The ids in the service's list of models, which has the form of OpenAI's."""
        return CHAT_COMPLETIONS.model_ids(payload)


def _joined(texts: Iterable[object]) -> str:
    return encodable("".join(text for text in texts if isinstance(text, str)))


_NEVER_OFF = re.compile(r"claude-(?:opus-5|fable)")
_BETWEEN_TOOLS = re.compile(r"claude-sonnet-5-5")


def _reasoning(model: str, options: CallOptions) -> dict[str, Any]:
    """How much a model is to think; which way it can be switched off depends on the model."""
    effort = options.reasoning_effort
    if effort is None:
        return {}
    if effort != OFF:
        return {"thinking": {"type": "adaptive"}, "output_config": {"effort": effort}}
    if _NEVER_OFF.search(model):
        return {"output_config": {"effort": "low"}}
    return {"thinking": {"type": "between_tools" if _BETWEEN_TOOLS.search(model) else "disabled"}}


ANTHROPIC = Provider(
    name="anthropic",
    dialect=AnthropicMessages(),
    base_url="https://api.anthropic.com/v1",
    key_env="ANTHROPIC_API_KEY",
    key_header="x-api-key",
    headers={"anthropic-version": VERSION},
    seed_field="",
    reasoning=_reasoning,
    logprobs="none",
    enum_form=ANTHROPIC_SCHEMA,
    thinking="`reasoning_effort: none` switches thinking off where the model can; Opus 5 and Fable "
    "always think: `reasoning_effort: low` and `thinking_tokens: 4000`",
    note="Opus 4.7 and later take no temperature but 1",
)
