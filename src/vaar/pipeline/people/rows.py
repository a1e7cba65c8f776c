"""Which rows of a table of people are no finished answers of a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vaar.pipeline.people.source import Source

_QUALTRICS_NAMES = {"responseid", "recordeddate", "distributionchannel", "startdate", "enddate"}
_NOT_PEOPLE = ("Survey Preview", "Survey Test", "Spam", "Survey Preview - Spam", "1", "2", "8", "9")
_NOT_FINISHED = ("False", "FALSE", "false", "0")
_PERSON = ("responseid", "id", "record_id", "participant_id", "prolific_pid", "prolific id")
"""Columns that say who a row is, in the order in which they are asked."""


class RowFilter:
    """Says of one row after another why it is left out.

    Parameters
    ----------
    leave_out : mapping of str to sequence of str
        Cells that mark rows to leave out, by column.
    person : str
        Column that says who a row is; empty where none does.
    """

    def __init__(self, source: Source, leave_out: Mapping[str, Sequence[str]], person: str) -> None:
        place = {name: n for n, name in enumerate(source.names)}
        self._marks = [(place[c], c, frozenset(cells)) for c, cells in leave_out.items()]
        self._person = place[person] if person else None
        self._name = person
        self._seen: set[int] = set()

    def why_not(self, row: Sequence[str]) -> str:
        """Why this row is left out; empty where it counts."""
        for place, name, cells in self._marks:
            cell = row[place].strip()
            if cell in cells:
                return f"{name} is {cell!r}" if cell else f"{name} is blank"
        if self._person is not None and (who := row[self._person].strip()):
            key = hash(who)
            if key in self._seen:
                return f"the same {self._name} stands above"
            self._seen.add(key)
        return ""


def usual_filter(source: Source) -> dict[str, Any]:
    """What marks previews, unfinished rows and the same person again, for a map."""
    by_name = {name.casefold(): name for name in source.names}
    leave_out: dict[str, list[str]] = {}
    if source.kind == "limesurvey" and "submitdate" in by_name:
        leave_out[by_name["submitdate"]] = [""]
        return {"leave_out": leave_out, "id": by_name.get("id", "")}
    if source.kind == "qualtrics" or len(_QUALTRICS_NAMES & by_name.keys()) > 1:
        if "status" in by_name:
            leave_out[by_name["status"]] = list(_NOT_PEOPLE)
        if "finished" in by_name:
            leave_out[by_name["finished"]] = list(_NOT_FINISHED)
        return {"leave_out": leave_out, "id": by_name.get("responseid", "")}
    return {"id": next((by_name[name] for name in _PERSON if name in by_name), "")}
