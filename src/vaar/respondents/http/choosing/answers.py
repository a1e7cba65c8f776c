"""The one answer in a reply that is to be one of a few."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from vaar.respondents.base import Reply
from vaar.respondents.http.choosing.enum_forms import ANSWER
from vaar.respondents.http.pilot import is_cut, is_withheld
from vaar.respondents.wire.drawing import choose, place_of


def drawn(reply: Reply, choices: Sequence[str], temperature: float, seed: int) -> Reply | None:
    """Draw the answer from the probabilities of what a reply may begin with.

    Parameters
    ----------
    reply : Reply
        To a call at temperature 1, so that it does not matter whether its server tells the
        probabilities before or after it applies the temperature.
    temperature : float
        At which is drawn; 0 takes the likeliest answer. Simulated respondents have none.
    seed : int
        The turn's.

    Returns
    -------
    Reply or None
        With the answer as its text; without text where none of the tokens that the server lists is
        an answer (``mass`` 0), where a filter withheld it, or where the model began to think. None
        where the server told no probabilities.
    """
    if reply.thoughts or reply.reasoning_tokens:
        return replace(reply, text="", finish_reason="length", distribution=None, mass=None)
    if is_withheld(reply.finish_reason):
        return reply
    if reply.distribution is not None:
        warmth = 1.0 if reply.simulated else temperature
        answer = choices[choose(reply.distribution, warmth, place_of(seed))]
        return replace(reply, text=answer, finish_reason="stop")
    return None if reply.mass is None else replace(reply, text="", finish_reason="stop")


def written(reply: Reply, choices: Sequence[str], bare: bool) -> Reply | None:
    """The answer that was written under a schema of the choices.

    Parameters
    ----------
    bare : bool
        Whether the reply is to be the answer itself; else a JSON object that holds it.

    Returns
    -------
    Reply or None
        With the answer as its text; without text where it was cut, or is empty. None where it is
        something else: the server does not keep to the schema.
    """
    if is_withheld(reply.finish_reason):
        return reply
    said = reply.text.strip()
    answer = said if bare else _in_object(said)
    cut = is_cut(reply.finish_reason)
    if answer in choices and not (cut and bare and _may_go_on(said, choices)):
        return replace(reply, text=answer, finish_reason="stop")
    return replace(reply, text="") if cut or not said else None


def _in_object(text: str) -> str:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    answer = found.get(ANSWER) if isinstance(found, dict) else None
    whole = isinstance(answer, int) and not isinstance(answer, bool)
    return str(answer) if whole else answer.strip() if isinstance(answer, str) else ""


def _may_go_on(said: str, choices: Sequence[str]) -> bool:
    """Whether a cut answer may be the beginning of another one: 1, of 10."""
    return any(choice.startswith(said) and choice != said for choice in choices)
