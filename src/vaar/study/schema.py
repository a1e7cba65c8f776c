"""The shape of study and instrument files, as pydantic models: the boundary to the records."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)

from vaar.study.model import (
    ORIGINAL,
    History,
    ItemRule,
    OptionRule,
    OrderRule,
    Presentation,
    Wording,
)

IDENTIFIER = r"[A-Za-z][A-Za-z0-9_]*"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Code = Annotated[str, StringConstraints(pattern=f"^{IDENTIFIER}$")]
Path = Annotated[str, StringConstraints(pattern=rf"^\s*{IDENTIFIER}\s*~\s*{IDENTIFIER}\s*$")]
Sign = Literal["+", "-"]


class Entry(BaseModel):
    """A mapping of a file: unknown keys and silent conversions are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class ScaleEntry(Entry):
    """The response scale, one label a point."""

    first: int = Field(default=1, ge=0, le=1, description="Number of the lowest point.")
    labels: list[Text] = Field(min_length=2, description="One label a point, lowest first.")


class ItemEntry(Entry):
    """One statement or vignette."""

    code: Code = Field(description="Unique in the whole study.")
    text: Text = Field(description="What the respondent reads.")
    keying: Sign = Field(default="+", description='"-" where agreement means less of it.')
    paraphrases: dict[Code, Text] = Field(
        default={}, description="The text in other words, by the name of the paraphrase set."
    )


class SubscaleEntry(Entry):
    """A named set of items scored together."""

    code: Code = Field(description="Unique in the whole study; the name of the score.")
    title: Text
    items: list[Code] = Field(min_length=1, description="Codes of items of this instrument.")


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
    scale: ScaleEntry
    items: list[ItemEntry] = Field(min_length=1)
    subscales: list[SubscaleEntry] = Field(default=[], description="May overlap and cross.")


class ConditionEntry(Entry):
    """How a session is run."""

    name: Code
    history: History = Field(
        description="One conversation a session, or a fresh one for each instrument."
    )
    presentation: Presentation = Field(description="One item a turn, or one instrument a turn.")
    order: list[Code] | None = Field(
        default=None,
        description="Every instrument code once; as under instruments if left out.",
    )
    framing: Text = Field(description="The system message.")


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


class EvidenceEntry(Entry):
    """A published finding behind an expected sign."""

    source: Text
    finding: Text


class HypothesisEntry(Entry):
    """A structural path and the sign it has in people."""

    path: Path = Field(description='A regression of the model, as "outcome ~ predictor".')
    sign: Sign = Field(description='The expected sign, in quotes: "+" or "-".')
    weight: float = Field(default=1.0, gt=0, description="Relative weight in the VAAR.")
    evidence: list[EvidenceEntry] = []


class LimitsEntry(Entry):
    """What bounds a session."""

    reasks: int = Field(default=2, ge=0, le=10, description="Re-asks after an unreadable reply.")
    reply_tokens: int = Field(default=64, ge=1, description="Ceiling on tokens per reply and item.")
    turns: int = Field(default=400, ge=1, description="Ceiling on requests in a session.")
    session_tokens: int = Field(default=2_000_000, ge=1, description="Ceiling on its tokens.")


class SamplingEntry(Entry):
    """How replies are drawn."""

    temperature: float = Field(default=1.0, ge=0, le=2)


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
    model: Text = Field(description="Structural model in lavaan syntax, on item and scale codes.")
    hypotheses: list[HypothesisEntry] = Field(min_length=1)
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
