"""Getting one of a few answers out of a server's replies; doing with less where none is told."""

from __future__ import annotations

from typing import NoReturn

from vaar.errors import RespondentHaltedError
from vaar.respondents.base import Reply, Request
from vaar.respondents.http import error_advice
from vaar.respondents.http.adaptation import Adaptations
from vaar.respondents.http.choosing.answers import drawn, written
from vaar.respondents.http.choosing.ways import Way
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.refused_fields import FORCED
from vaar.respondents.http.request_form import RequestWriter, Taken
from vaar.respondents.wire.redaction import quote
from vaar.respondents.wire.retries import TransientError

MOST_STRAYS = 3
"""Replies in a row that a schema does not allow, and none that it does, after which it is left."""


class Choices:
    """Reads the answers of one endpoint where they are forced.

    Parameters
    ----------
    writer : RequestWriter
        Told to do with less where the server tells no probabilities.
    adaptations : Adaptations
        Where that is noted.
    key : str or None
        What must be in no message.
    """

    def __init__(
        self, endpoint: Endpoint, writer: RequestWriter, adaptations: Adaptations, key: str | None
    ) -> None:
        self._endpoint = endpoint
        self._writer = writer
        self._adaptations = adaptations
        self._key = key
        self._told = self._kept = False
        self._strays = 0

    def answer(self, reply: Reply, request: Request, way: Way, taken: Taken) -> Reply | None:
        """The reply with the answer as its text; None to ask in another form.

        Parameters
        ----------
        taken : Taken
            What the server was held to take when the call was made.

        Raises
        ------
        TransientError
            It is no answer; another call may give one.
        RespondentHaltedError
            The server keeps to no schema.
        """
        if way is Way.WORDS:
            return reply
        if way is Way.SCHEMA:
            return self._written(reply, request)
        temperature = self._endpoint.options.temperature_for(request.temperature)
        warmth = 1.0 if temperature is None else temperature
        answer = drawn(reply, request.choices, warmth, request.seed)
        self._told = self._told or reply.mass is not None
        if answer is None and self._told and not reply.text.strip():
            return reply  # it ended before its first token, of which nothing is told
        if answer is None:
            self._look_further(taken)
        return answer

    def _written(self, reply: Reply, request: Request) -> Reply:
        form = self._endpoint.provider.enum_form
        assert form is not None
        answer = written(reply, request.choices, form.bare)
        if answer is None:
            self._stray(reply, request)
        self._kept = self._kept or answer.text in request.choices
        return answer

    def _look_further(self, taken: Taken) -> None:
        """Do with less where the server tells no probabilities."""
        if self._told:
            raise TransientError("it told no probabilities of the answers", "unusable_reply")
        if taken == self._writer.taken:
            self._writer.taken = self._adaptations.without_probabilities(taken)

    def _stray(self, reply: Reply, request: Request) -> NoReturn:
        """A reply is none of the answers that alone were allowed."""
        first, last = request.choices[0], request.choices[-1]
        said = (
            f"its reply {quote(reply.text, self._key)!r} is none of the answers {first} to {last} "
            "that its schema allows"
        )
        self._strays += 1
        if self._strays >= MOST_STRAYS and not self._kept:
            advice = error_advice.refused(self._endpoint, FORCED, said)
            raise RespondentHaltedError(f"{self._endpoint.name}: {advice}")
        raise TransientError(said, "unusable_reply")
