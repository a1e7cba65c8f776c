"""Everything a page shows as files: tables for papers and programs, figures, an index."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, count

import pandas as pd

from vaar.report.figures.figure import Figure
from vaar.report.page import Page
from vaar.report.section import Caution, Section
from vaar.tables import csv, latex, markdown
from vaar.tables.spec import TableSpec
from vaar.tables.table import Table
from vaar.tables.text import without_marks

INDEX = "README.md"
MARK = "<!-- written by vaar export -->"
"""First line of the index: what tells an export from other folders."""

DATA = "data"
CODEBOOK = f"{DATA}/COLUMNS.md"
METHOD = "method"

_LONGEST = 60


def files_of(
    page: Page, data: Sequence[tuple[TableSpec, pd.DataFrame]]
) -> Iterator[tuple[str, str]]:
    """Name and content of every file.

    Each shown table becomes ``SECTION/NAME.csv``, ``.tex`` and ``.md``, each figure
    ``SECTION/NAME.svg``; the tables of results stand whole in ``data/``, with a description of
    their columns.

    Parameters
    ----------
    data : sequence of (TableSpec, DataFrame)
        The tables of results.
    """
    named = [*page.ordered, Section(METHOD, "Method", "", (), page.method)]
    contents = [(section, list(_contents(section))) for section in named]
    yield INDEX, _index(page, contents, data)
    for spec, table in data:
        yield f"{DATA}/{spec.file}", spec.to_csv(table)
    if data:
        yield CODEBOOK, "\n".join(markdown.render(spec.described()) for spec, _ in data)
    for section, parts in contents:
        for name, part in parts:
            for ending, content in _written(part).items():
                yield f"{section.id}/{name}.{ending}", content


def _contents(section: Section) -> Iterator[tuple[str, Table | Figure]]:
    """Tables and figures of a section under names that no other there has."""
    taken: set[str] = set()
    parts = [(figure.name, figure) for figure in section.figures]
    parts += [(table.caption, table) for table in section.tables]  # type: ignore[misc]
    for told, part in parts:
        base = _slug(told)
        numbered = (f"{base}-{k}" for k in count(2))
        name = next(name for name in chain([base], numbered) if name not in taken)
        taken.add(name)
        yield name, part


def _slug(text: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return plain[:_LONGEST].rstrip("-") or "table"


def _written(part: Table | Figure) -> Mapping[str, str]:
    if isinstance(part, Figure):
        return {"svg": part.standalone()}
    return {
        "csv": csv.render(part),
        "tex": latex.render(part),
        "md": markdown.render(part),
    }


def _index(
    page: Page,
    contents: Sequence[tuple[Section, Sequence[tuple[str, Table | Figure]]]],
    data: Sequence[tuple[TableSpec, pd.DataFrame]],
) -> str:
    lines = [MARK, f"# {markdown.escape(page.title)}", ""]
    for caution in page.all_cautions:
        lines += [_caution(caution), ""]
    for section, parts in contents:
        if not parts:
            continue
        lines += [f"## {markdown.escape(section.title)}", ""]
        if section.lead:
            lines += [markdown.escape(without_marks(section.lead)), ""]
        for name, part in parts:
            told = part.title if isinstance(part, Figure) else part.caption
            endings = ", ".join(
                f"`{section.id}/{name}.{ending}`" for ending in _ENDINGS[type(part)]
            )
            lines.append(f"- {markdown.escape(told)}: {endings}")
        lines.append("")
    if data:
        lines += ["## Tables of results, in full precision", ""]
        lines += [f"- `{DATA}/{spec.file}`: one row is {spec.row_is}" for spec, _ in data]
        lines += [f"- `{CODEBOOK}`: what every column means", ""]
    return "\n".join(lines)


_ENDINGS: dict[type, tuple[str, ...]] = {Figure: ("svg",), Table: ("csv", "tex", "md")}


def _caution(caution: Caution) -> str:
    label = markdown.escape(caution.label.upper())
    return f"> **{label}** {markdown.escape(without_marks(caution.text))}"
