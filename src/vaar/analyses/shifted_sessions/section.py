"""Shifted sessions in the report: what is accepted and released."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
from markupsafe import Markup

from vaar.analyses.shifted_sessions.outcomes import RELEASED
from vaar.analyses.shifted_sessions.pairs import RANDOM
from vaar.report.groups import Groups, group_column
from vaar.report.section import Prose, Section
from vaar.study.model import Study
from vaar.study.structural_model import read_structure
from vaar.tables.numbers import coefficient, count, decimal, estimate_named
from vaar.tables.table import Record, Table, figures, number, tabulate, text
from vaar.tables.text import is_missing, without_marks

_MOST = 6


def outcomes_section(table: pd.DataFrame, groups: Groups, study: Study, replicates: int) -> Section:
    """What shifts change in answers and releases."""
    sentences = list(_sentences(table, groups, study))
    method = (
        "A shifted group is held against the one that differs from it in nothing else, session by "
        "session of the same replicate number; conditions of one respondent also draw from the "
        "same random numbers. Where random directions of the same length were tried, the change "
        "is held against theirs, too. Intervals are expanded percentiles (Hesterberg 2015) of "
        f"{replicates} bootstrap samples of such pairs."
    )
    return Section(
        "shifted-sessions",
        "The same sessions under a shift",
        Markup(" ").join(sentences),
        (_whole(table, groups), *_on_paths(study)),
        method=(Prose(method),),
        summary=(*(Prose(without_marks(one)) for one in sentences), _summary(table, groups)),
        place=13,
    )


def _whole(table: pd.DataFrame, groups: Groups) -> Table:
    columns = [
        group_column(groups),
        text("pushed", "shift"),
        text("outcome", "outcome"),
        number("sessions", "sessions", count),
        figures("without", lambda r: _form(r)(r["unshifted"])),
        figures("shifted", lambda r: _form(r)(r["shifted"])),
        figures("change [95 % interval]", lambda r: estimate_named(r, _form(r), "change")),
        figures("beyond random", lambda r: estimate_named(r, _form(r), "beyond_random")),
    ]
    return tabulate("Answers under a shift", columns, table.to_dict("records"))


def _summary(table: pd.DataFrame, groups: Groups) -> Table:
    """What a terminal has room for."""
    columns = [
        group_column(groups),
        text("outcome", "outcome"),
        figures("change [95 % interval]", lambda r: estimate_named(r, _form(r), "change")),
    ]
    return tabulate("Answers under a shift, less those without", columns, table.to_dict("records"))


def _sentences(table: pd.DataFrame, groups: Groups, study: Study) -> Iterator[Markup]:
    told = _told(table, study)
    for record in told.head(_MOST).to_dict("records"):
        if is_missing(record["change"]):
            yield _untold(record, groups, study)
            continue
        form = _form(record)
        yield Markup("Pushed {}, {} {}: {} → {}, a change of {}{}.").format(
            record["shift"],
            groups[record["base"]].strong,
            what_changed(record, study),
            form(record["unshifted"]),
            form(record["shifted"]),
            estimate_named(record, form, "change"),
            beside_random(record),
        )
    if len(told) > _MOST:
        yield Markup("{} further changes are in the table.").format(len(told) - _MOST)


def _on_paths(study: Study) -> Iterator[Prose]:
    """Where it is said what becomes of the paths."""
    if study.structural_model.strip() and study.hypotheses:
        yield Prose(
            "What becomes of paths under a shift has a section of its own where any could be "
            "estimated; where none could, the first section says why for each group.",
            "note",
        )


def _untold(record: Record, groups: Groups, study: Study) -> Markup:
    """That an outcome is known of no session on both sides."""
    part = study.instrument.get(record["outcome"])
    what = "release form was read" if not part else f"answers to {part.title} are known"
    return Markup("Pushed {}, {}: no {} of the same session with and without the shift.").format(
        record["shift"], groups[record["base"]].strong, what
    )


def _told(table: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The rows that sentences are made of: actions, and shifts before what is their control."""
    actions = table[table["outcome"].isin(_actions(study))]
    told = actions if len(actions) else table
    directed = told[~told["shift"].str.startswith(RANDOM)]
    return directed if len(directed) else told


def _form(record: Record) -> Callable[[Any], str]:
    """How a figure is written: shares of a record without a leading zero."""
    return coefficient if record["outcome"] == RELEASED else decimal


def beside_random(record: Record) -> str:
    """Whether a push as long in random directions does as much; empty where none was tried.

    Parameters
    ----------
    record : mapping
        A row of ``shifted_outcomes``.
    """
    if is_missing(record["beyond_random"]):
        return ""
    told = estimate_named(record, _form(record), "beyond_random")
    lower, upper = record["beyond_random_lower"], record["beyond_random_upper"]
    if lower > 0 or upper < 0:
        return f"; as long a push in a random direction does otherwise (difference {told})"
    return (
        "; as long a push in a random direction does the same, as far as can be told (difference "
        f"{told})"
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
