"""Where a run stands: what its journal, its record and its lock say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vaar.errors import RunDirectoryError
from vaar.journal.lock import holder
from vaar.journal.status import GroupStatus, JournalStatus, read_status
from vaar.pipeline.claiming.calls import Call, calls_of
from vaar.pipeline.claiming.identity import SHARD, blocks_in
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
        What asks the sessions that are pending, and what those that failed again.
    calls : tuple of Call
        What began the run and what added to it, in the order of time. Hostile text.
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
    to_come : int
        Sessions that a call added to the run which ended before it had entered them.
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
    calls: tuple[Call, ...] = ()
    lost_sessions: int = 0
    to_come: int = 0

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
        journal = read_status(files.journal, money=_costs(run))
        lost, to_come = _lacking(run, journal)
        return RunStatus(
            directory=files.path,
            study=str(run["identity"]["study"]),
            command=to_go_on(files, run, _pending(run, journal)),
            retry=to_retry(files, run, {g.respondent for g in journal.groups if g.failed}),
            calls=tuple(calls_of(run)),
            journal=journal,
            prices={name: _price(said) for name, said in run.get("prices", {}).items()},
            faults={name: dict(kinds) for name, kinds in run.get("faults", {}).items()},
            holder=holder(files.path),
            reported=files.report.is_file(),
            outdated=_older(files.report, folder(files, DEFAULT) / MANIFEST),
            lost_sessions=lost,
            to_come=to_come,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise RunDirectoryError(
            f"{files.path / RUN}: damaged ({type(error).__name__}: {error}). Restore it from a "
            "copy; the replies in the journal are not touched by that."
        ) from error


def _pending(run: Mapping[str, Any], journal: JournalStatus) -> set[str]:
    """Respondents that have sessions which nobody has asked."""
    asked = {group.respondent for group in journal.groups}
    named = {one["name"] for one in run.get("respondents", [])}
    pending = {group.respondent for group in journal.groups if group.pending}
    return pending | (named - asked)


def _lacking(run: Mapping[str, Any], journal: JournalStatus) -> tuple[int, int]:
    """Sessions in ``run.json`` that the journal has not: lost ones, and those still to be entered.

    Which sessions a shard has is not told by ``run.json`` alone.
    """
    identity = run["identity"]
    if not journal.groups or SHARD in identity:
        return 0, 0
    surely = run.get(GROWN_FROM) or identity
    there = sum(group.complete + group.pending + group.failed for group in journal.groups)
    lost = max(0, _planned(run, surely) - there)
    return lost, max(0, _planned(run, identity) - there - lost)


def _planned(run: Mapping[str, Any], identity: Mapping[str, Any]) -> int:
    """How many sessions an identity plans; those from one seed go on where others end."""
    if "respondents" not in identity:
        return 0
    groups = {one["name"]: len(one.get("groups", [])) for one in run.get("respondents", [])}
    most: dict[tuple[str, int, str], int] = {}
    for block in blocks_in(identity):
        for name in block.respondents:
            key = name, block.seed, block.seed_rule
            most[key] = max(block.sessions, most.get(key, 0))
    return sum(groups.get(name, 0) * count for (name, *_), count in most.items())


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
