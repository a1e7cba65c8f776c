"""Where a run stands: what its journal, its record and its lock say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vaar.errors import RunDirectoryError
from vaar.journal.lock import holder
from vaar.journal.status import GroupStatus, JournalStatus, read_status
from vaar.pipeline.claiming.identity import BLOCKS, SHARD
from vaar.pipeline.continuing import to_go_on, to_retry
from vaar.pipeline.results.layout import DEFAULT, MANIFEST, folder
from vaar.pipeline.rundir import GROWN_FROM, RUN, RunDirectory
from vaar.respondents.http.registry import HTTP_PROVIDERS
from vaar.respondents.price import Price
from vaar.sessions.runner.budget import money_of


@dataclass(frozen=True)
class RunStatus:
    """Where a run stands.

    Attributes
    ----------
    study : str
        Its name.
    command, retry : str
        What goes on with the run, and what asks failed sessions again.
    journal : JournalStatus
    prices : dict
        By respondent; None where it is not known.
    faults : dict
        Calls that did not succeed, by respondent and kind, in all calls of `vaar run` that ended
        by themselves or by Ctrl-C.
    holder : str or None
        Id of the process that is running here, empty where it is not known; None where none is.
    reported : bool
        Whether there is a report.
    outdated : bool
        Whether the report is older than the default analysis.
    lost_sessions : int
        Sessions that stand in ``run.json`` and not in the journal, as far as ``run.json`` alone
        can tell.
    """

    directory: Path
    study: str
    command: str
    retry: str
    journal: JournalStatus
    prices: Mapping[str, Price | None]
    faults: Mapping[str, Mapping[str, int]]
    holder: str | None
    reported: bool
    outdated: bool
    lost_sessions: int = 0

    def cost(self, group: GroupStatus) -> tuple[float, str] | None:
        """What a group has cost so far, and in which currency; None where that is not known."""
        return money_of(self.prices.get(group.respondent), group)


def status(directory: str | Path) -> RunStatus:
    """Say where a run stands, also while it goes on.

    Raises
    ------
    RunDirectoryError
        It is no run directory, or a file in it is damaged.
    """
    files = RunDirectory(Path(directory))
    run = files.read_run()
    try:
        study, command, retry = _told(files, run)
        journal = read_status(files.journal, money=_costs(run))
        return RunStatus(
            directory=files.path,
            study=study,
            command=command,
            retry=retry,
            journal=journal,
            prices={name: _price(said) for name, said in run.get("prices", {}).items()},
            faults={name: dict(kinds) for name, kinds in run.get("faults", {}).items()},
            holder=holder(files.path),
            reported=files.report.is_file(),
            outdated=_older(files.report, folder(files, DEFAULT) / MANIFEST),
            lost_sessions=_lost_sessions(run, journal),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise RunDirectoryError(
            f"{files.path / RUN}: damaged ({type(error).__name__}: {error}). Restore it from a "
            "copy; the replies in the journal are not touched by that."
        ) from error


def _told(files: RunDirectory, run: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(run["identity"]["study"]), to_go_on(files, run), to_retry(files, run)


def _lost_sessions(run: Mapping[str, Any], journal: JournalStatus) -> int:
    """Sessions of a run that was planned at once, and whole, and that its journal has not."""
    identity = run["identity"]
    if not journal.groups or GROWN_FROM in run or not {SHARD, BLOCKS}.isdisjoint(identity):
        return 0
    groups = [group for one in run.get("respondents", []) for group in one.get("groups", [])]
    there = sum(group.complete + group.pending + group.failed for group in journal.groups)
    return max(0, len(groups) * int(identity.get("sessions", 0)) - there)


def _costs(run: Mapping[str, Any]) -> bool:
    """Whether any reply of a run may have a price: a written one, or one that its server tells."""
    written = any(said and said.get("output") for said in run.get("prices", {}).values())
    asked = [
        HTTP_PROVIDERS.get(said.get("provider", "")) for said in run.get("requests", {}).values()
    ]
    return written or any(provider is not None and provider.tells_cost for provider in asked)


def _older(page: Path, manifest: Path) -> bool:
    there = page.is_file() and manifest.is_file()
    return there and page.stat().st_mtime_ns < manifest.stat().st_mtime_ns


def _price(said: dict[str, Any] | None) -> Price | None:
    return None if said is None else Price(**said)
