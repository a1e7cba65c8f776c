"""How a table of people is to be read: columns, cells and rows, and what is still in doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vaar.errors import DataError
from vaar.pipeline.people.cells import Meaning, Reading, find_meaning
from vaar.pipeline.people.columns import Proposals, propose_columns
from vaar.pipeline.people.mapping import MapFile, read_map
from vaar.pipeline.people.rows import RowFilter, usual_filter
from vaar.pipeline.people.source import Source
from vaar.pipeline.people.survey_exports import read_source
from vaar.study.model import Instrument, Item, ResponseScale, Study

MOST_DIFFERENT = 2_500
"""A column with more different cells holds no answers on a scale."""

_ONE_COLUMN = (
    "it has one column only, headed {!r}: are there other signs between its cells than commas, "
    "semicolons, tabs and bars?"
)

Asked = tuple[tuple[Instrument, Item, ResponseScale], ...]


@dataclass(frozen=True)
class ImportPlan:
    """A table of people, and how it is read.

    Attributes
    ----------
    chosen : MapFile
        What a MAP file says, or what is proposed.
    meanings : mapping of str to mapping
        For each item: the point of the scale that a cell means, None for no answer.
    doubts : tuple of str
        What must be settled in the map before the table can be used.
    remarks : tuple of str
        What must be known of it.
    """

    source: Source
    chosen: MapFile
    meanings: Mapping[str, Mapping[str, int | None]]
    doubts: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def row_filter(self) -> RowFilter:
        """Says which rows are left out, from the first one on."""
        return RowFilter(self.source, self.chosen.leave_out, self.chosen.id)


def asked_items(study: Study) -> Asked:
    """The items of a study that are answered on a scale, in their order."""
    return tuple(
        (instrument, item, instrument.scale_of(item))
        for instrument in study.instruments
        for item in instrument.coded_items
    )


def plan_import(path: Path, study: Study, map_file: Path | None = None) -> ImportPlan:
    """Find out how a table of people is to be read.

    Parameters
    ----------
    map_file : Path, optional
        What it says holds; what it does not say is found as without it.

    Raises
    ------
    DataError
        The table cannot be read.
    StudyError
        The MAP file is wrong.
    """
    try:
        source = read_source(path)
        given = read_map(map_file, study, source) if map_file is not None else MapFile()
        return _planned(source, study, given, map_file is not None)
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}).") from error


def _planned(source: Source, study: Study, given: MapFile, has_map: bool) -> ImportPlan:
    asked = asked_items(study)
    proposals = propose_columns(source, study)
    items = {code: one.column for code, one in proposals.found.items()} | given.items
    chosen = given.model_copy(
        update={
            "items": {item.code: items[item.code] for _, item, _ in asked if item.code in items},
            **({} if has_map else usual_filter(source)),
            **({} if has_map or source.kind != "csv" else {"keep": _others(source, items)}),
        }
    )
    doubts = list(_column_doubts(proposals, chosen, given, asked))
    if len(source.names) == 1:
        doubts.insert(0, _ONE_COLUMN.format(source.names[0][:40]))
    if not chosen.items:
        return ImportPlan(source, chosen, {}, tuple(doubts), ())
    cells = _cells(source, chosen)
    meanings, cell_doubts, remarks = _meanings(source, chosen, given, asked, cells)
    return ImportPlan(source, chosen, meanings, (*doubts, *cell_doubts), remarks)


def _others(source: Source, items: Mapping[str, str]) -> dict[str, str]:
    """All further columns of a table whose columns are named as the items."""
    if any(code != column for code, column in items.items()):
        return {}
    return {name: name for name in source.names if name and name not in items}


def _column_doubts(
    proposals: Proposals, chosen: MapFile, given: MapFile, asked: Asked
) -> Iterator[str]:
    if absent := [item.code for _, item, _ in asked if item.code not in chosen.items]:
        more = f" and {len(absent) - 8} others" if len(absent) > 8 else ""
        yield (
            f"no column was found for the items {', '.join(absent[:8])}{more}: name the columns as "
            "`vaar study show` names the items, or give each its column under `items`"
        )
    if not given.items:
        yield from proposals.conflicts
    for code, one in proposals.found.items():
        if not one.certain and code not in given.items:
            yield (
                f"{one.column!r} asks much like the item {code} (alike {one.alike:.2f}), in other "
                "words: confirm or correct it under `items`"
            )
    columns = Counter(chosen.items.values())
    for column in (name for name, n in columns.items() if n > 1):
        yield f"{column!r} is given to two items: correct it under `items`"


def _cells(source: Source, chosen: MapFile) -> dict[str, Counter[str]]:
    """What stands in each item's column and how often, in the rows that count."""
    place = {name: n for n, name in enumerate(source.names)}
    counts = [(place[column], Counter[str]()) for column in chosen.items.values()]
    rows = RowFilter(source, chosen.leave_out, chosen.id)
    for _, row in source.rows():
        if isinstance(row, str) or rows.why_not(row):
            continue
        for column, counter in counts:
            cell = row[column].strip()
            if cell in counter or len(counter) <= MOST_DIFFERENT:
                counter[cell] += 1
    return {code: counter for code, (_, counter) in zip(chosen.items, counts, strict=True)}


def _meanings(
    source: Source,
    chosen: MapFile,
    given: MapFile,
    asked: Asked,
    cells: Mapping[str, Counter[str]],
) -> tuple[dict[str, dict[str, int | None]], list[str], tuple[str, ...]]:
    found: dict[str, dict[str, int | None]] = {}
    doubts, remarks = [], []
    for instrument, scale, codes in _blocks(asked, cells):
        alike: dict[str, tuple[Reading, dict[str, bool], Counter[str]]] = {}
        for code in codes:
            own = {cell: n for cell, n in cells[code].items() if cell}
            if len(own) > MOST_DIFFERENT:
                doubts.append(
                    f"{chosen.items[code]!r} holds more than {MOST_DIFFERENT} different cells, and "
                    f"is to be the item {code}: correct it under `items`"
                )
                continue
            reading = _reading(source, chosen, given, instrument, code)
            meaning = find_meaning(own, scale, reading)
            found[code] = {**_turned(meaning, scale, code in chosen.reversed), "": None}
            _, members, merged = alike.setdefault(repr(reading), (reading, {}, Counter()))
            members[code] = bool(meaning.unknown)
            merged.update(own)
        for reading, members, merged in alike.values():
            together = find_meaning(merged, scale, reading)
            which = "" if len(members) == len(codes) else f" ({', '.join(members)})"
            if together.problem:
                doubts.append(f"{instrument.code}{which}: {together.problem}{_only_in(members)}")
            if together.remark:
                remarks.append(f"{instrument.code}{which}: {together.remark}")
    return found, doubts, tuple(remarks)


def _only_in(members: Mapping[str, bool]) -> str:
    """Where cells that mean nothing stand in a few columns only, which may be the wrong ones."""
    few = [code for code, odd in members.items() if odd]
    if len(few) * 2 >= len(members):
        return ""
    return f". They stand in {', '.join(few)} only: are these the right columns?"


def _blocks(
    asked: Asked, cells: Mapping[str, Counter[str]]
) -> Iterator[tuple[Instrument, ResponseScale, list[str]]]:
    """Items that share a questionnaire and a scale."""
    blocks: dict[tuple[str, ResponseScale], tuple[Instrument, list[str]]] = {}
    for instrument, item, scale in asked:
        if item.code in cells:
            blocks.setdefault((instrument.code, scale), (instrument, []))[1].append(item.code)
    for (_, scale), (instrument, codes) in blocks.items():
        yield instrument, scale, codes


def _reading(
    source: Source, chosen: MapFile, given: MapFile, instrument: Instrument, code: str
) -> Reading:
    return Reading(
        given=given.values.get(instrument.code, {}),
        shift=given.shift.get(instrument.code),
        missing=frozenset(given.missing),
        labels=source.labels.get(chosen.items[code], {}),
        declared=source.declared.get(chosen.items[code], ()),
        answer_codes=source.kind == "limesurvey",
    )


def _turned(meaning: Meaning, scale: ResponseScale, reverse: bool) -> dict[str, int | None]:
    if not reverse:
        return dict(meaning.values)
    return {
        cell: None if point is None else scale.first + scale.last - point
        for cell, point in meaning.values.items()
    }
