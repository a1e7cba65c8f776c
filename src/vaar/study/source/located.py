"""An instrument together with the place where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from vaar.errors import StudyError
from vaar.study.schema.instrument_file import InstrumentFile
from vaar.study.source.yaml_lines import Document, Place


@dataclass(frozen=True)
class LocatedInstrument:
    """An instrument as read, and where it stands.

    Attributes
    ----------
    document, place
        The file that holds it, and the place there.
    items : Document or None
        The file of its items, where they stand in one of their own.
    """

    entry: InstrumentFile
    document: Document
    place: Place = ()
    items: Document | None = None

    def problem(self, message: str, *place: str | int) -> StudyError:
        """Return a problem at a place of the instrument."""
        if self.items is not None and place[:1] == ("items",):
            return self.items.problem(message, *place)
        return self.document.problem(message, *self.place, *place)
