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
from vaar.tables.text import is_missing

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
        "session: both draw from the same random numbers and are told the same. Intervals are "
        f"expanded percentiles (Hesterberg 2015) of {replicates} bootstrap samples of such pairs."
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
        what = wanted.get(record["outcome"], record["outcome"])
        yield Markup("Pushed {}, {} {} {}: {} → {}, a change of {}.").format(
            record["shift"],
            groups[record["base"]].strong,
            _more_or_less(record),
            what,
            decimal(record["unshifted"]),
            decimal(record["shifted"]),
            estimate_named(record, decimal, "change"),
        )


def _actions(study: Study) -> dict[str, str]:
    """The outcomes that hypotheses explain, in words, and what is released."""
    indicators = read_structure(study.structural_model).indicators
    explained = [h.outcome for h in study.hypotheses]
    named = {code for latent in explained for code in indicators.get(latent, (latent,))}
    actions = {
        part.code: f"of {part.title}"
        for part in study.instruments
        if part.code in named
        or any(sub.code in named for sub in part.subscales)
        or any(item.code in named for item in part.items)
    }
    return {**actions, RELEASED: "of the fields of its record"}


def _more_or_less(record: Record) -> str:
    verb = "releases" if record["outcome"] == RELEASED else "accepts"
    lower, upper = record["change_lower"], record["change_upper"]
    if is_missing(lower):
        return f"{verb} as much" if record["change"] == 0 else f"{verb} another share"
    if lower <= 0 <= upper:
        return f"{verb} neither more nor less, as far as can be told,"
    return f"{verb} {'more' if lower > 0 else 'less'}"


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
