"""Run directories of earlier versions: tables and ``fit.json`` lay in the directory itself."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

import pandas as pd

from vaar.analyses.base import Analysis, Outcome, Status
from vaar.analyses.grouping import split
from vaar.analyses.grouping_options import GROUPS_SECTION
from vaar.analyses.groups import groups_table
from vaar.analyses.registry import known
from vaar.analyses.settings import from_flat, in_force
from vaar.errors import RunDirectoryError, TableError
from vaar.files.strict_json import read_object
from vaar.journal.journal import Journal
from vaar.pipeline.code_run import asked_groups
from vaar.pipeline.results.analyzed import Analyzed
from vaar.pipeline.results.layout import DEFAULT
from vaar.pipeline.results.manifest import ADVICE
from vaar.pipeline.rundir import RunDirectory
from vaar.responses.table import read_table
from vaar.scoring.design_factors import design_factors
from vaar.study.load import load_study
from vaar.vocabulary import HUMAN

FIT = "fit.json"
TABLES = (
    *("profile.csv", "profile_by_factor.csv", "invariance.csv", "paths.csv", "vaar.csv"),
    *("vaar_by_n.csv", "screening.csv"),
)
STALE = "an earlier version of vaar made the analysis, which did not say what it rests on"


def is_format_1(files: RunDirectory) -> bool:
    """Whether results of an earlier version are all there is."""
    return (files.path / "vaar.csv").is_file()


def read_format_1(files: RunDirectory, analyses: Sequence[Analysis] = ()) -> Analyzed:
    """Read the tables of an earlier version as the default analysis; those that are there.

    Raises
    ------
    RunDirectoryError
        A file is damaged, or not what this version knows by its name.
    """
    everything = known(analyses)
    settings = in_force(everything, from_flat(files.read_run().get("options", {})))
    outcomes = {}
    for name, analysis in everything.items():
        there = [spec for spec in analysis.tables if (files.path / spec.file).is_file()]
        try:
            tables = {spec.name: spec.read(files.path / spec.file) for spec in there}
            record = read_object(files.path / FIT) if _has_fit(files) else {}
        except (OSError, ValueError, TableError) as error:
            raise RunDirectoryError(f"{files.path}: {error} {ADVICE}") from error
        if tables:
            own = record if name == "alignment" else {}
            outcomes[name] = Outcome(name, Status.DONE, "", settings[name], tables, own)
    return Analyzed(
        directory=files.path,
        name=DEFAULT,
        groups=_groups(files, settings[GROUPS_SECTION].by),
        outcomes=outcomes,
        options=settings,
        stale=STALE,
        analyses=everything,
    )


def remove_format_1(files: RunDirectory) -> None:
    """Remove what only earlier versions wrote."""
    (files.path / FIT).unlink(missing_ok=True)


def _has_fit(files: RunDirectory) -> bool:
    return (files.path / FIT).is_file()


def _groups(files: RunDirectory, by: tuple[str, ...]) -> pd.DataFrame:
    with closing(Journal.existing(files.journal)) as journal:
        asked = asked_groups(files, journal)
    became = {}
    if by:
        responses, study = read_table(files.responses), load_study(files.study, asked=True)
        became = split(responses["group"], design_factors(responses, study), by)
    return groups_table(asked, became, [HUMAN] if files.human.is_file() else [])
