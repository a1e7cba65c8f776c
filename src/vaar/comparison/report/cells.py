"""How a comparison names models and prints figures, in sentences and in tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from vaar.report.groups import SIMULATED
from vaar.tables import html
from vaar.tables.numbers import coefficient, decimal, estimate_named
from vaar.tables.table import Cell, Column, Record, figures
from vaar.tables.text import NO_VALUE, is_missing, shorten

_LONGEST = 60


def model(record: Record) -> Markup:
    """The respondent of a row, set in bold for a sentence, with its mark."""
    tag = SIMULATED if record["simulated"] else ""
    name = html.name(shorten(str(record["respondent"]), _LONGEST))
    return Markup("<b>{}</b>{}").format(name, html.tag(tag))


def model_column(heading: str = "Model", field: str = "respondent") -> Column:
    """The column that names the respondent and marks it where it is simulated."""

    def cell(record: Record) -> Cell:
        tag = SIMULATED if record["simulated"] else ""
        return Cell(str(record[field]), "name", tag=tag)

    return Column(heading, cell, "name")


def bounded(record: Mapping[Any, Any], name: str) -> str:
    """A figure of a row in its own unit, with its interval."""
    if record["unit"] == "degrees":
        return estimate_named(record, degrees, name)
    return estimate_named(record, coefficient, name)


def degrees(value: Any) -> str:
    """An angle, to one place."""
    return NO_VALUE if is_missing(value) else f"{decimal(value, 1)}°"


def bounded_column(heading: str, name: str) -> Column:
    """The column of such figures."""
    return figures(heading, lambda record: bounded(record, name))


def plain(record: Record, name: str) -> str:
    """A figure of a row with its interval, whatever its unit."""
    return estimate_named(record, coefficient, name)
