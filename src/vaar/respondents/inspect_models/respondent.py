"""A chat model behind any provider of Inspect AI: ``inspect/PROVIDER/MODEL``."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any, cast

from vaar.errors import (
    MissingKeyError,
    ProviderError,
    RespondentError,
    RespondentHaltedError,
    UnknownModelError,
)
from vaar.respondents.base import Reply, Request
from vaar.respondents.http.call_options import CallOptions
from vaar.respondents.http.endpoint import ATTEMPTS, TIMEOUT
from vaar.respondents.http.request_form import EVERY_TURN
from vaar.respondents.inspect_models.conversion import (
    is_simulated,
    to_chat_message,
    to_config,
    to_reply,
)
from vaar.respondents.inspect_models.failures import (
    NO_CHOICE,
    Failure,
    Secrets,
    failure_of,
    plain_message,
)
from vaar.respondents.price import Price
from vaar.respondents.wire.retries import wait_before
from vaar.respondents.wire.session_header import session_header

if TYPE_CHECKING:
    from inspect_ai.model import Model, ModelOutput

INSTALL = "pip install 'vaar[inspect]'"
USUAL_CAPACITY = 10
"""Conversations side by side before the provider has been asked what it takes."""

_UNBOUNDED = 100_000  # Inspect's own limit on calls in flight, set out of the way of ours


@dataclass(frozen=True)
class InspectModel:
    """A model of Inspect AI and how to ask it.

    Attributes
    ----------
    name : str
        The respondent's name, and its group's.
    model : str
        As Inspect names it: ``PROVIDER/MODEL``.
    base_url : str or None
        The provider's address, where it is not its own.
    api_key_env : str or None
        Environment variable that holds the key, where it is not the provider's own.
    temperature : float or None
        Sent instead of the study's temperature.
    structured : {'auto', 'always', 'never'}
        Whether a JSON schema is sent where the protocol has one.
    options : CallOptions
        What else is sent with every call: of these Inspect takes temperature, top_p, ceilings,
        thoughts, the seed and further fields of the body.
    concurrency : int or None
        Most calls in flight; None leaves it to the runner.
    timeout : float
        Seconds that one call may take.
    attempts : int
        Most calls for one reply.
    price : Price or None
        What its tokens cost; None where that is not known.
    """

    name: str
    model: str
    base_url: str | None = None
    api_key_env: str | None = None
    temperature: float | None = None
    structured: str = "auto"
    options: CallOptions = field(default_factory=CallOptions)
    concurrency: int | None = None
    timeout: float = TIMEOUT
    attempts: int = ATTEMPTS
    price: Price | None = None


class InspectRespondent:
    """A chat model behind a provider of Inspect AI.

    Failures that the provider calls passing are tried again here, a bounded number of times with
    growing waits; Inspect's own repetition, and that of the provider's client, is switched off.

    Attributes
    ----------
    simulated : bool
        True for Inspect's mock models, which answer from a script; becomes True with the first
        reply of ``vaar simulate serve``.
    """

    def __init__(self, wanted: InspectModel, model: Model | None = None) -> None:
        self.name = wanted.name
        self.simulated = is_simulated(wanted.model)
        self.faults: Counter[str] = Counter()
        limit = wanted.concurrency
        self._slots = asyncio.Semaphore(limit) if limit is not None else nullcontext()
        self._wanted = wanted
        self._secrets = Secrets(None if model is None else model.api)
        self._model = model

    @property
    def concurrency(self) -> int | None:
        """Most calls in flight that its owner allows; None where nothing is said."""
        return self._wanted.concurrency

    @property
    def price(self) -> Price | None:
        """What its tokens cost; None where that is not known."""
        return self._wanted.price

    @property
    def capacity(self) -> int:
        """Conversations that it takes side by side: as written, else as the provider says."""
        provider = USUAL_CAPACITY if self._model is None else self._model.api.max_connections()
        return self._wanted.concurrency or max(1, provider)

    def prepare(self) -> None:
        """Make the provider's client, which needs its package and its key.

        Raises
        ------
        RespondentError
            Inspect AI, or the package of the provider, is not installed.
        UnknownModelError
            Inspect has no such provider.
        MissingKeyError
            The environment holds no key for it.
        """
        self._ready()

    async def reply(self, request: Request) -> Reply:
        """Answer one turn; see :class:`vaar.respondents.base.Respondent`."""
        model = self._ready()
        attempt = 0
        while True:
            async with self._slots:
                answer = await self._call(model, request)
            if isinstance(answer, Reply):
                return answer
            attempt += 1
            await asyncio.sleep(self._wait_after(answer, attempt))

    def cannot_answer(self, request: Request) -> str | None:
        """Why it has no answer in the form that is asked for: Inspect's models answer in words."""
        if request.response == "text":
            return None
        return (
            f"`response: {request.response}` of the study is not for models of Inspect AI; name "
            "the provider itself (openai/NAME, anthropic/NAME, …), or write `response: text`"
        )

    def sent(self, request: Request) -> dict[str, Any]:
        """What is sent beside the conversation, as far as it is not the provider's own affair."""
        wanted, options = self._wanted, self._wanted.options
        own = options.temperature_for(request.temperature)
        return {
            "provider": "inspect",
            "address": wanted.base_url or "",
            "body": {
                "model": wanted.model,
                "temperature": own if wanted.temperature is None else wanted.temperature,
                "top_p": options.top_p,
                "max_tokens": options.ceiling_for(request.max_tokens),
                "reasoning_tokens": options.thinking_tokens,
                "reasoning_effort": options.reasoning_effort,
                "seed": EVERY_TURN if options.sends_seed else None,
                "extra_body": dict(options.extra_body),
            },
        }

    def adaptations(self) -> list[dict[str, str]]:
        """None: what a provider refuses is told, and not adapted to."""
        return []

    def adopt(self, adaptations: Iterable[Mapping[str, str]]) -> None:
        """There is nothing that an earlier call can have found out."""

    async def close(self) -> None:
        """Release connections."""
        if self._model is not None:
            await self._model.api.aclose()
            self._model = None

    def _ready(self) -> Model:
        if self._model is None:
            self._model = _make(self._wanted, self._secrets)
            self._secrets = Secrets(self._model.api)
            _leave_repeating_to_us(self._model)
        return self._model

    async def _call(self, model: Model, request: Request) -> Reply | Failure:
        try:
            output = await _generate(model, self._wanted, request)
        except Exception as error:
            return failure_of(model, error, self._secrets)
        if output.empty:
            return NO_CHOICE
        reply = to_reply(output, self._wanted.model, request.choices)
        self.simulated = self.simulated or reply.simulated
        return self._secrets.cleared(reply)

    def _wait_after(self, failure: Failure, attempt: int) -> float:
        """Count a call that did not succeed; seconds until the next one may.

        Raises
        ------
        RespondentError
            There is to be no other.
        """
        self.faults[failure.kind] += 1
        if failure.remedy and not failure.passing:
            raise RespondentHaltedError(f"{self.name}: {failure.said}. {failure.remedy}")
        if not failure.passing:
            raise ProviderError(f"{self.name}: {failure.said}")
        if attempt < self._wanted.attempts:
            return wait_before(attempt, failure.delay)
        gone = failure.kind == "connection"
        raised = RespondentHaltedError if gone else ProviderError
        raise raised(f"{self.name}: gave up after {attempt} calls; the last: {failure.said}")


async def _generate(model: Model, wanted: InspectModel, request: Request) -> ModelOutput:
    schema = request.schema if wanted.structured != "never" else None
    options = wanted.options
    ceiling = options.ceiling_for(request.max_tokens)
    config = to_config(request.seed, ceiling, schema, bool(request.choices))
    if not options.sends_seed:
        config.seed = None
    config.temperature = (
        options.temperature_for(request.temperature)
        if wanted.temperature is None
        else wanted.temperature
    )
    config.top_p = options.top_p
    config.reasoning_tokens = options.thinking_tokens
    config.reasoning_effort = cast(Any, options.reasoning_effort)
    config.extra_body = dict(options.extra_body) or None
    own = model.config.extra_headers or {}
    config.extra_headers = {**own, **session_header(request)} or None
    config.max_retries, config.attempt_timeout = 0, ceil(wanted.timeout)
    config.max_connections, config.adaptive_connections = _UNBOUNDED, False
    messages = [to_chat_message(message) for message in request.messages]
    # in a task of its own: what Inspect notes of a call is forgotten when the task ends
    return await asyncio.create_task(model.generate(messages, config=config))


def _make(wanted: InspectModel, secrets: Secrets) -> Model:
    try:
        from inspect_ai.model import get_model
    except ImportError as error:
        raise RespondentError(
            f"{wanted.name}: needs Inspect AI, which is not installed ({error}). "
            f"Install it: {INSTALL}"
        ) from None
    try:
        key = _key(wanted)
        mock: dict[str, Any] = (
            {"custom_outputs": _say_nothing} if is_simulated(wanted.model) else {}
        )
        return get_model(wanted.model, base_url=wanted.base_url, api_key=key, memoize=False, **mock)
    except MissingKeyError:
        raise
    except Exception as error:
        raise _unmade(wanted, error, secrets) from None


def _say_nothing(*asked: object) -> ModelOutput:
    """The mock's reply, with a count of tokens: it would fetch a table from the network for one."""
    from inspect_ai.model import ModelOutput, ModelUsage

    output = ModelOutput.from_content("mockllm", "Default output from mockllm/model")
    output.usage = ModelUsage()
    return output


def _key(wanted: InspectModel) -> str | None:
    if wanted.api_key_env is None:
        return None
    if key := os.environ.get(wanted.api_key_env, "").strip():
        return key
    raise MissingKeyError(
        f"{wanted.name}: the environment variable {wanted.api_key_env} is not set. Set it "
        f"(export {wanted.api_key_env}=…), or leave api_key_env out of the models file: then "
        "Inspect AI takes the key from the provider's own variable"
    )


def _unmade(wanted: InspectModel, error: Exception, secrets: Secrets) -> RespondentError:
    said = secrets.quote(plain_message(error)) or type(error).__name__
    if "not recognized" in said or "in the format" in said:
        return UnknownModelError(
            f"{wanted.name}: Inspect AI has no provider of {wanted.model!r}. Write "
            "inspect/PROVIDER/MODEL, such as inspect/anthropic/NAME; the providers are listed at "
            "https://inspect.aisi.org.uk/providers.html"
        )
    if "in the environment" in said or "API key" in said:
        return MissingKeyError(f"{wanted.name}: {said} Set it in the environment, then start again")
    return RespondentError(f"{wanted.name}: Inspect AI cannot make this model: {said}")


def _leave_repeating_to_us(model: Model) -> None:
    """Switch off the repetition inside a provider's client, where the client has one."""
    client = getattr(model.api, "client", None)
    if isinstance(getattr(client, "max_retries", None), int):
        client.max_retries = 0  # type: ignore[union-attr]
