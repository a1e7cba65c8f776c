"""What a run says before it starts and when it is done."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from vaar.cli.console import err, out

if TYPE_CHECKING:
    from vaar.pipeline.analyze import Analysis
    from vaar.pipeline.ask import Asked
    from vaar.pipeline.run import RunPlan

BAR_WIDTH = 16
MOST_REASONS = 5
AXIS = "0       ½       1"


def show_plan_table(settled: RunPlan) -> None:
    """Show sessions, turns and expected tokens for each model, before anything is sent."""
    from vaar.session.plan import expected_workload, group_name

    study = settled.study
    table = Table(title=f"The plan: {study.title}", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("group", overflow="fold")
    for name in ("sessions", "turns", "tokens in ≈", "out ≈"):
        table.add_column(name, justify="right", no_wrap=True)
    for respondent in settled.respondents:
        for condition in study.conditions:
            n, load = settled.sessions_per_group, expected_workload(study, condition)
            counts = (n, n * load.turns, n * load.input_tokens, n * load.output_tokens)
            group = group_name(study, respondent.name, condition.name)
            label = _label(group, respondent.simulated)
            table.add_row(label, *(f"{c:,}" for c in counts))
    err.print(table)


def show_analysis(analysis: Analysis, page: Path) -> None:
    """Show the VAAR of every group, highest first, and where the files are."""
    rows = analysis.vaar.sort_values("vaar", ascending=False)
    rated = rows[rows["status"] != "not_estimable"]
    table = Table(title="Value–Action Alignment Rate", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("group", overflow="fold")
    table.add_column(AXIS, no_wrap=True)
    for name in ("VAAR", "95 % interval", "n"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rated.to_dict("records"):
        table.add_row(*_vaar_cells(row, analysis.simulated))
    for row in rows[rows["status"] == "not_estimable"].to_dict("records"):
        label = _label(row["group"], row["group"] in analysis.simulated)
        table.add_row(label, "not estimable", "", "", f"{row['n_sessions']}", style="dim")
    out.print(table)
    for row in rows[rows["status"] == "not_estimable"].to_dict("records"):
        out.print(f"{escape(row['group'])}: not estimable ({escape(row['reason'])})")
    if analysis.simulated:
        out.print("Simulated respondents: these numbers say nothing about any model.", style="bold")
    out.print("VAAR as defined by this package, after the published abstract (arXiv:2601.03546).")
    out.print(f"report: {page}", soft_wrap=True, markup=False)


def show_asked(asked: Asked) -> None:
    """Say which sessions failed and which models could not be asked."""
    reasons = sorted(asked.failed.items(), key=lambda item: -item[1])
    for reason, count in reasons[:MOST_REASONS]:
        err.print(f"{count} sessions failed: {escape(reason)}", style="yellow")
    if further := sum(count for _, count in reasons[MOST_REASONS:]):
        err.print(f"{further} sessions failed for other reasons: see the report", style="yellow")
    for respondent, reason in asked.progress.halted.items():
        err.print(f"{escape(respondent)} stopped: {escape(reason)}", style="yellow")
    if asked.failed:
        err.print("Add --retry-failed to the same command to ask them again.")


def _vaar_cells(row: Mapping[Hashable, Any], simulated: tuple[str, ...]) -> tuple[str, ...]:
    return (
        _label(row["group"], row["group"] in simulated),
        _bar(row),
        f"{row['vaar']:.3f}",
        f"{row['vaar_lower']:.3f} – {row['vaar_upper']:.3f}" if _has_interval(row) else "",
        f"{row['n_sessions']}",
    )


def _label(group: str, simulated: bool) -> str:
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
