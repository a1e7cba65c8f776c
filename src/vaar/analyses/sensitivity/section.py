"""The sensitivity table in the report: a sentence for each factor, then every difference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from vaar.report.figures.intervals import Dot, intervals, reach
from vaar.report.section import Block, Fold, Items, Prose, Section
from vaar.tables.numbers import coefficient, count, decimal, estimate_of, probability, share
from vaar.tables.table import Record, Table, figures, number, tabulate, text

PLACE = 24
ALPHA = 0.05
_KINDS = {"item": "item means", "scale": "scale means", "path": "paths", "vaar": "rates (VAAR)"}


def sensitivity_section(table: pd.DataFrame, options: Any) -> Section:
    """Arrange the table."""
    factors = list(dict.fromkeys(table["factor"]))
    sentences = [sentence(factor, table[table["factor"] == factor]) for factor in factors]
    moved = [f for f in factors if _moved(table[table["factor"] == f]).any()]
    who = f"{', '.join(moved)} moved something" if moved else "nothing moved anything"
    lead = f"Of what was varied ({', '.join(factors)}) {who} beyond chance."
    return Section(
        "sensitivity",
        "Sensitivity to how it was asked",
        lead,
        (Items(tuple(sentences)), *_blocks(table)),
        method=(Prose(_method(options)),),
        summary=tuple(map(Prose, sentences)),
        place=PLACE,
    )


def sentence(factor: str, own: pd.DataFrame) -> str:
    """What one factor moved, all respondents together."""
    told = []
    for kind, words in _KINDS.items():
        rows = own[(own["kind"] == kind) & own["p"].notna()]
        if len(rows):
            told.append(f"{int(_moved(rows).sum())} of {len(rows)} {words}")
    if not told:
        return f"{factor}: nothing could be compared."
    sure = own[_moved(own) & own["kind"].isin(["path", "vaar", "scale"])]
    said = f"{factor}: {', '.join(told)} differ beyond chance{_most_variance(own)}"
    if sure.empty:
        return f"{said}."
    first = next(kind for kind in ("vaar", "path", "scale") if (sure["kind"] == kind).any())
    rows = sure[sure["kind"] == first]
    row = rows.sort_values("difference", key=abs).iloc[-1].to_dict()
    return (
        f"{said}; the largest {'difference of VAAR' if first == 'vaar' else 'of ' + _KINDS[first]} "
        f"is that of {row['measure']} in {row['respondent']}, {row['level']} less "
        f"{row['reference']}: {_words(row)}."
    )


def _most_variance(own: pd.DataFrame) -> str:
    """How much of the variance of scales lies between levels, where that is largest."""
    scales = own[(own["kind"] == "scale") & own["variance_share"].notna()]
    if scales.empty:
        return ""
    most = scales.sort_values("variance_share", kind="stable").iloc[-1]
    told = f"{share(most['variance_share'])} of the variance of a scale lies between levels"
    return f", and at most {told} ({most['measure']} in {most['respondent']})"


def _moved(rows: pd.DataFrame) -> pd.Series:
    return rows["p_holm"].fillna(1.0) < ALPHA


def _blocks(table: pd.DataFrame) -> Iterator[Block]:
    rows = table[table["kind"].isin(["path", "vaar"]) & table["difference"].notna()]
    dots = [_dot(row) for row in rows.to_dict("records")]
    if dots:
        edge = reach(dots, 0.5, 2.0)
        chart = intervals(
            "sensitivity-paths",
            "Differences of paths and of VAAR between levels",
            dots,
            (-edge, edge),
            "difference",
            reference=0.0,
        )
        if chart:
            yield chart
    for kinds, caption in (
        (("vaar", "path", "scale"), "Differences of scale means, paths and VAAR"),
        (("item",), "Differences of item means"),
    ):
        own = table[table["kind"].isin(kinds)]
        shown = _table(caption, own)
        yield Fold(caption, (shown,)) if kinds == ("item",) else shown


def _dot(row: Record) -> Dot:
    label = f"{row['measure']}, {row['factor']} {row['level']} · {row['respondent']}"
    ends = row["difference"], row["lower"], row["upper"]
    sure = bool(row["p_holm"] < ALPHA)
    return Dot(label, *ends, _words(row), "solid" if sure else "hollow")


def _table(caption: str, rows: pd.DataFrame) -> Table:
    columns = [
        text("Factor", "factor"),
        text("respondent", "respondent"),
        text("condition", "condition"),
        text("level", "level"),
        text("less", "reference"),
        text("of", "measure"),
        figures("sessions", lambda r: f"{count(r['n_level'])}, {count(r['n_reference'])}"),
        figures("difference [95 %]", _words),
        number("p (Holm)", "p_holm", probability),
        number("share of variance", "variance_share", share),
        text("why not", "reason"),
    ]
    return tabulate(caption, columns, rows.to_dict("records"))


def _words(row: Record) -> str:
    form = coefficient if row["kind"] in ("path", "vaar") else decimal
    return estimate_of(row, form, "difference")


def _method(options: Any) -> str:
    return (
        "Each level is held against the first one of its factor, respondent by respondent. Means: "
        "Welch's test, and the share of the variance between all levels of a factor (Hays' ω²); "
        "where personas repeat, whole personas are taken as independent, in both "
        "levels together. Paths: one model for all levels of a factor, equal loadings, the other "
        "design factors taken out, Wald tests; where personas repeat, and for VAAR (κ = .10, signs "
        f"taken as given), errors are the standard deviations of {options.replicates} bootstrap "
        "replicates. Holm's correction within a factor for all item means, all scale means, all "
        "paths, and all rates."
    )
