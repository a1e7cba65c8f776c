"""What each respondent is sent, in a run's record and its identity."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vaar.errors import RespondentError, RunDirectoryError
from vaar.respondents.base import Choosy, Recorded, Request, Respondent, Shiftable
from vaar.study.model import Study

REQUESTS = "requests"
"""Key of the records in ``run.json``, and of their digests in a run's identity."""

ADAPTATIONS = "adaptations"
"""Key in the record of a respondent: what is done otherwise because its server refused it."""

MEASURED = "measured"
"""Key in the record of a respondent: what was measured of its shifts while it was asked."""

FORMS = "forms"
"""Key in the record of a respondent: what it is sent where answers come about in another form."""

SUMS = "sums"
"""Key in what was measured: what further calls add to."""

_FOUND_OUT = (ADAPTATIONS, MEASURED)
_DIGITS = 16
_ANY_CHOICES = ("1", "2")  # of one character each, as those that probabilities are told of


def records_of(
    respondents: Sequence[Respondent], study: Study, distributions: bool
) -> dict[str, dict[str, Any]]:
    """What is sent to each respondent that is sent anything, by name.

    It is what is sent with a question on one item; a block's ceiling is that for each of its items.
    Where the study asks for answers in several forms, the further ones stand under ``forms``.
    """
    first, *further = by_form(study, distributions)
    return {
        r.name: {
            **r.sent(first),
            **({FORMS: {one.response: r.sent(one) for one in further}} if further else {}),
        }
        for r in respondents
        if isinstance(r, Recorded)
    }


def by_form(study: Study, distributions: bool = False) -> list[Request]:
    """A question in each form of answer that the study asks for, words first."""
    found: dict[str, Request] = {}
    for question in forced_questions(study):
        found.setdefault(question.response, question)
    in_words = any(
        condition.response == "text" or study.instrument[code].items != coded
        for condition in study.conditions
        for code in condition.order
        for coded in [study.instrument[code].coded_items]
    )
    choices = _ANY_CHOICES if distributions else ()
    words = Request((), 0, study.temperature, study.limits.reply_tokens, choices=choices)
    return [*([words] if in_words else []), *found.values()]


def forced_questions(study: Study) -> list[Request]:
    """A question for each form in which one of a scale's answers is forced, and for each scale."""
    found = {
        (condition.response, tuple(map(str, instrument.scale_of(item).values)))
        for condition in study.conditions
        if condition.response != "text"
        for instrument in (study.instrument[code] for code in condition.order)
        for item in instrument.coded_items
    }
    tokens = study.limits.reply_tokens
    return [
        Request((), 0, study.temperature, tokens, choices=choices, response=response)
        for response, choices in sorted(found)
    ]


def require_answers(respondents: Sequence[Respondent], study: Study) -> None:
    """Refuse a study whose answers some respondent cannot give in the form that is asked for.

    So is one that shifts values, where a respondent has no activations to be shifted.

    Raises
    ------
    RespondentError
        With what to do for every such respondent.
    """
    unshiftable = [
        f"{respondent.name}: {study.name} shifts activations, which only a model on this machine "
        "has open; ask --model hf/PATH or --model smollm2, or rehearse with simulated/steerable"
        for respondent in respondents
        if any(condition.shift for condition in study.conditions)
        and not isinstance(respondent, Shiftable)
    ]
    wanting = unshiftable + [
        f"{respondent.name}: {why}"
        for respondent in respondents
        if isinstance(respondent, Choosy)
        for why in dict.fromkeys(map(respondent.cannot_answer, forced_questions(study)))
        if why is not None
    ]
    if wanting:
        raise RespondentError("\n".join(wanting))


def digests(records: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """A digest of each record, by name; what was adapted to is no part of it."""
    return {name: _digest(record) for name, record in records.items()}


def with_adaptations(
    records: Mapping[str, Any], respondents: Sequence[Respondent]
) -> dict[str, dict[str, Any]]:
    """The records with what the respondents' servers were found to refuse."""
    found = {r.name: r.adaptations() for r in respondents if isinstance(r, Recorded)}
    return {
        name: {**record, ADAPTATIONS: found.get(name) or record.get(ADAPTATIONS, [])}
        for name, record in records.items()
    }


def with_measured(
    records: Mapping[str, Any], respondents: Sequence[Respondent]
) -> dict[str, dict[str, Any]]:
    """The records with what was measured of the respondents' shifts, in earlier calls too."""
    found = {r.name: r.measured() for r in respondents if isinstance(r, Shiftable)}
    return {
        name: {**record, MEASURED: joined(record.get(MEASURED) or {}, found[name])}
        if found.get(name)
        else dict(record)
        for name, record in records.items()
    }


def joined(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """What was measured in two calls: sums are added, and what is fitted is as it was fitted last.

    Parameters
    ----------
    before, now : mapping
        As of :meth:`vaar.respondents.base.Shiftable.measured`.
    """
    return {**now, SUMS: _added(before.get(SUMS) or {}, now.get(SUMS) or {})}


def _added(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(before)
    for name, value in now.items():
        old = found.get(name)
        if isinstance(value, Mapping):
            found[name] = _added(old if isinstance(old, Mapping) else {}, value)
        else:
            found[name] = (old if isinstance(old, int | float) else 0) + value
    return found


def adopt(records: Mapping[str, Any], respondents: Sequence[Respondent]) -> None:
    """Let the respondents begin with what an earlier call of the run has found out."""
    for respondent in respondents:
        known = records.get(respondent.name)
        made = known.get(ADAPTATIONS) if isinstance(known, Mapping) else None
        if isinstance(respondent, Recorded) and isinstance(made, list):
            respondent.adopt([one for one in made if _is_adaptation(one)])


def require_same(path: str, there: object, asked: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse to go on with a run whose respondents were sent something else.

    Parameters
    ----------
    path : str
        The run directory.
    there : object
        The records in its ``run.json``.

    Raises
    ------
    RunDirectoryError
        With every field that differs.
    """
    if not isinstance(there, Mapping):
        return  # an older run
    different = [
        f"  {name}: {place}: there {old!r}, asked {new!r}"
        for name, record in asked.items()
        if name in there
        for place, old, new in _differences(there[name], record)
    ]
    if different:
        shown = "\n".join(different)
        raise RunDirectoryError(
            f"{path}: holds another run: its models were asked in another way.\n{shown}\n"
            "Choose another --out, or ask as that run did to continue it."
        )


def _digest(record: Mapping[str, Any]) -> str:
    content = {name: value for name, value in record.items() if name not in _FOUND_OUT}
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _differences(there: object, asked: object, place: str = "") -> Iterator[tuple[str, Any, Any]]:
    if isinstance(there, Mapping) and isinstance(asked, Mapping):
        for name in dict.fromkeys([*asked, *there]):
            if name not in _FOUND_OUT:
                inner = f"{place}.{name}" if place else str(name)
                yield from _differences(there.get(name), asked.get(name), inner)
    elif there != asked:
        yield place, there, asked


def _is_adaptation(record: object) -> bool:
    return isinstance(record, Mapping) and all(isinstance(part, str) for part in record.values())
