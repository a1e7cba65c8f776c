"""An instrument as one session gives it: its items in their order and wording, their scales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

from vaar.sessions.design import shuffled
from vaar.sessions.records import Session
from vaar.study.facts import fact_values, with_facts
from vaar.study.model import (
    ORIGINAL,
    Condition,
    Fact,
    Instrument,
    Item,
    Study,
)
from vaar.study.personas import persona_prompt
from vaar.study.templates import filled


def administered(
    instrument: Instrument, session: Session, facts: Sequence[Fact] = ()
) -> Instrument:
    """The instrument with its items as the session puts them; codes and scales stay.

    Parameters
    ----------
    facts : sequence of Fact
        Those of the study, which its texts may name.
    """
    if session.item_order == "fixed" and session.paraphrase == ORIGINAL and not facts:
        return instrument

    def shown(text: str) -> str:
        return with_facts(text, facts, session.facts)

    items = [
        replace(item, text=shown(item.worded(session.paraphrase))) for item in instrument.items
    ]
    if session.item_order == "shuffled":
        items = shuffled(items, f"{session.seed}\0{instrument.code}")
    return replace(instrument, items=tuple(items), instructions=shown(instrument.instructions))


def direction_of(session: Session, instrument: Instrument, item: Item | None = None) -> str:
    """The end of a response scale that the session lists first.

    Where it is drawn, each item with a scale of its own has a direction of its own, and so has
    the scale that the items of an instrument share; mirrored sessions have the opposite of each.
    Both kinds of sessions are crossed with all else that varies.

    Parameters
    ----------
    item : Item, optional
        None for the scale of the instrument.
    """
    if not session.scale_direction.startswith("drawn"):
        return session.scale_direction
    code = instrument.code if item is None or item.scale is None else item.code
    drawn = blake2b(code.encode(), digest_size=8).digest()[0] % 2 == 1
    mirrored = session.scale_direction == "drawn_mirrored"
    return "ascending" if drawn != mirrored else "descending"


def framing_of(study: Study, condition: Condition, session: Session, item: Item) -> str:
    """The system message: the condition's own, and who the respondent is asked to be.

    Parameters
    ----------
    item : Item
        The first of the conversation. Where each has a conversation of its own, a template may
        name the item's facts.
    """
    message = condition.framing
    if condition.system:
        own = dict(item.facts) if condition.history == "fresh" else {}
        known = fact_values(study.variation.facts, session.facts)
        message = filled(condition.system, {**own, **known})
    if not session.persona:
        return message
    who = persona_prompt(study.variation.persona_text, study.persona[session.persona])
    return f"{message}\n\n{who}" if message else who
