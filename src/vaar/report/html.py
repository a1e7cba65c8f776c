"""Blocks as HTML: every text escaped, every figure with its words, every list and table marked up.

What a reader hears or sees does not hang on colour, and what scrolls can be reached by keyboard.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch

from markupsafe import Markup, escape

from vaar.report.figures.figure import Figure
from vaar.report.section import (
    Block,
    Box,
    Caution,
    Code,
    Conversation,
    Definitions,
    Fold,
    Heading,
    Items,
    Panels,
    Prose,
    Turn,
)
from vaar.tables.html import render as render_table
from vaar.tables.table import Table

_MOST_ITEMS = 50


def render_all(blocks: Iterable[Block], key: str) -> Markup:
    """Blocks one after another.

    Parameters
    ----------
    key : str
        Begins the ids of what is in them; no others on the page may begin so.
    """
    return Markup("").join(render(block, f"{key}-{n}") for n, block in enumerate(blocks, start=1))


@singledispatch
def render(block: Block, key: str) -> Markup:
    """One block; `key` is its own on the page."""
    raise TypeError(f"{type(block).__name__} is no block of a section")


def address(section: str, heading: Heading) -> str:
    """The id of a heading on the page."""
    return f"{section}-{heading.id}"


@render.register
def _(block: Prose, key: str) -> Markup:
    kind = Markup(' class="note"') if block.kind == "note" else Markup("")
    return Markup("<p{}>{}</p>\n").format(kind, block.text)


@render.register
def _(block: Heading, key: str) -> Markup:
    section = key.rpartition("-")[0]
    return Markup('<h3 id="{}">{}</h3>\n').format(address(section, block), block.text)


@render.register
def _(block: Items, key: str) -> Markup:
    told, more = [*block.items[:_MOST_ITEMS]], len(block.items) - _MOST_ITEMS
    if more > 0:
        told.append(f"and {more:,} more")
    items = Markup("").join(Markup("<li>{}</li>\n").format(item) for item in told)
    return Markup("<ul>\n{}</ul>\n").format(items)


@render.register
def _(block: Definitions, key: str) -> Markup:
    pairs = Markup("").join(
        Markup("<dt>{}</dt>\n<dd>{}</dd>\n").format(*pair) for pair in block.pairs
    )
    return Markup("<dl>\n{}</dl>\n").format(pairs)


@render.register
def _(block: Code, key: str) -> Markup:
    return Markup('<pre tabindex="0"><code>{}</code></pre>\n').format(block.text)


@render.register
def _(block: Conversation, key: str) -> Markup:
    turns = Markup("").join(map(_turn, block.turns))
    return Markup('<p><b>{}</b></p>\n<ol class="conversation">\n{}</ol>\n').format(
        block.title, turns
    )


@render.register
def _(block: Box, key: str) -> Markup:
    return Markup('<div class="box">\n<h3>{}</h3>\n{}</div>\n').format(
        block.title, render_all(block.blocks, key)
    )


@render.register
def _(block: Panels, key: str) -> Markup:
    return Markup('<div class="panels">\n{}</div>\n').format(render_all(block.blocks, key))


@render.register
def _(block: Fold, key: str) -> Markup:
    return Markup("<details{}>\n<summary>{}</summary>\n{}</details>\n").format(
        Markup(" open") if block.open else Markup(""), block.summary, render_all(block.blocks, key)
    )


@render.register
def _(block: Figure, key: str) -> Markup:
    return Markup(
        '<figure>\n<div class="card" role="region" tabindex="0" aria-label="{title}">{svg}</div>\n'
        "<figcaption><b>{title}.</b> {caption}</figcaption>\n</figure>\n"
    ).format(title=block.title, svg=block.inline(key), caption=block.caption)


@render.register
def _(block: Table, key: str) -> Markup:
    return render_table(block)


def _turn(turn: Turn) -> Markup:
    note = Markup('<p class="note">{}</p>').format(turn.note) if turn.note else ""
    return Markup(
        '<li><p class="speaker">{}</p><div class="said"><bdi>{}</bdi></div>{}</li>\n'
    ).format(turn.speaker, turn.text, note)


def render_caution(caution: Caution) -> Markup:
    """A caution, set off by a frame and by its label."""
    label = escape(caution.label.upper())
    return Markup('<div class="caution" role="note"><p><strong>{}</strong> {}</p></div>\n').format(
        label, caution.text
    )
