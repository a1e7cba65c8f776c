"""The calls that asked for what a run directory holds: command, models and sessions of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from vaar.pipeline.provenance import command, now

CALLS = "calls"
"""Key of ``run.json``: what began the run and what added to it, in the order of time."""

RUN, IMPORT, MERGE = "run", "import", "merge"


@dataclass(frozen=True)
class Call:
    """One call.

    Attributes
    ----------
    command : str
        As it was given; empty where that is not told.
    at : str
        When it began.
    respondents : tuple of str
    sessions : int
        Of each respondent in each condition.
    by : {'run', 'import', 'merge'}
    """

    command: str
    at: str
    respondents: tuple[str, ...]
    sessions: int
    by: str = RUN


def this_call(respondents: Iterable[str], sessions: int, by: str = RUN) -> dict[str, Any]:
    """The call that is being answered, for ``run.json``."""
    return asdict(Call(command(), now(), tuple(respondents), sessions, by))


def calls_of(run: Mapping[str, Any]) -> list[Call]:
    """The calls behind a run, by its ``run.json``; earlier versions kept the last command alone."""
    return [_call(told) for told in run.get(CALLS) or [_first(run), *run.get("grown", ())]]


def told_calls(run: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The calls behind a run as they stand in ``run.json``."""
    return [asdict(call) for call in calls_of(run)]


def calls_of_all(runs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The calls behind several runs that come together, each once."""
    every = dict.fromkeys(call for run in runs for call in calls_of(run))
    return [asdict(call) for call in sorted(every, key=lambda call: call.at)]


def _call(told: Mapping[str, Any]) -> Call:
    return Call(
        str(told.get("command") or ""),
        str(told.get("at") or ""),
        tuple(map(str, told.get("respondents", ()))),
        int(told.get("sessions") or 0),
        str(told.get("by") or RUN),
    )


def _first(run: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of the call that began a run, where no other is told."""
    by = IMPORT if run.get("imported") else MERGE if "merged" in run else RUN
    return {
        "command": "" if run.get("grown") else run.get("command"),
        "at": run.get("started"),
        "respondents": [one["name"] for one in run.get("respondents", ())],
        "sessions": run.get("sessions"),
        "by": by,
    }
