"""How sessions are run, and how those of one group differ, as frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vaar.study.instruments import ORIGINAL

History = Literal["carried", "isolated", "fresh"]
Presentation = Literal["item", "block"]
ResponseForm = Literal["text", "choice", "schema"]
OrderRule = Literal["fixed", "counterbalanced"]
ItemRule = Literal["fixed", "shuffled"]
Direction = Literal["raise", "lower"]
ShiftTiming = Literal["conversation", "turn"]
OptionRule = Literal["ascending", "descending", "alternating", "drawn"]


@dataclass(frozen=True)
class Shift:
    """A push of a model's activations towards a value, or away from it.

    Attributes
    ----------
    value : str
        Name of the value; sentences that hold it, and their opposites, are known by it.
    direction : {'raise', 'lower'}
    p0 : float
        What the probability of the value is brought to: at least where it is raised, at most where
        it is lowered; in (0, 1).
    gate : bool
        Whether only conversations that concern the value are shifted.
    random : int
        0: along the probes. From 1 on: the number of a random direction that takes their place,
        as long in every layer.
    timing : {'conversation', 'turn'}
        What the shift is found on, and fixed for: a conversation up to its first question, or
        every turn anew.
    """

    value: str
    direction: Direction = "raise"
    p0: float = 0.95
    gate: bool = False
    random: int = 0
    timing: ShiftTiming = "conversation"

    @property
    def lowers(self) -> bool:
        """Whether the value is suppressed."""
        return self.direction == "lower"


@dataclass(frozen=True)
class Condition:
    """How a session is run.

    Attributes
    ----------
    history : {'carried', 'isolated', 'fresh'}
        One conversation for the whole session, a fresh one for each instrument, or one for each
        item, which then opens with the instructions of its instrument.
    presentation : {'item', 'block'}
        One item a turn, or one instrument a turn with a structured reply.
    order : tuple of str
        Codes of the instruments that it asks, in the order in which they are administered.
    framing : str
        The system message; empty where there is none, or a template of one.
    system : str
        A template of the system message, names of facts in braces, where each item has its own
        conversation also those of facts of the items; empty where ``framing`` holds.
    response : {'text', 'choice', 'schema'}
        How the answer to one item comes about: see :class:`vaar.respondents.base.Request`.
    shift : Shift or None
        What is done to the respondent's activations; None where nothing is.
    """

    name: str
    history: History
    presentation: Presentation
    order: tuple[str, ...]
    framing: str
    system: str = ""
    response: ResponseForm = "text"
    shift: Shift | None = None


@dataclass(frozen=True)
class Persona:
    """Who a respondent is asked to be: an id, and attributes as (name, value), all of them text."""

    id: str
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Fact:
    """Something that is drawn for every session, and that the study's texts may name.

    Attributes
    ----------
    levels : tuple of str
        What it can be. Every level comes equally often.
    texts : tuple of (str, tuple of str)
        What texts may say of it, by name, a text for each level.
    """

    name: str
    levels: tuple[str, ...]
    texts: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What templates may name: the fact itself, and its texts."""
        return (self.name, *(name for name, _ in self.texts))

    def values(self, level: str) -> dict[str, str]:
        """What the names stand for at a level."""
        at = self.levels.index(level)
        return {self.name: level, **{name: texts[at] for name, texts in self.texts}}


@dataclass(frozen=True)
class Variation:
    """What differs between the sessions of one group, in every condition alike.

    Attributes
    ----------
    order : {'fixed', 'counterbalanced'}
        Questionnaires in the condition's order, or in balanced orders by turns.
    items : {'fixed', 'shuffled'}
        The items of a questionnaire in the order of its file, or in one drawn for each session.
    options : {'ascending', 'descending', 'alternating', 'drawn'}
        The end of the response scale that is listed first; both by turns; or drawn for each item
        (for each instrument, where its items share a scale), half of the sessions each.
    wordings : tuple of str
        Paraphrase sets, used by turns; ``'original'`` is the items' own text.
    persona_text : str
        What is added to the framing of a session that has a persona, its attributes in braces.
    facts : tuple of Fact
        What is drawn for every session.
    """

    order: OrderRule = "fixed"
    items: ItemRule = "fixed"
    options: OptionRule = "ascending"
    wordings: tuple[str, ...] = (ORIGINAL,)
    persona_text: str = ""
    facts: tuple[Fact, ...] = ()


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
