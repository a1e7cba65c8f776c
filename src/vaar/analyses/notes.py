"""What qualifies a result: typed notes, put into words in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Note:
    """Something that a reader of a result must know.

    Attributes
    ----------
    kind : StrEnum
        Which of the notes of its analysis it is.
    text : str
        The same in words: the part of a sentence.
    facts : mapping
        The figures in those words, by name.
    """

    kind: StrEnum
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As a record holds it."""
        return {"kind": str(self.kind), "text": self.text, **self.facts}


def in_words(notes: Iterable[Note]) -> str:
    """The notes of one result in one line; empty where there are none."""
    return "; ".join(note.text for note in notes)
