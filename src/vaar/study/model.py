"""What is asked, of whom, in which conditions, and what is expected: frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

History = Literal["carried", "isolated"]
Presentation = Literal["item", "block"]
Wording = Literal["parallel", "published", "balanced"]
OrderRule = Literal["fixed", "counterbalanced"]
ItemRule = Literal["fixed", "shuffled"]
OptionRule = Literal["ascending", "descending", "alternating"]

ORIGINAL = "original"
"""Name of the wording that an item's own text is."""


@dataclass(frozen=True)
class ResponseScale:
    """A numbered response scale, one label a point.

    Attributes
    ----------
    labels : tuple of str
        The label of each point, lowest first.
    first : int
        The number of the lowest point (usually 1).
    """

    labels: tuple[str, ...]
    first: int = 1

    @property
    def last(self) -> int:
        return self.first + len(self.labels) - 1

    @property
    def values(self) -> range:
        return range(self.first, self.last + 1)


@dataclass(frozen=True)
class Item:
    """One statement or vignette.

    Attributes
    ----------
    keying : {-1, 1}
        −1 if agreement means less of the trait.
    paraphrases : tuple of (str, str)
        The text in other words, by the name of the paraphrase set.
    """

    code: str
    text: str
    keying: Literal[-1, 1] = 1
    paraphrases: tuple[tuple[str, str], ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The text in all its wordings, the original first."""
        return (self.text, *(text for _, text in self.paraphrases))

    def worded(self, wording: str) -> str:
        """The text in one wording; the original where the item has no such paraphrase."""
        return dict(self.paraphrases).get(wording, self.text)


@dataclass(frozen=True)
class Subscale:
    """A named set of items scored together. Subscales of one instrument may overlap or cross."""

    code: str
    title: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Instrument:
    """One questionnaire.

    Attributes
    ----------
    code : str
        Short name; also the name of the whole scale's score.
    construct : str
        What it measures, in words.
    instructions : str
        What the respondent is told before its first item.
    wording : {'parallel', 'published'}
        Whether the items are vaar's own parallel form or the published text.
    source : str
        Citation of the published instrument.
    """

    code: str
    title: str
    construct: str
    instructions: str
    wording: Wording
    source: str
    scale: ResponseScale
    items: tuple[Item, ...]
    subscales: tuple[Subscale, ...] = ()

    @cached_property
    def by_code(self) -> dict[str, Item]:
        return {item.code: item for item in self.items}


@dataclass(frozen=True)
class Condition:
    """How a session is run.

    Attributes
    ----------
    history : {'carried', 'isolated'}
        One conversation for the whole session, or a fresh one for each instrument.
    presentation : {'item', 'block'}
        One item a turn, or one instrument a turn with a structured reply.
    order : tuple of str
        Instrument codes in the order they are administered.
    framing : str
        The system message.
    """

    name: str
    history: History
    presentation: Presentation
    order: tuple[str, ...]
    framing: str


@dataclass(frozen=True)
class Persona:
    """Who a respondent is asked to be: an id, and attributes as (name, value), all of them text."""

    id: str
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Variation:
    """What differs between the sessions of one group, in every condition alike.

    Attributes
    ----------
    order : {'fixed', 'counterbalanced'}
        Questionnaires in the condition's order, or in balanced orders by turns.
    items : {'fixed', 'shuffled'}
        The items of a questionnaire in the order of its file, or in one drawn for each session.
    options : {'ascending', 'descending', 'alternating'}
        The end of the response scale that is listed first, or both by turns.
    wordings : tuple of str
        Paraphrase sets, used by turns; ``'original'`` is the items' own text.
    persona_text : str
        What is added to the framing of a session that has a persona, its attributes in braces.
    """

    order: OrderRule = "fixed"
    items: ItemRule = "fixed"
    options: OptionRule = "ascending"
    wordings: tuple[str, ...] = (ORIGINAL,)
    persona_text: str = ""


@dataclass(frozen=True)
class Limits:
    """What bounds a session.

    Attributes
    ----------
    reasks : int
        Re-asks allowed for one item (or block) after an unreadable reply.
    reply_tokens : int
        Ceiling on tokens per reply; a block turn allows this many for each of its items.
    turns : int
        Ceiling on requests in a session, re-asks included.
    session_tokens : int
        Ceiling on tokens, in and out, summed over a session.
    """

    reasks: int = 2
    reply_tokens: int = 64
    turns: int = 400
    session_tokens: int = 2_000_000


@dataclass(frozen=True)
class Evidence:
    """A published finding that supports an expected sign."""

    source: str
    finding: str


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
    """

    outcome: str
    predictor: str
    sign: Literal[-1, 1]
    evidence: tuple[Evidence, ...] = ()
    weight: float = 1.0

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
        scale and subscale scores.
    temperature : float
        Sampling temperature sent with every request.
    personas : tuple of Persona
        Whom the sessions are given by turns; none where they are given nobody.
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
    variation: Variation = Variation()
    personas: tuple[Persona, ...] = ()

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

    @property
    def n_items(self) -> int:
        return sum(len(instrument.items) for instrument in self.instruments)
