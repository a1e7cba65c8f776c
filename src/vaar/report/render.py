"""The one door to HTML: a page in, one self-contained document out."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from vaar.report.build import build
from vaar.report.inputs import ReportInputs
from vaar.tables.html import render as as_html
from vaar.tables.numbers import count
from vaar.tables.text import visible


def render(inputs: ReportInputs) -> str:
    """Return the whole report as one HTML document that loads nothing from anywhere.

    Every text that is not the template's own is escaped, and its invisible characters are shown
    by their code points.

    Raises
    ------
    RunDirectoryError
        ``run.json`` or ``fit.json`` lacks an entry that the page needs.
    """
    environment = Environment(
        loader=PackageLoader("vaar", "report"),
        autoescape=True,
        finalize=_harmless,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "count": count,
        "as_html": as_html,
        "saying": lambda table, nothing: replace(table, nothing=nothing),
    }
    css = files("vaar.report").joinpath("report.css").read_text(encoding="utf-8")
    template = environment.get_template("report.html.jinja")
    return template.render(page=build(inputs), css=Markup(css))


def _harmless(value: Any) -> Any:
    """Show what is invisible; leave the markup that this package made itself."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
