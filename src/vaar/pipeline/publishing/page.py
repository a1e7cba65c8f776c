"""From a stored analysis to the page: the sections of its outcomes, and those of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

import pandas as pd

from vaar.analyses.grouping import grouped
from vaar.analyses.grouping_options import GROUPS_SECTION
from vaar.analyses.options import plain
from vaar.journal.journal import Journal
from vaar.pipeline.calibration.section import calibration_section
from vaar.pipeline.calibration.subject import analysed
from vaar.pipeline.claiming.calls import calls_of
from vaar.pipeline.claiming.cautions import cautions
from vaar.pipeline.claiming.changed_files import changed_files
from vaar.pipeline.continuing import as_told
from vaar.pipeline.preregistration.section import preregistration_section
from vaar.pipeline.publishing.sessions_table import sessions_table
from vaar.pipeline.publishing.whole_session import whole_session
from vaar.pipeline.results.analyzed import Analyzed
from vaar.pipeline.results.layout import DEFAULT
from vaar.pipeline.results.sections import run_cautions, was_done
from vaar.pipeline.rundir import RunDirectory
from vaar.report.groups import Groups
from vaar.report.options import option_table
from vaar.report.page import Page
from vaar.report.run.cautions import changed_models, changed_servers
from vaar.report.run.reproduce import reproduce
from vaar.report.run.said import said
from vaar.report.run.sessions import sessions_section
from vaar.report.run.study import study_method
from vaar.report.section import Block, Caution, Panels, Prose
from vaar.responses.schema import FACTS
from vaar.responses.table import read_table
from vaar.scoring.design_factors import SESSION_FACTORS, design_factors
from vaar.study.load import load_study
from vaar.study.model import Study
from vaar.tables.text import visible

KICKER = "Values and actions of language models"

_SHOWN = ("group", "instrument", "item", "raw", "value", "reason")
"""Columns of the responses that the page needs."""

_FACTORS = (*SESSION_FACTORS, FACTS)
"""Columns that it needs besides where design factors split the groups."""


def page_of(files: RunDirectory, analyzed: Analyzed) -> Page:
    """Arrange an analysis for the page.

    Raises
    ------
    RunDirectoryError
        A file is missing or damaged.
    """
    run, study = files.read_run(), load_study(files.study, asked=True)
    by = analyzed.options[GROUPS_SECTION].by
    with closing(Journal.existing(files.journal)) as journal:
        sessions, reported = sessions_table(journal), journal.reported_models()
        changes = journal.changes()
        conversation = whole_session(study, journal)
    options = {name: plain(own) for name, own in analyzed.options.items()}
    registered = preregistration_section(files, run, sessions, options)
    subject = analysed(files, study, analyzed.options)
    simulated = calibration_section(subject) if subject else None
    sessions = _grouped(sessions, study, by)
    responses = _grouped(
        read_table(files.responses, (*_SHOWN, *(_FACTORS if by else ()))), study, by
    )
    groups = Groups.of(analyzed.groups)
    specs = [spec for name in analyzed.outcomes for spec in analyzed.analyses[name].tables]
    return Page(
        title=study.title,
        kicker=KICKER if analyzed.name == DEFAULT else f"{KICKER}: analysis {analyzed.name}",
        sections=(
            *analyzed.sections,
            *(section for section in (registered, simulated) if section),
            sessions_section(sessions, responses, groups),
            said(responses, groups, conversation),
            reproduce(run, specs, list(dict.fromkeys(map(as_told, calls_of(run))))),
        ),
        cautions=(
            *run_cautions(analyzed.groups),
            *changed_models(reported),
            *changed_servers(changes),
            *(Caution("look", visible(t)) for t in changed_files(files, run, study)),
            *(Caution("how it was asked", visible(t)) for t in cautions(run)),
        ),
        method=(*study_method(study), *_options(options), *_not_done(analyzed)),
        simulated=bool(analyzed.simulated),
    )


def _not_done(analyzed: Analyzed) -> Iterator[Block]:
    told = {n: one.reason for n, one in analyzed.outcomes.items() if not was_done(one)}
    for name, why in {**told, **analyzed.left_out}.items():
        yield Prose(f"Not shown: {name}, as {why}.", "note")


def _options(options: Mapping[str, Mapping[str, Any]]) -> Iterator[Block]:
    """Every option in force, a table for each analysis that has any."""
    tables = [option_table(f"Options of {name}", own) for name, own in options.items() if own]
    yield Panels(tuple(tables))


def _grouped(table: pd.DataFrame, study: Study, by: Sequence[str]) -> pd.DataFrame:
    """The table under the groups of the analysis."""
    if not by:
        return table
    return table.assign(
        group=grouped(table["group"], design_factors(table, study), by).astype(object)
    )
