"""An instrument as one session gives it: its items in their order and wording."""

from __future__ import annotations

from dataclasses import replace

from vaar.sessions.design import shuffled
from vaar.sessions.records import Session
from vaar.study.model import ORIGINAL, Condition, Instrument, Study
from vaar.study.personas import persona_prompt


def administered(instrument: Instrument, session: Session) -> Instrument:
    """The instrument with its items as the session puts them; codes and scale stay."""
    if session.item_order == "fixed" and session.paraphrase == ORIGINAL:
        return instrument
    items = [replace(item, text=item.worded(session.paraphrase)) for item in instrument.items]
    if session.item_order == "shuffled":
        items = shuffled(items, f"{session.seed}\0{instrument.code}")
    return replace(instrument, items=tuple(items))


def framing_of(study: Study, condition: Condition, session: Session) -> str:
    """The system message: the condition's framing, and who the respondent is asked to be."""
    if not session.persona:
        return condition.framing
    who = persona_prompt(study.variation.persona_text, study.persona[session.persona])
    return f"{condition.framing}\n\n{who}" if condition.framing else who
