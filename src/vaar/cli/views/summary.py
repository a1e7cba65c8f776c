"""What a run says when it is done."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from vaar.analyses.options import described
from vaar.cli.console import notes, out
from vaar.cli.views.notices import (
    adapted,
    changed_models,
    failures,
    faults_words,
    printable,
    untold,
)
from vaar.vocabulary import Estimability

if TYPE_CHECKING:
    from vaar.pipeline.ask import CollectionResult
    from vaar.pipeline.results.analyzed import Analyzed
    from vaar.pipeline.rundir import RunDirectory
    from vaar.sessions.shard import Shard

BAR_WIDTH = 16
AXIS = "0       ½       1"


def show_analysis(analyzed: Analyzed, page: Path) -> None:
    """Show the VAAR of every group, highest first, what was not done, and the options in force."""
    if "vaar" in analyzed.tables:
        _show_vaar(analyzed)
    for line in _analysis_lines(analyzed):
        out.print(printable(line), markup=False, soft_wrap=True)
    if analyzed.simulated:
        out.print("Simulated respondents: these numbers say nothing about any model.", style="bold")
    out.print(printable(options_line(analyzed.options)), markup=False, soft_wrap=True)
    out.print(f"report: {page}", soft_wrap=True, markup=False)


def _show_vaar(analyzed: Analyzed) -> None:
    rows = analyzed.vaar.sort_values("vaar", ascending=False)
    unrated = rows["status"] == Estimability.NOT_ESTIMABLE
    table = Table(title="Value–Action Alignment Rate", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("group", overflow="fold")
    table.add_column(AXIS, no_wrap=True)
    for name in ("VAAR", "95 % interval", "n"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows[~unrated].to_dict("records"):
        table.add_row(*_vaar_cells(row, analyzed.simulated))
    for row in rows[unrated].to_dict("records"):
        name = label(row["group"], row["group"] in analyzed.simulated)
        table.add_row(name, "not estimable", "", "", f"{row['n_sessions']}", style="dim")
    out.print(table)
    for row in rows[unrated].to_dict("records"):
        out.print(f"{escape(row['group'])}: not estimable ({escape(row['reason'])})")
    if unrated.all():
        out.print(
            "No group could be estimated. The report shows the profiles and what was said; more "
            "sessions, or more variation between them, may carry the model.",
            style="bold yellow",
        )
    out.print("VAAR as defined by this package, after the published abstract (arXiv:2601.03546).")


def _analysis_lines(analyzed: Analyzed) -> Iterator[str]:
    """What was not done, and which earlier results are gone."""
    for name, outcome in analyzed.outcomes.items():
        if outcome.status == "not_applicable":
            yield f"{name}: not done, as {outcome.reason}"
    for name, why in analyzed.left_out.items():
        yield f"{name}: left out: {why}"


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
    from vaar.pipeline.plan import DISTRIBUTIONS
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
    if asked.anew:
        yield f"{asked.anew:,} sessions of a changed model were asked anew from their first turn"
    if faults := faults_words(asked.progress.faults.values()):
        yield f"calls that did not succeed, repeated ones included: {faults}"
    yield from failures(asked.failed)
    yield from changed_models(asked.models)
    for respondent, reason in asked.progress.halted.items():
        yield f"{respondent} stopped: {reason}"
    if asked.failed:
        yield "Add --retry-failed to the same command to ask them again."


def _vaar_cells(row: Mapping[Hashable, Any], simulated: tuple[str, ...]) -> tuple[str, ...]:
    return (
        label(row["group"], row["group"] in simulated),
        _bar(row),
        f"{row['vaar']:.3f}",
        f"{row['vaar_lower']:.3f} – {row['vaar_upper']:.3f}" if _has_interval(row) else "",
        f"{row['n_sessions']}",
    )


def label(group: str, simulated: bool) -> str:
    """A group's name, safe to show, with the word that it is simulated where it is."""
    marked = group if not simulated or "simulated" in group else f"{group} (simulated)"
    return escape(marked)


def _has_interval(row: Mapping[Hashable, Any]) -> bool:
    return not math.isnan(row["vaar_lower"])


def _bar(row: Mapping[Hashable, Any]) -> str:
    """The interval as a line, the estimate as a dot on it, on a rule from 0 to 1."""
    cells = [" "] * (BAR_WIDTH + 1)
    if _has_interval(row):
        first, last = (round(row[bound] * BAR_WIDTH) for bound in ("vaar_lower", "vaar_upper"))
        cells[first : last + 1] = "─" * (last + 1 - first)
    cells[round(row["vaar"] * BAR_WIDTH)] = "●"
    return "".join(cells)
