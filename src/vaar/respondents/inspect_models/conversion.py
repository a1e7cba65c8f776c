"""Inspect AI's requests and outputs, from and to this package's records.

Nothing here loads Inspect AI before it is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vaar.respondents.base import Message, Reply
from vaar.respondents.simulated.populations import SIMULATED
from vaar.respondents.wire.answer_probabilities import Told, weigh
from vaar.respondents.wire.payloads import encodable, line

if TYPE_CHECKING:
    from inspect_ai.model import ChatCompletionChoice, ChatMessage, GenerateConfig, ModelOutput

THROUGH_INSPECT = "inspect/"
"""How the name of a respondent begins that a provider of Inspect reaches."""

MOCK = "mockllm"
"""Inspect's provider that answers from a script: no model, so its replies are simulated."""

_FINISH_REASONS = {"max_tokens": "length", "model_length": "length"}
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
    told = _told(choice, choices) if choices else None
    return Reply(
        text=encodable(choice.message.text),
        finish_reason=_FINISH_REASONS.get(choice.stop_reason, choice.stop_reason),
        input_tokens=usage.input_tokens + cached + written if usage else 0,
        output_tokens=usage.output_tokens if usage else 0,
        cached_tokens=cached,
        latency=output.time or 0.0,
        model=line(output.model),
        simulated=is_simulated(model) or output.model.startswith(SIMULATED),
        distribution=told and told.shares,
        mass=told and told.mass,
    )


def _told(choice: ChatCompletionChoice, choices: Sequence[str]) -> Told | None:
    """How probable each choice was, by the first token that is not only white space."""
    content = (choice.logprobs and choice.logprobs.content) or []
    first = next((entry for entry in content if entry.token.strip()), None)
    if first is None:
        return None
    listed = [(token.token, token.logprob) for token in first.top_logprobs or []]
    return weigh([(first.token, first.logprob), *listed], choices)
