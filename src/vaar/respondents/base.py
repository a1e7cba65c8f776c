"""The protocol that every respondent keeps: messages in, one reply out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, Protocol, TypedDict, runtime_checkable

from vaar.study.conditions import ResponseForm, Shift


class Message(TypedDict):
    """One message of a conversation, in the form chat endpoints share.

    ``thoughts`` are what the model thought before a message of its own, where the server told them
    apart; they are sent again only where that is asked for.
    """

    role: str
    content: str
    thoughts: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent in one turn.

    Attributes
    ----------
    messages : sequence of Message
        The whole conversation so far, the system message first. Read it, never change it.
    seed : int
        What this turn's random numbers are drawn from; 0 ≤ seed < 2**63.
    max_tokens : int
        Ceiling on the reply's tokens.
    schema : dict or None
        JSON schema of a structured reply (block presentation), for servers that support one.
    choices : tuple of str
        The answers whose probabilities are wanted beside the reply, where the server can tell
        them; empty where they are not.
    session_seed : int or None
        The same in all turns of a session, and known by nothing else: what a simulated
        respondent's traits are drawn from, and what a cache of conversations goes by. None where
        the turn stands alone.
    response : {'text', 'choice', 'schema'}
        A reply in the respondent's own words; one of ``choices``, drawn with ``seed`` from the
        respondent's own distribution over them; or a reply written under a schema that allows
        nothing but ``choices``.
    shift : Shift or None
        What is done to the respondent's activations; None where nothing is.
    """

    messages: Sequence[Message]
    seed: int
    temperature: float
    max_tokens: int
    schema: dict[str, Any] | None = None
    choices: tuple[str, ...] = ()
    session_seed: int | None = None
    response: ResponseForm = "text"
    shift: Shift | None = None

    @property
    def respondent_seed(self) -> int:
        """The session's seed; the turn's where it stands alone."""
        return self.seed if self.session_seed is None else self.session_seed


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Attributes
    ----------
    text : str
        The raw reply. Hostile text: escape it wherever it is shown.
    finish_reason : str
        As the server names it; ``'stop'``, ``'length'`` and ``'content_filter'`` are usual.
    input_tokens, output_tokens : int
        All that was read and written, as the server counts it; 0 where it does not say.
    cached_tokens, cache_write_tokens : int
        Those of the input that were read from, and written to, the server's cache of prompts.
    reasoning_tokens : int
        Those of the output that were spent on thoughts.
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
        Probability that it is one of them; 0 ≤ mass ≤ 1, 0 where no token that the server lists is
        one. None where the server does not tell.
    cost : float or None
        What the server says this call cost, in the currency of the model's price; None where it
        does not say.
    provider, system_fingerprint, service_tier : str
        Who served the call, in which configuration and class of service, as the server names
        them; empty where it does not say. Hostile text.
    thoughts : str
        What the model thought, where the server gives it apart from the reply; no part of the
        conversation. Hostile text.
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
    reasoning_tokens: int = 0
    cache_write_tokens: int = 0
    cost: float | None = None
    provider: str = ""
    system_fingerprint: str = ""
    service_tier: str = ""
    thoughts: str = ""


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


@runtime_checkable
class Choosy(Protocol):
    """A respondent that may have no answer in some form."""

    def cannot_answer(self, request: Request) -> str | None:
        """Why it has no answer in the form that is asked for; None where it may have one.

        Parameters
        ----------
        request : Request
            One like those of the run; its conversation and seed do not matter.
        """
        ...


@runtime_checkable
class Shiftable(Protocol):
    """A respondent whose activations can be shifted."""

    def measured(self) -> dict[str, Any]:
        """What was measured of its shifts in this process, as JSON; empty where none was made."""
        ...


@runtime_checkable
class Recorded(Protocol):
    """A respondent that says what it is sent, for the record of a run."""

    def sent(self, request: Request) -> dict[str, Any]:
        """What is sent beside the conversation, and where: JSON, without keys of any kind.

        Parameters
        ----------
        request : Request
            One like those of the run; its conversation and seed do not matter.
        """
        ...

    def adaptations(self) -> list[dict[str, str]]:
        """What is done otherwise because the server refused it.

        Each has the texts ``field``, ``change`` and ``because``.
        """
        ...

    def adopt(self, adaptations: Iterable[Mapping[str, str]]) -> None:
        """Begin with what an earlier call of the same run has found out."""
        ...
