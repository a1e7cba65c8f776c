"""Every measure with the figures of all models: words, a picture, the whole table."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from markupsafe import Markup

from vaar.comparison.figures import told_apart
from vaar.comparison.report.cells import bounded, bounded_column, model, model_column
from vaar.report.figures.figure import Figure
from vaar.report.figures.intervals import Dot, Mark, intervals
from vaar.report.groups import label_of
from vaar.report.section import Block, Fold, Heading, Items, Panels, Prose, Section
from vaar.tables.table import Record, Table, tabulate, text

MOST_DRAWN = 40
"""Figures of one measure that are drawn; more are in the table alone."""

_MARGIN = 0.05


def measures_section(figures: pd.DataFrame) -> Section:
    """All figures, by measure.

    Parameters
    ----------
    figures : DataFrame
        As :data:`vaar.comparison.tables.FIGURES`.
    """
    named = figures.assign(name=told_apart(figures))
    by_measure = pd.factorize(named["name"])[0].argsort(kind="stable")
    named = named.iloc[by_measure]
    leading = named[named["leading"]]
    return Section(
        "measures",
        "All measures",
        Markup("Which measures there are, and which model is highest and lowest on each."),
        tuple(_blocks(leading, named[~named["leading"]])),
        method=(Prose(_METHOD),),
        place=10,
    )


_METHOD = (
    "Figures and their 95 % intervals are those of each run's own analysis. A figure with a flaw "
    "(a fit that is refused, answers that follow the order of the options) is shown, and enters no "
    "correlation and no difference. Where a model has a figure in several runs, correlations take "
    "that of the latest."
)


def _blocks(leading: pd.DataFrame, further: pd.DataFrame) -> Iterator[Block]:
    if sentences := tuple(sentence(own) for _, own in leading.groupby("name", sort=False)):
        yield Items(sentences)
    drawn = [chart(str(name), own) for name, own in leading.groupby("name", sort=False)]
    if shown := tuple(figure for figure in drawn if figure):
        yield Panels(shown)
    yield Heading("Figures", "figures")
    yield figure_table("Leading figures", leading)
    if len(further):
        table = figure_table("Parts and variants", further)
        yield Fold(f"Parts and variants ({len(further)} figures)", (table,))


def sentence(own: pd.DataFrame) -> Markup:
    """Highest and lowest model of a measure, real ones before simulated ones."""
    name = Markup("<b>{}</b>").format(own["name"].iloc[0])
    known = own[own["latest"] & own["flaw"].eq("") & own["value"].notna() & ~own["people"]]
    if known.empty:
        why = next(iter(own["flaw"][own["flaw"].ne("")]), "") or "no model has a value"
        return Markup("{}: nothing to set side by side ({}).").format(name, why)
    real = known[~known["simulated"]]
    ordered = (known if real.empty else real).sort_values("value", kind="stable")
    most, least = ordered.iloc[-1].to_dict(), ordered.iloc[0].to_dict()
    told = Markup("{}: {}").format(name, _figure(most))
    if len(ordered) > 1:
        among = "" if real.empty or len(real) == len(known) else " real"
        count = f"highest of {len(ordered)}{among} models"
        told = Markup("{}: {} is the {}, {} the lowest").format(
            name, _figure(most), count, _figure(least)
        )
    return told + Markup(".")


def _figure(record: Record) -> Markup:
    words = Markup("; {}").format(record["words"]) if record["words"] else ""
    return Markup("{} ({}{})").format(model(record), bounded(record, "value"), words)


def chart(name: str, own: pd.DataFrame) -> Figure | None:
    """The figures of one measure as dots with intervals; None where there is none."""
    records = own.head(MOST_DRAWN).to_dict("records")
    several = own["run"].nunique() > 1
    dots = [_dot(record, several) for record in records]
    figure = intervals(
        f"measure-{own['analysis'].iloc[0]}-{own['measure'].iloc[0]}".replace("_", "-"),
        name,
        dots,
        domain(own),
        own["unit"].iloc[0] or name,
        caption="95 % intervals. Hollow: simulated. Square: a figure with a flaw.",
    )
    more = len(own) - MOST_DRAWN
    if figure is None or more <= 0:
        return figure
    return figure.captioned(f"{figure.caption} {more} more are in the table.")


def domain(own: pd.DataFrame) -> tuple[float, float]:
    """Ends of an axis that holds every figure and interval."""
    ends = own[["value", "value_lower", "value_upper"]].astype(float)
    low, high = float(ends.min().min()), float(ends.max().max())
    if not low < high:
        return low - 1, low + 1
    margin = _MARGIN * (high - low)
    return low - margin, high + margin


def _dot(record: Record, several: bool) -> Dot:
    label = label_of(str(record["respondent"]), bool(record["simulated"]))
    mark: Mark = "opposite" if record["flaw"] else "hollow" if record["simulated"] else "solid"
    value, lower, upper = (float(record[f"value{end}"]) for end in ("", "_lower", "_upper"))
    told = f"{label}, {record['run']}" if several else label
    return Dot(told, value, lower, upper, bounded(record, "value"), mark)


def figure_table(caption: str, figures: pd.DataFrame) -> Table:
    """Figures with their intervals and verdicts."""
    columns = [
        text("Measure", "name"),
        model_column(),
        text("run", "run"),
        bounded_column("figure [95 % interval]", "value"),
        text("verdict", "words"),
        text("flaw", "flaw"),
    ]
    records = figures.to_dict("records")
    return tabulate(caption, columns, records, nothing="No run offers a figure.")
