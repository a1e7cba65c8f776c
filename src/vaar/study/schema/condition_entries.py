"""How sessions are asked, and what varies among them."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from vaar.study.conditions import (
    Direction,
    History,
    ItemRule,
    OptionRule,
    OrderRule,
    Presentation,
    ResponseForm,
    Shift,
    ShiftTiming,
)
from vaar.study.instruments import ORIGINAL
from vaar.study.schema.entry import Code, Entry, Text


class ShiftEntry(Entry):
    """A push of a model's activations towards a value, or away from it."""

    value: Code = Field(description="Name of the value: privacy, prosociality, or one of yours.")
    direction: Direction = Field(default="raise", description="Towards the value, or away from it.")
    p0: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="Probability that it is brought to; .95 where raised, .05 where lowered.",
    )
    gate: bool = Field(
        default=False, description="Shift only conversations that concern the value."
    )
    random: int = Field(
        default=0,
        ge=0,
        le=1000,
        description="Number of a random direction of equal length in its place; 0: none.",
    )
    timing: ShiftTiming = Field(
        default="conversation",
        description="Found on the first question and fixed, or found for every turn anew.",
    )

    def as_shift(self) -> Shift:
        """The shift that is written."""
        usual = 0.05 if self.direction == "lower" else 0.95
        p0 = usual if self.p0 is None else self.p0
        return Shift(**{**self.model_dump(), "p0": p0})


class ConditionEntry(Entry):
    """How a session is run."""

    name: Code
    history: History = Field(
        description="One conversation a session, or a fresh one for each instrument or item."
    )
    presentation: Presentation = Field(description="One item a turn, or one instrument a turn.")
    order: list[Code] | None = Field(
        default=None,
        description="Every instrument code once; as under instruments if left out.",
    )
    framing: Text | None = Field(
        default=None, description="The system message; null where there is none."
    )
    system: Text | None = Field(
        default=None, description="In its place a template, names of facts in braces."
    )
    omit: list[Code] = Field(default=[], description="Instruments that it does not ask.")
    response: ResponseForm = Field(
        default="text",
        description="An answer in the respondent's words, drawn from its distribution over the "
        "choices, or written under a schema of them.",
    )
    shift: ShiftEntry | None = Field(
        default=None, description="Push the activations of a model on this machine."
    )

    @model_validator(mode="after")
    def _one_system_message(self) -> Self:
        if self.system is not None and self.framing is not None:
            raise ValueError('has "framing" and "system"; write one of them')
        if self.system is None and "framing" not in self.model_fields_set:
            raise ValueError(
                'has neither "framing" nor "system"; write one of them, or "framing: null" where '
                "there is to be no system message"
            )
        return self


class FactEntry(Entry):
    """Something that is drawn for every session, and that texts may name in braces."""

    fact: Code = Field(description="Its name.")
    levels: list[Text] = Field(min_length=2, description="What it can be; each equally often.")
    texts: dict[Code, list[Text]] = Field(
        default={}, description="What texts may say of it, by name, a text for each level."
    )


class VariationEntry(Entry):
    """What differs between the sessions of one group."""

    order: OrderRule = Field(
        default="fixed", description="Questionnaires as in the condition, or in balanced orders."
    )
    items: ItemRule = Field(
        default="fixed", description="Items in their order, or shuffled for each session."
    )
    options: OptionRule = Field(
        default="ascending", description="The end of the scale listed first, or both by turns."
    )
    wordings: list[Code] = Field(
        default=[ORIGINAL],
        min_length=1,
        description='Paraphrase sets by turns; "original" is the items\' own text.',
    )
    personas: Text | None = Field(
        default=None, description="A CSV file beside this one, or the table itself as text."
    )
    persona_text: Text | None = Field(
        default=None, description="Added to the framing, with columns of the table in braces."
    )
    facts: list[FactEntry] = Field(
        default=[], description="What is drawn for every session, for texts to name."
    )
