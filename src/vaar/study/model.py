"""What is asked, of whom, in which conditions, and what is expected: frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from vaar.study.conditions import Condition, Fact, Limits, Persona, Variation
from vaar.study.instruments import ORIGINAL, Instrument, Item, ResponseScale, Subscale
from vaar.study.people_summary import PeoplePath, PeopleSummary

__all__ = [
    "ORIGINAL",
    "Condition",
    "Evidence",
    "Fact",
    "Hypothesis",
    "Instrument",
    "Item",
    "Limits",
    "PeoplePath",
    "PeopleSummary",
    "Persona",
    "ResponseScale",
    "Study",
    "Subscale",
    "Variation",
]


Specification = Literal["zero-order", "path", ""]


@dataclass(frozen=True)
class Evidence:
    """A published finding behind an expected sign, bound to the specification it came from.

    Attributes
    ----------
    specification : {'zero-order', 'path', ''}
        A correlation of the two alone, or a path at equal other predictors; empty where the finding
        is no such coefficient.
    value, lower, upper : float or None
        The coefficient with its 95 % interval.
    adjusted_for : str
        What else was in the model of a path; empty: what this study's model has.
    """

    source: str
    finding: str
    specification: Specification = ""
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    adjusted_for: str = ""


@dataclass(frozen=True)
class Hypothesis:
    """A structural path and the sign it has in people.

    Attributes
    ----------
    outcome, predictor : str
        Variables of the structural model: ``outcome ~ predictor``.
    sign : {-1, 1}
        The expected sign.
    weight : float
        Relative weight in the VAAR; positive.
    words : str
        What is expected, as a reader says it; empty where the study does not tell.
    """

    outcome: str
    predictor: str
    sign: Literal[-1, 1]
    evidence: tuple[Evidence, ...] = ()
    weight: float = 1.0
    words: str = ""

    @property
    def path(self) -> str:
        return f"{self.outcome} ~ {self.predictor}"


@dataclass(frozen=True)
class Study:
    """A whole study: instruments, conditions, structural model, expected signs.

    Attributes
    ----------
    structural_model : str
        Structural model in lavaan syntax. Its observed variables are item codes or the codes of
        scale and subscale scores. Empty where the study has none.
    temperature : float
        Sampling temperature sent with every request.
    sessions : int or None
        Sessions per model and condition of a run for which none are given; None for the package's.
    personas : tuple of Persona
        Whom the sessions are given by turns; none where they are given nobody.
    analyses : mapping
        What the study says of analyses, by name: their options.
    people : PeopleSummary or None
        What a publication tells of people's paths.
    """

    name: str
    title: str
    description: str
    instruments: tuple[Instrument, ...]
    conditions: tuple[Condition, ...]
    structural_model: str
    hypotheses: tuple[Hypothesis, ...]
    limits: Limits
    temperature: float = 1.0
    variation: Variation = field(default_factory=Variation)
    personas: tuple[Persona, ...] = ()
    analyses: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)
    sessions: int | None = None
    people: PeopleSummary | None = None

    @cached_property
    def instrument(self) -> dict[str, Instrument]:
        """Instruments by code."""
        return {instrument.code: instrument for instrument in self.instruments}

    @cached_property
    def condition(self) -> dict[str, Condition]:
        """Conditions by name."""
        return {condition.name: condition for condition in self.conditions}

    @cached_property
    def persona(self) -> dict[str, Persona]:
        """Personas by id."""
        return {persona.id: persona for persona in self.personas}

    @cached_property
    def item(self) -> dict[str, tuple[Item, Instrument]]:
        """Items, each with its instrument, by code."""
        return {item.code: (item, part) for part in self.instruments for item in part.items}

    @property
    def n_items(self) -> int:
        return sum(len(instrument.items) for instrument in self.instruments)
