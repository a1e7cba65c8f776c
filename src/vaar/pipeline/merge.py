"""From the directories of several shards to one run directory, as if one machine had asked all."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vaar.errors import RunDirectoryError
from vaar.journal.journal import Journal
from vaar.journal.lock import locked
from vaar.journal.merge import United, unite
from vaar.journal.replace import replacing_journal
from vaar.pipeline.claiming.calls import CALLS, MERGE, calls_of_all, this_call
from vaar.pipeline.claiming.claim_run import planned_sessions
from vaar.pipeline.claiming.identity import (
    PLANNED,
    SHARD,
    add_block,
    blocks_in,
    differences_of_kind,
    joined,
    planned_again,
)
from vaar.pipeline.provenance import command, now, versions
from vaar.pipeline.rundir import BEING_MADE, EDITED, GROWN_FROM, RUN, RunDirectory, claim
from vaar.sessions.plan import Block
from vaar.sessions.records import Session, Status
from vaar.sessions.shard import Shard
from vaar.study.load import load_study
from vaar.study.model import Study


@dataclass(frozen=True)
class Merged:
    """What a merge brought together.

    Attributes
    ----------
    directory : Path
        The merged run directory.
    sessions : Counter
        By status: complete, failed, pending.
    missing : tuple of Shard
        Shards that were not given; their sessions are pending.
    twice : int
        Sessions that several of the directories hold, the one merged into among them; each counts
        once.
    """

    directory: Path
    sessions: Counter[Status]
    missing: tuple[Shard, ...]
    twice: int = 0


def merge(directories: Sequence[str | Path], out: str | Path) -> Merged:
    """Bring the shards of one run together; called again with more of them, add these.

    Nothing is asked or analysed, and the shards stay as they are.

    Parameters
    ----------
    directories : sequence of str or Path
        Run directories of one run, in any order: shards, or what an earlier merge made. Shards may
        be unfinished or missing.
    out : str or Path
        A new or empty directory, or one that holds this run.

    Raises
    ------
    RunDirectoryError
        The directories hold different runs, or different replies to the same session; one is
        damaged, cannot be used, or is in use.
    """
    sources = _sources(directories)
    target = Path(out)
    _common([(source, source.read_run()) for source in sources])  # before anything is made
    with ExitStack() as held:
        for directory in _apart(sources, target):
            held.enter_context(locked(directory.path))
        files, found = claim(target, MERGE)
        held.enter_context(locked(target))
        files.remove_half_written()
        if found is not None and BEING_MADE not in files.read_run():
            sources = [files, *_apart(sources, target)]
        return _merge([(source, source.read_run()) for source in sources], files)


def _merge(
    runs: Sequence[tuple[RunDirectory, dict[str, Any]]],
    files: RunDirectory,
) -> Merged:
    identity, shards = _common(runs)
    first = runs[0][0]
    study = load_study(first.study, asked=True)
    planned = planned_again(study, identity)
    people = _people([source for source, _ in runs])
    records = [run for _, run in runs]
    done = {Shard.parse(text) for run in records for text in _shards_in(run)} | shards
    with replacing_journal(files.journal) as union:
        united = _united(runs, study, planned, union)
        counts = united.sessions
        record = _record(records, identity, planned, counts, done)
        if _is_same(first.path, files.path):  # its journal has what it had before
            before = records[0]
            files.write_run(record | {GROWN_FROM: before.get(GROWN_FROM, before["identity"])})
        else:
            files.write_run(record | {BEING_MADE: MERGE})
            files.write_bytes(files.study.name, first.study.read_bytes())
            files.human.unlink(missing_ok=True)
        if people is not None:
            files.write_bytes(files.human.name, people)
    files.write_run(record)
    return Merged(files.path, counts, _missing(done, counts), united.twice)


def _sources(directories: Sequence[str | Path]) -> list[RunDirectory]:
    if not directories:
        raise RunDirectoryError("there is nothing to merge: name the directories of the shards")
    unique = {os.path.realpath(directory): Path(directory) for directory in directories}
    return [RunDirectory(path) for path in unique.values()]


def _apart(sources: Sequence[RunDirectory], target: Path) -> list[RunDirectory]:
    return [source for source in sources if not _is_same(source.path, target)]


def _is_same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _common(
    runs: Sequence[tuple[RunDirectory, dict[str, Any]]],
) -> tuple[dict[str, Any], set[Shard]]:
    """The identity of the whole run, and the shards that are given."""
    first = runs[0][0]
    identities = [_identity(source, run) for source, run in runs]
    shards = {Shard.parse(str(own[SHARD])) for own in identities if SHARD in own}
    wholes = [{key: own[key] for key in own if key != SHARD} for own in identities]
    for (source, _), own in zip(runs, wholes, strict=True):
        _require_one_kind(first, wholes[0], source, own, sharded=bool(shards))
    if len({shard.count for shard in shards}) > 1:
        said = ", ".join(sorted(map(str, shards)))
        raise RunDirectoryError(
            f"the shards {said} are of different divisions of the run, and would overlap. Merge "
            "shards that are all i/N with the same N."
        )
    blocks: list[Block] = []
    for own in wholes:
        for block in blocks_in(own):
            blocks = add_block(blocks, block)
    return joined(wholes, blocks), shards


def _identity(source: RunDirectory, run: dict[str, Any]) -> dict[str, Any]:
    identity = run.get("identity")
    try:
        if not isinstance(identity, dict):
            raise TypeError("it is none")
        blocks_in(identity)
    except (KeyError, TypeError, ValueError) as error:
        raise RunDirectoryError(
            f"{source.path / RUN}: holds no identity of a run ({type(error).__name__}: {error}). "
            "Restore it from a copy, or leave this directory out."
        ) from error
    return identity


def _require_one_kind(
    first: RunDirectory,
    one: dict[str, Any],
    second: RunDirectory,
    other: dict[str, Any],
    sharded: bool,
) -> None:
    """Refuse runs that cannot be one: all but respondents, sessions and seeds must be the same.

    Shards must be of one division of the same sessions.
    """
    differences = list(differences_of_kind(one, other, "{!r} and {!r}"))
    if sharded:
        differences += [
            f"  {key}: {one.get(key)!r} and {other.get(key)!r}"
            for key in dict.fromkeys([*one, *other])
            if key in PLANNED and one.get(key) != other.get(key)
        ]
    if differences:
        advice = (
            "Merge shards that were started by one command, but for --shard and --out."
            if sharded
            else "Merge runs of one study that were asked in the same way."
        )
        raise RunDirectoryError(
            f"{first.path} and {second.path}: hold different runs.\n"
            + "\n".join(differences)
            + f"\n{advice}"
        )


def _people(sources: Sequence[RunDirectory]) -> bytes | None:
    """The people's answers of the sources; None where there are none."""
    there = [source.human for source in sources if source.human.is_file()]
    if len({path.read_bytes() for path in there}) > 1:
        raise RunDirectoryError(
            f"{' and '.join(map(str, there))}: are not the same people. Leave one human reference "
            "file in the shards, or none and give it to `vaar run --human` afterwards."
        )
    return there[0].read_bytes() if there else None


def _united(
    runs: Sequence[tuple[RunDirectory, dict[str, Any]]],
    study: Study,
    planned: Sequence[Session],
    union: Journal,
) -> United:
    with ExitStack() as opened:
        journals = []
        for source, run in runs:
            journal = opened.enter_context(closing(Journal.existing(source.journal)))
            if not journal.is_empty:
                journal.require_planned(*planned_sessions(source, study, run))
            journals.append(journal)
        return unite(journals, planned, union)


def _record(
    runs: Sequence[dict[str, Any]],
    identity: dict[str, Any],
    planned: Sequence[Session],
    counts: Mapping[Status, int],
    shards: set[Shard],
) -> dict[str, Any]:
    simulated = {r["name"] for run in runs for r in run["respondents"] if r["simulated"]}
    groups: dict[str, dict[str, None]] = {name: {} for name in identity["respondents"]}
    for session in planned:
        groups[session.respondent][session.group] = None
    imported = [log for run in runs for log in run.get("imported", [])]
    first = {key: value for key, value in runs[0].items() if key != "grown"}
    return first | {
        "identity": identity,
        "seed": identity["seed"],
        "sessions": identity["sessions"],
        "prices": {name: told for run in runs for name, told in run.get("prices", {}).items()},
        **versions(),
        "command": command(),
        CALLS: [*calls_of_all(runs), this_call(groups, identity["sessions"], MERGE)],
        "started": min(str(run["started"]) for run in runs),
        "finished": None if counts["pending"] else now(),
        "respondents": [
            {"name": name, "simulated": name in simulated, "groups": list(own)}
            for name, own in groups.items()
        ],
        "faults": _faults(runs),
        "merged": sorted(map(str, shards)),
        **({"imported": imported} if imported else {}),
        **({EDITED: True} if any(run.get(EDITED) for run in runs) else {}),
    }


def _faults(runs: Sequence[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Faults over all shards, each counted once; what was merged before counts them already."""
    by_shard: dict[str, dict[str, Counter[str]]] = {}
    for run in runs:
        own = by_shard.setdefault(run["identity"].get(SHARD, ""), {})
        for name, kinds in run.get("faults", {}).items():
            own[name] = own.get(name, Counter()) | Counter[str](kinds)
    total = by_shard.pop("", {})
    names = dict.fromkeys(name for own in (total, *by_shard.values()) for name in own)
    summed = {
        name: sum((own.get(name, Counter()) for own in by_shard.values()), Counter[str]())
        for name in names
    }
    return {name: dict(summed[name] | total.get(name, Counter())) for name in names}


def _shards_in(run: dict[str, Any]) -> list[str]:
    return [str(text) for text in run.get("merged", [])]


def _missing(shards: set[Shard], counts: Mapping[Status, int]) -> tuple[Shard, ...]:
    if not shards or not counts["pending"]:
        return ()
    count = next(iter(shards)).count
    everyone = (Shard(number, count) for number in range(1, count + 1))
    return tuple(shard for shard in everyone if shard not in shards)
