"""The tidy table of responses: one row per session × item, rebuilt from the journal at will."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from vaar.coding.answer import Answer, Reason
from vaar.coding.rules import RULES_VERSION
from vaar.errors import RunDirectoryError
from vaar.sessions.protocol import code_turn
from vaar.sessions.questions import Question, questions
from vaar.sessions.records import Session, Turn
from vaar.study.model import Study

VARIED = ("persona", "order", "items", "options", "wording")
"""What may differ between the sessions of one group."""

_RULES = b"vaar_coding_rules"
FIRST_RULES = 1
"""Version of the coding rules of a table that does not name one."""

FACTS = "facts"
"""Column: what was drawn of the study's facts, as a JSON object; empty where it has none."""

_LATER = (FACTS, "direction")  # columns that tables of earlier versions do not have

SCHEMA = pa.schema(
    [
        ("group", pa.string()),
        ("session", pa.int64()),
        ("condition", pa.string()),
        ("replicate", pa.int32()),
        *((name, pa.string()) for name in VARIED),
        (FACTS, pa.string()),
        ("direction", pa.string()),
        ("instrument", pa.string()),
        ("item", pa.string()),
        ("position", pa.int32()),
        ("raw", pa.string()),
        ("value", pa.int32()),
        ("reason", pa.string()),
        ("attempts", pa.int32()),
        ("first_reason", pa.string()),
        ("tokens", pa.int64()),
        ("latency", pa.float64()),
        ("distribution", pa.list_(pa.float64())),
        ("mass", pa.float64()),
        ("expected", pa.float64()),
    ],
    metadata={_RULES: str(RULES_VERSION).encode()},
)


@dataclass(frozen=True, slots=True)
class Response:
    """The outcome of asking one item: the decisive reply, its coded answer, what it cost.

    Attributes
    ----------
    first_reason : Reason or None
        Why the first reply had no value, whatever was said when the item was asked again.
    """

    item: str
    raw: str | None
    answer: Answer
    attempts: int
    first_reason: Reason | None
    tokens: int
    latency: float
    distribution: tuple[float, ...] | None = None
    mass: float | None = None
    expected: float | None = None


def build_table(study: Study, sessions: Sequence[Session], turns: Iterable[Turn]) -> pa.Table:
    """Code every reply and lay the answers out, one row per session × item.

    Parameters
    ----------
    sessions : sequence of Session
        In ascending order of number.
    turns : iterable of Turn
        Ordered by session, turn and attempt.

    Returns
    -------
    pyarrow.Table
        With :data:`SCHEMA`. ``value`` is null exactly where ``reason`` names why; that of an item
        answered in words is ``not_coded``, and its answer stands under ``raw``. Items that a
        session never reached have the reason ``not_asked``. Where one turn asked a whole
        instrument, its tokens and seconds stand in the row of the instrument's first item.
    """
    said = groupby(turns, key=lambda turn: turn.session)
    columns: dict[str, list[object]] = {name: [] for name in SCHEMA.names}
    current, its_turns = next(said, (None, iter(())))
    for session in sessions:
        while current is not None and current < session.number:
            current, its_turns = next(said, (None, iter(())))
        here = its_turns if current == session.number else ()
        _append(columns, session, questions(study, session), here)
    return pa.table(columns, schema=SCHEMA)


def facts_cell(facts: Iterable[tuple[str, str]]) -> str:
    """What was drawn of the study's facts, as tables hold it: see :data:`FACTS`."""
    drawn = dict(facts)
    return json.dumps(drawn, ensure_ascii=False) if drawn else ""


def _append(
    columns: dict[str, list[object]],
    session: Session,
    plan: Sequence[Question],
    turns: Iterable[Turn],
) -> None:
    attempts: dict[int, list[Turn]] = {}
    for turn in turns:
        attempts.setdefault(turn.turn, []).append(turn)
    position = 0
    facts = facts_cell(session.facts)
    for question in plan:
        for response in settle(question, attempts.get(question.turn, [])):
            position += 1
            row = (
                session.group,
                session.number,
                session.condition,
                session.replicate,
                session.persona,
                " ".join(session.instrument_order),
                session.item_order,
                session.scale_direction,
                session.paraphrase,
                facts,
                "" if question.scale is None else question.scale_direction,
                question.instrument.code,
                response.item,
                position,
                response.raw,
                response.answer.value,
                response.answer.reason,
                response.attempts,
                response.first_reason,
                response.tokens,
                response.latency,
                response.distribution,
                response.mass,
                response.expected,
            )
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)


def settle(question: Question, attempts: Sequence[Turn]) -> Iterator[Response]:
    """Settle what a turn's attempts say of each item it asked.

    The first attempt that gives a value decides; where none does, the last one's reason stands.
    """
    coded = [code_turn(question, question.codes, turn.reply) for turn in attempts]
    tokens = sum(turn.reply.input_tokens + turn.reply.output_tokens for turn in attempts)
    latency = sum(turn.reply.latency for turn in attempts)
    for code in question.codes:
        decisive = next(
            (n for n, answers in enumerate(coded) if answers[code].value is not None), -1
        )
        answer = coded[decisive][code] if coded else Answer(None, Reason.NOT_ASKED)
        raw = attempts[decisive].reply.text if attempts else None
        told = _told(question, attempts[decisive]) if attempts else ()
        first = coded[0][code].reason if coded else Reason.NOT_ASKED
        yield Response(code, raw, answer, len(attempts), first, tokens, latency, *told)
        tokens, latency = 0, 0.0


def _told(
    question: Question, turn: Turn
) -> tuple[tuple[float, ...] | None, float | None, float | None] | tuple[()]:
    """Distribution over the scale, its mass, and its mean, where the decisive reply has one."""
    given, scale = turn.reply.distribution, question.scale
    if scale is None or question.block:
        return ()
    if given is None:
        return None, turn.reply.mass, None
    if len(given) != len(scale.values):
        return ()
    given, values = (given[::-1] if question.mirrored else given), scale.values
    return given, turn.reply.mass, sum(p * value for p, value in zip(given, values, strict=True))


def write_table(table: pa.Table, path: Path) -> None:
    """Write the table as parquet."""
    pq.write_table(table, path, compression="zstd")


def rules_of(path: Path) -> int:
    """Version of the rules by which the replies of a stored table were coded.

    Raises
    ------
    RunDirectoryError
        The file is missing or damaged.
    """
    try:
        metadata = pq.read_schema(path).metadata or {}
        return int(metadata.get(_RULES, FIRST_RULES))
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def read_table(path: Path) -> pd.DataFrame:
    """Read the table into pandas, with nullable integers.

    Raises
    ------
    RunDirectoryError
        The file is missing, damaged, or lacks a column.
    """
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise _unreadable(path, error) from error
    for name in _LATER:
        if name not in table.column_names:
            table = table.append_column(name, pa.array([""] * len(table), pa.string()))
    missing = [name for name in SCHEMA.names if name not in table.column_names]
    if missing == ["first_reason"]:  # written before first refusals were kept
        table = table.append_column("first_reason", pa.nulls(len(table), pa.string()))
    elif missing:
        raise RunDirectoryError(f"{path}: lacks the columns {', '.join(missing)}.")
    return to_pandas(table)


def _unreadable(path: Path, error: Exception) -> RunDirectoryError:
    return RunDirectoryError(
        f"{path}: cannot be read as parquet ({error}). The journal holds every reply: "
        "delete this file and run `vaar analyze` again to rebuild it."
    )


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """The table in pandas; ``value`` and the counts become nullable integers."""
    frame: pd.DataFrame = table.to_pandas()
    return frame.astype(
        {"value": "Int64", "replicate": "Int64", "position": "int64", "attempts": "int64"}
    )
