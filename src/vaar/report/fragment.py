"""A section in short, for a notebook: what was found, its picture, its table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from markupsafe import Markup

from vaar.report.figures.figure import Figure
from vaar.report.html import render_all, render_caution
from vaar.report.section import Block, Caution, Section
from vaar.tables.table import Table
from vaar.tables.text import visible

_STYLE = Markup(
    "<style>.vaar svg { max-width: 46rem; background: #fff; } "
    ".vaar .caution { border: 2px solid #d97706; padding: 0 .5rem; } "
    ".vaar .tag { border: 1px solid #d97706; padding: 0 .2rem; font-size: .8em; } "
    ".vaar td.drawing { font-family: monospace; white-space: pre; } "
    ".vaar caption { font-weight: 600; text-align: left; }</style>"
)


_SHOWN = count(1)


def next_key() -> str:
    """A key that no other fragment of this program has."""
    return f"vaar-{next(_SHOWN)}"


def fragment(title: str, sections: Sequence[Section], cautions: Sequence[Caution], key: str) -> str:
    """HTML that may stand in another page: nothing is loaded, and nothing outside is styled.

    Parameters
    ----------
    key : str
        Begins the ids in it; no others on the page may begin so.
    """
    ordered = sorted(sections, key=lambda section: section.place)
    own = [*cautions, *(caution for section in ordered for caution in section.cautions)]
    shown = Markup("").join(
        [
            Markup("<h3>{}</h3>\n").format(title),
            *map(render_caution, dict.fromkeys(own)),
            *(_section(section, f"{key}-{section.id}") for section in ordered),
        ]
    )
    return visible(Markup('<div class="vaar">{}\n{}</div>').format(_STYLE, shown))


def _section(section: Section, key: str) -> Markup:
    blocks: list[Block] = [block for block in section.first if isinstance(block, Figure)]
    blocks += [block for block in section.summary if isinstance(block, Table)]
    return Markup("<h4>{}</h4>\n<p>{}</p>\n{}").format(
        section.title, section.lead, render_all(blocks, key)
    )
