"""Paths within and between personas in the report."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from markupsafe import Markup

from vaar.analyses.persona_paths.options import PersonaPathsOptions
from vaar.analyses.persona_paths.paths import BETWEEN, FEWEST_BETWEEN, WITHIN
from vaar.analyses.persona_paths.two_level_model import two_level_model
from vaar.report.figures.intervals import Dot, intervals
from vaar.report.groups import Groups, group_column
from vaar.report.section import Block, Code, Prose, Section
from vaar.study.model import Hypothesis, Study
from vaar.tables.numbers import coefficient, count, estimate_of
from vaar.tables.table import Record, Table, figures, number, tabulate, text

_METHOD = (
    "Each group was fitted alone by {} with sessions within personas (random intercepts). Within: "
    "how the sessions of one persona differ from each other. Between: how personas differ, all of "
    "their sessions together. Loadings are equal at both levels and indicators have no residuals "
    "between personas. Intervals are those of t with one degree of freedom less than there are "
    "personas."
)
_MEANING = (
    "A path between personas may be there because the text of a persona names both a value and an "
    "action. A path within personas cannot: all sessions of a persona have the same text."
)
_PROVISIONAL = "Fewer than {} personas: read paths between them as provisional ({})."


def persona_section(
    table: pd.DataFrame, groups: Groups, study: Study, options: PersonaPathsOptions
) -> Section:
    """Arrange the table of the analysis."""
    return Section(
        "persona-paths",
        "Within and between personas",
        _lead(table, groups, study),
        tuple(_blocks(table, groups)),
        method=(
            Prose(_METHOD.format(options.estimator)),
            Code(two_level_model(study.structural_model)),
        ),
        place=13,
    )


def _lead(table: pd.DataFrame, groups: Groups, study: Study) -> Markup:
    """Which expected paths hold among the sessions of a persona."""
    known = table[(table["level"] == WITHIN) & table["std_se"].notna()]
    if known.empty:
        return Markup("No group has enough personas and sessions of each.")
    told = [
        Markup("{}: {}").format(_words(hypothesis), _holding(known, hypothesis, groups))
        for hypothesis in study.hypotheses
        if (known["path"] == hypothesis.path).any()
    ]
    return Markup("Among the sessions of one persona, {}.").format(Markup("; ").join(told))


def _words(hypothesis: Hypothesis) -> str:
    return hypothesis.words or hypothesis.path


def _holding(known: pd.DataFrame, hypothesis: Hypothesis, groups: Groups) -> Markup:
    own = known[known["path"] == hypothesis.path]
    low, high = own["lower"] * hypothesis.sign, own["upper"] * hypothesis.sign
    holds = own[pd.concat([low, high], axis=1).min(axis=1) > 0]
    if holds.empty:
        return Markup("surely in none of {}").format(len(own))
    names = Markup(", ").join(groups[str(group)].strong for group in holds["group"])
    return Markup("surely in {} of {} ({})").format(len(holds), len(own), names)


def _blocks(table: pd.DataFrame, groups: Groups) -> Iterator[Block]:
    yield Prose(_MEANING)
    few = table[(table["n_personas"] < FEWEST_BETWEEN) & table["std_se"].notna()]
    if not few.empty:
        names = Markup(", ").join(groups[str(g)].strong for g in dict.fromkeys(few["group"]))
        yield Prose(Markup(_PROVISIONAL).format(FEWEST_BETWEEN, names), "note")
    for path in dict.fromkeys(table["path"]):
        if chart := _chart(table[table["path"] == path], str(path), groups):
            yield chart
    yield _table(table, groups)


def _chart(table: pd.DataFrame, path: str, groups: Groups) -> Block | None:
    dots = [
        Dot(f"{r['level']} · {groups[r['group']].label}", *_ends(r), _figures(r))
        for r in table[table["std_se"].notna()].to_dict("records")
    ]
    name = path.replace(" ~ ", "-")
    return intervals(
        f"persona-paths-{name}", path, dots, (-1.0, 1.0), "standardised path", reference=0.0
    )


def _table(table: pd.DataFrame, groups: Groups) -> Table:
    columns = [
        group_column(groups),
        text("Path", "path"),
        text("", "level"),
        number("personas", "n_personas", count),
        number("sessions", "n_sessions", count),
        figures("standardised [95 % interval]", _figures),
        text("why not", "why_not"),
    ]
    return tabulate("Paths within and between personas", columns, table.to_dict("records"))


def _ends(record: Record) -> tuple[float, float, float]:
    return record["std_estimate"], record["lower"], record["upper"]


def _figures(record: Record) -> str:
    provisional = record["level"] == BETWEEN and record["n_personas"] < FEWEST_BETWEEN
    told = estimate_of(record, coefficient, "std_estimate")
    return f"{told}, provisional" if provisional and record["std_se"] == record["std_se"] else told
