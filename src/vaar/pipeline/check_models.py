"""Models tried with one call each: what they take, what they ignore, and whether they answer."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vaar.errors import RespondentError
from vaar.pipeline.ask import blocking
from vaar.pipeline.plan import DEFAULT_STUDY, plan
from vaar.respondents.base import Recorded, Reply, Request, Respondent
from vaar.respondents.http.pilot import kind_of
from vaar.respondents.http.respondent import HttpRespondent
from vaar.respondents.key_safety import require_allowed
from vaar.sessions.protocol import conduct
from vaar.sessions.records import Session
from vaar.study.model import Study

_SHOWN = 60

_KINDS = {
    "answer": "",
    "withheld": "a filter withheld the reply",
    "cut": "the reply was cut at the ceiling before it held an answer",
    "thoughts": "the ceiling was spent on thoughts",
    "empty": "the reply is empty",
}


@dataclass(frozen=True)
class CheckedModel:
    """What one call to a model has shown.

    Attributes
    ----------
    name : str
    usable : bool
        Whether the reply may hold an answer.
    said : str
        The beginning of the reply, or why there is none. Hostile text.
    sent : dict
        The body that was accepted, without the conversation; empty where nothing is sent.
    findings : tuple of str
        What was adapted to, what is not heeded, and what the server does not tell. Hostile text.
    """

    name: str
    usable: bool
    said: str
    sent: dict[str, Any]
    findings: tuple[str, ...]


def check_models(
    models: Sequence[str | Path],
    study: str | Path = DEFAULT_STUDY,
    base_url: str | None = None,
    allow_hosts: Collection[str] = (),
) -> list[CheckedModel]:
    """Ask every model the first question of a study, once.

    Parameters are those of :func:`vaar.run`.
    """
    settled = plan(study, models, 1, 1, base_url)
    require_allowed(settled.respondents, allow_hosts)
    first = {session.respondent: session for session in reversed(settled.sessions)}

    async def check_all() -> list[CheckedModel]:
        tries = (_check(r, settled.study, first[r.name]) for r in settled.respondents)
        return list(await asyncio.gather(*tries))

    return blocking(check_all())


def offered(
    models: Sequence[str | Path],
    base_url: str | None = None,
    allow_hosts: Collection[str] = (),
) -> dict[str, tuple[list[str], list[str]]]:
    """The models that servers list, and whom a gateway may ask, by respondent."""
    settled = plan(DEFAULT_STUDY, models, 1, 1, base_url)
    require_allowed(settled.respondents, allow_hosts)

    async def ask_all() -> dict[str, tuple[list[str], list[str]]]:
        found = {}
        for respondent in settled.respondents:
            if isinstance(respondent, HttpRespondent):
                found[respondent.name] = await respondent.offers()
            await respondent.close()
        return found

    return blocking(ask_all())


async def _check(respondent: Respondent, study: Study, session: Session) -> CheckedModel:
    turn = next(conduct(study, session))
    request = Request(
        turn.messages,
        session.seed,
        study.temperature,
        turn.max_tokens,
        turn.schema,
        turn.choices,
        response=turn.response,
    )
    try:
        respondent.prepare()
        reply = await respondent.reply(request)
    except RespondentError as error:
        adapted = tuple(_adapted(respondent))
        said = str(error).removeprefix(f"{respondent.name}: ")
        return CheckedModel(respondent.name, False, said, {}, adapted)
    finally:
        await respondent.close()
    kind, record = kind_of(reply), _record(respondent, request)
    findings = (*_adapted(respondent), *_ignored(record), *_untold(reply, request, respondent))
    said = f"{reply.text.strip()[:_SHOWN]!r} ({reply.finish_reason})"
    advice = getattr(respondent, "thinking", "") if kind in ("thoughts", "cut") else ""
    wrong = tuple(filter(None, (_KINDS[kind], advice)))
    return CheckedModel(
        respondent.name, kind == "answer", said, record.get("body", {}), (*wrong, *findings)
    )


def _record(respondent: Respondent, request: Request) -> dict[str, Any]:
    return respondent.sent(request) if isinstance(respondent, Recorded) else {}


def _adapted(respondent: Respondent) -> Iterator[str]:
    made = respondent.adaptations() if isinstance(respondent, Recorded) else []
    return (f"{one['field']}: {one['change']} ({one['because']})" for one in made)


def _ignored(record: dict[str, Any]) -> Iterator[str]:
    return (f"{field} is sent, but {why}" for field, why in record.get("ignored", {}).items())


def _untold(reply: Reply, request: Request, respondent: Respondent) -> Iterator[str]:
    """What the server did not say or heed, as far as one reply can show it."""
    if respondent.simulated:
        return
    if request.choices and reply.distribution is None:
        yield "tells no probabilities of answers (--distributions has none)"
    if not (reply.input_tokens or reply.output_tokens):
        yield "tells no count of tokens: caps go by a bound"
    if not reply.model:
        yield "does not name the model that answered"
    if reply.reasoning_tokens or reply.thoughts:
        yield f"thinks: {reply.reasoning_tokens:,} of {reply.output_tokens:,} tokens were thoughts"
    for name, value in (
        ("answered by", reply.provider),
        ("model", reply.model),
        ("configuration", reply.system_fingerprint),
        ("class of service", reply.service_tier),
    ):
        if value:
            yield f"{name}: {value}"
