"""A loaded model: requests in, replies out, as many at a time as fit into its memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from jinja2 import TemplateError

from vaar.errors import ProviderError, RespondentHaltedError
from vaar.respondents.base import Reply, Request
from vaar.respondents.local.answer_tokens import Spellings
from vaar.respondents.local.chat_template import Chat
from vaar.respondents.local.forward_passes import Network, Passes
from vaar.respondents.local.generation import Row, write
from vaar.respondents.local.model_config import LocalModel
from vaar.respondents.local.prefix_cache import Memory, conversation_of, opening_of
from vaar.respondents.local.sampling import stream_of
from vaar.respondents.local.value_shift.fluency import log_probability
from vaar.respondents.local.value_shift.shifter import Shifter
from vaar.respondents.local.value_shift.steering import Steering
from vaar.respondents.local.value_shift.tally import Tally
from vaar.respondents.wire.redaction import quote
from vaar.study.conditions import Shift

_OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "not enough memory")


@dataclass
class LoadedModel:
    """A model in memory. Not to be used from two threads at once.

    Attributes
    ----------
    model_id : str
        Reported with every reply.
    closing : frozenset of int
        Tokens that end a reply.
    longest : int or None
        Most tokens of a conversation with its reply; None where the model sets no bound.
    batch : int
        Most conversations in one pass; halved when they do not fit into memory.
    faults : Counter
        ``'out_of_memory'``: how often that happened.
    stopping : bool
        Set it to stop before the next token.
    """

    wanted: LocalModel
    model_id: str
    network: Network
    chat: Chat
    spellings: Spellings
    closing: frozenset[int]
    longest: int | None
    memory: Memory
    batch: int
    shifter: Shifter
    tally: Tally = field(default_factory=Tally)
    faults: Counter[str] = field(default_factory=Counter)
    stopping: bool = False

    def answer(self, requests: Sequence[Request]) -> list[Reply | ProviderError]:
        """Answer every request, or say why it cannot be answered.

        Raises
        ------
        RespondentHaltedError
            Not even one conversation fits into memory, or the model computes what is no number.
        """
        answers: list[Reply | ProviderError] = []
        while len(answers) < len(requests):
            part = requests[len(answers) : len(answers) + self.batch]
            done = self._unless_too_many(part)
            if done is None:
                self._make_room(len(part))
            else:
                answers += done
        return answers

    def measured(self) -> dict[str, Any]:
        """What is known of values, and what shifts did; empty where none is asked for."""
        if not self.wanted.shifts:
            return {}
        return {"probes": self.shifter.measured(), "sums": self.tally.sums}

    def _unless_too_many(self, requests: Sequence[Request]) -> list[Reply | ProviderError] | None:
        try:
            return self._answer(requests)
        except (RuntimeError, MemoryError) as error:
            if isinstance(error, RuntimeError) and not _is_out_of_memory(error):
                raise
        return None

    def _make_room(self, tried: int) -> None:
        self.faults["out_of_memory"] += 1
        keeps_nothing = self.memory.empty
        self.memory.forget()
        if self.network.device.type == "cuda":
            torch.cuda.empty_cache()
        if tried == 1 and keeps_nothing:
            raise RespondentHaltedError(
                f"{self.wanted.name}: out of memory with a single conversation on "
                f"{self.network.device}. Write dtype: bfloat16 or another device in a models "
                "file, free memory there, or take a smaller model"
            )
        self.batch = max(1, tried // 2)

    def _answer(self, requests: Sequence[Request]) -> list[Reply | ProviderError]:
        self.memory.tick()
        rows = [self._row(request) for request in requests]
        asked = [(q, row) for q, row in zip(requests, rows, strict=True) if isinstance(row, Row)]
        if asked:
            self._find_shifts(*zip(*asked, strict=True))
            self._write(*zip(*asked, strict=True))
        return [
            row if isinstance(row, ProviderError) else self._reply(request, row)
            for request, row in zip(requests, rows, strict=True)
        ]

    def _find_shifts(self, requests: Sequence[Request], rows: Sequence[Row]) -> None:
        moved = [
            (request, row, shift)
            for request, row in zip(requests, rows, strict=True)
            if (shift := request.shift or self.wanted.shift)
        ]
        found = self.shifter.shifts_of(
            [_found_by(request, shift) for request, _, shift in moved],
            [shift for _, _, shift in moved],
            [
                row.ids if shift.timing == "turn" else self.chat.ids(opening_of(request))
                for request, row, shift in moved
            ],
        )
        for (_, row, _), one in zip(moved, found, strict=True):
            row.shift = one

    def _write(self, requests: Sequence[Request], rows: Sequence[Row]) -> None:
        lasting = all(shift is None or shift.timing != "turn" for shift in self._shifts(requests))
        kept = self.memory.batch(requests, [row.ids for row in rows]) if lasting else None
        if kept:
            passes, order = kept
            requests, rows = [requests[at] for at in order], [rows[at] for at in order]
        else:
            passes = None
            for request, row in zip(requests, rows, strict=True):
                row.past = self.memory.past(request, row.ids) if lasting else None
        passes = write(self.network, rows, self.closing, lambda: self.stopping, passes)
        self._count(requests, rows, passes)
        if self.network.keeps and lasting:
            self.memory.keep(requests, passes)

    def _count(self, requests: Sequence[Request], rows: Sequence[Row], passes: Passes) -> None:
        """Note what the shifts did, and let go of it."""
        noted = passes.steering.noted if isinstance(passes.steering, Steering) else []
        for number, (shift, row) in enumerate(zip(self._shifts(requests), rows, strict=True)):
            own = [told[number] or [] for told in noted[: max(1, len(row.written))]]
            self.tally.reply(shift, row.shift, own)
            if row.written and self.wanted.shifts:
                told = log_probability(self.network, row.ids, row.written)
                self.tally.words(shift, told, len(row.written))
        noted.clear()

    def _shifts(self, requests: Sequence[Request]) -> list[Shift | None]:
        return [request.shift or self.wanted.shift for request in requests]

    def _row(self, request: Request) -> Row | ProviderError:
        name, temperature = self.wanted.name, self.wanted.temperature
        try:
            ids = self.chat.ids(request.messages)
        except TemplateError as error:
            return ProviderError(f"{name}: the chat template refuses: {quote(str(error), None)}")
        room = request.max_tokens if self.longest is None else self.longest - len(ids)
        if room < 1:
            return ProviderError(
                f"{name}: the conversation has {len(ids):,} tokens, and the model takes "
                f"{self.longest:,}. Shorten the study, or let its conditions have history: isolated"
            )
        forced = request.response != "text" and bool(request.choices)
        return Row(
            ids,
            None,
            stream_of(name, request),
            request.temperature if temperature is None else temperature,
            min(request.max_tokens, room),
            self.spellings.of(request.choices, forced) if request.choices else [],
            forced,
        )

    def _reply(self, request: Request, row: Row) -> Reply | ProviderError:
        if row.forced:
            return self._choice(request, row)
        words = row.written[:-1] if row.ended else row.written
        return Reply(
            text=self.chat.text(words),
            finish_reason="stop" if row.ended else "length",
            input_tokens=len(row.ids),
            output_tokens=len(row.written),
            cached_tokens=row.known,
            model=self.model_id,
            distribution=row.told and row.told.distribution,
            mass=row.told and row.told.mass,
        )

    def _choice(self, request: Request, row: Row) -> Reply | ProviderError:
        if row.told is None or row.chosen is None:
            return ProviderError(
                f"{self.wanted.name}: the model gives none of the answers "
                f"{', '.join(request.choices)} any probability, or its tokenizer cannot spell one; "
                "ask it in text (response: text in the study's condition)"
            )
        return Reply(
            text=request.choices[row.chosen],
            input_tokens=len(row.ids),
            output_tokens=1,
            cached_tokens=row.known,
            model=self.model_id,
            distribution=row.told.distribution,
            mass=row.told.mass,
        )


def _found_by(request: Request, shift: Shift) -> bytes:
    """By what the shift of a conversation, or of one turn of it, is remembered."""
    whole = repr(request.messages) if shift.timing == "turn" else ""
    return conversation_of(request) + whole.encode(errors="replace")


def closing_tokens(model: Any, tokenizer: Any) -> frozenset[int]:
    """The tokens that end a reply: the model's own, and the tokenizer's."""
    own = model.generation_config.eos_token_id if model.generation_config else None
    several = own if isinstance(own, list) else [own]
    return frozenset(t for t in (*several, tokenizer.eos_token_id) if t is not None)


def longest_conversation(model: Any) -> int | None:
    """The most tokens that a model has positions for; None where it tells none."""
    longest = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    return longest if isinstance(longest, int) and longest > 0 else None


def _is_out_of_memory(error: RuntimeError) -> bool:
    said = str(error).lower()
    return isinstance(error, torch.OutOfMemoryError) or any(w in said for w in _OUT_OF_MEMORY)
