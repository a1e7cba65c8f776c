"""What an analysis says in the report: a section of blocks, which the report sets as it is told.

Text is a plain string, and foreign unless it is :class:`markupsafe.Markup`: every renderer escapes
it and shows what cannot be seen in it. Use ``Markup("<b>{}</b>").format(foreign)`` for text with
marks of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from vaar.errors import DataError
from vaar.report.figures.figure import Figure
from vaar.tables.table import Table


@dataclass(frozen=True)
class Prose:
    """One paragraph; a note is set apart as an explanation of what stands before it."""

    text: str
    kind: Literal["plain", "note"] = "plain"


@dataclass(frozen=True)
class Heading:
    """A heading within a section, with the end of its address on the page."""

    text: str
    id: str


@dataclass(frozen=True)
class Items:
    """A list of short texts."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Definitions:
    """Terms, each with its definition."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Code:
    """Lines as they stand in a file or are typed."""

    text: str


@dataclass(frozen=True)
class Turn:
    """One text of a conversation.

    Attributes
    ----------
    speaker : str
        Such as ``system``, ``question``, ``reply``.
    note : str
        What is said of it, such as how a reply was coded.
    """

    speaker: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Conversation:
    """A conversation, turn by turn."""

    title: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class Box:
    """Blocks that are set off with a heading of their own."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Panels:
    """Blocks side by side where the page is wide enough."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Fold:
    """Blocks that open on demand."""

    summary: str
    blocks: tuple[Block, ...]
    open: bool = False


_ID = re.compile(r"[a-z][a-z0-9_-]*")

Block = (
    Prose
    | Heading
    | Items
    | Definitions
    | Code
    | Conversation
    | Box
    | Panels
    | Fold
    | Figure
    | Table
)
"""What a section is made of."""


@dataclass(frozen=True)
class Caution:
    """What must not be missed: it stands at the top of the page and of its section.

    Attributes
    ----------
    label : str
        One or two words that say what it is about.
    """

    label: str
    text: str


@dataclass(frozen=True)
class Section:
    """One section of the report.

    Attributes
    ----------
    id : str
        Its address on the page; small letters, digits, hyphens and low lines, a letter first.
    lead : str
        What was found, in a sentence or two.
    blocks : tuple of Block
        Pictures before tables.
    method : tuple of Block
        How it was done, with the options that were in force; gathered at the end of the page.
    cautions : tuple of Caution
        What must not be missed in these results.
    first : tuple of Block
        What belongs on the first screen of the page, under the lead; neither is repeated in the
        section. Where no section has any, the first lead stands there alone.
    summary : tuple of Block
        What the command line shows when the analysis is done; tables and paragraphs.
    place : int
        Sections stand in this order; those of this package have 10, 20, ….

    Raises
    ------
    DataError
        The id is not one.
    """

    id: str
    title: str
    lead: str
    blocks: tuple[Block, ...]
    method: tuple[Block, ...] = ()
    cautions: tuple[Caution, ...] = ()
    first: tuple[Block, ...] = ()
    summary: tuple[Block, ...] = ()
    place: int = 50

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise DataError(
                f"a section has the id {self.id!r}; an id has small letters, digits, hyphens and "
                "low lines, and begins with a letter"
            )

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Its own headings, in their order."""
        return tuple(block for block in self.blocks if isinstance(block, Heading))

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table that has rows, wherever in the section."""
        return tuple(b for b in self._all() if isinstance(b, Table) and b.rows)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure, wherever in the section."""
        return tuple(block for block in self._all() if isinstance(block, Figure))

    def _all(self) -> Iterator[Block]:
        for block in (*self.first, *self.blocks, *self.method):
            yield from _within(block)


def _within(block: Block) -> Iterator[Block]:
    yield block
    if isinstance(block, Box | Panels | Fold):
        for inner in block.blocks:
            yield from _within(inner)
