"""The chat-completions format, which most servers speak: a request to its JSON, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from vaar.respondents.base import Message, Reply, Request
from vaar.respondents.http.dialect import Form
from vaar.respondents.http.dialects.chat_reply import read_reply
from vaar.respondents.wire.messages import folded
from vaar.respondents.wire.payloads import message_json


class ChatCompletions:
    """The chat-completions format of OpenAI, which most servers speak."""

    models_path = "models"

    def path(self, model: str) -> str:
        """Where a turn is asked."""
        return "chat/completions"

    def fields(self, form: Form) -> dict[str, Any]:
        """The body that asks for one turn, without the conversation."""
        body: dict[str, Any] = {"model": form.model, "stream": False}
        if form.temperature is not None:
            body["temperature"] = form.temperature
        if form.seed_field:
            body[form.seed_field] = form.seed
        body[form.ceiling_field] = form.ceiling
        if form.schema is not None:
            schema = {"name": "answers", "strict": True, "schema": form.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        if form.top_logprobs and form.logprobs == "together":
            body["logprobs"] = form.top_logprobs
        elif form.top_logprobs and form.logprobs == "openai":
            body |= {"logprobs": True, "top_logprobs": form.top_logprobs}
        return body

    def conversation(self, messages: Sequence[Message], form: Form) -> str:
        """The conversation as ``messages``."""
        keeping = form.thoughts_field
        said = [
            _with_thoughts(message, keeping)
            if keeping and "thoughts" in message
            else message_json(message["role"], message["content"])
            for message in folded(messages, form.system)
        ]
        return f'"messages":[{",".join(said)}]'

    def reply(self, payload: object, request: Request, latency: float) -> Reply:
        """The reply in a server's JSON; see :func:`vaar...chat_reply.read_reply`."""
        return read_reply(payload, request, latency)

    def model_ids(self, payload: object) -> list[str]:
        """The ids in a server's list of models."""
        entries = payload.get("data") if isinstance(payload, dict) else None
        if not isinstance(entries, list):
            return []
        ids = (entry.get("id") for entry in entries if isinstance(entry, dict))
        return [name for name in ids if isinstance(name, str)]


def _with_thoughts(message: Message, field: str) -> str:
    """A message as JSON with what the model thought before it."""
    said = message_json(message["role"], message["content"])
    return f"{said[:-1]}, {json.dumps(field)}: {json.dumps(message['thoughts'])}}}"


CHAT_COMPLETIONS = ChatCompletions()
