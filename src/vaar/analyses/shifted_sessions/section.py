"""Shifted sessions in the report: what is accepted and released, and what the paths become."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from markupsafe import Markup

from vaar.analyses.shifted_sessions.outcomes import RELEASED
from vaar.report.figures.intervals import Dot, forest
from vaar.report.groups import Groups, group_column
from vaar.report.section import Block, Prose, Section
from vaar.study.model import Study
from vaar.study.structural_model import read_structure
from vaar.tables.numbers import coefficient, count, decimal, estimate_named, probability
from vaar.tables.table import Record, figures, number, tabulate, text

ALPHA = 0.05
_MOST = 4


def outcomes_section(table: pd.DataFrame, groups: Groups, study: Study, replicates: int) -> Section:
    """What shifts change in answers and releases."""
    columns = [
        group_column(groups),
        text("pushed", "shift"),
        text("outcome", "outcome"),
        number("sessions", "sessions", count),
        number("without", "unshifted", decimal),
        number("shifted", "shifted", decimal),
        figures("change [95 % interval]", lambda r: estimate_named(r, decimal, "change")),
    ]
    shown = tabulate("Answers under a shift", columns, table.to_dict("records"))
    method = (
        "A shifted group is held against the one that differs from it in nothing else, session by "
        "session of the same replicate number; conditions of one respondent also draw from the "
        "same random numbers. Intervals are expanded percentiles (Hesterberg 2015) of "
        f"{replicates} bootstrap samples of such pairs."
    )
    return Section(
        "shifted-sessions",
        "The same sessions under a shift",
        Markup(" ").join(_outcome_sentences(table, groups, study)),
        (shown,),
        method=(Prose(method),),
        summary=(shown,),
        place=13,
    )


def _outcome_sentences(table: pd.DataFrame, groups: Groups, study: Study) -> Iterator[Markup]:
    wanted = _actions(study)
    told = table[table["outcome"].isin(wanted)]
    for record in (told if len(told) else table).head(_MOST).to_dict("records"):
        yield Markup("Pushed {}, {} {}: {} → {}, a change of {}.").format(
            record["shift"],
            groups[record["base"]].strong,
            what_changed(record, study),
            decimal(record["unshifted"]),
            decimal(record["shifted"]),
            estimate_named(record, decimal, "change"),
        )


def _actions(study: Study) -> set[str]:
    """The questionnaires that hypotheses explain, and what is released."""
    indicators = read_structure(study.structural_model).indicators
    explained = [h.outcome for h in study.hypotheses]
    named = {code for latent in explained for code in indicators.get(latent, (latent,))}
    actions = {
        part.code
        for part in study.instruments
        if named & {part.code, *(s.code for s in part.subscales), *(i.code for i in part.items)}
    }
    return {*actions, RELEASED}


def what_changed(record: Record, study: Study) -> str:
    """Whether more or less is released, or a score is higher or lower.

    Parameters
    ----------
    record : mapping
        A row of ``shifted_outcomes``.
    """
    released = record["outcome"] == RELEASED
    lower, upper = record["change_lower"], record["change_upper"]
    way = 1 if lower > 0 else -1 if upper < 0 else 0
    if released:
        told = {1: "more", -1: "less", 0: "neither surely more nor surely less"}[way]
        return f"releases {told} of its record"
    told = {1: "higher", -1: "lower", 0: "neither surely higher nor surely lower"}[way]
    part = study.instrument.get(record["outcome"])
    return f"scores {told} on {part.title if part else record['outcome']}"


def paths_section(table: pd.DataFrame, groups: Groups) -> Section:
    """What becomes of the paths."""
    return Section(
        "shifted-paths",
        "Paths under a shift",
        Markup(" ").join(_path_sentences(table, groups)),
        tuple(_path_blocks(table, groups)),
        method=(
            Prose(
                "Changes of paths are the contrasts of a shifted group with the one that differs "
                "from it in nothing else, with their Wald tests and Holm's correction over all "
                "contrasts of the kind; the groups are taken as independent, which makes the "
                "intervals of paired sessions too wide rather than too narrow."
            ),
        ),
        place=13,
    )


def _path_sentences(table: pd.DataFrame, groups: Groups) -> Iterator[Markup]:
    for record in table.head(_MOST).to_dict("records"):
        sure = record["p_holm"] < ALPHA
        yield Markup("Pushed {}, {} has {} of {}, {} without the shift: {} ({}).").format(
            record["shift"],
            groups[record["base"]].strong,
            Markup("<code>{}</code>").format(record["path"]),
            coefficient(record["shifted"]),
            coefficient(record["unshifted"]),
            "a change beyond chance" if sure else "no change that can be told from chance",
            estimate_named(record, coefficient, "change"),
        )


def _path_blocks(table: pd.DataFrame, groups: Groups) -> Iterator[Block]:
    dots = [
        Dot(
            f"{r['path']} · {groups[r['group']].label}",
            r["change"],
            r["change_lower"],
            r["change_upper"],
            estimate_named(r, coefficient, "change"),
            "solid" if r["p_holm"] < ALPHA else "hollow",
        )
        for r in table.to_dict("records")
    ]
    chart = forest(
        "shifted-paths",
        "Paths under a shift less those without",
        dots,
        0.0,
        "change of standardised paths",
        caption="Filled: beyond chance after Holm's correction.",
    )
    if chart:
        yield chart
    columns = [
        group_column(groups),
        text("pushed", "shift"),
        text("path", "path"),
        number("without", "unshifted", coefficient),
        number("shifted", "shifted", coefficient),
        figures("change [95 % interval]", lambda r: estimate_named(r, coefficient, "change")),
        number("p", "p", probability),
        number("p (Holm)", "p_holm", probability),
    ]
    yield tabulate("Paths under a shift", columns, table.to_dict("records"))
