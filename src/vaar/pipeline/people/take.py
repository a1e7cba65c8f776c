"""From a table of people to the file of their answers that a run takes."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from vaar.errors import DataError
from vaar.files.plain import read_plain
from vaar.files.write import replacing
from vaar.pipeline.people.account import PeopleImport, Written
from vaar.pipeline.people.mapping import map_text, write_map
from vaar.pipeline.people.other_scale import ItemBelongings
from vaar.pipeline.people.plan import Asked, ImportPlan, asked_items, plan_import
from vaar.pipeline.people.reversed_keys import AgainstTheRest, ItemDirections
from vaar.study.model import Study
from vaar.tables.csv import escape
from vaar.tables.text import number_of

_CHUNK = 5_000
_MOST_TOLD = 20

Points = list[int | None]


def import_people(
    source: str | Path,
    study: Study,
    out: str | Path,
    map_file: str | Path | None = None,
    *,
    overwrite: bool = False,
) -> Written:
    """Make a file of people's answers from a table in any usual form.

    Parameters
    ----------
    source : str or Path
        CSV in any usual encoding, with any usual separator; exports of Qualtrics and LimeSurvey;
        or an SPSS table (``pip install 'vaar[spss]'``).
    out : str or Path
        Where the answers are written: a CSV with one row a person, one column an item.
    map_file : str or Path, optional
        The MAP file by which it is read. Without one it is proposed, and written beside `out`.
    overwrite : bool
        Whether a file that is there may be replaced.

    Raises
    ------
    DataError
        The table cannot be read, or something in it must be settled in the map first; the message
        says what, and where the map was written. Or the answers would replace what is read.
    StudyError
        The MAP file is wrong.
    """
    path, out = Path(source), Path(out)
    _require_another_file(out, [path, *([] if map_file is None else [Path(map_file)])])
    map_path = Path(map_file) if map_file is not None else out.with_suffix(".map.yaml")
    if out.exists() and not overwrite:
        raise DataError(f"{out}: is there already: remove it, or replace it with --overwrite.")
    plan = plan_import(path, study, Path(map_file) if map_file is not None else None)
    if map_file is None:
        text = map_text(map_path, plan.chosen, study, plan.source, plan.doubts)
        if not (overwrite or (_holds(map_path, text) and not plan.doubts)):
            _require_no_map(map_path)
        write_map(map_path, text)
    if plan.doubts:
        raise DataError(_in_doubt(plan, map_path))
    return Written(out, map_path, write_people(plan, study, out))


def _require_no_map(path: Path) -> None:
    if path.exists():
        raise DataError(
            f"{path}: is there already: give it with --map, remove it, or replace it with "
            "--overwrite."
        )


def _holds(path: Path, text: str) -> bool:
    """Whether a file holds just this text: it was written when the same import was killed."""
    content = text.encode()
    try:
        return read_plain(path, len(content)) == content
    except (OSError, ValueError):
        return False


def _require_another_file(out: Path, read: Sequence[Path]) -> None:
    """Refuse to write answers to a folder, or in the place of what they are made of."""
    if not out.name or (out.is_dir() and not out.is_symlink()):
        raise DataError(f"{out}: is a folder. Give the name of a file with --out.")
    for path in read:
        if os.path.realpath(path) == os.path.realpath(out):
            raise DataError(
                f"{out}: is what the answers are made of, and would be lost. Give another file "
                "with --out."
            )


def take_people(source: Path, study: Study, out: Path) -> PeopleImport:
    """Make a file of people's answers from a table that leaves nothing in doubt.

    Raises
    ------
    DataError
        The table cannot be read, or something in it must be settled in a map first.
    """
    plan = plan_import(source, study)
    if plan.doubts:
        raise DataError(_in_doubt(plan, None))
    return write_people(plan, study, out)


def write_people(plan: ImportPlan, study: Study, out: Path) -> PeopleImport:
    """Write the answers of a table whose plan leaves nothing in doubt.

    Raises
    ------
    DataError
        Nobody answered anything, or a file cannot be read or written.
    """
    try:
        with replacing(out) as waiting, waiting.open("w", encoding="utf-8", newline="") as file:
            found = _Writer(plan, asked_items(study)).write(csv.writer(file, lineterminator="\n"))
            if not found.people:
                left_out = found.left_out.items()
                why = ", ".join(f"{number_of(n, 'row', 'rows')}: {told}" for told, n in left_out)
                raise DataError(
                    f"{plan.source.path}: holds no person's answers ({why or 'no rows'}). Give a "
                    "table with one row a person."
                )
    except OSError as error:
        raise DataError(f"{error.filename or out}: {error.strerror}.") from error
    return found


class _Writer:
    def __init__(self, plan: ImportPlan, asked: Asked) -> None:
        source = plan.source
        place = {name: n for n, name in enumerate(source.names)}
        codes = [item.code for _, item, _ in asked]
        self._plan, self._codes = plan, codes
        self._head = [*codes, *map(escape, plan.chosen.keep)]
        self._places = [place[plan.chosen.items[code]] for code in codes]
        self._meanings = [plan.meanings[code] for code in codes]
        self._kept = [place[column] for column in plan.chosen.keep.values()]
        self._keys = np.array([float(item.keying) for _, item, _ in asked])
        self._scales = [
            ([n for n, (one, _, _) in enumerate(asked) if one is instrument], instrument)
            for instrument in {one.code: one for one, _, _ in asked}.values()
        ]
        self._items = {one.code: tuple(codes[n] for n in columns) for columns, one in self._scales}
        self._directions = [ItemDirections(own) for own in self._items.values()]
        self._belongings = ItemBelongings(self._items)
        self._left: Counter[str] = Counter()
        self._no_answer: Counter[str] = Counter()
        self._rows = self._people = self._blanks = 0

    def write(self, writer: csv._writer) -> PeopleImport:  # type: ignore[name-defined]
        writer.writerow(self._head)
        waiting: list[Points] = []
        for points, kept in self._answers():
            writer.writerow([*points, *kept])
            waiting.append(points)
            if len(waiting) == _CHUNK:
                self._observe(waiting)
                waiting = []
        self._observe(waiting)
        plan = self._plan
        against = tuple(one for own in self._directions for one in own.against_the_rest())
        return PeopleImport(
            source=Path(plan.source.path).name,
            kind=plan.source.kind,
            form=plan.source.form,
            people=self._people,
            rows=self._rows,
            left_out=dict(self._left),
            columns=dict(plan.chosen.items),
            no_answer=dict(self._no_answer.most_common(_MOST_TOLD)),
            blanks=self._blanks,
            reversed=tuple(plan.chosen.reversed),
            against=against,
            turned_before=self._turned_before(against),
            elsewhere=tuple(self._belongings.elsewhere(but=self._with_any(against))),
            remarks=plan.remarks,
        )

    def _with_any(self, against: Sequence[AgainstTheRest]) -> frozenset[str]:
        """The scales of these items."""
        items = {one.item for one in against}
        return frozenset(name for name, own in self._items.items() if items & set(own))

    def _turned_before(self, against: Sequence[AgainstTheRest]) -> bool:
        """Whether these are just the items that point the other way."""
        those = {code for code, key in zip(self._codes, self._keys, strict=True) if key < 0}
        return bool(against) and those == {one.item for one in against}

    def _answers(self) -> Iterator[tuple[Points, list[str]]]:
        """The answers of every row that counts, and the cells kept beside them."""
        rows = self._plan.row_filter
        for number, row in self._plan.source.rows():
            self._rows += 1
            why = row if isinstance(row, str) else rows.why_not(row)
            if why:
                self._left[why] += 1
                continue
            cells = [row[place].strip() for place in self._places]
            try:
                points = [own[cell] for own, cell in zip(self._meanings, cells, strict=True)]
            except KeyError as error:
                raise DataError(
                    f"{self._plan.source.path}, row {number}: {error} was not there when the table "
                    "was read first. Leave it alone while it is imported."
                ) from None
            if points.count(None) == len(points):
                self._left["no item answered"] += 1
                continue
            if None in points:
                self._count_missing(points, cells)
            self._people += 1
            yield points, [self._attribute(row[place]) for place in self._kept]

    def _count_missing(self, points: Points, cells: list[str]) -> None:
        for point, cell in zip(points, cells, strict=True):
            if point is None and cell:
                self._no_answer[cell] += 1
            elif point is None:
                self._blanks += 1

    def _attribute(self, cell: str) -> str:
        cell = cell.strip()
        if self._plan.source.decimal_comma and cell.replace(",", "", 1).lstrip("-").isdecimal():
            cell = cell.replace(",", ".")
        return escape(cell)

    def _observe(self, rows: list[Points]) -> None:
        if not rows:
            return
        answers = np.array(rows, dtype=float) * self._keys
        for (columns, _), directions in zip(self._scales, self._directions, strict=True):
            directions.add(answers[:, columns])
        self._belongings.add(answers)


def _in_doubt(plan: ImportPlan, map_path: Path | None) -> str:
    n = len(plan.doubts)
    first = plan.doubts[:10]
    listed = "".join(f"\n- {doubt}" for doubt in first)
    more = f"\n- … and {n - len(first)} more" if n > len(first) else ""
    how = (
        f"Edit {map_path} and give it with --map"
        if map_path is not None
        else "Make the people's file with `vaar import people FILE`, which writes a map to edit"
    )
    return f"{plan.source.path}: the answers cannot be told for certain.{listed}{more}\n{how}."
