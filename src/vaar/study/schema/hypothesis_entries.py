"""Expected signs, and what is published of people."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from vaar.study.schema.entry import Code, Entry, Path, Sign, Text


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
    evidence: list[EvidenceEntry] = Field(default=[], description="Findings behind the sign.")


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
