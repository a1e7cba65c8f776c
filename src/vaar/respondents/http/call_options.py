"""What one model is to be sent apart from the conversation: the options of a models file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from vaar.respondents.wire.messages import SystemRole

Structured = Literal["auto", "always", "never"]
Logprobs = Literal["auto", "openai", "together", "none"]
MaxTokensField = Literal["max_tokens", "max_completion_tokens"]

FEW_LOGPROBS = 5
"""Tokens whose probabilities also the more sparing servers tell."""


@dataclass(frozen=True)
class CallOptions:
    """What is sent with every call to one model, beside the conversation and the seed.

    Attributes
    ----------
    temperature : float or None
        Sent instead of the study's.
    sends_temperature : bool
        Whether any is sent; without one the model samples as its maker set it.
    top_p : float or None
        Share of the probability that tokens are drawn from; None: as the provider's record says.
    max_tokens : int or None
        Ceiling on the tokens of a reply; None: the study's.
    thinking_tokens : int or None
        Room for thoughts on top of that ceiling; also told to the server where it takes a budget.
    reasoning_effort : str or None
        How much the model is to think; ``'none'``: not at all, or as little as it can.
    reasoning_history : {'drop', 'keep'}
        Whether earlier thoughts are sent with the conversation.
    extra_body : mapping
        Further fields of the body, merged into it.
    omit : tuple of str
        Fields that are left out of the body, with dots where they lie deeper.
    system : {'system', 'developer', 'user'}
        Role in which the system message is sent; ``'user'`` puts it before the first question.
    sends_seed : bool
        Whether a seed is sent where the server takes one.
    seed_field : str or None
        What the server calls it; None: as the provider's record says.
    routing : mapping or None
        Whom a gateway may pass the call on to, in its own words.
    service_tier : str or None
        Class of service that is asked for.
    logprobs : {'auto', 'openai', 'together', 'none'}
        In which form probabilities of tokens are asked for; ``'auto'``: the provider's.
    top_logprobs : int
        Most tokens whose probabilities are asked for where a request has choices.
    max_tokens_field : {'max_tokens', 'max_completion_tokens'} or None
        What the server calls the ceiling; None: as the provider's record says.
    structured : {'auto', 'always', 'never'}
        Whether a JSON schema is sent where a request has one. ``'auto'``: until it is refused.
    """

    temperature: float | None = None
    sends_temperature: bool = True
    top_p: float | None = None
    max_tokens: int | None = None
    thinking_tokens: int | None = None
    reasoning_effort: str | None = None
    reasoning_history: Literal["drop", "keep"] = "drop"
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    omit: tuple[str, ...] = ()
    system: SystemRole = "system"
    sends_seed: bool = True
    seed_field: str | None = None
    routing: Mapping[str, Any] | None = None
    service_tier: str | None = None
    logprobs: Logprobs = "auto"
    top_logprobs: int = 20
    max_tokens_field: MaxTokensField | None = None
    structured: Structured = "auto"

    @property
    def may_think(self) -> bool:
        """Whether the model is given room, or told, to think before it answers."""
        return self.thinking_tokens is not None or self.reasoning_effort not in (None, "none")

    def temperature_for(self, asked: float) -> float | None:
        """What is sent where a study asks for a temperature; None where nothing is."""
        if not self.sends_temperature:
            return None
        return asked if self.temperature is None else self.temperature

    def ceiling_for(self, asked: int) -> int:
        """The ceiling that is sent where a study asks for one: on the reply and its thoughts."""
        return (self.max_tokens or asked) + (self.thinking_tokens or 0)
