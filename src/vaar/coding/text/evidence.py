"""What a reply states, denies, and leaves unclear, clause by clause."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from vaar.coding.text.forms import (
    AFTER_LABEL,
    AFTER_NUMBER,
    ANSWER,
    DENIAL,
    NEGATED,
    ONE,
    WITHDRAWAL,
)
from vaar.coding.text.sentences import Sentence, clauses
from vaar.coding.text.tokens import Token

REACH = 100
"""Characters before a value in which a word that denies it is looked for."""

_VALUE = re.compile("[#@§¤]")


@dataclass(frozen=True, slots=True)
class Stated:
    """One value that an answer's form gives.

    Attributes
    ----------
    value : Token
    form : str
        The words of the form.
    sentence : int
        Position of its sentence in the reply.
    """

    value: Token
    form: str
    sentence: int


@dataclass(frozen=True, slots=True)
class Mention:
    """One value in a clause that has no form of an answer.

    Attributes
    ----------
    value : Token
    before, after : str
        The clause up to the value, and behind it.
    """

    value: Token
    before: str
    after: str

    @property
    def clause(self) -> str:
        return f"{self.before}@ {self.after}"


@dataclass(frozen=True, slots=True)
class Remark:
    """One clause that holds no value.

    Attributes
    ----------
    clause : str
    sentence : int
        Position of its sentence in the reply.
    after : bool
        Whether its sentence has stated a value before it.
    """

    clause: str
    sentence: int
    after: bool


@dataclass(slots=True)
class Evidence:
    """All that a reply says of values.

    Attributes
    ----------
    stated : list of Stated
        Values given in an answer's form.
    denied : list of Token
        Values that are said not to be the answer.
    unclear : list of Mention
        Values in any other clause.
    remarks : list of Remark
        Clauses without a value.
    withdrawn : bool
        Whether something is taken back after it was stated.
    """

    stated: list[Stated] = field(default_factory=list)
    denied: list[Token] = field(default_factory=list)
    unclear: list[Mention] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    withdrawn: bool = False


def gather(sentences: list[Sentence]) -> Evidence:
    """The evidence of all sentences of a reply."""
    evidence = Evidence()
    for position, sentence in enumerate(sentences):
        values = list(sentence.values)
        for clause in clauses(sentence.text):
            own = [values.pop(0) for _ in _VALUE.findall(clause)]
            _read(clause, own, sentence, position, evidence)
    return evidence


def _read(
    clause: str, values: list[Token], sentence: Sentence, position: int, evidence: Evidence
) -> None:
    clause, values = _without_denials(clause, values, evidence)
    clause = ONE.sub(r"\g<before># ", clause)
    while values and sentence.end != "?":
        answer = ANSWER.match(clause)
        if answer is None or not _ends_well(answer, clause):
            break
        count = len(_VALUE.findall(answer["value"]))
        _state(answer[0], values[:count], sentence, position, evidence)
        clause, values = clause[answer.end() :], values[count:]
    if not sentence.aside:
        _leave(clause, values, position, evidence)


def _without_denials(
    clause: str, values: list[Token], evidence: Evidence
) -> tuple[str, list[Token]]:
    while denial := DENIAL.search(clause):
        place = len(_VALUE.findall(clause[: denial.start()]))
        evidence.denied.append(values[place])
        values = values[:place] + values[place + 1 :]
        clause = clause[: denial.start()] + clause[denial.end() :]
    return clause, values


def _ends_well(answer: re.Match[str], clause: str) -> bool:
    last = _VALUE.findall(answer["value"])[-1]
    after = AFTER_LABEL if last == "@" else AFTER_NUMBER
    return after.match(clause, answer.end()) is not None


def _state(
    form: str, values: list[Token], sentence: Sentence, position: int, evidence: Evidence
) -> None:
    if sentence.aside and not evidence.stated:
        return
    evidence.stated += [Stated(value, form, position) for value in values]


def _leave(clause: str, values: list[Token], position: int, evidence: Evidence) -> None:
    """Note what a clause says that is no answer."""
    if evidence.stated and WITHDRAWAL.search(clause):
        evidence.withdrawn = True
    if not values:
        if clause.strip():
            after = bool(evidence.stated) and evidence.stated[-1].sentence == position
            evidence.remarks.append(Remark(clause, position, after))
        return
    for value, place in zip(values, _VALUE.finditer(clause), strict=True):
        if NEGATED.search(clause[max(0, place.start() - REACH) : place.start()]):
            evidence.denied.append(value)
        else:
            rest = clause[place.end() + 1 :]
            evidence.unclear.append(Mention(value, clause[: place.start()], rest))
