"""The conflict design in the report: what the cells did to what was said and done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
from markupsafe import Markup

from vaar.report.figures.intervals import Dot, intervals
from vaar.report.groups import Groups, group_column
from vaar.report.section import Block, Prose, Section
from vaar.study.conditions import Fact
from vaar.tables.numbers import count, decimal, estimate_of, share
from vaar.tables.table import Record, Table, figures, number, tabulate, text

_ALPHA = 0.05

_METHOD = (
    "Each session draws one level of {facts}, in equal numbers and crossed. An effect is the mean "
    "over the cells of the first level less that over the second, {pairs}; that of two facts "
    "together is half the difference of such effects. Cells weigh alike; effects are in standard "
    "deviations within cells, with Welch's interval; p-values are adjusted for all effects "
    "together (Holm 1979). As cells are drawn at random, a difference is an effect of what the "
    "session was told."
)


def conflict_section(
    tables: Mapping[str, pd.DataFrame], groups: Groups, facts: tuple[Fact, ...]
) -> Section:
    """Arrange the tables of the analysis."""
    cells = groups.sort(tables["conflict_cells"])
    effects = groups.sort(tables["conflict_effects"])
    names = " and ".join(fact.name for fact in facts)
    pairs = "; ".join(f"{fact.name}: {fact.levels[0]} less {fact.levels[1]}" for fact in facts)
    return Section(
        "conflict",
        f"What {names} did",
        _lead(effects, groups, names),
        tuple(_blocks(cells, effects, groups)),
        method=(Prose(_METHOD.format(facts=names, pairs=pairs)),),
        place=14,
    )


def _lead(effects: pd.DataFrame, groups: Groups, names: str) -> Markup:
    """The surest effect, or that there is none."""
    if effects.empty:
        return Markup("No group has enough sessions in every cell.")
    sure = effects[effects["p_holm"] < _ALPHA]
    if sure.empty:
        alone = int((effects["p"] < _ALPHA).sum())
        return Markup(
            "What sessions were told of {} moved nothing beyond chance: none of {} effects is "
            "other than 0 once it is heeded that there are so many (Holm). {}"
        ).format(names, len(effects), _by_chance(alone))
    record = sure.sort_values("estimate", key=abs, ascending=False).iloc[0].to_dict()
    return Markup(
        "Of {} effects {} other than 0, after Holm's correction for all of them; the largest is "
        "that of {} on {} in {}: {}."
    ).format(
        len(effects),
        "1 is" if len(sure) == 1 else f"{len(sure)} are",
        record["effect"],
        record["outcome"],
        groups[record["group"]].strong,
        _words(record),
    )


def _by_chance(alone: int) -> str:
    """What must be said of intervals that leave out 0, each taken alone."""
    if not alone:
        return ""
    leave = "1 interval below leaves" if alone == 1 else f"{alone} intervals below leave"
    return f"{leave} out 0, as 1 in 20 does by chance."


def _blocks(cells: pd.DataFrame, effects: pd.DataFrame, groups: Groups) -> Iterator[Block]:
    dots = [
        Dot(f"{r['effect']} on {r['outcome']} · {groups[r['group']].label}", *_ends(r), _words(r))
        for r in effects.to_dict("records")
    ]
    chart = intervals(
        "conflict-effects",
        "Effects of the cells",
        dots,
        (-1.5, 1.5),
        "standard deviations within cells",
        reference=0.0,
    )
    if chart:
        yield chart
    yield _effect_table(effects, groups)
    yield _cell_table(cells, groups)


def _effect_table(effects: pd.DataFrame, groups: Groups) -> Table:
    columns = [
        group_column(groups),
        text("Effect", "effect"),
        text("on", "outcome"),
        number("sessions", "n", count),
        figures("estimate [95 % interval]", _words),
        figures("p (Holm)", lambda r: share(r["p_holm"], 3)),
    ]
    return tabulate("Effects in standard deviations", columns, effects.to_dict("records"))


def _cell_table(cells: pd.DataFrame, groups: Groups) -> Table:
    columns = [
        group_column(groups),
        text("Cell", "cell"),
        text("of", "outcome"),
        number("sessions", "n", count),
        figures(
            "mean [95 % interval]",
            lambda r: estimate_of(r, decimal, "mean"),
        ),
    ]
    return tabulate("Means of the cells", columns, cells.to_dict("records"))


def _ends(record: Record) -> tuple[float, float, float]:
    return record["estimate"], record["lower"], record["upper"]


def _words(record: Record) -> str:
    return estimate_of(record, decimal, "estimate")
