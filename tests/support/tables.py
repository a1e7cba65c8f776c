"""A table with every kind of cell, and the texts that try to break out of one."""

from __future__ import annotations

from hypothesis import strategies as st

from vaar.tables.table import Cell, CellKind, ColumnHead, Row, Table

HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd()|' /C calc'!A0",
    "'=quoted before",
    "'plain quote",
    "  -1",
    "\t@SUM(A1)",
    "two\nlines\r\nand\rthree\u2028four",
    "evil\u202etxt.exe\x00\x1b[31m",
    "\ud800 alone",
    "‹U+000A› written out",
    "\\input{/etc/passwd} 100 % & $x_1^2$ ~ #",
    "| a | b | `code` **bold** [link](http://x.y) <b>",
    "[.94, .99]",
    "*starred",
    "a -- b --- c ,, \"d\" 'e'",
    "NA",
    "https://example.org www.example.org",
)

texts = st.one_of(st.text(max_size=40), st.text("'=+-@ ‹U+0›A\n\r\t,\"", max_size=12))
"""Any text, and many of the few signs that matter."""


def table_of(*said: str) -> Table:
    """A table with one row for each text, which is its name and its figure too."""
    columns = (ColumnHead("Group", "name"), ColumnHead("VAAR", "number"))
    rows = tuple(
        Row((Cell(text, "name", tag="simulated"), Cell(".94", "number", value=0.9412345)))
        for text in said
    )
    return Table("Alignment of values and actions", columns, rows)


def mixed_table() -> Table:
    """Words, a tagged name, a shaded figure, a quoted reply, a gap, and a marked row."""
    headings: tuple[tuple[str, CellKind], ...] = (
        *(("Scale", "text"), ("Group", "name"), ("mean", "number"), ("reply", "quote")),
    )
    columns = tuple(ColumnHead(heading, kind) for heading, kind in headings)
    first = Row(
        (
            Cell("privacy"),
            Cell("noisy", "name", tag="simulated"),
            Cell("−0.50", "number", share=0.25, value=-0.5),
            Cell("I'd say 3", "quote"),
        )
    )
    second = Row((Cell("psa"), Cell("m-1", "name"), Cell("—", "number"), Cell("—")), marked=True)
    return Table("Means", columns, (first, second))
