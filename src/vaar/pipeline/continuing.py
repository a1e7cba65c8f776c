"""How a run goes on: the command for it, of a run that was asked here and of an imported one."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any

from vaar.pipeline.provenance import FROM_PYTHON
from vaar.pipeline.rundir import RunDirectory
from vaar.respondents.inspect_models.conversion import THROUGH_INSPECT

REACHED = "caps_reached"
"""Key in ``run.json``: the options for caps that a call of the run has reached."""

ANOTHER_LOG = "`inspect eval-retry`, then `vaar import` of the new log into a new directory"
SAME_CALL = "the call of vaar.run() that started it"
UNTOLD = "the command that started it, which run.json does not tell"


def to_go_on(files: RunDirectory, run: Mapping[str, Any]) -> str:
    """What asks the sessions that are pending.

    Parameters
    ----------
    run : mapping
        ``run.json``.
    """
    if not run.get("imported"):
        command = str(run["command"])
        if command == FROM_PYTHON:
            return SAME_CALL
        return _without_caps(command, run) if _is_of_vaar(command) else UNTOLD
    return _asked_from_here(files, run["identity"]) or ANOTHER_LOG


def _is_of_vaar(command: str) -> bool:
    """Whether a text from a file is one call of vaar, written as vaar writes it, and nothing more.

    A directory may come from a stranger, and a command that is shown is copied into a shell.
    """
    try:
        words = shlex.split(command)
    except ValueError:
        return False
    return words[:1] == ["vaar"] and shlex.join(words) == command


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


def _without_caps(command: str, run: Mapping[str, Any]) -> str:
    """A command without the caps that would stop it at once, or at the same place again."""
    for option in run.get(REACHED, ()):
        command = re.sub(rf"\s{re.escape(option)}(?:=|\s+)\S+", "", command)
    return command


def to_retry(files: RunDirectory, run: Mapping[str, Any]) -> str:
    """What asks the sessions that failed again."""
    command = to_go_on(files, run)
    if command == ANOTHER_LOG:
        return command
    further = {SAME_CALL: ", with retry_failed=True", UNTOLD: ", with --retry-failed"}
    return command + further.get(command, " --retry-failed")


def _asked_from_here(files: RunDirectory, identity: Mapping[str, Any]) -> str:
    """The `vaar run` that goes on with an import; empty where its models cannot be asked so."""
    names = identity["respondents"]
    if not all(name.startswith(THROUGH_INSPECT) for name in names):
        return ""
    models = " ".join(f"--model {shlex.quote(name)}" for name in names)
    study, out = (shlex.quote(str(path)) for path in (files.study, files.path))
    plan = f"--sessions {identity['sessions']} --seed {identity['seed']}"
    return f"vaar run {study} {models} {plan} --out {out}"
