"""Read run directories for a comparison; nothing in them is written."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from vaar.analyses.base import Analysis, Status
from vaar.analyses.grouping_options import GROUPS_SECTION
from vaar.analyses.groups import groups_table
from vaar.analyses.headlines import OffersHeadlines
from vaar.analyses.registry import with_needs
from vaar.comparison.definitions import rests_on
from vaar.comparison.runs import ComparedRun, Reading
from vaar.errors import RunDirectoryError, VaarError
from vaar.journal.journal import Journal
from vaar.pipeline.claiming.changed_files import changed_files
from vaar.pipeline.code_run import asked_groups
from vaar.pipeline.comparing.facts import facts_of
from vaar.pipeline.comparing.items import item_means
from vaar.pipeline.continuing import to_go_on
from vaar.pipeline.publishing.write_report import current_analysis
from vaar.pipeline.results.analyzed import Analyzed
from vaar.pipeline.results.basis import journal_state
from vaar.pipeline.results.layout import DEFAULT, MANIFEST, folder
from vaar.pipeline.results.manifest import read_manifest
from vaar.pipeline.results.sections import was_done
from vaar.pipeline.rundir import RunDirectory
from vaar.report.groups import Groups
from vaar.responses.table import read_table
from vaar.study.load import load_study
from vaar.study.model import Study


def read_runs(
    directories: Sequence[str | Path], name: str = DEFAULT, analyses: Sequence[Analysis] = ()
) -> tuple[ComparedRun, ...]:
    """Read runs, the earliest first.

    Parameters
    ----------
    name : str
        Name of the analysis of each.
    analyses : sequence of Analysis
        Your own, beside those of this package.

    Raises
    ------
    RunDirectoryError
        There are fewer than two, one is given twice, or some cannot be compared: a line says why
        of each of these.
    """
    paths = [Path(directory) for directory in directories]
    _require_several(paths)
    found, problems = [], []
    for path, label in zip(paths, labels(paths), strict=True):
        try:
            found.append(_read(path, label, name, analyses))
        except VaarError as error:
            problems.append(str(error))
    if problems:
        raise RunDirectoryError("\n".join(problems))
    return tuple(sorted(found, key=lambda run: run.started))


def _require_several(paths: Sequence[Path]) -> None:
    places = [Path(os.path.realpath(path)) for path in paths]
    twice = [str(path) for path, n in Counter(places).items() if n > 1]
    if twice:
        raise RunDirectoryError(f"{', '.join(twice)}: given more than once; name each run once")
    if len(paths) < 2:
        raise RunDirectoryError(
            f"there is {len(paths)} run to compare; give two run directories or more"
        )


def labels(paths: Sequence[Path]) -> list[str]:
    """The end of each path that no other path has, one part of it where that is enough."""
    parts = [tuple(map(_told, Path(os.path.realpath(path)).parts)) for path in paths]
    longest = max(map(len, parts))
    for length in range(1, longest + 1):
        ends = ["/".join(own[-length:]) for own in parts]
        if len(set(ends)) == len(ends):
            return ends
    return [_told(str(path)) for path in paths]


def _told(name: str) -> str:
    """A name of a file as text; bytes of it that are no UTF-8 are told by their numbers."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _read(path: Path, label: str, name: str, analyses: Sequence[Analysis]) -> ComparedRun:
    files = RunDirectory(path)
    run = files.read_run()
    study = load_study(files.study, asked=True)
    analyzed = current_analysis(files, name, analyses)
    manifest = folder(files, name)
    with closing(Journal.existing(files.journal)) as journal:
        asked = groups_table(asked_groups(files, journal), {}, [])
        stored = read_manifest(manifest) if (manifest / MANIFEST).is_file() else None
        facts = facts_of(run, stored, journal, study)
        state = journal_state(journal)
        cautions = (*_unfinished(files, run, journal), *changed_files(files, run, study))
    readings = tuple(_readings(analyzed, study))
    if not readings:
        raise RunDirectoryError(
            f"{path}: its analysis {name!r} holds no figure that can be compared; `vaar analyze "
            f"{path}` makes all that its study can have"
        )
    return ComparedRun(
        label=label,
        directory=_told(str(path)),
        study=study,
        started=str(run.get("started", "")),
        readings=readings,
        items=item_means(read_table(files.responses), asked, study),
        facts=facts,
        state=state,
        lacks=dict(_lacks(analyzed, study)),
        cautions=cautions,
    )


def _unfinished(files: RunDirectory, run: Mapping[str, Any], journal: Journal) -> Iterator[str]:
    stands = Counter(status for _, status, _ in journal.sessions())
    if stands["pending"]:
        yield (
            f"{stands['pending']} of {stands.total()} sessions are pending, and its figures rest "
            f"on the others; `{to_go_on(files, run)}` goes on with them."
        )


def _readings(analyzed: Analyzed, study: Study) -> Iterator[Reading]:
    groups = Groups.of(analyzed.groups)
    for name, outcome in analyzed.outcomes.items():
        analysis = analyzed.analyses[name]
        if isinstance(analysis, OffersHeadlines) and was_done(outcome):
            needed = sorted(with_needs([name], dict(analyzed.analyses)))
            options = rests_on([*needed, GROUPS_SECTION], analyzed.options)
            for headline in analysis.headlines(outcome, groups, study):
                yield Reading(name, options, headline)


def _lacks(analyzed: Analyzed, study: Study) -> Iterator[tuple[str, str]]:
    """Analyses with headline figures that the study could have, and that have none here."""
    for name, analysis in analyzed.analyses.items():
        if not isinstance(analysis, OffersHeadlines) or analysis.applies(study):
            continue
        outcome = analyzed.outcomes.get(name)
        if outcome is None:
            yield (
                name,
                f"it was not done; `vaar analyze {analyzed.directory} --only {name}` does it",
            )
        elif outcome.status is Status.NOT_ESTIMABLE and not was_done(outcome):
            yield name, outcome.reason
