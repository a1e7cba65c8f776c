"""Inspect AI's requests and outputs, from and to the records of this floor.

Nothing here loads Inspect AI before it is called.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vaar.respondents.base import Message, Reply
from vaar.respondents.populations import SIMULATED

if TYPE_CHECKING:
    from inspect_ai.model import ChatCompletionChoice, ChatMessage, GenerateConfig, ModelOutput

THROUGH_INSPECT = "inspect/"
"""How the name of a respondent begins that a provider of Inspect reaches."""

MOCK = "mockllm"
"""Inspect's provider that answers from a script: no model, so its replies are simulated."""

_FINISH_REASONS = {"max_tokens": "length", "model_length": "length"}
_LONGEST_MODEL_ID = 200
_MOST_LOGPROBS = 20


def is_simulated(model: str) -> bool:
    """Whether a model of Inspect, named ``PROVIDER/MODEL``, is no model."""
    return model.partition("/")[0] == MOCK


def to_chat_message(message: Message) -> ChatMessage:
    """One message of a conversation in Inspect's form."""
    from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageUser

    content = message["content"]
    if message["role"] == "system":
        return ChatMessageSystem(content=content)
    if message["role"] == "user":
        return ChatMessageUser(content=content)
    return ChatMessageAssistant(content=content)


def to_config(
    seed: int, max_tokens: int, schema: dict[str, Any] | None = None, logprobs: bool = False
) -> GenerateConfig:
    """What one call asks of a model, but for the temperature.

    Whatever else is configured, no reply comes from a cache, no system message is put before the
    conversation, and a refusal is a reply.
    """
    from inspect_ai.model import GenerateConfig, ResponseSchema

    config = GenerateConfig(
        seed=seed, max_tokens=max_tokens, cache=False, system_message="", fail_on_refusal=False
    )
    if schema is not None:
        config.response_schema = ResponseSchema.model_validate(
            {"name": "answers", "json_schema": schema, "strict": True}
        )
    if logprobs:
        config.logprobs, config.top_logprobs = True, _MOST_LOGPROBS
    return config


def to_reply(output: ModelOutput, model: str, choices: Sequence[str] = ()) -> Reply:
    """The reply in an output that has a choice.

    Parameters
    ----------
    model : str
        The model asked, as Inspect names it: ``PROVIDER/MODEL``.
    choices : sequence of str
        The answers whose probabilities are wanted.
    """
    choice, usage = output.choices[0], output.usage
    cached = (usage and usage.input_tokens_cache_read) or 0
    written = (usage and usage.input_tokens_cache_write) or 0
    return Reply(
        text=_encodable(choice.message.text),
        finish_reason=_FINISH_REASONS.get(choice.stop_reason, choice.stop_reason),
        input_tokens=usage.input_tokens + cached + written if usage else 0,
        output_tokens=usage.output_tokens if usage else 0,
        cached_tokens=cached,
        latency=output.time or 0.0,
        model=_line(output.model),
        simulated=is_simulated(model) or output.model.startswith(SIMULATED),
        distribution=_distribution(choice, choices) if choices else None,
    )


def _distribution(choice: ChatCompletionChoice, choices: Sequence[str]) -> tuple[float, ...] | None:
    """Shares of the choices among the first token's likeliest; None where none is among them."""
    if choice.logprobs is None or not choice.logprobs.content:
        return None
    likeliest = choice.logprobs.content[0].top_logprobs or []
    masses = [
        math.fsum(math.exp(t.logprob) for t in likeliest if t.token.strip() == wanted)
        for wanted in choices
    ]
    total = math.fsum(masses)
    return tuple(mass / total for mass in masses) if 0 < total < math.inf else None


def _encodable(text: str) -> str:
    """The text with lone surrogates, which no file can hold, replaced by question marks."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def _line(text: str) -> str:
    return "".join(filter(str.isprintable, _encodable(text[:_LONGEST_MODEL_ID])))
