"""The words of a session: what the respondent is shown, turn by turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vaar.study.model import Instrument, Item, ResponseScale


def answer_rule(scale: ResponseScale) -> str:
    """How to answer one item."""
    return f"Answer with one number from {scale.first} to {scale.last}."


def scale_lines(scale: ResponseScale, direction: str = "ascending") -> str:
    """The labelled points of a scale, one a line, from its first on or from its last.

    Options whose numbers belong to their places get these numbers, and are listed by them.
    """
    lines = [f"{value} = {label}" for value, label in scale.presented(direction).labelled]
    by_number = direction == "ascending" or scale.numbering == "positions"
    return "\n".join(lines if by_number else lines[::-1])


def opening(instrument: Instrument, direction: str = "ascending") -> str:
    """Instructions, and the scale that its items share, shown before an instrument's first item."""
    shared = instrument.scale
    return _paragraphs(
        instrument.instructions, "" if shared is None else scale_lines(shared, direction)
    )


def item_question(
    instrument: Instrument,
    item: Item,
    first: bool,
    direction: str = "ascending",
    opening_direction: str | None = None,
) -> str:
    """One item's turn; the instrument's first item opens with its instructions.

    An item with a scale of its own comes with it; one that is answered in words is just put.

    Parameters
    ----------
    direction, opening_direction : str
        The ends from which the item's scale, and the scale in the opening, are listed; the latter
        is as the former where it is not given.
    """
    opened = opening(instrument, opening_direction or direction) if first else ""
    if item.kind == "text":
        return _paragraphs(opened, item.text)
    own = "" if item.scale is None else scale_lines(item.scale, direction)
    return _paragraphs(opened, item.text, own, answer_rule(instrument.scale_of(item)))


def item_reminder(instrument: Instrument, item: Item | None = None) -> str:
    """The neutral re-ask after a reply that could not be read."""
    scale = _shared(instrument) if item is None else instrument.scale_of(item)
    return f"Please answer with one number from {scale.first} to {scale.last}, and nothing else."


def block_question(instrument: Instrument, direction: str = "ascending") -> str:
    """A whole instrument in one turn."""
    items = "\n".join(f"{item.code}: {item.text}" for item in instrument.items)
    example = f'{{"{instrument.items[0].code}": {_shared(instrument).first}, …}}'
    return _paragraphs(
        opening(instrument, direction),
        items,
        f"Answer with a JSON object that gives each code its number, for example {example}.",
    )


def block_reminder(instrument: Instrument, codes: Sequence[str]) -> str:
    """The neutral re-ask for the codes of a block that still have no answer."""
    scale = _shared(instrument)
    return (
        f"Please answer with a JSON object that gives each of these codes one number "
        f"from {scale.first} to {scale.last}, and nothing else: {', '.join(codes)}."
    )


def block_schema(instrument: Instrument, codes: Sequence[str]) -> dict[str, Any]:
    """JSON schema of a block's reply, for servers that keep to one."""
    number = {"type": "integer", "enum": list(_shared(instrument).values)}
    return {
        "type": "object",
        "properties": {code: number for code in codes},
        "required": list(codes),
        "additionalProperties": False,
    }


def _shared(instrument: Instrument) -> ResponseScale:
    if instrument.scale is None:
        raise ValueError(f"the items of {instrument.code} share no scale")
    return instrument.scale


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
