"""The respondent that answers by the rule of a chooser."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate

from vaar.respondents.base import Message, Reply, Request
from vaar.respondents.simulated.choosers import Choice, Chooser
from vaar.respondents.simulated.populations import SIMULATED
from vaar.respondents.simulated.prompt_parser import Reader
from vaar.respondents.simulated.respondent import IN_WORDS, LOST, count_tokens
from vaar.respondents.wire.answer_probabilities import tellable
from vaar.study.model import ResponseScale, Study


class ChoosingRespondent:
    """A chooser, answering as a chat model does, with the number of an option.

    A reply is a pure function of the chooser's name, the session's seed and the messages, the same
    in process and behind ``vaar simulate serve``; different messages are answered independently.

    Parameters
    ----------
    chooser : Chooser
    study : Study
        The study whose items it can answer.

    Raises
    ------
    StudyError
        Two items of the study have the same text.
    """

    simulated = True
    capacity = 64

    def __init__(self, chooser: Chooser, study: Study) -> None:
        self.name = SIMULATED + chooser.name
        self.faults: Counter[str] = Counter()
        self._rule = chooser.rule
        self._reader = Reader(study)
        self._scale = {
            item.code: part.scale_of(item)
            for part in study.instruments
            for item in part.coded_items
        }

    async def reply(self, request: Request) -> Reply:
        """Answer one turn; see :class:`vaar.respondents.base.Respondent`."""
        text, distribution = self._answer(request)
        return Reply(
            text=text,
            input_tokens=count_tokens(sum(len(part["content"]) for part in request.messages)),
            output_tokens=count_tokens(len(text)),
            model=self.name,
            simulated=True,
            distribution=distribution,
            mass=None if distribution is None else 1.0,
        )

    def choices(self, messages: Sequence[Message]) -> tuple[str, ...]:
        """Answers to the one item that a conversation asks for; empty where it asks for none."""
        scale = self._asked(messages)
        return () if scale is None else tuple(map(str, scale.values))

    def prepare(self) -> None:
        """Nothing can keep it from answering."""

    async def close(self) -> None:
        """Nothing to release."""

    def _asked(self, messages: Sequence[Message]) -> ResponseScale | None:
        asked = self._reader.asked(messages)
        if asked is None or asked.question.block:
            return None
        return self._scale.get(asked.question.codes[0])

    def _answer(self, request: Request) -> tuple[str, tuple[float, ...] | None]:
        """The words, and the probability of every number where it is wanted."""
        scale = self._asked(request.messages)
        if scale is None:
            known = self._reader.asked(request.messages) is not None
            return (IN_WORDS if known else LOST), None
        numbers = _numbers(scale, request.messages)
        chances = self._rule(_choice(scale, numbers, request.messages))
        by_number = dict(zip(numbers, chances, strict=True))
        told = tuple(by_number[number] for number in scale.values)
        drawn = _uniform(self.name, request) * sum(told)
        within = (
            n for n, reached in zip(scale.values, accumulate(told), strict=True) if drawn < reached
        )
        number = next(within, scale.last)
        wanted = request.response != "schema" and request.choices == tuple(map(str, scale.values))
        return str(number), told if wanted and tellable(request.choices) else None


def _numbers(scale: ResponseScale, messages: Sequence[Message]) -> list[int]:
    """The number that each option has where the options were last listed, in their own order."""
    listed = _listed(scale, messages)
    given = {label: number for number, label in listed}
    return [
        given.get(label, number) for number, label in zip(scale.values, scale.labels, strict=True)
    ]


def _listed(scale: ResponseScale, messages: Sequence[Message]) -> list[tuple[int, str]]:
    """Number and label of the options, as they were last listed."""
    labels = set(filter(None, scale.labels))
    for message in reversed(messages):
        lines = message["content"].split("\n") if message["role"] == "user" else ()
        parts = [line.partition(" = ") for line in lines]
        found = [
            (int(number), label)
            for number, _, label in parts
            if label in labels and number.lstrip("-").isdecimal()
        ]
        if found:
            return found
    return list(scale.labelled)


def _choice(scale: ResponseScale, numbers: Sequence[int], messages: Sequence[Message]) -> Choice:
    place = {label: n for n, label in enumerate(scale.labels)}
    system = [part["content"] for part in messages if part["role"] == "system"]
    told = [part["content"] for part in messages if part["role"] == "user"]
    listed = tuple(place[label] for _, label in _listed(scale, messages)) or (0,)
    return Choice(scale.labels, listed, "\n".join(system), "\n".join(told))


def _uniform(name: str, request: Request) -> float:
    said = [f"{part['role']}\0{part['content']}" for part in request.messages]
    key = "\0".join([name, str(request.respondent_seed), *said])
    (number,) = struct.unpack("<Q", blake2b(key.encode(), digest_size=8).digest())
    return float((number >> 11) / 2**53)
