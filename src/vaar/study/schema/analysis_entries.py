"""What a study says of analyses."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field

from vaar.study.schema.entry import Code, Entry, Text
from vaar.study.schema.hypothesis_entries import HypothesisEntry


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


NO_ANALYSES = AnalysesEntry.model_validate({})
