"""The questions of a session: what each of its turns asks, of which items, on which scale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from vaar.sessions.administered import administered, direction_of
from vaar.sessions.records import Session
from vaar.study.conditions import ResponseForm
from vaar.study.model import Instrument, Item, ResponseScale, Study


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What one turn asks: one item, or all items of an instrument, as the session gives it.

    Sessions that are given the same share their questions.

    Attributes
    ----------
    scale : ResponseScale or None
        On which it is answered, its labels at the numbers that they have here; None for an item
        that is answered in words.
    scale_direction : {'ascending', 'descending'}
        The end of that scale that is listed first.
    opening_direction : {'ascending', 'descending'}
        The same of the scale that the instrument's items share.
    response : {'text', 'choice', 'schema'}
        How the answer is to come about.
    """

    turn: int
    instrument: Instrument
    codes: tuple[str, ...]
    block: bool
    opens_instrument: bool
    scale: ResponseScale | None
    scale_direction: str = "ascending"
    opening_direction: str = "ascending"
    response: ResponseForm = "text"

    @property
    def mirrored(self) -> bool:
        """Whether the options are numbered from the other end than their points are."""
        positions = self.scale is not None and self.scale.numbering == "positions"
        return positions and self.scale_direction == "descending"

    @property
    def item(self) -> Item:
        """The one item, or the first of a block."""
        return self.instrument.by_code[self.codes[0]]


def questions(study: Study, session: Session) -> tuple[Question, ...]:
    """The turns of a session, in order."""
    given = replace(
        session,
        number=0,
        group="",
        respondent="",
        replicate=0,
        seed=session.seed if session.item_order == "shuffled" else 0,
        persona="",
        run_seed=None,
        earlier=0,
    )
    return _questions(_Same(study), given)


class _Same:
    """A study that equals itself only: it takes long to compare whole studies."""

    def __init__(self, study: Study) -> None:
        self.study = study

    def __hash__(self) -> int:
        return id(self.study)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.study is self.study


@lru_cache(maxsize=64)
def _questions(same: _Same, given: Session) -> tuple[Question, ...]:
    return tuple(_asked(same.study, given))


def _asked(study: Study, session: Session) -> Iterator[Question]:
    condition = study.condition[session.condition]
    turn = 0
    for code in session.instrument_order or condition.order:
        instrument = administered(study.instrument[code], session, study.variation.facts)
        codes = tuple(item.code for item in instrument.items)
        block = condition.presentation == "block"
        for position, asked in enumerate([codes] if block else [(one,) for one in codes]):
            item = instrument.by_code[asked[0]]
            direction = direction_of(session, instrument, item)
            words = item.kind == "text"
            yield Question(
                turn=turn,
                instrument=instrument,
                codes=asked,
                block=block,
                opens_instrument=position == 0 or condition.history == "fresh",
                scale=None if words else instrument.scale_of(item).presented(direction),
                scale_direction=direction,
                opening_direction=direction_of(session, instrument),
                response="text" if words else condition.response,
            )
            turn += 1


def number_of_turns(study: Study, session: Session) -> int:
    """How many turns a session has, re-asks left out."""
    condition = study.condition[session.condition]
    codes = session.instrument_order or condition.order
    if condition.presentation == "block":
        return len(codes)
    return sum(len(study.instrument[code].items) for code in codes)
