"""The section of the report that holds a run against its preregistration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from vaar.analyses.specifications.declared import declared, digest
from vaar.errors import DataError, OptionError
from vaar.pipeline.people.reference import source_digest
from vaar.pipeline.preregistration import deviations as differences
from vaar.pipeline.preregistration.deviations import Deviation
from vaar.pipeline.preregistration.keep import kept_registration
from vaar.pipeline.preregistration.registration import Registration
from vaar.pipeline.rundir import RunDirectory
from vaar.report.section import Caution, Prose, Section
from vaar.tables.table import Table, tabulate, text

TITLE = "Held against its preregistration"
_ID, _PLACE = "preregistration", 55


def preregistration_section(
    files: RunDirectory,
    run: Mapping[str, Any],
    sessions: pd.DataFrame,
    options: Mapping[str, Mapping[str, Any]],
) -> Section | None:
    """What was registered and what is otherwise; None for a run without preregistration.

    Parameters
    ----------
    run : mapping
        ``run.json``.
    sessions : DataFrame
        One row per session, with ``group`` and ``status``.
    options : mapping of str to mapping
        The options in force in the analyses that were done.
    """
    try:
        registered = kept_registration(files)
    except DataError as error:
        told = f"The preregistration of this run cannot be used: {error}"
        return Section(_ID, TITLE, told, (), cautions=(Caution(_ID, told),), place=_PLACE)
    if registered is None:
        return None
    found = tuple(_deviations(registered, files, run, sessions, options))
    blocks = (*((_table(found),) if found else ()), Prose(_what_it_is(registered), "note"))
    return Section(
        _ID,
        TITLE,
        _lead(registered, found),
        blocks,
        cautions=(Caution("deviations", _lead(registered, found)),) if found else (),
        place=_PLACE,
    )


def _deviations(
    registered: Registration,
    files: RunDirectory,
    run: Mapping[str, Any],
    sessions: pd.DataFrame,
    options: Mapping[str, Mapping[str, Any]],
) -> list[Deviation]:
    people = source_digest(files)
    whole = (sessions["status"] == "complete").groupby(sessions["group"], sort=False).sum()
    complete = {str(group): int(n) for group, n in whole.items()}
    return [
        *differences.of_asking(registered.identity, run.get("identity", {})),
        *differences.of_counts(registered, complete),
        *differences.of_people(registered, people),
        *differences.of_options(registered.options, options),
        *differences.of_version(registered, str(run.get("vaar_version"))),
    ]


def _lead(registered: Registration, found: Sequence[Deviation]) -> str:
    if not found:
        return (
            f"Everything was asked and analysed as it was registered on {registered.written}, "
            "before the first question."
        )
    return (
        f"{len(found)} deviation{'s' * (len(found) != 1)} from what was registered on "
        f"{registered.written}, before the first question."
    )


def _table(found: Sequence[Deviation]) -> Table:
    columns = [text("What", "what"), text("registered", "registered"), text("here", "found")]
    return tabulate("Deviations", columns, [vars(one) for one in found])


def _what_it_is(registered: Registration) -> str:
    signs = "; ".join(f"{h.path} ({h.sign}, weight {h.weight:g})" for h in registered.hypotheses)
    return (
        f"Registered: {registered.title} with vaar {registered.vaar}. Hypotheses: "
        f"{signs or 'none'}.{_specifications(registered)} Digest: {registered.digest}. The digest "
        "finds careless edits and stops no forger; compare it with the deposited file."
    )


def _specifications(registered: Registration) -> str:
    """The list of specifications in words, with its hash; empty where none was registered."""
    lines = registered.options.get("specifications", {}).get("declared", ())
    if not lines:
        return ""
    try:
        hashed = digest(declared(lines))
    except OptionError as error:
        return f" Specifications that this version cannot read ({error})."
    return f" Specifications: {len(lines)}, SHA-256 of the list {hashed}."
