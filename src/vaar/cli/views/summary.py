"""What a run says when it is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vaar.analyses.options import described
from vaar.cli.console import notes, out
from vaar.cli.views.notices import (
    adapted,
    changed_models,
    changed_servers,
    failures,
    faults_words,
    repaired,
    uncounted,
    untold,
)
from vaar.tables.text import printable, without_marks

if TYPE_CHECKING:
    from vaar.analyses.base import Outcome
    from vaar.pipeline.ask import CollectionResult
    from vaar.pipeline.results.analyzed import Analyzed
    from vaar.pipeline.rundir import RunDirectory
    from vaar.sessions.shard import Shard


def show_analysis(analyzed: Analyzed, page: Path) -> None:
    """Show what every analysis found in short, what was not done, and the options in force."""
    from vaar.pipeline.claiming.cautions import cautions
    from vaar.pipeline.claiming.changed_files import changed_files
    from vaar.pipeline.results.read import others_out_of_date
    from vaar.pipeline.rundir import RunDirectory
    from vaar.report.section import Prose
    from vaar.study.load import load_study
    from vaar.tables.table import Table
    from vaar.tables.terminal import render

    for section in sorted(analyzed.sections, key=lambda section: section.place):
        for caution in section.cautions:
            _say(f"{caution.label.upper()}: {without_marks(caution.text)}", "bold yellow")
        for block in section.summary:
            if isinstance(block, Table):
                out.print(render(block))
            elif isinstance(block, Prose):
                _say(without_marks(block.text))
    for line in _analysis_lines(analyzed):
        _say(line)
    files = RunDirectory(analyzed.directory)
    run, study = files.read_run(), load_study(files.study, asked=True)
    others = others_out_of_date(files, analyzed.name)
    for line in (*changed_files(files, run, study), *cautions(run), *others):
        _say(line, "yellow")
    if analyzed.simulated:
        _say("Simulated respondents: these numbers say nothing about any model.", "bold")
    _say(options_line(analyzed.options))
    out.print(f"report: {page}", soft_wrap=True, markup=False)


def _say(line: str, style: str | None = None) -> None:
    out.print(printable(line), style=style, markup=False, soft_wrap=True)


def _analysis_lines(analyzed: Analyzed) -> Iterator[str]:
    """Which answers and meanings changed, what was not done, and which earlier results are gone."""
    if analyzed.recoded:
        yield analyzed.recoded
    if analyzed.redefined:
        yield analyzed.redefined
    yield from not_applicable_lines(analyzed.outcomes)
    for name, why in analyzed.left_out.items():
        yield f"{name}: left out: {why}"


def not_applicable_lines(outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    """Which analyses a study like this cannot have: one with its reason, several by name."""
    undone = {n: one.reason for n, one in outcomes.items() if one.status == "not_applicable"}
    if len(undone) == 1:
        yield from (f"{name}: not done, as {reason}" for name, reason in undone.items())
    elif undone:
        yield f"not for this study: {', '.join(undone)} (--only NAME says why)"


def options_line(options: Mapping[str, Any]) -> str:
    """The options in force, as far as they are not the package's defaults."""
    other = [
        f"{section}.{info.name}={_value(getattr(own, info.name))}"
        for section, own in options.items()
        for info in described(type(own))
        if getattr(own, info.name) != info.default
    ]
    if not other:
        return "options in force: all as the package has them"
    return f"options in force: {', '.join(other)}; all others as the package has them"


def _value(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def show_asked(asked: CollectionResult, files: RunDirectory) -> None:
    """Say what did not go as planned: failures, faults, models that changed or stopped, a cap."""
    from vaar.pipeline.claiming.identity import DISTRIBUTIONS
    from vaar.pipeline.requests import REQUESTS
    from vaar.pipeline.run import how_to_go_on

    run = files.read_run()
    wanted = run["identity"].get(DISTRIBUTIONS)
    untold_of = untold(asked.with_distribution) if wanted else ()
    for line in [*adapted(run.get(REQUESTS, {})), *_asked_lines(asked), *untold_of]:
        notes.print(printable(line), style="yellow", markup=False, soft_wrap=True)
    if asked.progress.stopped:
        notes.print(how_to_go_on(files, asked), style="bold yellow", markup=False, soft_wrap=True)


def show_kept_options(files: RunDirectory) -> None:
    """Say where options of the analysis that is left to later will be used, and where not."""
    from vaar.pipeline.results.layout import stored_names

    told = (
        "Options of the analysis were given, and nothing was analysed: the analysis that is stored "
        "keeps its own. Give them to `vaar analyze`."
        if stored_names(files)
        else "Options of the analysis are kept for the first `vaar analyze`."
    )
    notes.print(told, markup=False, soft_wrap=True)


def show_shard(shard: Shard, files: RunDirectory) -> None:
    """Say what to do with a shard that has been asked."""
    notes.print(
        f"This was shard {shard}. When all are there: vaar merge {files.path} … --out DIR, then "
        "vaar analyze DIR.",
        markup=False,
        soft_wrap=True,
    )


def _asked_lines(asked: CollectionResult) -> Iterator[str]:
    if asked.repair is not None:
        yield repaired(asked.repair)
    if asked.anew:
        yield f"{asked.anew:,} sessions of a changed model were asked anew from their first turn"
    if faults := faults_words(asked.progress.faults.values()):
        yield f"calls that did not succeed, repeated ones included: {faults}"
    yield from failures(asked.failed)
    yield from changed_models(asked.models)
    yield from changed_servers(asked.changes)
    yield from uncounted(asked.progress.uncounted)
    for respondent, reason in asked.progress.halted.items():
        yield f"{respondent} stopped: {reason}"
    if asked.failed:
        yield "Add --retry-failed to the same command to ask them again."
