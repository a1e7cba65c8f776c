"""From logs of Inspect AI to a run directory, as if `vaar run` had asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vaar.errors import LogError, RunDirectoryError
from vaar.journal.journal import Journal
from vaar.journal.lock import locked
from vaar.journal.replace import replacing_journal
from vaar.pipeline.claiming.calls import CALLS, IMPORT, this_call
from vaar.pipeline.claiming.identity import identity_of_blocks, planned_again
from vaar.pipeline.provenance import command, now, versions
from vaar.pipeline.rundir import BEING_MADE, claim
from vaar.respondents.inspect_models.conversion import is_simulated
from vaar.respondents.simulated.populations import SIMULATED
from vaar.sessions.plan import Block
from vaar.sessions.records import Session, Status
from vaar.sessions.runner.budget import FREE
from vaar.study.dump import dump_study
from vaar.vocabulary import HUMAN

if TYPE_CHECKING:
    from vaar.inspect_bridge.log import LoggedSession, StudyLog

_LONGEST_NAME = 100


@dataclass(frozen=True)
class Imported:
    """What an import brought in.

    Attributes
    ----------
    directory : Path
        The run directory.
    respondents : tuple of str
    sessions : Counter
        By status: complete, failed, pending.
    simulated : tuple of str
        Respondents that are no models.
    """

    directory: Path
    respondents: tuple[str, ...]
    sessions: Counter[Status]
    simulated: tuple[str, ...]


def import_logs(logs: Sequence[str | Path], out: str | Path, names: Sequence[str] = ()) -> Imported:
    """Make a run directory of the logs of one study; nothing is asked or analysed.

    Parameters
    ----------
    logs : sequence of str or Path
        Files of Inspect AI, ``.eval`` or ``.json``: several models, or parts of one.
    out : str or Path
        A new or empty directory.
    names : sequence of str
        The respondents' names, one for each log; by default ``inspect/PROVIDER/MODEL``.

    Raises
    ------
    LogError
        A log is no log of a vaar study, is damaged, or does not belong to the others.
    RunDirectoryError
        The directory holds something, or cannot be written.
    """
    read = _read(logs, names)
    _require_one_study(read)
    identity = _identity(read)
    planned = planned_again(read[0].study, identity)
    found = _found(read, planned)
    files, there = claim(Path(out), IMPORT)
    if there is not None and BEING_MADE not in files.read_run():
        raise RunDirectoryError(
            f"{out}: holds a run already. Choose a new or empty directory with --out"
        )
    with locked(files.path):
        files.remove_half_written()
        with replacing_journal(files.journal) as journal:
            counts = _fill(journal, planned, found)
            record = _record(read, identity, planned, counts)
            files.write_run(record | {BEING_MADE: IMPORT})
            files.write_text(files.study.name, dump_study(read[0].study))
        files.write_run(record)
    simulated = tuple(r["name"] for r in record["respondents"] if r["simulated"])
    return Imported(files.path, tuple(identity["respondents"]), counts, simulated)


def _read(logs: Sequence[str | Path], names: Sequence[str]) -> list[StudyLog]:
    from vaar.inspect_bridge.log import read_study_log

    if not logs:
        raise LogError("there is nothing to import: name the logs of `inspect eval`")
    if names and len(names) != len(logs):
        raise LogError(
            f"{len(names)} names are given for {len(logs)} logs: give --name once for each log, in "
            "their order, or not at all"
        )
    named = zip(logs, names or repeat(None, len(logs)), strict=True)
    read = [read_study_log(Path(log), name) for log, name in named]
    for log in read:
        _check_name(log)
    return read


def _check_name(log: StudyLog) -> None:
    name, problem = log.name, ""
    if name == HUMAN or name.startswith(SIMULATED):
        problem = f"the name {name!r} is kept for people's answers or for simulated populations"
    elif not (name.strip() and name.isprintable() and len(name) <= _LONGEST_NAME):
        problem = f"a respondent's name has 1 to {_LONGEST_NAME} printable characters"
    if problem:
        raise LogError(f"{log.path}: {problem}; give another with --name")


def _require_one_study(read: Sequence[StudyLog]) -> None:
    first = read[0]
    for log in read[1:]:
        if log.hash != first.hash:
            raise LogError(
                f"{first.path} and {log.path}: hold different studies ({first.study.name} "
                f"{first.hash[:12]} and {log.study.name} {log.hash[:12]}). Import the logs of one "
                "study, asked with the same conditions"
            )
        if log.seed_rule != first.seed_rule:
            raise LogError(
                f"{first.path} and {log.path}: are of versions of vaar that draw the turns' seeds "
                "differently. Import them into directories of their own, and merge these"
            )
        if log.seed != first.seed:
            raise LogError(
                f"{first.path} and {log.path}: have different seeds ({first.seed} and {log.seed}), "
                "so their sessions are not the same. Import logs that have one (-T seed=…)"
            )


def _identity(read: Sequence[StudyLog]) -> dict[str, Any]:
    """As a `vaar run` of the same sessions has it."""
    return {
        "study": read[0].study.name,
        "study_hash": read[0].hash,
        **identity_of_blocks(
            [
                Block(
                    tuple(dict.fromkeys(log.name for log in read)),
                    max(log.sessions for log in read),
                    read[0].seed,
                    read[0].seed_rule,
                )
            ]
        ),
        "base_url": None,
    }


_Key = tuple[str, str, int]


def _key(session: Session) -> _Key:
    return session.respondent, session.condition, session.replicate


def _found(read: Sequence[StudyLog], planned: Sequence[Session]) -> dict[int, LoggedSession]:
    """What the logs hold, by number of the session in the run."""
    numbers = {_key(session): session.number for session in planned}
    found: dict[int, LoggedSession] = {}
    source: dict[int, Path] = {}
    for log in read:
        for logged in log.logged:
            number = numbers[_key(logged.session)]
            if number in found:
                raise _twice(logged.session, source[number], log.path)
            found[number], source[number] = logged, log.path
    return found


def _twice(session: Session, one: Path, other: Path) -> LogError:
    where = f"{one} and {other}" if one != other else f"{one}"
    return LogError(
        f"{where}: session {session.replicate} of {session.group} is there twice. Of an eval that "
        "was retried give the last log only; name a model that was asked twice in two ways (--name)"
    )


def _fill(
    journal: Journal, planned: Sequence[Session], found: Mapping[int, LoggedSession]
) -> Counter[Status]:
    """Enter what the logs hold."""
    counts: Counter[Status] = Counter()
    journal.plan(planned)
    for session in planned:
        logged = found.get(session.number)
        counts[logged.status if logged else "pending"] += 1
        if logged:
            turns = (replace(turn, session=session.number) for turn in logged.turns)
            journal.enter(turns, [(session.number, logged.status, logged.reason)])
    return counts


def _record(
    read: Sequence[StudyLog],
    identity: dict[str, Any],
    planned: Sequence[Session],
    counts: Mapping[Status, int],
) -> dict[str, Any]:
    simulated = {log.name for log in read if _is_simulated(log)}
    groups: dict[str, dict[str, None]] = {name: {} for name in identity["respondents"]}
    for session in planned:
        groups[session.respondent][session.group] = None
    return {
        "identity": identity,
        **versions(),
        "command": command(),
        CALLS: [this_call(groups, identity["sessions"], IMPORT)],
        "started": min(str(log.origin["started"]) for log in read),
        "finished": None if counts["pending"] else max(_completed(log) for log in read),
        "seed": identity["seed"],
        "sessions": identity["sessions"],
        "respondents": [
            {"name": name, "simulated": name in simulated, "groups": list(own)}
            for name, own in groups.items()
        ],
        "prices": {name: asdict(FREE) if name in simulated else None for name in groups},
        "faults": {},
        "options": {},
        "imported": [log.origin for log in read],
    }


def _is_simulated(log: StudyLog) -> bool:
    said = (turn.reply for logged in log.logged for turn in logged.turns)
    return is_simulated(log.model) or any(reply.simulated for reply in said)


def _completed(log: StudyLog) -> str:
    return str(log.origin["completed"]) or now()
