"""The tables of the contrasts as they are shown."""

from __future__ import annotations

import pandas as pd

from vaar.report.groups import Groups, group_column
from vaar.tables.numbers import coefficient, count, estimate_of, interval, probability, share
from vaar.tables.table import Cell, Column, Record, Table, figures, number, tabulate, text
from vaar.tables.text import is_missing

_CLAIMS = {"+": "positive", "-": "negative", "none": "none"}


def people_shown(people: pd.DataFrame) -> Table:
    """The paths of the human reference."""
    columns = [
        text("Path", "path"),
        figures("expected", lambda r: "+" if r["expected_sign"] > 0 else "−"),
        figures("in people [95 %]", lambda r: _bounded(r, "std_path", "lower", "upper")),
        text("finding", "finding"),
        number("people", "n", count),
    ]
    return tabulate("Paths in the human reference", columns, people.to_dict("records"))


def contrasts_shown(title: str, contrasts: pd.DataFrame, groups: Groups) -> Table:
    """Contrasts, one row each."""
    columns = [
        _named("Group", "one", groups),
        _named("less", "other", groups),
        text("Path", "path"),
        figures("difference [95 %]", lambda r: _bounded(r, "difference", "lower", "upper")),
        number("p", "p", probability),
        number("p (Holm)", "p_holm", probability),
    ]
    return tabulate(title, columns, contrasts.to_dict("records"))


def models_shown(models: pd.DataFrame, groups: Groups) -> Table:
    """Each real model in the light of all."""
    columns = [
        group_column(groups),
        text("Path", "path"),
        number("path", "std_estimate", coefficient),
        number("in the light of all", "pooled", coefficient),
        number("P(positive)", "pooled_positive", share),
        number("p (Holm)", "p_holm", probability),
        figures("sign claimed", lambda r: _CLAIMS[str(r["claim"])]),
        figures(
            "ranks it may have",
            lambda r: interval(count(r["rank_lower"]), count(r["rank_upper"])),
        ),
    ]
    return tabulate("Real models under one condition", columns, models.to_dict("records"))


def between_table(between: pd.DataFrame) -> Table:
    """How alike real models are."""
    columns = [
        text("Path", "path"),
        text("Condition", "condition"),
        number("models", "models", count),
        figures("mean path [95 %]", lambda r: _bounded(r, "mean", "lower", "upper")),
        figures("sd between models [95 %]", lambda r: _bounded(r, "sd", "sd_lower", "sd_upper")),
    ]
    return tabulate("How far models differ", columns, between.to_dict("records"))


def zero_order_shown(table: pd.DataFrame, groups: Groups) -> Table:
    """Correlations of the latent variables beside the paths."""
    columns = [
        group_column(groups),
        text("Path", "path"),
        figures("path [95 %]", lambda r: _bounded(r, "std_path", "path_lower", "path_upper")),
        figures("correlation [95 %]", lambda r: _bounded(r, "r", "r_lower", "r_upper")),
        text("signs", "signs"),
    ]
    return tabulate(
        "Zero-order correlations beside paths",
        columns,
        groups.sort(table).to_dict("records"),
        marked=lambda r: r["signs"] == "different",
    )


def published_shown(published: pd.DataFrame, groups: Groups) -> Table:
    """Published coefficients beside a run's own."""
    columns = [
        group_column(groups),
        text("Path", "path"),
        text("specification", "specification"),
        text("adjusted for", "adjusted_for"),
        figures(
            "published [95 %]",
            lambda r: _bounded(r, "published", "published_lower", "published_upper"),
        ),
        figures("here [95 %]", lambda r: _bounded(r, "own", "own_lower", "own_upper")),
        number("difference", "difference", coefficient),
        number("p", "p", probability),
        text("source", "source"),
    ]
    records = groups.sort(published).to_dict("records")
    return tabulate("Published coefficients beside those of this run", columns, records)


def _bounded(record: Record, value: str, lower: str, upper: str) -> str:
    return estimate_of(record, coefficient, value, lower, upper)


def _named(heading: str, field: str, groups: Groups) -> Column:
    def cell(record: Record) -> Cell:
        if is_missing(record[field]):
            return Cell("", "name")
        group = groups[str(record[field])]
        return Cell(group.name, "name", tag=group.tag)

    return Column(heading, cell, "name")
