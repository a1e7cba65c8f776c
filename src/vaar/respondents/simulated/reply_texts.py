"""How a simulated respondent puts its answer into words, and how it sometimes does not answer."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

from vaar.respondents.simulated.populations import Population
from vaar.study.model import ResponseScale

REASK_SHARE = 0.35
"""Probability that the reply to a re-ask is spoilt again."""

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

_REFUSALS = (
    "As an AI language model, I can't take part in surveys about personal opinions.",
    "I'm sorry, but I can't answer that: I have no personal views.",
    "I'm not able to rate this statement, since I don't have feelings or experiences.",
    "I'd rather not answer this question.",
)

_PROSE = (
    "That is a thoughtful question, and people see it in many ways.",
    "It depends on the situation and on who is asking.",
    "Thank you for sharing this with me! Is there anything else you would like to talk about?",
    "",
)


def _plain(value: int, scale: ResponseScale) -> str:
    return str(value)


def _with_label(value: int, scale: ResponseScale) -> str:
    label = scale.labels[value - scale.first]
    return f"{value} - {label}" if label else str(value)


def _out_of(value: int, scale: ResponseScale) -> str:
    return f"{value}/{scale.last}"


def _spoken(value: int, scale: ResponseScale) -> str:
    return f"I'd say {value}."


def _label_alone(value: int, scale: ResponseScale) -> str:
    label = scale.labels[value - scale.first]
    telling = label and scale.labels.count(label) == 1 and not any(map(str.isdigit, label))
    return label if telling else str(value)


def _prose(value: int, scale: ResponseScale) -> str:
    return f"Thinking about how I usually feel about this, my answer would be {value}."


def _word(value: int, scale: ResponseScale) -> str:
    return _WORDS[value] if 0 <= value < len(_WORDS) else str(value)


def _bold(value: int, scale: ResponseScale) -> str:
    return f"**{value}**"


_STYLES: tuple[tuple[float, Callable[[int, ResponseScale], str]], ...] = (
    (0.72, _plain),
    (0.06, _with_label),
    (0.04, _out_of),
    (0.04, _spoken),
    (0.03, _label_alone),
    (0.05, _prose),
    (0.03, _word),
    (0.03, _bold),
)
_STYLE_BOUNDS = tuple(accumulate(weight for weight, _ in _STYLES))[:-1]


def phrase_item(
    value: int,
    scale: ResponseScale,
    population: Population,
    attempt: int,
    uniforms: Sequence[float],
) -> str:
    """Put one answer into words, or spoil it at the population's rates.

    Parameters
    ----------
    value : int
        The intended point on the scale.
    attempt : int
        0 for the first ask. The reply before a re-ask was spoilt; the next one is too with
        probability :data:`REASK_SHARE`.
    uniforms : sequence of float
        Three independent numbers in [0, 1): whether to spoil, how, and in which words.
    """
    spoil, kind, choice = uniforms
    spoilt = population.refusal + population.rubbish
    if spoilt and spoil < (REASK_SHARE if attempt else spoilt):
        if kind < population.refusal / spoilt:
            return _pick(_REFUSALS, choice)
        return _rubbish(value, scale, choice)
    return _STYLES[bisect_right(_STYLE_BOUNDS, kind)][1](value, scale)


def begins_with_number(population: Population, attempt: int) -> float:
    """Probability that a reply to one item is proper and begins with its number.

    Parameters
    ----------
    attempt : int
        0 for the first ask.
    """
    spoilt = population.refusal + population.rubbish
    proper = 1 - (REASK_SHARE if attempt and spoilt else spoilt)
    return proper * sum(
        weight for weight, style in _STYLES if style in (_plain, _with_label, _out_of)
    )


def phrase_block(
    values: Mapping[str, int], population: Population, attempt: int, uniforms: Sequence[float]
) -> str:
    """Put the answers to a block into a JSON object, sometimes fenced or wrapped in prose.

    Where a reply is spoilt, it is a refusal or lacks one of the codes. Parameters are those of
    :func:`phrase_item`, with one value a code.
    """
    spoil, kind, choice = uniforms
    spoilt = population.refusal + population.rubbish
    told = dict(values)
    if spoilt and spoil < (REASK_SHARE if attempt else spoilt):
        if kind < population.refusal / spoilt:
            return _pick(_REFUSALS, choice)
        del told[_pick(tuple(told), choice)]
    if choice < 0.8:
        return json.dumps(told)
    if choice < 0.9:
        return f"```json\n{json.dumps(told, indent=2)}\n```"
    return f"Here are my answers:\n\n{json.dumps(told)}\n\nI hope this helps."


def _rubbish(value: int, scale: ResponseScale, choice: float) -> str:
    neighbour = value + 1 if value < scale.last else value - 1
    return _pick((*_PROSE, str(scale.last + 2), f"{value} or {neighbour}"), choice)


def _pick(texts: Sequence[str], choice: float) -> str:
    return texts[int(choice * len(texts))]
