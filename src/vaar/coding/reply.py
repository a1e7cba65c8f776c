"""Code a raw reply into an answer: a value only where the reply says exactly one."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from vaar.coding.answer import Answer, Reason
from vaar.coding.finish import Ending, ending
from vaar.coding.refusal import is_refusal
from vaar.coding.structured.answers import answers_in, is_answer_key
from vaar.coding.structured.relaxed import objects
from vaar.coding.text.clean import clean
from vaar.coding.text.labels import Labels, labels_of
from vaar.coding.text.numbers import TENS
from vaar.coding.text.read import begins_with_answer, tokens_of
from vaar.coding.text.tokens import Token
from vaar.coding.text.verdict import stated_number
from vaar.coding.thoughts import after_thinking_aloud, without_thoughts
from vaar.study.model import ResponseScale
from vaar.vocabulary import KEY_MARK

LONGEST = 20_000
"""Characters, after the reasoning: what is longer is no answer to an item."""
REMEMBERED = 120
"""Characters; a shorter reply is coded once for each scale, and then looked up."""

_UNPARSEABLE = Answer(reason=Reason.UNPARSEABLE)
_TRUNCATED = Answer(reason=Reason.TRUNCATED)

_FIRST_ENTRY = re.compile(
    r"\A\s*(?:```\w*\s*)?\{\s*[\"'“]?(?P<key>[\w ]{1,40}?)[\"'”]?\s*:\s*"
    r"(?P<value>-?\d{1,15}(?:\.\d{1,15})?|\"[^\"\\]{1,100}\")\s*,"
)


def code_reply(text: str, scale: ResponseScale, finish_reason: str = "stop") -> Answer:
    """Code one reply to one item.

    Parameters
    ----------
    text : str
        The raw reply.
    scale : ResponseScale
    finish_reason : str
        As the server names it. A reply that was cut counts only where it gave its answer first and
        alone; one that a filter withheld is a refusal, and one that failed an error.

    Returns
    -------
    Answer
        A value where the reply says exactly one value of the scale, else the reason why not.

    Notes
    -----
    A pure function that raises on no text. Its work grows linearly with the text.
    """
    if KEY_MARK in text:
        return Answer(reason=Reason.WITHHELD)
    if len(text) <= REMEMBERED:
        return _short_replies(scale)(text, finish_reason)
    return _code(text, labels_of(scale), finish_reason)


def declines(text: str, finish_reason: str = "stop") -> bool:
    """Whether a raw reply declines to answer, even if it then gives an answer all the same.

    A reply that a filter withheld declines too.
    """
    how = ending(finish_reason)
    if how in (Ending.WITHHELD, Ending.FAILED):
        return how is Ending.WITHHELD
    rest = without_thoughts(text)
    return rest is not None and len(rest) <= LONGEST and is_refusal(clean(rest))


def stopped(finish_reason: str) -> Reason | None:
    """The reason that a finish reason gives by itself, whatever the text."""
    how = ending(finish_reason)
    if how is Ending.WITHHELD:
        return Reason.REFUSED
    return Reason.PROVIDER_ERROR if how is Ending.FAILED else None


def code_value(value: object, labels: Labels) -> Answer:
    """Code one value of a structured reply: a number, or text as in a plain reply."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return _UNPARSEABLE
    if not isinstance(value, str):
        return _on_scale(value, labels)
    return code_text(value, labels) if len(value) <= LONGEST else _UNPARSEABLE


def code_text(text: str, labels: Labels) -> Answer:
    """Code plain text that ends as it should, without thoughts and without structure."""
    plain = clean(after_thinking_aloud(text))
    if len(plain) > LONGEST:
        return _UNPARSEABLE  # one character can stand for many
    refuses = is_refusal(plain)
    value = stated_number(tokens_of(plain, labels), labels.span, refuses)
    if value is not None:
        return _on_scale(value, labels)
    return Answer(reason=Reason.REFUSED if refuses else Reason.UNPARSEABLE)


def agreed(answers: list[Answer]) -> Answer:
    """The one answer that several readings of a reply give; text that states nothing is no answer.

    A refusal, a value beyond the scale, or another value beside a value contradicts it.
    """
    telling = {answer for answer in answers if answer.reason is not Reason.UNPARSEABLE}
    return telling.pop() if len(telling) == 1 else _UNPARSEABLE


@lru_cache(maxsize=256)
def _short_replies(scale: ResponseScale) -> Callable[[str, str], Answer]:
    """The coder of one scale, which remembers short replies: most are one of few texts."""
    labels = labels_of(scale)

    @lru_cache(maxsize=16_384)
    def code(text: str, finish_reason: str) -> Answer:
        return _code(text, labels, finish_reason)

    return code


def _code(text: str, labels: Labels, finish_reason: str) -> Answer:
    if stop := stopped(finish_reason):
        return Answer(reason=stop)
    rest = without_thoughts(text)
    cut = ending(finish_reason) is Ending.CUT
    if rest is None:
        return _TRUNCATED
    if len(rest) > LONGEST:
        return _TRUNCATED if cut else _UNPARSEABLE
    return _code_cut(rest, labels) if cut else _code_whole(rest, labels)


def _code_whole(text: str, labels: Labels) -> Answer:
    found, around = objects(text) if "{" in text else ([], text)
    if not found:
        return code_text(text, labels)
    answers = answers_in(found)
    prose = code_text(around, labels)
    if not answers:
        return prose
    return _with_prose(_of_values(answers, labels), prose, around, labels)


def _of_values(values: list[Any], labels: Labels) -> Answer:
    if any(value is None or isinstance(value, bool) for value in values):
        return _UNPARSEABLE
    return agreed([code_value(value, labels) for value in values])


def _with_prose(answer: Answer, prose: Answer, around: str, labels: Labels) -> Answer:
    """Hold a structured answer against the prose around it."""
    if answer.value is None or prose.reason is Reason.REFUSED:
        return answer
    if prose.reason is not Reason.UNPARSEABLE:
        return agreed([answer, prose])
    # read together, so that prose with several values, or one that takes the answer back, is seen
    return code_text(f"{answer.value}.\n{around}", labels)


def _code_cut(text: str, labels: Labels) -> Answer:
    first = _FIRST_ENTRY.match(text)
    if first:
        answer = code_text(first["value"], labels) if is_answer_key(first["key"]) else _TRUNCATED
        return answer if answer.value is not None else _TRUNCATED
    found, around = objects(text) if "{" in text else ([], text)
    if len(found) == 1 and not around.strip(" \n`json"):
        return _code_whole(text, labels)
    plain = clean(text)
    if len(plain) > LONGEST:
        return _TRUNCATED
    refuses = is_refusal(plain)
    tokens = tokens_of(plain, labels)
    if not _is_whole_number(tokens, labels) and not begins_with_answer(tokens):
        return _TRUNCATED
    value = stated_number(tokens, labels.span, refuses)
    return _TRUNCATED if value is None else _on_scale(value, labels)


def _is_whole_number(tokens: list[Token], labels: Labels) -> bool:
    """Whether the text is one number, and no longer number of the scale begins with it.

    "Seventy" may be the beginning of "seventy-five".
    """
    if len(tokens) != 1 or tokens[0].kind != "number" or tokens[0].unclear:
        return False
    number = tokens[0]
    return number.text not in TENS and not labels.span.goes_on_from(number.value)


def _on_scale(value: float, labels: Labels) -> Answer:
    if labels.span.holds(value):
        return Answer(value=int(value))
    return Answer(reason=Reason.OUT_OF_RANGE)
