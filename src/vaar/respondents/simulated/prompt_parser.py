"""What a conversation asks for last: an item, a block of items, or some of them again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from vaar.errors import StudyError
from vaar.respondents.base import Message
from vaar.study.facts import every_text
from vaar.study.model import Item, Study

MOST_TEXTS = 512
"""Ways in which facts may fill the texts of one item."""

_REMEMBERED_MESSAGES = 2048


@dataclass(frozen=True, slots=True)
class Question:
    """Item codes that one message asks for; ``block`` where the reply is to be a JSON object."""

    codes: tuple[str, ...]
    block: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a conversation asks for now.

    Attributes
    ----------
    question : Question
    attempt : int
        0 for the first ask, 1, 2, … for re-asks.
    opening : str
        Code of the conversation's first item.
    """

    question: Question
    attempt: int
    opening: str


class Reader:
    """Finds the items of a study in messages by their text, in any of its wordings.

    One dictionary look-up a line.

    Raises
    ------
    StudyError
        Two items have the same text, and both or neither are answered in words.
    """

    def __init__(self, study: Study) -> None:
        items = [item for instrument in study.instruments for item in instrument.items]
        self._texts = {item.code: _every_text(item, study) for item in items}
        in_words = [item.code for item in items if item.kind == "text"]
        for kind in (set(in_words), set(self._texts) - set(in_words)):
            _refuse_equal_texts({code: self._texts[code] for code in self._texts if code in kind})
        self._option = {item.code: item.scale.labels[0] for item in items if item.scale}
        self._by_first_line: dict[str, list[tuple[str, str]]] = {}
        worded = [(text, code) for code, texts in self._texts.items() for text in texts]
        worded.sort(key=lambda pair: (-len(pair[0]), pair[1] in in_words))
        for text, code in worded:
            self._by_first_line.setdefault(_first_line(text), []).append((text, code))
        self.question = lru_cache(_REMEMBERED_MESSAGES)(self._question)

    def asked(self, messages: Sequence[Message]) -> Asked | None:
        """What the conversation's last user message asks for; None where no item is known."""
        opening = next((one["content"] for one in messages if one["role"] == "user"), None)
        first = None if opening is None else self.question(opening)
        if first is None:
            return None
        question, attempt = self._latest(messages)
        return Asked(question, attempt, first.codes[0])

    def _latest(self, messages: Sequence[Message]) -> tuple[Question, int]:
        attempt, last = 0, None
        for message in reversed(messages):
            if message["role"] != "user":
                continue
            text = message["content"]
            last = text if last is None else last
            if (question := self.question(text)) is not None:
                break
            attempt += 1
        else:
            raise ValueError("no message asks for a known item")
        if attempt and question.block:
            named = tuple(code for code in question.codes if _names(last or "", code))
            question = Question(named or question.codes, block=True)
        return question, attempt

    def _question(self, text: str) -> Question | None:
        lines = [line.strip() for line in text.split("\n")]
        block = tuple(code for line in lines if (code := self._listed_code(line, text)))
        if block:
            return Question(block, block=True)
        for line in lines:
            for worded, code in self._by_first_line.get(line, ()):
                if worded in text and self._option.get(code, "") in text:
                    return Question((code,), block=False)
        return None

    def _listed_code(self, line: str, text: str) -> str | None:
        code, _, rest = line.partition(": ")
        worded = self._texts.get(code, ())
        listed = (rest == _first_line(one) and one in text for one in worded)
        return code if any(listed) else None


def _every_text(item: Item, study: Study) -> tuple[str, ...]:
    """What sessions may show of an item: all its wordings, with all that facts can put in them."""
    facts = study.variation.facts
    shown = (one for text in item.texts for one in every_text(text, facts))
    texts = tuple(dict.fromkeys(text.strip() for text in islice(shown, MOST_TEXTS + 1)))
    if len(texts) > MOST_TEXTS:
        raise StudyError(
            f"the texts of item {item.code!r} can be filled in more than {MOST_TEXTS} ways; "
            "simulated respondents know an item by its text: let it name fewer facts"
        )
    return texts


def _refuse_equal_texts(texts_of: Mapping[str, Sequence[str]]) -> None:
    seen: dict[str, str] = {}
    for code, texts in texts_of.items():
        for text in texts:
            other = seen.setdefault(text, code)
            if other != code:
                raise StudyError(
                    f"items {other!r} and {code!r} have the same text; simulated respondents "
                    "know an item by its text: give each its own"
                )


def _first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0].strip()


def _names(text: str, code: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(code)}(?!\w)", text) is not None
