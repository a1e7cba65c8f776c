"""The protocol that every respondent keeps: messages in, one reply out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypedDict


class Message(TypedDict):
    """One message of a conversation, in the form chat endpoints share."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent in one turn.

    Attributes
    ----------
    messages : sequence of Message
        The whole conversation so far, the system message first. Read it, never change it.
    seed : int
        The session's sampling seed, the same in all its turns; 0 ≤ seed < 2**63.
    max_tokens : int
        Ceiling on the reply's tokens.
    schema : dict or None
        JSON schema of a structured reply (block presentation), for servers that support one.
    choices : tuple of str
        The answers whose probabilities are wanted beside the reply, where the server can tell
        them; empty where they are not.
    """

    messages: Sequence[Message]
    seed: int
    temperature: float
    max_tokens: int
    schema: dict[str, Any] | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Attributes
    ----------
    text : str
        The raw reply. Hostile text: escape it wherever it is shown.
    finish_reason : str
        As the server names it; ``'stop'``, ``'length'`` and ``'content_filter'`` are usual.
    input_tokens, output_tokens, cached_tokens : int
        As the server counts them; 0 where it does not say.
    latency : float
        Seconds from the request to the whole reply; 0 for a simulated respondent in process.
    model : str
        The model id the server reported.
    simulated : bool
        Whether it comes from a simulation.
    distribution : tuple of float or None
        Probability of each of the request's choices, in their order, given that it is one of them;
        sums to 1. None where they were not wanted or the server does not tell.
    mass : float or None
        Probability that it is one of them; 0 < mass ≤ 1. None where the server does not tell.
    """

    text: str
    finish_reason: str = "stop"
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    latency: float = 0.0
    model: str = ""
    simulated: bool = False
    distribution: tuple[float, ...] | None = None
    mass: float | None = None


class Respondent(Protocol):
    """What answers.

    Attributes
    ----------
    name : str
        As given to ``--model``: ``'simulated/human-like'``, ``'openai/NAME'``, ``'hf/PATH'``.
    simulated : bool
        True where the answers come from a simulation; its numbers are labelled so everywhere.
    capacity : int
        How many conversations it takes side by side now; at least 1. May change at any reply.
    faults : Counter
        Calls that did not succeed, repeated ones included, by kind: ``'rate_limited'``,
        ``'server_error'``, ``'time_out'``, ``'connection'``, ``'unusable_reply'``,
        ``'out_of_memory'``, and ``'rejected'`` for what no repetition would mend.
    """

    name: str
    simulated: bool
    faults: Counter[str]

    @property
    def capacity(self) -> int: ...

    def prepare(self) -> None:
        """Settle before the first call what would make every call fail, such as a missing key.

        Raises
        ------
        RespondentError
        """
        ...

    async def reply(self, request: Request) -> Reply:
        """Answer one turn.

        Raises
        ------
        ProviderError
            The call failed after its retries.
        RespondentHaltedError
            No call to this respondent can succeed.
        """
        ...

    async def close(self) -> None:
        """Release connections."""
        ...
