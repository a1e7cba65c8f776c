"""The shape of study files, as pydantic models: the boundary to the records."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from vaar.study.schema.analysis_entries import NO_ANALYSES, AnalysesEntry
from vaar.study.schema.condition_entries import ConditionEntry, VariationEntry
from vaar.study.schema.entry import Code, Entry, Text
from vaar.study.schema.hypothesis_entries import HypothesisEntry, PeopleEntry
from vaar.study.schema.instrument_file import InstrumentFile


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
        default=NO_ANALYSES, description="Options of analyses, by their names."
    )
    limits: LimitsEntry = LimitsEntry()
    sampling: SamplingEntry = SamplingEntry()
