"""A directory is taken for a run: a new run, one that goes on, or one that takes more."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from vaar.analyses.settings import Settings, from_flat
from vaar.errors import OptionError, RunDirectoryError
from vaar.journal.database import require_file
from vaar.pipeline.claiming.calls import CALLS, this_call, told_calls
from vaar.pipeline.claiming.identity import grown, planned_again
from vaar.pipeline.people.reference import TakenPeople, keep_people
from vaar.pipeline.plan import RunPlan
from vaar.pipeline.provenance import command, now, versions
from vaar.pipeline.requests import REQUESTS, require_same, with_adaptations
from vaar.pipeline.rundir import GROWN_FROM, RUN, RunDirectory, claim
from vaar.respondents.base import Respondent
from vaar.respondents.price import Price
from vaar.sessions.records import Session
from vaar.sessions.runner.budget import price_of
from vaar.study.dump import dump_study
from vaar.study.model import Study


@dataclass(frozen=True)
class ClaimedRun:
    """A run and its directory.

    Attributes
    ----------
    sessions : tuple of Session
        All that the directory holds or is to hold.
    wanted : tuple of Session
        Those that this call is about.
    earlier : tuple of Session
        Those that an earlier call has planned; empty where the run begins.
    surely : tuple of Session
        Those of the earlier ones that the journal must have: a call that added more may have been
        stopped before it had entered them.
    """

    files: RunDirectory
    sessions: tuple[Session, ...]
    wanted: tuple[Session, ...]
    earlier: tuple[Session, ...]
    surely: tuple[Session, ...]

    @property
    def added(self) -> int:
        """Sessions that this call adds to a run that was there; 0 where the run begins."""
        return len(self.sessions) - len(self.earlier) if self.earlier else 0


def claim_run(
    directory: Path, settled: RunPlan, people: TakenPeople | None, options: Settings
) -> ClaimedRun:
    """Take a directory for what a plan asks.

    Raises
    ------
    RunDirectoryError
        It cannot be used, or holds another run.
    """
    files, found = claim(directory)
    if found is not None:
        require_same(str(directory), files.read_run().get(REQUESTS), settled.requests)
    if found is None:
        files.write_run(_new_record(settled, options))
        files.write_text(files.study.name, dump_study(settled.study))
        claimed = ClaimedRun(files, settled.sessions, settled.sessions, (), ())
    else:
        claimed = _continued(files, found, settled)
        _keep_options(files, options)
        if not files.study.exists():  # the call that began the run was stopped before it was there
            files.write_text(files.study.name, dump_study(settled.study))
    if people is not None:
        keep_people(files, people)
    return claimed


def planned_sessions(
    files: RunDirectory, study: Study, run: Mapping[str, Any]
) -> tuple[list[Session], list[Session]]:
    """The sessions of a stored run, and those of them that its journal surely has.

    Raises
    ------
    RunDirectoryError
        ``run.json`` does not tell them.
    """
    try:
        identity = run["identity"]
        sessions = planned_again(study, identity)
        grown_from = run.get(GROWN_FROM)
        return sessions, planned_again(study, grown_from) if grown_from else sessions
    except (KeyError, TypeError, ValueError, OptionError) as error:
        raise _damaged(files, error) from error


def _damaged(files: RunDirectory, error: Exception) -> RunDirectoryError:
    return RunDirectoryError(
        f"{files.path / RUN}: damaged ({type(error).__name__}: {error}); it says which sessions "
        "there are. Restore it from a copy."
    )


def _continued(files: RunDirectory, found: dict[str, Any], settled: RunPlan) -> ClaimedRun:
    run = files.read_run()
    earlier, surely = planned_sessions(files, settled.study, run)
    try:
        identity = grown(files.path, found, settled.identity, settled.sessions_given)
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(files, error) from error
    sessions = planned_again(settled.study, identity)
    if run.get("faults"):  # written when a call ends: there was a journal
        require_file(files.journal)
    if identity != found:
        files.write_run(_grown_record(run, identity, found, settled, sessions))
    wanted = _wanted(sessions, settled)
    return ClaimedRun(files, tuple(sessions), wanted, tuple(earlier), tuple(surely))


def _wanted(sessions: Iterable[Session], settled: RunPlan) -> tuple[Session, ...]:
    """Those of a run's sessions that a plan is about."""
    names = {respondent.name for respondent in settled.respondents}
    most = settled.sessions_per_group if settled.sessions_given else math.inf
    return tuple(s for s in sessions if s.respondent in names and s.replicate - s.earlier <= most)


def as_it_stands(settled: RunPlan, directory: Path | None) -> RunPlan:
    """A plan with the sessions that it means in its directory, where a run may be already.

    Nothing is written. A directory that cannot be used is told when it is taken.
    """
    files = RunDirectory(directory or settled.directory)
    try:
        run = files.read_run()
        found = run["identity"]
        there, _ = planned_sessions(files, settled.study, run)
        identity = grown(files.path, found, settled.identity, settled.sessions_given)
        wanted = _wanted(planned_again(settled.study, identity), settled)
    except (RunDirectoryError, OptionError, AttributeError, KeyError, TypeError, ValueError):
        return settled
    count, earlier = _asked_for(settled, found), len(set(wanted).intersection(there))
    return replace(settled, sessions=wanted, sessions_per_group=count, earlier=earlier)


def _asked_for(settled: RunPlan, found: Mapping[str, Any]) -> int:
    """How many sessions of each respondent a plan means in a run that is there."""
    return settled.sessions_per_group if settled.sessions_given else int(found["sessions"])


def _keep_options(files: RunDirectory, options: Settings) -> None:
    """Keep options that the run's first analysis is to take."""
    if not options:
        return
    run = files.read_run()
    before = from_flat(run.get("options", {}))
    names = (*before, *options)
    merged = {name: {**before.get(name, {}), **options.get(name, {})} for name in names}
    files.write_run(run | {"options": merged})


def prices_of(respondents: Iterable[Respondent]) -> dict[str, Any]:
    """What respondents' tokens cost, for ``run.json``."""
    prices = {respondent.name: price_of(respondent) for respondent in respondents}
    return {name: None if price is None else _written(price) for name, price in prices.items()}


def _written(price: Price) -> dict[str, Any]:
    return {part: value for part, value in asdict(price).items() if value is not None}


def _new_record(settled: RunPlan, options: Settings) -> dict[str, Any]:
    return {
        "identity": settled.identity,
        **versions(),
        "command": command(),
        CALLS: [this_call([r.name for r in settled.respondents], settled.sessions_per_group)],
        "started": now(),
        "finished": None,
        "seed": settled.seed,
        "sessions": settled.sessions_per_group,
        "respondents": _respondents(settled.respondents, settled.sessions),
        "prices": prices_of(settled.respondents),
        "faults": {},
        **({REQUESTS: with_adaptations(settled.requests, ())} if settled.requests else {}),
        "options": options,
    }


def _grown_record(
    run: Mapping[str, Any],
    identity: dict[str, Any],
    found: dict[str, Any],
    settled: RunPlan,
    sessions: Sequence[Session],
) -> dict[str, Any]:
    there = {one["name"] for one in run["respondents"]}
    new = [respondent for respondent in settled.respondents if respondent.name not in there]
    names = [respondent.name for respondent in settled.respondents]
    return {
        **{key: value for key, value in run.items() if key != "grown"},
        "identity": identity,
        GROWN_FROM: run.get(GROWN_FROM, found),
        "command": command(),
        "finished": None,
        "sessions": identity["sessions"],
        "respondents": [*run["respondents"], *_respondents(new, sessions)],
        CALLS: [*told_calls(run), this_call(names, _asked_for(settled, found))],
    }


def _respondents(
    respondents: Iterable[Respondent], sessions: Iterable[Session]
) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, None]] = {}
    for session in sessions:
        groups.setdefault(session.respondent, {})[session.group] = None
    return [
        {"name": r.name, "simulated": r.simulated, "groups": list(groups.get(r.name, {}))}
        for r in respondents
    ]
