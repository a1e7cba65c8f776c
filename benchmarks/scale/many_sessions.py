"""A run directory of many sessions, written through the package's own journal: simulated answers.

Answers are those of the package's simulated populations. Of the replies 92 % are the bare number,
7 % the number with its label, 1 % a sentence that no other reply has, which takes some 0.3 ms to
code; of 1 % of the items a refusal stands before, which was asked again.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

from vaar.journal.journal import Journal
from vaar.pipeline.claiming.identity import identity_of_blocks
from vaar.pipeline.provenance import now, versions
from vaar.pipeline.rundir import RunDirectory, make_directory
from vaar.respondents.base import Reply
from vaar.respondents.simulated.answer_model import answers
from vaar.respondents.simulated.populations import POPULATIONS
from vaar.sessions.plan import Block, plan_blocks
from vaar.sessions.protocol import questions
from vaar.sessions.records import Session, Turn
from vaar.study.dump import dump_study, study_hash
from vaar.study.load import load_study
from vaar.study.model import Study

STUDY = "privacy_prosocial_published"
BATCH = 1_000  # sessions
RECEIVED = 2  # tokens of a reply


def write_run(directory: Path, groups: int, sessions: int) -> Path:
    """Write a finished run of so many groups with so many sessions each; one that is there stays.

    Every group is a copy of one of the simulated populations whose answers vary, and is labelled
    simulated.
    """
    if (directory / "run.json").is_file():
        return directory
    study = load_study(STUDY)
    make_directory(directory)
    files = RunDirectory(directory)
    populations = [p for p in POPULATIONS.values() if p.name not in ("constant", "acquiescent")]
    names = [f"{populations[k % len(populations)].name}-{k:04}" for k in range(groups)]
    block = Block(tuple(names), sessions, 1)
    planned = plan_blocks(study, [block])
    places = {item.code: k for k, item in enumerate(_items(study))}
    kinds = {name: k % len(populations) for k, name in enumerate(names)}
    with closing(Journal(files.journal)) as journal:
        journal.plan(planned)
        for batch in _batches(planned):
            for k, population in enumerate(populations):
                own = [s for s in batch if kinds[s.respondent] == k]
                values = answers(population, study, [s.number for s in own])
                turns = (
                    turn
                    for session, said in zip(own, values, strict=True)
                    for turn in _turns(study, session, said, places)
                )
                journal.enter(turns, [(s.number, "complete", None) for s in own])
        journal.count_anew()
    files.write_text(files.study.name, dump_study(study))
    files.write_run(_record(study, block, names))
    return directory


def _batches(planned: Sequence[Session]) -> Iterator[list[Session]]:
    waiting = iter(planned)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _items(study: Study) -> Iterator[object]:
    for instrument in study.instruments:
        yield from instrument.items


def _turns(
    study: Study, session: Session, values: Sequence[int], places: dict[str, int]
) -> Iterator[Turn]:
    draw, sent = random.Random(session.number), 300
    for question in questions(study, session):
        value = int(values[places[question.codes[0]]])
        labels = question.instrument.scale.labels
        label = labels[value - question.instrument.scale.first]
        kind, attempt = draw.random(), 0
        if kind < 0.01:
            yield _turn(session, question.turn, 0, "I would rather not answer that.", sent)
            attempt = 1
        text = f"{value}"
        if kind > 0.99:
            text = f"{value}. My own case {session.number}-{question.turn} is no other's."
        elif kind > 0.92:
            text = f"{value} - {label}"
        yield _turn(session, question.turn, attempt, text, sent)
        sent += 60


def _turn(session: Session, turn: int, attempt: int, text: str, sent: int) -> Turn:
    said = Reply(text, "stop", sent, RECEIVED, sent // 2, 0.25, session.respondent, True)
    return Turn(session.number, turn, attempt, said, session.seed)


def _record(study: Study, block: Block, names: Sequence[str]) -> dict[str, object]:
    identity = {
        "study": study.name,
        "study_hash": study_hash(study),
        **identity_of_blocks([block]),
        "base_url": None,
    }
    return {
        "identity": identity,
        **versions(),
        "command": "benchmarks/scale",
        "started": now(),
        "finished": now(),
        "seed": block.seed,
        "sessions": block.sessions,
        "respondents": [{"name": n, "simulated": True, "groups": [n]} for n in names],
        "prices": {},
        "faults": {},
        "options": {},
    }


def size_of(directory: Path) -> float:
    """Megabytes of the journal."""
    return (directory / "journal.sqlite").stat().st_size / 1e6


def described(directory: Path) -> str:
    """Groups and sessions of a run directory that :func:`write_run` wrote."""
    run = json.loads((directory / "run.json").read_text(encoding="utf-8"))
    groups = len(run["respondents"])
    return f"{groups:,} groups × {run['sessions']:,} sessions, {size_of(directory):,.0f} MB"
