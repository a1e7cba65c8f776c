"""A table as HTML: every text escaped, what cannot be seen in it shown by its code point."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from vaar.tables.table import Cell, Row, Table
from vaar.tables.text import visible

_TABLE = Markup(
    '<div class="scroll" role="region" tabindex="0" aria-label="{caption}">\n<table>\n'
    "<caption>{caption}</caption>\n<thead><tr>\n{headings}</tr></thead>\n<tbody>\n{rows}</tbody>\n"
    "</table>\n</div>\n"
)
MOST_ROWS = 500
"""Rows that a page shows of one table."""

_MOST_NAMED = 12
_MORE = Markup(
    '<p class="note">The first {} of {} rows are shown; the CSV files beside this page have all.'
    "</p>\n"
)
_NOTHING = Markup('<p class="nothing"><b>{}.</b> {}</p>\n')
_EMPTY = Markup('<span class="none">—</span>')


def render(table: Table) -> Markup:
    """The table, or the sentence that stands in its place where it has no rows.

    A table wider than the page scrolls by itself, by keyboard too. One of more rows than
    :data:`MOST_ROWS` ends there, and says so.
    """
    if not table.rows:
        return _NOTHING.format(visible(table.caption), visible(table.nothing))
    headings = (
        Markup('<th scope="col" class="{}">{}</th>\n').format(column.kind, visible(column.heading))
        for column in table.headings
    )
    shown = _TABLE.format(
        caption=visible(table.caption),
        headings=Markup("").join(headings),
        rows=Markup("").join(map(_row, table.rows[:MOST_ROWS])),
    )
    if len(table) <= MOST_ROWS:
        return shown
    return shown + _MORE.format(f"{MOST_ROWS:,}", f"{len(table):,}")


def several(parts: Sequence[Markup], joint: str = ", ") -> Markup:
    """Parts of a sentence joined; of more than a dozen the first, and how many more there are."""
    more = len(parts) - _MOST_NAMED
    told = Markup(joint).join(parts[:_MOST_NAMED])
    return told + (f" and {more:,} more" if more > 0 else "")


def tag(word: str, *, joined: bool = False) -> Markup:
    """A word that marks what stands before it; nothing for no word.

    Parameters
    ----------
    joined : bool
        Whether it begins no line.
    """
    if not word:
        return Markup("")
    space = Markup("&nbsp;") if joined else " "
    return Markup('{}<span class="tag">{}</span>').format(space, visible(word))


def name(text: str) -> Markup:
    """A foreign name that cannot reorder the text around it."""
    return Markup("<bdi>{}</bdi>").format(visible(text))


def _row(row: Row) -> Markup:
    first, *others = row.cells
    head = Markup('<th scope="row">{}</th>').format(_content(first))
    marked = Markup(' class="marked"') if row.marked else Markup("")
    return Markup("<tr{}>\n{}\n{}</tr>\n").format(marked, head, Markup("").join(map(_cell, others)))


def _cell(cell: Cell) -> Markup:
    shade = Markup("")
    if cell.share is not None:
        shade = Markup(' style="--share:{:.3f}"').format(cell.share)
    return Markup('<td class="{}"{}>{}</td>\n').format(cell.kind, shade, _content(cell))


def _content(cell: Cell) -> Markup:
    if cell.empty:
        shown = _EMPTY
    elif cell.kind == "quote":
        shown = Markup('<q class="reply">{}</q>').format(name(cell.text))
    else:
        shown = name(cell.text)
    return shown + tag(cell.tag)
