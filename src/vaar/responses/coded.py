"""From what was said to rows of the table of responses, coded, a batch of sessions at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from vaar.coding.answer import Reason
from vaar.responses.schema import FACTS, IN_FEW_WORDS, SCHEMA, VARIED
from vaar.sessions.protocol import code_turn
from vaar.sessions.questions import Question, questions
from vaar.sessions.records import Said, Session, Turn, said_in
from vaar.study.model import Study

BATCH = 1_000
"""Sessions that are coded before their rows are handed on."""

_REMEMBERED = 10_000  # different replies to a question, and different plans of sessions
_LONGEST_REMEMBERED = 120  # characters

Shares = tuple[float, ...]
_Coded = tuple[int | None, Reason | None]
Conversation = tuple[Session, Sequence[Said]]


class Outcome(NamedTuple):
    """The outcome of asking one item: see :data:`vaar.responses.schema.SCHEMA`."""

    raw: str | None
    value: int | None
    reason: Reason | None
    attempts: int
    first_reason: Reason | None
    tokens: int
    latency: float
    distribution: tuple[float, ...] | None = None
    mass: float | None = None
    expected: float | None = None


_NOT_ASKED = Outcome(None, None, Reason.NOT_ASKED, 0, Reason.NOT_ASKED, 0, 0.0)


class AskedTurn:
    """One turn of a session's plan, with the replies to it that were coded already."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.codes = question.codes
        self._known: dict[tuple[str, str], dict[str, _Coded]] = {}

    def code(self, said: Said) -> dict[str, _Coded]:
        """The value that a reply gives, or the reason why there is none, by item."""
        key = said.text, said.finish_reason
        answers = self._known.get(key)
        if answers is None:
            found = code_turn(self.question, self.codes, said)
            answers = {code: (answer.value, answer.reason) for code, answer in found.items()}
            if len(said.text) <= _LONGEST_REMEMBERED and len(self._known) < _REMEMBERED:
                self._known[key] = answers
        return answers

    def settle(self, attempts: Sequence[Said]) -> Iterable[Outcome]:
        """Settle what a turn's attempts say of each item it asked.

        The first attempt that gives a value decides; where none does, the last one's reason stands.
        """
        if not attempts:
            return (_NOT_ASKED,) * len(self.codes)
        if len(attempts) == 1 and len(self.codes) == 1:  # nearly always
            (said,), (code,) = attempts, self.codes
            value, reason = self.code(said)[code]
            told = () if said.distribution is None is said.mass else self._told(said)
            return (Outcome(said.text, value, reason, 1, reason, said.tokens, said.latency, *told),)
        return self._settle_all(attempts)

    def _settle_all(self, attempts: Sequence[Said]) -> Iterator[Outcome]:
        coded = [self.code(said) for said in attempts]
        tokens = sum(said.tokens for said in attempts)
        latency = sum(said.latency for said in attempts)
        for code in self.codes:
            decisive = next((n for n, a in enumerate(coded) if a[code][0] is not None), -1)
            said, (value, reason) = attempts[decisive], coded[decisive][code]
            told = () if said.distribution is None is said.mass else self._told(said)
            first = coded[0][code][1]
            yield Outcome(said.text, value, reason, len(attempts), first, tokens, latency, *told)
            tokens, latency = 0, 0.0

    def _told(self, said: Said) -> tuple[Shares | None, float | None, float | None] | tuple[()]:
        """Distribution over the scale, its mass, and its mean, where the decisive reply has one."""
        given, scale = said.distribution, self.question.scale
        if scale is None or self.question.block:
            return ()
        if given is None:
            return None, said.mass, None
        if len(given) != len(scale.values):
            return ()
        given = given[::-1] if self.question.mirrored else given
        expected = sum(p * value for p, value in zip(given, scale.values, strict=True))
        return given, said.mass, expected


class _Plan:
    """The turns of all sessions that are asked alike, and what is the same in all their rows."""

    def __init__(self, study: Study, session: Session) -> None:
        self.asked = [AskedTurn(question) for question in questions(study, session)]
        rows = [(one.question, code) for one in self.asked for code in one.codes]
        self.size = len(rows)
        self.fixed: dict[str, Sequence[object]] = {
            "instrument": [question.instrument.code for question, _ in rows],
            "item": [code for _, code in rows],
            "direction": ["" if q.scale is None else q.scale_direction for q, _ in rows],
            "position": range(1, self.size + 1),
        }


_SESSION = ("group", "session", "condition", "replicate", *VARIED, FACTS)


def conversations(sessions: Iterable[Session], turns: Iterable[Turn]) -> Iterator[Conversation]:
    """Each session with what was said in it; turns of other sessions are left out.

    Parameters
    ----------
    sessions : iterable of Session
        In ascending order of number.
    turns : iterable of Turn
        Ordered by session, turn and attempt.
    """
    told = groupby(turns, key=lambda turn: turn.session)
    current, its_turns = next(told, (None, iter(())))
    for session in sessions:
        while current is not None and current < session.number:
            current, its_turns = next(told, (None, iter(())))
        yield session, [said_in(t) for t in its_turns] if current == session.number else []


def coded_batches(study: Study, told: Iterable[Conversation]) -> Iterator[pa.RecordBatch]:
    """Code every reply and lay the answers out, one row per session × item.

    Parameters
    ----------
    told : iterable of (Session, sequence of Said)
        Each session with what was said in it, in the order of turns and attempts.

    Yields
    ------
    pyarrow.RecordBatch
        With the columns of :data:`vaar.responses.schema.SCHEMA`; those of few words, such as the
        group, as dictionaries.
    """
    plans: dict[object, _Plan] = {}
    batch = _Batch()
    for session, said in told:
        key = _asked_alike(session)
        plan = plans.get(key)
        if plan is None:
            if len(plans) >= _REMEMBERED:
                plans.clear()
            plan = plans[key] = _Plan(study, session)
        batch.add(session, plan, said)
        if batch.sessions >= BATCH:
            yield batch.finish()
            batch = _Batch()
    yield batch.finish()


def _asked_alike(session: Session) -> object:
    """What sessions have in common whose turns ask the same in the same order."""
    return (
        session.condition,
        session.instrument_order,
        session.item_order,
        session.scale_direction,
        session.paraphrase,
        session.facts,
        None if session.item_order == "fixed" else session.seed,
    )


class _Batch:
    """Rows of some sessions, as columns."""

    def __init__(self) -> None:
        self.sessions = 0
        self._sizes: list[int] = []
        self._of_session: dict[str, list[object]] = {name: [] for name in _SESSION}
        self._fixed: dict[str, list[object]] = {}
        self._outcomes: list[Outcome] = []

    def add(self, session: Session, plan: _Plan, said: Sequence[Said]) -> None:
        """Add the rows of a session."""
        self.sessions += 1
        self._sizes.append(plan.size)
        for name, value in zip(_SESSION, _session_values(session), strict=True):
            self._of_session[name].append(value)
        for name, values in plan.fixed.items():
            self._fixed.setdefault(name, []).extend(values)
        self._add_outcomes(plan, said)

    def _add_outcomes(self, plan: _Plan, said: Sequence[Said]) -> None:
        place, n, add = 0, len(said), self._outcomes.extend
        for asked in plan.asked:
            first, turn = place, asked.question.turn
            while place < n and said[place].turn == turn:
                place += 1
            add(asked.settle(said[first:place]))

    def finish(self) -> pa.RecordBatch:
        """The rows as Arrow has them."""
        sizes = np.array(self._sizes, np.int64)
        columns = {}
        for name, of_sessions in self._of_session.items():
            columns[name] = _repeated(_array(name, of_sessions), sizes)
        outcomes = zip(Outcome._fields, zip(*self._outcomes, strict=True), strict=bool(sizes.size))
        for name, of_rows in (*self._fixed.items(), *outcomes):
            columns[name] = _array(name, of_rows)
        arrays = [columns.get(name, _array(name, [])) for name in SCHEMA.names]
        return pa.RecordBatch.from_arrays(arrays, names=SCHEMA.names)


def _session_values(session: Session) -> tuple[object, ...]:
    return (
        session.group,
        session.number,
        session.condition,
        session.replicate,
        session.persona,
        " ".join(session.instrument_order),
        session.item_order,
        session.scale_direction,
        session.paraphrase,
        facts_cell(session.facts),
    )


def facts_cell(facts: Iterable[tuple[str, str]]) -> str:
    """What was drawn of the study's facts, as tables hold it: see :data:`FACTS`."""
    drawn = dict(facts)
    return json.dumps(drawn, ensure_ascii=False) if drawn else ""


def _array(name: str, values: Sequence[object]) -> pa.Array:
    array = pa.array(values, SCHEMA.field(name).type)
    return array.dictionary_encode() if name in IN_FEW_WORDS else array


def _repeated(array: pa.Array, sizes: np.ndarray) -> pa.Array:
    return array.take(pa.array(np.repeat(np.arange(len(sizes)), sizes)))
