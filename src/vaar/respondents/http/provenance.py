"""What is sent to an endpoint and where, for the record of a run; no key is part of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from vaar.errors import RespondentError
from vaar.respondents.base import Request
from vaar.respondents.http.adaptation import Adaptation
from vaar.respondents.http.choosing.ways import Way
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.request_form import RequestWriter, names_in


def sent(endpoint: Endpoint, request: Request) -> dict[str, Any]:
    """What is sent with every call beside the conversation, and where.

    Parameters
    ----------
    request : Request
        One like those of the run; its conversation and seed do not matter.

    Returns
    -------
    dict
        ``provider``, ``address`` (query included), ``headers`` but that of the key, ``body``
        (without the conversation), ``omitted`` (fields that the options leave out) and ``ignored``
        (fields that are sent and that the server is known not to heed, with the reason).
    """
    provider, options = endpoint.provider, endpoint.options
    body = RequestWriter(endpoint).resolved(request)
    forced = {} if request.response == "text" else _forced(endpoint, request)
    return {
        "provider": provider.name,
        "address": endpoint.url(provider.dialect.path(endpoint.model)),
        "headers": {**provider.headers, **endpoint.headers},
        "body": body,
        "system": options.system,
        "reasoning_history": options.reasoning_history,
        "omitted": list(omitted(endpoint)),
        "ignored": dict(ignored(endpoint, body)),
        **forced,
    }


def _forced(endpoint: Endpoint, request: Request) -> dict[str, Any]:
    """How one of a few answers comes about: its way, and the temperature at which it is drawn."""
    way = RequestWriter(endpoint).way(request)
    said = {"response": request.response, "way": "none" if way is None else way.value}
    if way is not Way.DRAWN:
        return said
    temperature = endpoint.options.temperature_for(request.temperature)
    return {**said, "drawn_at": 1.0 if temperature is None else temperature}


def omitted(endpoint: Endpoint) -> Iterator[str]:
    """Fields that are usual and not sent, by the user's wish or since the server has none."""
    options = endpoint.options
    if not options.sends_temperature:
        yield "temperature"
    if not (options.sends_seed and (options.seed_field or endpoint.provider.seed_field)):
        yield "seed"
    yield from options.omit


def ignored(endpoint: Endpoint, body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Fields of a body that the server is known to take and not to heed, and why that is said."""
    present = names_in(body)
    for known in endpoint.provider.ignored:
        if known.field in present and known.applies(endpoint.model, endpoint.options):
            yield known.field, known.because


def as_record(adaptation: Adaptation) -> dict[str, str]:
    """One adaptation as it is stored."""
    return asdict(adaptation)


def check_pinned(endpoint: Endpoint) -> None:
    """Refuse a gateway that would mix several providers' models in one group.

    Raises
    ------
    RespondentError
        It is not told to ask one provider alone.
    """
    provider = endpoint.provider
    routing = provider.routing(endpoint.options).get("provider")
    if routing is None:
        return
    routing = {**routing, **dict(endpoint.options.extra_body.get("provider") or {})}
    chosen = routing.get("only") or routing.get("order") or []
    if not (isinstance(chosen, list | tuple) and len(chosen) == 1):
        raise RespondentError(
            f"{endpoint.name}: {provider.name} sends every call to another of several providers, "
            "whose models are not one. Name one of them for this model in a models file "
            "(provider: {only: [NAME]}); "
            f"`vaar models list {endpoint.name}` says which there are"
        )
