"""What became of every row and cell of a table of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vaar.pipeline.people.other_scale import WithAnotherScale
from vaar.pipeline.people.reversed_keys import AgainstTheRest
from vaar.tables.text import number_of


@dataclass(frozen=True)
class PeopleImport:
    """What an import of people's answers came to.

    Attributes
    ----------
    source : str
        Name of the file they are from.
    kind, form : str
        What exported it, and how its text was read.
    people : int
        Rows taken, one a person.
    rows : int
        Rows of people in the table.
    left_out : mapping of str to int
        Rows left out, by reason.
    columns : mapping of str to str
        The column of each item.
    no_answer : mapping of str to int
        Cells taken as no answer, by what stands in them.
    blanks : int
        Blank cells of items, in the rows taken.
    reversed : tuple of str
        Items that were turned round, as the map says.
    against : tuple of AgainstTheRest
        Items that still run against the rest of their scale.
    turned_before : bool
        Whether these are just the items that point the other way.
    elsewhere : tuple of WithAnotherScale
        Items that go with another scale than their own.
    remarks : tuple of str
        What else must be known.
    """

    source: str
    kind: str
    form: str
    people: int
    rows: int
    left_out: Mapping[str, int]
    columns: Mapping[str, str]
    no_answer: Mapping[str, int]
    blanks: int
    reversed: tuple[str, ...] = ()
    against: tuple[AgainstTheRest, ...] = ()
    turned_before: bool = False
    elsewhere: tuple[WithAnotherScale, ...] = ()
    remarks: tuple[str, ...] = ()

    def account(self) -> Iterator[str]:
        """What was read and what was left out, a sentence each."""
        read = f" ({self.form})" if self.form else ""
        kind = {"csv": "a table", "qualtrics": "a Qualtrics export", "spss": "an SPSS table"}
        what = kind.get(self.kind, "a LimeSurvey export")
        yield f"{self.source}: {what}{read}; {self.people:,} of {self.rows:,} rows are people"
        for reason, n in self.left_out.items():
            yield f"left out: {number_of(n, 'row', 'rows')}: {reason}"
        told = ", ".join(f"{cell!r} {n:,}×" for cell, n in self.no_answer.items())
        if told:
            yield f"taken as no answer: {told}"
        if self.blanks:
            yield f"blank: {self.blanks:,} cells of items"
        if self.reversed:
            yield f"turned round, as the map says: {', '.join(self.reversed)}"

    def warnings(self) -> Iterator[str]:
        """What must be looked at before the answers are used."""
        if self.against:
            yield self._against()
        for one in self.elsewhere:
            yield (
                f"{one.item} goes with {one.scale} (r = {one.others:.2f}) and not with the rest of "
                f"its own scale (r = {one.own:.2f}): were columns exchanged or moved?"
            )
        yield from self.remarks

    def _against(self) -> str:
        first, items = self.against[0], [one.item for one in self.against]
        if len(items) == 1:
            return (
                f"{first.item} runs against the rest of its scale (r = {first.r:.2f}, "
                f"{first.people:,} people): if its cells run the other way, name it under "
                "`reversed` in the map"
            )
        furthest = min(one.r for one in self.against)
        why = (
            "these are just the items that point the other way, as in a table whose answers were "
            "turned round already"
            if self.turned_before
            else "their cells run the other way, or columns were exchanged or moved"
        )
        return (
            f"{len(items)} items run against the rest of their scales (r down to {furthest:.2f}): "
            f"{why}. If they are to be turned round, put this into the map: `reversed: "
            f"[{', '.join(items)}]`"
        )

    def to_json(self) -> dict[str, Any]:
        """For ``run.json``."""
        return {
            "source": self.source,
            "kind": self.kind,
            "form": self.form,
            "people": self.people,
            "rows": self.rows,
            "left_out": dict(self.left_out),
            "no_answer": dict(self.no_answer),
            "blanks": self.blanks,
            "reversed": list(self.reversed),
            "account": list(self.account()),
            "warnings": list(self.warnings()),
        }


@dataclass(frozen=True)
class Written:
    """Where an import stands: the people's answers, and the map they were read by."""

    people: Path
    map: Path
    found: PeopleImport = field(repr=False)
