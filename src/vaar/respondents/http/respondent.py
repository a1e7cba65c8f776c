"""A chat model behind an endpoint, over plain HTTP, in the dialect that its server speaks."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from dataclasses import replace
from typing import NoReturn

from vaar.errors import ProviderError, RespondentHaltedError
from vaar.respondents.base import Reply, Request
from vaar.respondents.http.call_limiter import Gate
from vaar.respondents.http.dialect import Dialect, UnusableReplyError
from vaar.respondents.http.dialects.openai_chat import CHAT_COMPLETIONS
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.error_advice import offers, remedy
from vaar.respondents.http.transport import Response, Transport
from vaar.respondents.price import Price
from vaar.respondents.wire.redaction import quote, withhold
from vaar.respondents.wire.retries import (
    TransientError,
    fault_of,
    is_transient,
    retry_after,
    says_full,
    wait_before,
)

_FEW = 5  # tokens whose probabilities also the more sparing servers tell
_SCHEMA_WORDS = ("response_format", "schema", "output_config", "output_format", "json mode")
_SPENT = ("insufficient_quota", "billing_hard_limit_reached")


class HttpRespondent:
    """A chat model behind an endpoint.

    Failures that may pass (429, 5xx, time-outs, resets, damaged replies) are tried again a bounded
    number of times with growing, jittered waits. Failures that cannot pass halt the respondent.

    Parameters
    ----------
    endpoint : Endpoint
    dialect : Dialect
        What its server speaks.

    Attributes
    ----------
    simulated : bool
        Becomes True with the first reply of a server that announces simulated respondents
        (``vaar simulate serve``); False until then.
    """

    def __init__(self, endpoint: Endpoint, dialect: Dialect = CHAT_COMPLETIONS) -> None:
        self.name = endpoint.name
        self.simulated = False
        self.faults: Counter[str] = Counter()
        self._gate = Gate(endpoint.concurrency)
        self._endpoint = endpoint
        self._dialect = dialect
        self._key: str | None = None
        self._transport: Transport | None = None
        self._sends_schema = endpoint.structured != "never"

    async def reply(self, request: Request) -> Reply:
        """Answer one turn; see :class:`vaar.respondents.base.Respondent`."""
        attempt = 0
        while True:
            try:
                return await self._try(request)
            except TransientError as failure:
                attempt += 1
                if attempt >= self._endpoint.attempts:
                    self._give_up(attempt, failure)
                await asyncio.sleep(wait_before(attempt, failure.retry_after))

    @property
    def capacity(self) -> int:
        """Conversations that it takes side by side: a fixed number, or what it finds out."""
        return self._gate.pace.limit

    @property
    def price(self) -> Price | None:
        """What its tokens cost; None where that is not known."""
        return self._endpoint.price

    @property
    def concurrency(self) -> int | None:
        """Most calls in flight that its owner allows; None where nothing is said."""
        return self._endpoint.concurrency

    def prepare(self) -> None:
        """Take the key from the environment; the first call does it where nobody else has.

        Raises
        ------
        MissingKeyError
            The endpoint is not on this machine and the environment holds no key for it.
        """
        if self._transport is None:
            self._key = self._endpoint.key()
            headers = self._dialect.headers(self._key)
            self._transport = Transport(self._endpoint, headers, self._key)

    async def close(self) -> None:
        """Release connections."""
        if self._transport is not None:
            await self._transport.close()

    async def _exchange(self, method: str, path: str, body: bytes | None = None) -> Response:
        if self._transport is None:
            self.prepare()
        assert self._transport is not None
        try:
            return await self._transport.exchange(method, path, body)
        except RespondentHaltedError:
            self.faults["connection"] += 1
            raise

    def _give_up(self, attempts: int, failure: TransientError) -> NoReturn:
        raised = RespondentHaltedError if failure.lasting else ProviderError
        raise raised(f"{self.name}: gave up after {attempts} calls; the last: {failure}") from None

    async def _try(self, request: Request) -> Reply:
        """Call once, when the server may be called; count what fails."""
        call = await self._gate.enter()
        try:
            reply = await self._call(request)
        except TransientError as failure:
            self.faults[failure.kind] += 1
            if failure.full:
                self._gate.refused(call, failure.retry_after)
            else:
                self._gate.lost(call)
            raise
        except BaseException:
            self._gate.lost(call)
            raise
        self._gate.came(call)
        return reply

    async def _call(self, request: Request) -> Reply:
        with_schema = self._sends_schema and request.schema is not None
        wanted = self._endpoint.top_logprobs
        body = self._dialect.body(request, self._endpoint, with_schema)
        started = time.perf_counter()
        response = await self._exchange("POST", self._dialect.path(self._endpoint), body)
        latency = time.perf_counter() - started
        payload = _parse(response.content)
        if response.status == 200:
            return self._take(payload, request, latency)
        if response.status == 400 and self._dialect.error_code(payload) == "content_filter":
            return Reply(text="", finish_reason="content_filter", latency=latency)
        if self._asks_for_less(request, with_schema, wanted, response.status, payload):
            self.faults["rejected"] += 1
            return await self._call(request)
        return await self._fail(response, payload)

    def _take(self, payload: object, request: Request, latency: float) -> Reply:
        try:
            reply = self._dialect.reply(payload, request, latency)
        except UnusableReplyError as error:
            said = quote(self._dialect.error_text(payload), self._key)
            told = f"it answered with {error}{said and f': {said}'}"
            raise TransientError(told, "unusable_reply") from None
        self.simulated = self.simulated or reply.simulated
        return self._without_key(reply)

    def _without_key(self, reply: Reply) -> Reply:
        text, reason, model = (
            withhold(said, self._key) for said in (reply.text, reply.finish_reason, reply.model)
        )
        if (text, reason, model) == (reply.text, reply.finish_reason, reply.model):
            return reply
        return replace(reply, text=text, finish_reason=reason, model=model)

    def _asks_for_less(
        self, request: Request, with_schema: bool, wanted: int, status: int, payload: object
    ) -> bool:
        """Whether the server refused what can be left out, which it is from now on."""
        if status not in (400, 403, 422):
            return False
        said = self._dialect.error_text(payload).lower()
        if request.choices and wanted and "logprob" in said:
            fewer = min(self._endpoint.top_logprobs, _FEW if wanted > _FEW else 0)
            self._endpoint = replace(self._endpoint, top_logprobs=fewer)
            return True
        refused = any(words in said for words in _SCHEMA_WORDS)
        if with_schema and refused and self._endpoint.structured == "auto":
            self._sends_schema = False
            return True
        return False

    async def _fail(self, response: Response, payload: object) -> NoReturn:
        """Turn an error response into the error it calls for."""
        status, code = response.status, self._dialect.error_code(payload)
        raw = self._dialect.error_text(payload) or response.content.decode(errors="replace")
        said = f"HTTP {status}: {quote(raw, self._key) or 'no further word'}"
        if is_transient(status) and code not in _SPENT:
            wait = retry_after(response.headers)
            if wait is None:
                wait = self._dialect.wait(payload)
            raise TransientError(said, fault_of(status), wait, says_full(status))
        self.faults[fault_of(status)] += 1
        if code in _SPENT:
            self._halt(f"its account has no quota left ({said}); top it up, then start again")
        if status == 404 or code == "model_not_found":
            self._halt(f"{said}. {offers(self._endpoint, await self._models(), self._key)}")
        if advice := remedy(self._endpoint, 401 if code == "invalid_api_key" else status, raw):
            self._halt(f"{said}. {advice}")
        raise ProviderError(f"{self.name}: {said}")

    async def _models(self) -> list[str]:
        """The ids of the models that the server lists; empty where it lists none."""
        try:
            response = await self._exchange("GET", self._dialect.models_path)
        except TransientError:
            return []
        return self._dialect.model_ids(_parse(response.content)) if response.status == 200 else []

    def _halt(self, message: str) -> NoReturn:
        raise RespondentHaltedError(f"{self.name}: {message}") from None


def _parse(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
