"""The shape of study and instrument files, as pydantic models: the boundary to the records."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

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
from vaar.study.instruments import ORIGINAL, ItemKind, Numbering, Wording

MOST_POINTS = 1000
"""A scale has one point more at most."""

MOST_REPLY_TOKENS = 100_000

IDENTIFIER = r"[A-Za-z][A-Za-z0-9_]*"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Code = Annotated[str, StringConstraints(pattern=f"^{IDENTIFIER}$")]
Path = Annotated[str, StringConstraints(pattern=rf"^\s*{IDENTIFIER}\s*~\s*{IDENTIFIER}\s*$")]
Sign = Literal["+", "-"]


class Entry(BaseModel):
    """A mapping of a file: unknown keys and silent conversions are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


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


class EvidenceEntry(Entry):
    """A published finding behind an expected sign."""

    source: Text
    finding: Text
    specification: Literal["zero-order", "path"] | None = Field(
        default=None,
        description="A correlation of the two alone, or a path at equal other predictors.",
    )
    value: float | None = Field(default=None, ge=-1, le=1, description="The coefficient.")
    interval: list[float] | None = Field(
        default=None, min_length=2, max_length=2, description="Ends of its 95 % interval."
    )
    adjusted_for: Text | None = Field(
        default=None,
        description="What else was in the model of a path, where that is not what is here.",
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.value is None) != (self.specification is None):
            raise ValueError('has one of "specification" and "value"; write both or neither')
        if self.interval is not None and (
            self.value is None or not self.interval[0] < self.value < self.interval[1]
        ):
            raise ValueError('has an "interval" that does not hold its "value"')
        return self


class HypothesisEntry(Entry):
    """A structural path and the sign it has in people."""

    path: Path = Field(description='A regression of the model, as "outcome ~ predictor".')
    sign: Sign = Field(description='The expected sign, in quotes: "+" or "-".')
    weight: float = Field(default=1.0, gt=0, description="Relative weight in the VAAR.")
    words: Text | None = Field(
        default=None, description='What is expected, in words: "cares about x → does y".'
    )
    evidence: list[EvidenceEntry] = []


class PeoplePathEntry(Entry):
    """A path in people: of this model, at equal other predictors."""

    path: Path = Field(description='A regression of the model, as "outcome ~ predictor".')
    value: float = Field(ge=-1, le=1, description="Its standardised coefficient.")
    interval: list[float] = Field(
        min_length=2, max_length=2, description="Ends of its 95 % interval."
    )

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if not self.interval[0] < self.value < self.interval[1]:
            raise ValueError('has an "interval" that does not hold its "value"')
        return self


Correlation = Annotated[float, Field(gt=-1, lt=1)]


class PeopleEntry(Entry):
    """What a publication tells of people, in place of a table of their answers."""

    source: Text = Field(description="Where it is published.")
    between_studies: float = Field(
        default=0.0, ge=0, le=1, description="τ: how far a path moves between studies of people."
    )
    paths: list[PeoplePathEntry] = Field(default=[], description="Published paths.")
    correlations: dict[Code, dict[Code, Correlation]] = Field(
        default={}, description="Of each pair of variables of the model, once."
    )
    n: int | None = Field(default=None, ge=10, description="People behind the correlations.")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if bool(self.paths) == bool(self.correlations):
            raise ValueError('has one of "paths" and "correlations"')
        if bool(self.correlations) != (self.n is not None):
            raise ValueError('has one of "correlations" and "n"; correlations need both')
        return self


def _plain_option(value: Any) -> Any:
    """An option of an analysis: a word, a number, yes or no, or a list of them."""
    parts = value if isinstance(value, list) else [value]
    if not all(isinstance(part, bool | int | float | str) for part in parts):
        raise ValueError("is no option; allowed is a text, a number, true, false or a list of them")
    return value


Option = Annotated[Any, AfterValidator(_plain_option)]


class AnalysisEntry(Entry):
    """Options of one analysis, as its help lists them."""

    model_config = ConfigDict(extra="allow", strict=True, allow_inf_nan=False)
    __pydantic_extra__: dict[str, Option]


class AlignmentEntry(AnalysisEntry):
    """Options of the alignment, and what it weighs."""

    model: Text | None = Field(
        default=None, description="Structural model in lavaan syntax, on item and scale codes."
    )
    hypotheses: list[HypothesisEntry] = Field(default=[], description="Paths and their signs.")


class AnalysesEntry(Entry):
    """What the study says of analyses, by their names."""

    model_config = ConfigDict(extra="allow", strict=True, allow_inf_nan=False)
    __pydantic_extra__: dict[Code, AnalysisEntry]

    alignment: AlignmentEntry | None = Field(
        default=None, description="The structural model and its expected signs, and options."
    )


_NO_ANALYSES = AnalysesEntry.model_validate({})


class LimitsEntry(Entry):
    """What bounds a session."""

    reasks: int = Field(default=2, ge=0, le=10, description="Re-asks after an unreadable reply.")
    reply_tokens: int = Field(default=64, ge=1, description="Ceiling on tokens per reply and item.")
    turns: int = Field(default=400, ge=1, description="Ceiling on requests in a session.")
    session_tokens: int = Field(default=2_000_000, ge=1, description="Ceiling on its tokens.")


class SamplingEntry(Entry):
    """How replies are drawn."""

    temperature: float = Field(default=1.0, ge=0, le=2)
    sessions: int | None = Field(
        default=None, ge=1, description="Sessions per model and condition where none are given."
    )


def _instrument_kind(value: Any) -> str:
    return "inline" if isinstance(value, dict | InstrumentFile) else "file"


InstrumentReference = Annotated[
    Annotated[Text, Tag("file")] | Annotated[InstrumentFile, Tag("inline")],
    Discriminator(_instrument_kind),
]


class StudyFile(Entry):
    """What is asked, of whom, in which conditions, and what is expected."""

    study: Code = Field(description="Short name of the study.")
    title: Text
    description: Text
    instruments: list[InstrumentReference] = Field(
        min_length=1, description="Instrument files beside this one, or instruments written out."
    )
    conditions: list[ConditionEntry] = Field(min_length=1)
    variation: VariationEntry = VariationEntry()
    model: Text | None = Field(
        default=None, description="Structural model in lavaan syntax, on item and scale codes."
    )
    hypotheses: list[HypothesisEntry] = Field(default=[], description="Paths and their signs.")
    people: PeopleEntry | None = Field(
        default=None, description="Published paths or correlations that signs are held against."
    )
    analyses: AnalysesEntry = Field(
        default=_NO_ANALYSES, description="Options of analyses, by their names."
    )
    limits: LimitsEntry = LimitsEntry()
    sampling: SamplingEntry = SamplingEntry()


def json_schema(model: type[Entry]) -> dict[str, Any]:
    """Return the JSON schema of a file model, with which editors complete and check the YAML.

    Parameters
    ----------
    model : type
        `StudyFile` or `InstrumentFile`.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(),
    }
