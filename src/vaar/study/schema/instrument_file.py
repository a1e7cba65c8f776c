"""The shape of instrument files."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, Tag, model_validator

from vaar.study.instruments import ItemKind, Numbering, Wording
from vaar.study.schema.entry import MOST_POINTS, MOST_REPLY_TOKENS, Code, Entry, Sign, Text


class ScaleEntry(Entry):
    """The response scale: a label a point, or its ends."""

    first: int = Field(
        default=1, ge=-MOST_POINTS, le=MOST_POINTS, description="Number of the lowest point."
    )
    labels: list[Text] | None = Field(
        default=None, min_length=2, description="One label a point, lowest first."
    )
    last: int | None = Field(
        default=None,
        ge=-MOST_POINTS,
        le=2 * MOST_POINTS,
        description="Number of the highest point, where not every point has a label.",
    )
    ends: list[Text] | None = Field(
        default=None, min_length=2, max_length=2, description="Labels of the lowest and highest."
    )
    numbering: Numbering = Field(
        default="points",
        description="Whether numbers belong to the points, or to the places at which they stand.",
    )

    @model_validator(mode="after")
    def _labels_or_last(self) -> Self:
        if (self.labels is None) == (self.last is None):
            raise ValueError(
                'has "labels", one a point, or "last", the number of the highest: write one of them'
            )
        if self.labels is not None and self.ends is not None:
            raise ValueError('has "labels" and "ends"; "ends" goes with "last"')
        if self.last is not None and not 1 <= self.last - self.first <= MOST_POINTS:
            raise ValueError(
                f"runs from {self.first} to {self.last}; it must have 2 to {MOST_POINTS + 1} points"
            )
        return self


class ItemEntry(Entry):
    """One statement, vignette, choice or open question."""

    code: Code = Field(description="Unique in the whole study.")
    text: Text = Field(description="What the respondent reads.")
    keying: Sign = Field(default="+", description='"-" where agreement means less of it.')
    paraphrases: dict[Code, Text] = Field(
        default={}, description="The text in other words, by the name of the paraphrase set."
    )
    kind: ItemKind = Field(
        default="scale", description="Answered on a scale, or in words that are kept uncoded."
    )
    scale: ScaleEntry | None = Field(default=None, description="Its own response scale.")
    facts: dict[Code, Text] = Field(
        default={}, description="What is known of the item; kept for the analysis, never shown."
    )
    reply_tokens: int | None = Field(
        default=None, ge=1, le=MOST_REPLY_TOKENS, description="Ceiling on the tokens of its reply."
    )


class ColumnsEntry(Entry):
    """Which columns of a CSV file of items hold what; any other column is a fact of the item."""

    code: Text = Field(default="code", description="The items' codes.")
    text: Text = Field(default="text", description="Their texts.")
    keying: Text = Field(default="keying", description='"+" or "-"; may be absent.')
    labels: list[Text] = Field(
        default=[], description="Labels of each item's own scale, lowest first."
    )
    numbering: Numbering = Field(default="points", description="As of any scale.")
    kind: ItemKind = Field(default="scale", description="As of any item.")
    prefix: bool = Field(
        default=False, description="Whether the instrument's code goes in front of every code."
    )
    facts: list[Text] = Field(
        default=[], description="Columns of facts that must be there, filled on every line."
    )


class SubscaleEntry(Entry):
    """A named set of items scored together."""

    code: Code = Field(description="Unique in the whole study; the name of the score.")
    title: Text
    items: list[Code] = Field(min_length=1, description="Codes of items of this instrument.")


def _items_kind(value: Any) -> str:
    return "file" if isinstance(value, str) else "list"


ItemList = Annotated[
    Annotated[Text, Tag("file")]
    | Annotated[Annotated[list[ItemEntry], Field(min_length=1)], Tag("list")],
    Discriminator(_items_kind),
]


class InstrumentFile(Entry):
    """One questionnaire."""

    instrument: Code = Field(description="Short name; also the name of the whole scale's score.")
    title: Text
    construct_: Text = Field(alias="construct", description="What it measures.")
    wording: Wording = Field(
        description="The published text, vaar's own parallel form, or one with keys of both signs."
    )
    source: Text = Field(description="Citation of the published instrument.")
    instructions: Text = Field(description="What the respondent is told before the first item.")
    scale: ScaleEntry | None = Field(
        default=None, description="Of every item that has none of its own."
    )
    items: ItemList = Field(description="The items, or the name of a CSV file that holds them.")
    columns: ColumnsEntry | None = Field(
        default=None, description="What the columns of that file hold, where they have other names."
    )
    subscales: list[SubscaleEntry] = Field(default=[], description="May overlap and cross.")


def items_of(entry: InstrumentFile) -> list[ItemEntry]:
    """The items of an instrument whose file of items, if it has one, has been read."""
    assert not isinstance(entry.items, str)
    return entry.items
