"""The words of a session: what the respondent is shown, turn by turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vaar.study.model import Instrument, Item, ResponseScale


def answer_rule(scale: ResponseScale) -> str:
    """How to answer one item."""
    return f"Answer with one number from {scale.first} to {scale.last}."


def scale_lines(scale: ResponseScale, direction: str = "ascending") -> str:
    """The scale, one point a line, from its first point on or from its last."""
    lines = [f"{value} = {label}" for value, label in zip(scale.values, scale.labels, strict=True)]
    return "\n".join(lines if direction == "ascending" else lines[::-1])


def opening(instrument: Instrument, direction: str = "ascending") -> str:
    """Instructions and scale, shown before an instrument's first item."""
    return f"{instrument.instructions}\n\n{scale_lines(instrument.scale, direction)}"


def item_question(
    instrument: Instrument, item: Item, first: bool, direction: str = "ascending"
) -> str:
    """One item's turn; the instrument's first item opens with its instructions."""
    question = f"{item.text}\n\n{answer_rule(instrument.scale)}"
    return f"{opening(instrument, direction)}\n\n{question}" if first else question


def item_reminder(instrument: Instrument) -> str:
    """The neutral re-ask after a reply that could not be read."""
    scale = instrument.scale
    return f"Please answer with one number from {scale.first} to {scale.last}, and nothing else."


def block_question(instrument: Instrument, direction: str = "ascending") -> str:
    """A whole instrument in one turn."""
    items = "\n".join(f"{item.code}: {item.text}" for item in instrument.items)
    example = f'{{"{instrument.items[0].code}": {instrument.scale.first}, …}}'
    return (
        f"{opening(instrument, direction)}\n\n{items}\n\n"
        f"Answer with a JSON object that gives each code its number, for example {example}."
    )


def block_reminder(instrument: Instrument, codes: Sequence[str]) -> str:
    """The neutral re-ask for the codes of a block that still have no answer."""
    scale = instrument.scale
    return (
        f"Please answer with a JSON object that gives each of these codes one number "
        f"from {scale.first} to {scale.last}, and nothing else: {', '.join(codes)}."
    )


def block_schema(instrument: Instrument, codes: Sequence[str]) -> dict[str, Any]:
    """JSON schema of a block's reply, for servers that keep to one."""
    number = {"type": "integer", "enum": list(instrument.scale.values)}
    return {
        "type": "object",
        "properties": {code: number for code in codes},
        "required": list(codes),
        "additionalProperties": False,
    }
