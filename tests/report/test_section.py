from __future__ import annotations

from markupsafe import Markup

from vaar.report.figures.figure import Figure
from vaar.report.section import Box, Fold, Heading, Panels, Prose, Section
from vaar.tables.table import Cell, ColumnHead, Row, Table

COLUMN = ColumnHead("Group")


def table(caption: str, rows: int = 1) -> Table:
    return Table(caption, (COLUMN,), tuple(Row((Cell("x"),)) for _ in range(rows)))


def figure(name: str) -> Figure:
    return Figure(name, "Title", "Words.", Markup("<g></g>"), "0 0 10 10")


def test_tables_and_figures_are_found_wherever_they_stand() -> None:
    section = Section(
        "one",
        "One",
        "Lead.",
        (
            Prose("x"),
            table("outer"),
            table("without rows", 0),
            Fold("more", (Box("b", (table("boxed"), Panels((figure("inner"),)))),)),
        ),
        method=(table("how"),),
        first=(figure("first"),),
    )
    assert [t.caption for t in section.tables] == ["outer", "boxed", "how"]
    assert [f.name for f in section.figures] == ["first", "inner"]


def test_headings_are_those_of_the_section_itself() -> None:
    inner = Box("b", (Heading("hidden", "hidden"),))
    section = Section("one", "One", "", (Heading("shown", "shown"), inner))
    assert [heading.id for heading in section.headings] == ["shown"]
