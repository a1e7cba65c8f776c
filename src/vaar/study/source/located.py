"""An instrument together with the place where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from vaar.errors import StudyError
from vaar.study.schema import InstrumentFile
from vaar.study.source.yaml_lines import Document, Place


@dataclass(frozen=True)
class LocatedInstrument:
    """An instrument as read, and where it stands: its document and the place in it."""

    entry: InstrumentFile
    document: Document
    place: Place = ()

    def problem(self, message: str, *place: str | int) -> StudyError:
        return self.document.problem(message, *self.place, *place)
