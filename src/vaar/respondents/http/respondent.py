"""A chat model behind an endpoint of any dialect, asked until it replies or cannot."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from vaar.errors import ProviderError, RespondentHaltedError
from vaar.respondents.base import Reply, Request
from vaar.respondents.http import error_advice, provenance
from vaar.respondents.http.call_limiter import CallLimiter
from vaar.respondents.http.caller import Caller
from vaar.respondents.http.choosing.ways import why_none
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.pilot import FIRST_REPLIES, Pilot
from vaar.respondents.http.request_form import RequestWriter
from vaar.respondents.http.transport import Transport
from vaar.respondents.price import Price
from vaar.respondents.wire.retries import TransientError, wait_before


class HttpRespondent:
    """A chat model behind an endpoint.

    Failures that may pass (429, 5xx, time-outs, resets, damaged replies) are tried again a bounded
    number of times with growing, jittered waits. Failures that cannot pass halt the respondent, as
    do first replies that are all cut or empty.

    Parameters
    ----------
    endpoint : Endpoint

    Attributes
    ----------
    simulated : bool
        Becomes True with the first reply of a server that announces simulated respondents
        (``vaar simulate serve``); False until then.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.name = endpoint.name
        self.simulated = False
        self.faults: Counter[str] = Counter()
        self._endpoint = endpoint
        self._limiter = CallLimiter(endpoint.concurrency)
        self._pilot = Pilot()
        self._caller: Caller | None = None
        self._transport: Transport | None = None
        self._known: list[Mapping[str, str]] = []

    @property
    def endpoint(self) -> Endpoint:
        """Where it answers, and which key it wants."""
        return self._endpoint

    async def reply(self, request: Request) -> Reply:
        """Answer one turn; see :class:`vaar.respondents.base.Respondent`."""
        if self._pilot.open:
            return await self._persist(request)
        observed, reply = await self._pilot.enter(), None
        if self._pilot.stopped:
            self._stop(request)
        try:
            reply = await self._persist(request)
        finally:
            if observed:
                self._pilot.leave(reply, forced=request.response != "text")
        return reply

    @property
    def capacity(self) -> int:
        """Conversations that it takes side by side: a fixed number, or what it finds out."""
        return self._limiter.concurrency.limit

    @property
    def price(self) -> Price | None:
        """What its tokens cost; None where that is not known."""
        return self._endpoint.price

    @property
    def tells_cost(self) -> bool:
        """Whether its replies say what they cost."""
        return self._endpoint.provider.tells_cost

    def ceiling(self, asked: int) -> int:
        """The ceiling on a reply and its thoughts where a study asks for one."""
        return self._endpoint.options.ceiling_for(asked)

    @property
    def thinking_tokens(self) -> int:
        """Tokens that a reply's thoughts are given on top of its own."""
        return self._endpoint.options.thinking_tokens or 0

    @property
    def thinking(self) -> str:
        """What to write in a models file where it thinks instead of answering."""
        return self._endpoint.provider.thinking

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
        RespondentError
            The model is reached through a gateway, and whom that asks is left open.
        """
        self._ready()

    def cannot_answer(self, request: Request) -> str | None:
        """Why it has no answer in the form that is asked for; None where it may have one."""
        if RequestWriter(self._endpoint).way(request) is not None:
            return None
        return why_none(self._endpoint, request.response, request.choices)

    def sent(self, request: Request) -> dict[str, Any]:
        """What is sent beside the conversation, and where; see :mod:`...http.provenance`."""
        return provenance.sent(self._endpoint, request)

    def adaptations(self) -> list[dict[str, str]]:
        """What is done otherwise because the server refused it."""
        if self._caller is None:
            return [dict(record) for record in self._known]
        return [provenance.as_record(made) for made in self._caller.adaptations.made]

    def adopt(self, adaptations: Iterable[Mapping[str, str]]) -> None:
        """Begin with what an earlier call of the same run has found out."""
        self._known = [*adaptations]
        if self._caller is not None:
            self._caller.adopt(self._known)

    async def offers(self) -> tuple[list[str], list[str]]:
        """The models that the server lists, and whom a gateway may ask for this one."""
        caller = self._ready(pinned=False)
        return await caller.models(), await caller.hosts()

    async def close(self) -> None:
        """Release connections."""
        if self._transport is not None:
            await self._transport.close()

    def _ready(self, pinned: bool = True) -> Caller:
        if self._caller is None:
            if pinned:
                provenance.check_pinned(self._endpoint)
            key = self._endpoint.key()
            self._transport = Transport(self._endpoint, self._endpoint.all_headers(key), key)
            self._caller = Caller(self._endpoint, self._transport, key)
            self._caller.adopt(self._known)
        return self._caller

    async def _persist(self, request: Request) -> Reply:
        attempt = 0
        while True:
            try:
                return await self._try(request)
            except TransientError as failure:
                attempt += 1
                self._pilot.answered()
                if attempt >= self._endpoint.attempts:
                    self._give_up(attempt, failure)
                await asyncio.sleep(wait_before(attempt, failure.retry_after))

    async def _try(self, request: Request) -> Reply:
        """Call once, when the server may be called; count what fails."""
        caller = self._ready()
        call = await self._limiter.enter()
        try:
            reply = await caller.call(request)
        except TransientError as failure:
            self.faults[failure.kind] += 1
            if failure.full:
                self._limiter.refused(call, failure.retry_after)
            else:
                self._limiter.lost(call)
            raise
        except BaseException:
            self._limiter.lost(call)
            raise
        finally:
            self.faults.update(caller.faults)
            caller.faults.clear()
        self._limiter.came(call)
        self.simulated = self.simulated or reply.simulated
        return reply

    def _give_up(self, attempts: int, failure: TransientError) -> NoReturn:
        raised = RespondentHaltedError if failure.lasting else ProviderError
        raise raised(f"{self.name}: gave up after {attempts} calls; the last: {failure}") from None

    def _stop(self, request: Request) -> NoReturn:
        if self._pilot.begins_otherwise:
            said = error_advice.begins_otherwise(self._endpoint, self._pilot.told(), FIRST_REPLIES)
            raise RespondentHaltedError(f"{self.name}: {said}") from None
        ceiling = RequestWriter(self._endpoint).ceiling(request)
        told, thinks = self._pilot.told(), self._pilot.thinks
        said = error_advice.without_answers(self._endpoint, told, FIRST_REPLIES, ceiling, thinks)
        raise RespondentHaltedError(f"{self.name}: {said}") from None
