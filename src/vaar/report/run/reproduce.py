"""How to get these figures again: the command, versions, seeds, options, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vaar.report.options import option_table
from vaar.report.section import Block, Code, Panels, Prose, Section
from vaar.tables.spec import TableSpec
from vaar.tables.table import Table, tabulate, text

_RUN_FACTS = ("vaar_version", "python", "seed", "sessions", "started", "finished")
_LEAD = (
    "Simulated respondents give the same answers again from the same seed. Hosted models do not, "
    "whatever the seed: their replies are kept, and vaar analyze and vaar report redo everything "
    "after them without asking a model."
)
_FILES = {
    "study.yaml": "frozen copy of the study",
    "run.json": "versions, seeds, command, respondents",
    "journal.sqlite": "every raw reply",
    "responses.parquet": "one row an answer, coded",
    "groups.csv": "one row a group: who answered, how, and whether it is simulated",
}


def reproduce(
    run: Mapping[str, Any], specs: Sequence[TableSpec], commands: Sequence[str]
) -> Section:
    """Tell what was run, with what, and which files hold the results.

    Parameters
    ----------
    commands : sequence of str
        Those that asked for what the run holds.
    """
    blocks: tuple[Block, ...] = (
        Code("\n".join(commands)),
        version_table(run),
        Panels((option_table("What was asked for", run.get("identity", {})),)),
        file_table(specs),
        Prose("A blank cell of a CSV file means that there is no value, never zero.", "note"),
    )
    return Section("reproduce", "How to reproduce", _LEAD, blocks, place=80)


def version_table(run: Mapping[str, Any]) -> Table:
    """What ran: versions, seed, times; and where the replies come from, if others asked."""
    facts = {name: run.get(name) for name in _RUN_FACTS} | dict(run.get("packages", {}))
    records = [{"name": name.replace("_", " "), "value": value} for name, value in facts.items()]
    records += [{"name": "imported from", "value": _log(log)} for log in run.get("imported", [])]
    return tabulate("Versions and seed", [text("Name", "name"), text("value", "value")], records)


def file_table(specs: Sequence[TableSpec]) -> Table:
    """The files of the run directory."""
    records = [{"file": file, "holds": holds} for file, holds in _FILES.items()]
    records += [{"file": spec.file, "holds": f"one row is {spec.row_is}"} for spec in specs]
    return tabulate("Files", [text("File", "file"), text("holds", "holds")], records)


def _log(log: Mapping[str, Any]) -> str:
    sampling = [f"{name} {value}" for name, value in log.get("sampling", {}).items()]
    parts = (f"{log['file']}: {log['model']}", f"Inspect AI {log['inspect_ai']}", *sampling)
    return f"{', '.join(parts)}; SHA-256 {log['sha256']}"
