"""What a run is going to send, before it sends anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vaar.cli.console import notes
from vaar.cli.views.notices import money
from vaar.tables.table import Cell, ColumnHead, Row, Table
from vaar.tables.terminal import render

if TYPE_CHECKING:
    from vaar.pipeline.plan import RunPlan
    from vaar.respondents.base import Respondent
    from vaar.sessions.plan import Workload
    from vaar.sessions.records import Session

HEADS = (
    ColumnHead("group", "name"),
    *(
        ColumnHead(name, "number")
        for name in ("sessions", "turns", "tokens in ≈", "out ≈", "money ≈")
    ),
)
UNKNOWN = "unknown"


def show_plan_table(settled: RunPlan) -> None:
    """Show sessions, turns, expected tokens and money for each group."""
    from vaar.sessions.plan import expected_total
    from vaar.sessions.runner.budget import price_of

    study = settled.study
    groups: dict[str, list[Session]] = {}
    for session in settled.sessions:
        groups.setdefault(session.group, []).append(session)
    respondents = {respondent.name: respondent for respondent in settled.respondents}
    rows = []
    for group, sessions in groups.items():
        respondent = respondents[sessions[0].respondent]
        load = expected_total(study, sessions)
        name = Cell(group, "name", tag="simulated" if respondent.simulated else "")
        rows.append(Row((name, *_cells(len(sessions), load, respondent))))
    notes.print(render(Table(f"The plan: {study.title}", HEADS, tuple(rows))))
    if partly := _partly_crossed(settled):
        notes.print(partly, style="yellow", markup=False)
    if not all(respondent.simulated for respondent in settled.respondents):
        notes.print(
            "Every turn sends its session's history again, so tokens grow with the square of the "
            "turns; a provider that caches prompts charges less for what it has seen.",
            style="dim",
        )
    if any(price_of(respondent) is None for respondent in settled.respondents):
        notes.print(
            "Price unknown: write it in a models file, per million tokens "
            "(price: {input: 2.5, output: 10}).",
            markup=False,
        )


def _partly_crossed(settled: RunPlan) -> str:
    """Say where sessions are too few for all combinations of what varies; empty where not."""
    from vaar.sessions.design import combinations

    study = settled.study
    needed = max(combinations(study, condition) for condition in study.conditions)
    sessions = settled.sessions_per_group
    if sessions >= needed:
        return ""
    return (
        f"What varies has {needed:,} combinations, and a group {sessions:,} sessions: every level "
        "comes equally often, but which goes with which is not balanced. Take a multiple of "
        f"{needed:,} to tell their effects apart."
    )


def _cells(sessions: int, load: Workload, respondent: Respondent) -> tuple[Cell, ...]:
    from vaar.sessions.runner.budget import FREE, price_of

    sent, received = load.input_tokens, load.output_tokens
    price = price_of(respondent)
    if price is None:
        cost = UNKNOWN
    else:
        cost = "0" if price == FREE else money(price.of(sent, received, 0), price.currency)
    counts = (sessions, load.turns, sent, received)
    return tuple(Cell(text, "number") for text in (*(f"{count:,}" for count in counts), cost))
