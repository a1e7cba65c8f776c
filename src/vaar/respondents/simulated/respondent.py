"""The simulated respondent: answers the same chat messages a model would get, in free text."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b

from vaar.respondents.base import Message, Reply, Request
from vaar.respondents.simulated.answer_model import AnswerModel, identity
from vaar.respondents.simulated.populations import SIMULATED, Population
from vaar.respondents.simulated.prompt_parser import Asked, Reader
from vaar.respondents.simulated.release_forms import contents, fill_in
from vaar.respondents.simulated.reply_texts import begins_with_number, phrase_block, phrase_item
from vaar.respondents.wire.answer_probabilities import Told, tellable
from vaar.respondents.wire.drawing import choose, place_of
from vaar.study.model import ResponseScale, Study
from vaar.study.release_form import release_forms

CHARACTERS_PER_TOKEN = 4
_REMEMBERED_CONVERSATIONS = 256
_REMEMBERED_SESSIONS = 8192
IN_WORDS = "A simulated respondent has no words of its own for this."
LOST = "I am not sure which statement you mean."


class SimulatedRespondent:
    """One population, answering as a chat model does.

    A reply is a pure function of the population's name, the session's seed and the messages, the
    same in process and behind ``vaar simulate serve``. Seed and first item draw the conversation's
    traits and all its intended answers; seed, first item, item and attempt draw the words.
    ``request.temperature`` and ``request.schema`` change nothing; a reply longer than
    ``request.max_tokens`` is cut off as a server would cut it. Where choices are given, their
    distribution is that from which the session's answer to the item was drawn. Where one of them is
    forced, it is drawn from that distribution with the turn's seed, spoilt replies left out.

    Parameters
    ----------
    population : Population
    study : Study
        The study whose items it can answer.

    Raises
    ------
    StudyError
        The study's structural model or items cannot be simulated.
    """

    simulated = True
    capacity = 64

    def __init__(self, population: Population, study: Study) -> None:
        self.name = SIMULATED + population.name
        self.faults: Counter[str] = Counter()
        self._population = population
        self._model = AnswerModel(population, study)
        self._reader = Reader(study)
        self._scale = {
            item.code: part.scale_of(item)
            for part in study.instruments
            for item in part.coded_items
        }
        self._forms = {form.item: form for form in release_forms(study)}
        self._session = lru_cache(_REMEMBERED_SESSIONS)(self._draw_session)
        self._leanings = lru_cache(_REMEMBERED_SESSIONS)(self._draw_leanings)
        self._characters = _Characters()
        self._place = {code: place for place, code in enumerate(self._model.codes)}

    async def reply(self, request: Request) -> Reply:
        """Answer one turn; see :class:`vaar.respondents.base.Respondent`."""
        asked = self._reader.asked(request.messages)
        if asked and request.response != "text" and (told := self._told(asked, request)):
            return self._chosen(told, request)
        text = self._text(asked, request) if asked else LOST
        told = self._told(asked, request) if asked and tellable(request.choices) else None
        room = request.max_tokens * CHARACTERS_PER_TOKEN
        written = text[:room]
        return Reply(
            text=written,
            finish_reason="stop" if len(text) <= room else "length",
            input_tokens=count_tokens(self._characters.of(request.messages)),
            output_tokens=count_tokens(len(written)),
            model=self.name,
            simulated=True,
            distribution=told and told.distribution,
            mass=told and told.mass,
        )

    def choices(self, messages: Sequence[Message]) -> tuple[str, ...]:
        """Answers to the one item that a conversation asks for; empty where it asks for none."""
        asked = self._reader.asked(messages)
        if asked is None or asked.question.block or asked.question.codes[0] not in self._scale:
            return ()
        return tuple(map(str, self._scale[asked.question.codes[0]].values))

    def prepare(self) -> None:
        """Nothing can keep it from answering."""

    async def close(self) -> None:
        """Nothing to release."""

    def _text(self, asked: Asked, request: Request) -> str:
        code = asked.question.codes[0]
        if code in self._forms:
            return self._form(code, asked, request)
        if code not in self._scale:
            return IN_WORDS
        return self._phrase(asked, request.respondent_seed, request.messages)

    def _form(self, code: str, asked: Asked, request: Request) -> str:
        key = identity(self._population.name, request.respondent_seed, asked.opening)
        shown = next(m["content"] for m in reversed(request.messages) if m["role"] == "user")
        record = contents(shown, self._forms[code].kinds)
        uniforms = {field: _uniforms(key, f"{code}.{field}", 0)[0] for field in record}
        return fill_in(record, self._model.acceptance(self._model.normals(key)), uniforms)

    def _phrase(self, asked: Asked, seed: int, messages: Sequence[Message]) -> str:
        key = self._key(seed, asked)
        codes, first = asked.question.codes, asked.question.codes[0]
        heeded = self._population.artefacts.first_option > 0
        values = self._session(key, heeded and _is_descending(self._scale[first], messages))
        uniforms = _uniforms(key, first, asked.attempt)
        if asked.question.block:
            told = {code: values[code] for code in codes}
            return phrase_block(told, self._population, asked.attempt, uniforms)
        value, scale = values[first], self._scale[first]
        if _is_mirrored(scale, messages):
            value, scale = scale.mirrored(value), replace(scale, labels=scale.labels[::-1])
        return phrase_item(value, scale, self._population, asked.attempt, uniforms)

    def _told(self, asked: Asked, request: Request) -> Told | None:
        """How probable each answer to one item is, from the model that draws the answers."""
        code = asked.question.codes[0]
        if code not in self._scale:
            return None
        choices = tuple(map(str, self._scale[code].values))
        untold = self._population.artefacts.any
        if untold or asked.question.block or request.choices != choices:
            return None
        key = self._key(request.respondent_seed, asked)
        place = self._place[code]
        chances = self._model.chances(place, self._leanings(key)[place])
        if _is_mirrored(self._scale[code], request.messages):
            chances = chances[::-1]
        return Told(chances, begins_with_number(self._population, asked.attempt))

    def _chosen(self, told: Told, request: Request) -> Reply:
        """The answer drawn with the turn's seed; a schema tells nothing of the others."""
        drawn = request.response == "choice"
        return Reply(
            text=request.choices[choose(told.distribution, 1.0, place_of(request.seed))],
            input_tokens=count_tokens(sum([len(part["content"]) for part in request.messages])),
            output_tokens=1,
            model=self.name,
            simulated=True,
            distribution=told.distribution if drawn else None,
            mass=told.mass if drawn else None,
        )

    def _draw_leanings(self, key: bytes) -> list[float]:
        leanings: list[float] = self._model.leanings(self._model.normals(key)).tolist()
        return leanings

    def _key(self, seed: int, asked: Asked) -> bytes:
        own = self._population.artefacts.seed(seed)
        return identity(self._population.name, own, asked.opening)

    def _draw_session(self, key: bytes, descending: bool) -> dict[str, int]:
        values = self._model.values(self._model.normals(key), descending)
        return dict(zip(self._model.codes, values.tolist(), strict=True))


def _is_mirrored(scale: ResponseScale, messages: Sequence[Message]) -> bool:
    """Whether the options were last listed from their other end, and are numbered so."""
    if scale.numbering == "points":
        return False
    first, last = (f"{scale.first} = {label}" for label in (scale.labels[0], scale.labels[-1]))
    for message in reversed(messages):
        lines = message["content"].split("\n") if message["role"] == "user" else ()
        if first in lines or last in lines:
            return first not in lines
    return False


class _Characters:
    """Counts those of conversations; what was counted of a growing one is not counted again."""

    def __init__(self) -> None:
        self._counted: dict[int, tuple[Sequence[Message], int, int]] = {}

    def of(self, messages: Sequence[Message]) -> int:
        counted = self._counted.get(id(messages))
        if counted is None or counted[1] > len(messages):
            counted = (messages, 0, 0)
        total = counted[2] + sum([len(part["content"]) for part in messages[counted[1] :]])
        if len(self._counted) >= _REMEMBERED_CONVERSATIONS:
            self._counted.clear()
        self._counted[id(messages)] = (messages, len(messages), total)
        return total


def _is_descending(scale: ResponseScale, messages: Sequence[Message]) -> bool:
    """Whether the options of a question were last listed from the highest."""
    lowest, highest = (f"{n} = {label}" for n, label in (scale.labelled[0], scale.labelled[-1]))
    for message in reversed(messages):
        text = message["content"] if message["role"] == "user" else ""
        if lowest in text and highest in text:
            return text.index(highest) < text.index(lowest)
    return False


def count_tokens(characters: int) -> int:
    """Tokens in a text of this many characters, estimated."""
    return -(-characters // CHARACTERS_PER_TOKEN)


def _uniforms(key: bytes, code: str, attempt: int) -> tuple[float, ...]:
    digest = blake2b(f"{code}\0{attempt}".encode(), key=key, digest_size=24).digest()
    return tuple((number >> 11) / 2**53 for number in struct.unpack("<3Q", digest))
