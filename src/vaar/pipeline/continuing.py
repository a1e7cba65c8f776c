"""How a run goes on: the commands for it, of a run that was asked here and of an imported one."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Mapping
from typing import Any

from vaar.pipeline.claiming.calls import IMPORT, MERGE, Call, calls_of
from vaar.pipeline.provenance import FROM_PYTHON
from vaar.pipeline.rundir import RunDirectory
from vaar.respondents.inspect_models.conversion import THROUGH_INSPECT

REACHED = "caps_reached"
"""Key in ``run.json``: the options for caps that a call of the run has reached."""

ANOTHER_LOG = "`inspect eval-retry`, then `vaar import` of the new log into a new directory"
SAME_CALL = "the call of vaar.run() that started it"
UNTOLD = "the command that started it, which run.json does not tell"
_FURTHER = {SAME_CALL: ", with retry_failed=True", UNTOLD: ", with --retry-failed", ANOTHER_LOG: ""}


def to_go_on(
    files: RunDirectory, run: Mapping[str, Any], respondents: Collection[str] | None = None
) -> str:
    """What asks the sessions that are pending.

    Parameters
    ----------
    run : mapping
        ``run.json``.
    respondents : collection of str, optional
        Those that are to be asked; by default all.
    """
    return "; ".join(_ways(files, run, respondents))


def to_retry(
    files: RunDirectory, run: Mapping[str, Any], respondents: Collection[str] | None = None
) -> str:
    """What asks the sessions that failed again; parameters as of :func:`to_go_on`."""
    ways = _ways(files, run, respondents)
    return "; ".join(way + _FURTHER.get(way, " --retry-failed") for way in ways)


def as_told(call: Call) -> str:
    """The command of a call, where vaar wrote it; a directory may come from a stranger."""
    if call.command == FROM_PYTHON:
        return f"vaar.{call.by if call.by in (IMPORT, MERGE) else 'run'}() in Python"
    return call.command if _is_of_vaar(call.command) else "a command that run.json does not tell"


def with_cap(run: Mapping[str, Any], stopped: str) -> dict[str, Any]:
    """The record with the cap that stopped a call, which a further call is not to have.

    Parameters
    ----------
    stopped : str
        How the call was stopped, in words that begin with the option; empty where it was not.
    """
    option = stopped.partition(" ")[0]
    reached = {*run.get(REACHED, ()), option} if option.startswith("--max-") else set()
    return dict(run) | ({REACHED: sorted(reached)} if reached else {})


def _ways(
    files: RunDirectory, run: Mapping[str, Any], respondents: Collection[str] | None
) -> list[str]:
    """The calls that together ask all that was asked for, each once, in the order of time."""
    asking = [call for call in calls_of(run) if call.by != MERGE] or calls_of(run)
    return list(dict.fromkeys(_way(files, run, c) for c in _needed(asking, respondents)))


def _needed(calls: list[Call], respondents: Collection[str] | None) -> list[Call]:
    """For every respondent the last of the calls that ask most of it, in the order of time."""
    most: dict[str, Call] = {}
    for call in calls:
        for name in call.respondents:
            if name not in most or call.sessions >= most[name].sessions:
                most[name] = call
    needed = {call for name, call in most.items() if respondents is None or name in respondents}
    return [call for call in calls if call in needed]


def _way(files: RunDirectory, run: Mapping[str, Any], call: Call) -> str:
    if call.by == IMPORT:
        return _asked_from_here(files, run["identity"], call) or ANOTHER_LOG
    if call.command == FROM_PYTHON:
        return SAME_CALL
    if not _is_of_vaar(call.command):
        return UNTOLD
    command = _in_this_directory(call.command, files) if "merged" in run else call.command
    return _without_caps(command, run)


def _is_of_vaar(command: str) -> bool:
    """Whether a text from a file is one call of vaar, written as vaar writes it, and nothing more.

    A directory may come from a stranger, and a command that is shown is copied into a shell.
    """
    try:
        words = shlex.split(command)
    except ValueError:
        return False
    return words[:1] == ["vaar"] and shlex.join(words) == command


def _in_this_directory(command: str, files: RunDirectory) -> str:
    """A command that asked a part of a run elsewhere, for the whole run and in this directory."""
    words = iter(shlex.split(command))
    kept = []
    for word in words:
        option, given, _ = word.partition("=")
        if option not in ("--shard", "--out"):
            kept.append(word)
        elif not given:
            next(words, None)
    return shlex.join([*kept, "--out", str(files.path)])


def _without_caps(command: str, run: Mapping[str, Any]) -> str:
    """A command without the caps that would stop it at once, or at the same place again."""
    for option in run.get(REACHED, ()):
        command = re.sub(rf"\s{re.escape(option)}(?:=|\s+)\S+", "", command)
    return command


def _asked_from_here(files: RunDirectory, identity: Mapping[str, Any], call: Call) -> str:
    """The `vaar run` that goes on with an import; empty where its models cannot be asked so."""
    if not all(name.startswith(THROUGH_INSPECT) for name in call.respondents):
        return ""
    models = " ".join(f"--model {shlex.quote(name)}" for name in call.respondents)
    study, out = (shlex.quote(str(path)) for path in (files.study, files.path))
    plan = f"--sessions {call.sessions} --seed {identity['seed']}"
    return f"vaar run {study} {models} {plan} --out {out}"
