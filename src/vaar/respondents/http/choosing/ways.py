"""In which way one of a few answers is got from an endpoint, and why it cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from vaar.respondents.base import Request
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.wire.answer_probabilities import tellable


class Way(StrEnum):
    """How the answer comes about."""

    WORDS = "words"  # as the model likes
    DRAWN = "probabilities"  # drawn from those of the first token
    SCHEMA = "schema"  # written under a schema that allows nothing else


def way_of(endpoint: Endpoint, request: Request, top_logprobs: int) -> Way | None:
    """The way to the answer; None where there is none.

    Probabilities are taken where the server tells them, one token can tell the answers apart, as
    many tokens are listed as there are answers, and the model was not told to think first: then
    the first token is that of a thought.

    Parameters
    ----------
    top_logprobs : int
        Of how many tokens the server tells the probabilities.
    """
    if request.response == "text":
        return Way.WORDS
    listed = top_logprobs >= len(request.choices) and tellable(request.choices)
    if request.response == "choice" and listed and not endpoint.options.may_think:
        return Way.DRAWN
    return Way.SCHEMA if takes_schema(endpoint) else None


def takes_schema(endpoint: Endpoint) -> bool:
    """Whether a schema of the answers may be sent, as far as is known."""
    return endpoint.provider.enum_form is not None and endpoint.options.structured != "never"


def why_none(endpoint: Endpoint, response: str, choices: Sequence[str]) -> str:
    """Why answers cannot be forced, and what to do, as a whole sentence."""
    provider, options = endpoint.provider, endpoint.options
    told = (
        f"it tells no probabilities of the answers {choices[0]} to {choices[-1]} that one could be "
        "drawn from, and "
        if response == "choice"
        else ""
    )
    if options.structured == "never":
        return (
            f"`response: {response}` of the study has no way to this model: {told}the models file "
            "forbids a schema (structured: never); take that out, or write `response: text`"
        )
    instead = "`response: text`"
    if response == "schema" and provider.logprobs != "none" and options.logprobs != "none":
        instead += " or `response: choice`"
    return (
        f"`response: {response}` of the study has no way to this model: {told}{provider.name} "
        f"takes no schema of answers; write {instead} in the study's condition"
    )
