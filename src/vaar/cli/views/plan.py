"""What a run is going to send, before it sends anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from typing import TYPE_CHECKING

from vaar.cli.console import notes
from vaar.cli.views.notices import money
from vaar.tables.table import Cell, ColumnHead, Row, Table
from vaar.tables.terminal import render

if TYPE_CHECKING:
    from vaar.pipeline.plan import RunPlan
    from vaar.sessions.runner.budget import Caps
    from vaar.sessions.runner.forecast import Forecast
    from vaar.sessions.workload import Workload
    from vaar.study.model import Study

HEADS = (
    ColumnHead("group", "name"),
    *(
        ColumnHead(name, "number")
        for name in ("sessions", "turns ≈", "tokens in ≈", "out ≈", "money ≈")
    ),
)
UNKNOWN = "unknown"


def show_plan_table(settled: RunPlan, caps: Caps | None = None) -> None:
    """Show sessions, turns, expected tokens and money for each group, their sum, and the caps."""
    from vaar.sessions.runner.budget import Caps
    from vaar.sessions.runner.forecast import forecast

    found = forecast(settled.study, settled.sessions, settled.respondents)
    rows = [
        Row(
            (
                Cell(group.group, "name", tag="simulated" if group.simulated else ""),
                *_cells(group.sessions, group.load, _sums([group])),
            )
        )
        for group in found
    ]
    if len(found) > 1:
        rows.append(Row((Cell("all", "name"), *_total(found))))
    notes.print(render(Table(f"The plan: {settled.study.title}", HEADS, tuple(rows))))
    if partly := _partly_crossed(settled):
        notes.print(partly, style="yellow", markup=False)
    if small := _small_cells(settled):
        notes.print(small, style="yellow", markup=False)
    if few := _few_personas(settled.study, settled.sessions_per_group):
        notes.print(few, style="yellow", markup=False)
    if settled.earlier:
        notes.print(_earlier(settled), style="dim", markup=False)
    for line in _what_is_counted(settled, found):
        notes.print(line, style="dim", markup=False)
    for line in _what_caps_allow(found, caps or Caps()):
        notes.print(line, style="yellow", markup=False)


def _earlier(settled: RunPlan) -> str:
    every, there = len(settled.sessions), settled.earlier
    has = "All of them are" if there == every else f"{there:,} of the {every:,} sessions are"
    return f"{has} in the run already; what was answered is not asked again."


def _what_is_counted(settled: RunPlan, found: Sequence[Forecast]) -> Iterator[str]:
    from vaar.sessions.workload import REASKED

    if all(group.simulated for group in found):
        return
    most = sum(group.most.input_tokens + group.most.output_tokens for group in found)
    costs = _sums(found, most=True)
    yield (
        "Every turn sends its session's history again, so tokens grow with the square of the "
        "turns; a provider that caches prompts charges less for what it has seen. One question in "
        f"{1 / REASKED:.0f} is expected to be asked again; if all were asked "
        f"{settled.study.limits.reasks} times again: {most:,.0f} tokens"
        f"{'' if costs in ('0', UNKNOWN) else f', {costs}'} at most."
    )
    thinking = [group.respondent for group in found if group.load.reasoning_tokens]
    if thinking:
        yield (
            f"Thoughts of {', '.join(dict.fromkeys(thinking))} are counted as the whole of their "
            "thinking_tokens, every turn."
        )
    if any(group.price is None for group in found):
        yield (
            "Price unknown: write it in a models file, per million tokens "
            "(price: {input: 2.5, output: 10})."
        )


def _what_caps_allow(found: Sequence[Forecast], caps: Caps) -> Iterator[str]:
    from vaar.sessions.runner.forecast import affordable

    share = affordable(found, caps)
    if not isfinite(share):
        return
    if share >= 1:
        yield "The caps allow the whole of it."
        return
    yield (
        f"The caps allow about {share:.0%} of it, evenly over the models: asking stops there, what "
        "was answered is kept, and the same command with a higher cap goes on."
    )


def _total(found: Sequence[Forecast]) -> tuple[Cell, ...]:
    from vaar.sessions.workload import NO_WORK

    load = sum((group.load for group in found), NO_WORK)
    return _cells(sum(group.sessions for group in found), load, _sums(found))


def _cells(sessions: int, load: Workload, cost: str) -> tuple[Cell, ...]:
    counts = (sessions, load.turns, load.input_tokens, load.output_tokens)
    return (*(Cell(f"{count:,.0f}", "number") for count in counts), Cell(cost, "number"))


def _sums(found: Iterable[Forecast], most: bool = False) -> str:
    """Money in every currency; unknown where one price is."""
    sums: dict[str, float] = {}
    for group in found:
        cost = group.most_cost if most else group.cost
        if cost is None or group.price is None:
            return UNKNOWN
        if cost:
            sums[group.price.currency] = sums.get(group.price.currency, 0.0) + cost
    return " + ".join(money(amount, currency) for currency, amount in sums.items()) or "0"


def _small_cells(settled: RunPlan) -> str:
    """Say how many sessions paths within the cells of a conflict design take; empty if enough."""
    from math import prod

    from vaar.analyses.alignment.screening.cells import FEWEST_PER_CELL

    study = settled.study
    named = study.analyses.get("conflict", {}).get("facts", ())
    facts = [fact for fact in study.variation.facts if fact.name in named]
    needed = FEWEST_PER_CELL * prod(len(fact.levels) for fact in facts)
    sessions = settled.sessions_per_group
    if not facts or sessions >= needed:
        return ""
    return (
        f"Paths within the cells of {' × '.join(fact.name for fact in facts)} take "
        f"{FEWEST_PER_CELL} sessions a cell, {needed:,} a group; with {sessions:,} the effects of "
        "the cells are told, and no paths within them."
    )


def _few_personas(study: Study, sessions: int) -> str:
    """Say where personas are too few to be relied on; empty where they are not, or there are none.

    Which they are follows from the rules of the analysis.
    """
    from vaar.analyses.alignment.collect import FEWEST_PERSONAS
    from vaar.analyses.alignment.screening.left_out import HEADLINE_PERSONAS

    personas = min(len(study.personas), sessions)
    if not personas or personas >= HEADLINE_PERSONAS or FEWEST_PERSONAS <= personas == sessions:
        return ""
    few = (
        f"With fewer than {FEWEST_PERSONAS} personas results hold for these alone, and no model "
        "has a headline or a rank."
        if personas < FEWEST_PERSONAS
        else f"Where they repeat, fewer than {HEADLINE_PERSONAS} carry no headline and no rank."
    )
    return f"{sessions:,} sessions of {personas} personas. {few} Have more personas."


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
