"""What the cells of a questionnaire's columns mean on its response scale."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vaar.pipeline.people.source import Ranges
from vaar.study.model import ResponseScale

_MISSING_NUMBERS = """
-1 -2 -3 -7 -8 -9 -66 -77 -88 -96 -97 -98 -99 -777 -888 -999 -9999
66 77 88 96 97 98 99 777 888 998 999 9999
"""
_MISSING_WORDS = """
na|n a|nan|null|none|missing|refused|skipped|no answer|not answered|not applicable|
prefer not to say|prefer not to answer|rather not say|don t know|dont know|do not know|
i don t know|can t say|unsure|not sure|keine angabe|weiß nicht|weiss nicht|sin respuesta|
no sé|ne sait pas|sans réponse
"""
_MISSING_SIGNS = frozenset((".", "-", "--", "–", "—", "/"))
MISSING_NUMBERS = frozenset(_MISSING_NUMBERS.split())
MISSING_WORDS = frozenset(word.strip() for word in _MISSING_WORDS.split("|"))
"""Cells that are taken as no answer unless the scale has such a label; signs in words do not
count."""

_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?")
_NUMBER = re.compile(r"([+-]?\d{1,18})(?:[.,]0*)?")
_NUMBER_AND_LABEL = re.compile(r"\(?(\d{1,18})\s*[-–—=:.)(]\s*(.*\D.*)")
_ANSWER_CODE = re.compile(r"(?:A|AO)0*(\d{1,18})", re.IGNORECASE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Meaning:
    """What the cells of one questionnaire mean.

    Attributes
    ----------
    values : mapping of str to int or None
        The point of the scale, by cell; None where the cell is a code for no answer.
    unknown : mapping of str to int
        Cells that mean nothing known, and how often each stands there.
    problem : str
        Why they cannot be taken, with what to do; empty where they can.
    remark : str
        What a reader must know; empty where there is nothing.
    """

    values: Mapping[str, int | None]
    unknown: Mapping[str, int] = field(default_factory=dict)
    problem: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Reading:
    """How the cells of a questionnaire are to be read.

    Attributes
    ----------
    given : mapping of str to int
        Meanings from a MAP file.
    shift : int or None
        Added to numbers; None where no MAP file says so.
    missing : frozenset of str
        Further cells that are no answer.
    labels : mapping of str to str
        Label of each code, where the table says so.
    declared : tuple of (float, float)
        Ranges of numbers, ends included, that the table declares to be no answer.
    answer_codes : bool
        Whether ``A3`` is the number 3, as in LimeSurvey.
    """

    given: Mapping[str, int] = field(default_factory=dict)
    shift: int | None = None
    missing: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    declared: Ranges = ()
    answer_codes: bool = False

    def is_missing(self, cell: str) -> bool:
        """Whether a cell is no answer because the MAP file or the table says so."""
        if cell in self.missing:
            return True
        number = float(cell) if self.declared and _DECIMAL.fullmatch(cell) else math.nan
        return any(lowest <= number <= highest for lowest, highest in self.declared)


def find_meaning(cells: Mapping[str, int], scale: ResponseScale, reading: Reading) -> Meaning:
    """Say what each cell means on a scale.

    A cell is, in this order: what the MAP file says; no answer, where the table declares so; a
    label of the scale; a number with a label, which must agree; a whole number, shifted as the MAP
    file says; a usual code for no answer.

    Parameters
    ----------
    cells : mapping of str to int
        Cells, stripped and not blank, and how often each stands there.
    """
    labels = {
        _plain(label): n for n, label in zip(scale.values, scale.labels, strict=True) if label
    }
    values: dict[str, int | None] = {}
    unknown: Counter[str] = Counter()
    for cell, n in cells.items():
        try:
            values[cell] = _found(cell, labels, scale, reading)
        except LookupError:
            unknown[cell] = n
    problem = _problem(unknown, values, scale, reading)
    remark = "" if problem else _remark(cells, values, scale, reading)
    return Meaning(values, dict(unknown), problem, remark)


def _found(
    cell: str, labels: Mapping[str, int], scale: ResponseScale, reading: Reading
) -> int | None:
    """The point of the scale that a cell means, None for no answer; LookupError if unknown."""
    told = reading.labels.get(cell, "")
    if cell in reading.given:
        return reading.given[cell]
    if reading.is_missing(cell):
        return None
    for text in filter(None, (told, cell)):
        if (point := labels.get(_plain(text))) is not None:
            return point
    if both := _NUMBER_AND_LABEL.fullmatch(cell):
        point, label = int(both[1]), _plain(both[2])
        agrees = labels.get(label, point) == point and (not labels or label in labels)
        if agrees and point in scale.values:
            return point
        raise LookupError(cell)
    number = _whole(cell, reading)
    if number is not None and _plain(told) not in MISSING_WORDS:
        point = number + (reading.shift or 0)
        if point in scale.values:
            return point
    if (
        cell in _MISSING_SIGNS
        or str(number) in MISSING_NUMBERS
        or _plain(told or cell) in MISSING_WORDS
    ):
        return None
    raise LookupError(cell)


def _problem(
    unknown: Counter[str],
    values: Mapping[str, int | None],
    scale: ResponseScale,
    reading: Reading,
) -> str:
    if not unknown:
        return ""
    if reading.shift is None and (moved := _moved([*values], [*unknown], scale, reading)):
        return moved
    told = ", ".join(_shown(cell, n, reading) for cell, n in unknown.most_common(6))
    more = f" and {len(unknown) - 6} others" if len(unknown) > 6 else ""
    ends = f"{scale.first} ({scale.labels[0]}) to {scale.last} ({scale.labels[-1]})"
    return (
        f"{told}{more}: not on its scale {ends}, and no usual code for no answer. Put each under "
        "`values` with its number, or under `missing`"
    )


def _moved(
    known: Sequence[str], unknown: Sequence[str], scale: ResponseScale, reading: Reading
) -> str:
    """What to do where numbers without a gap run beside the scale; empty where they do not.

    Usual codes for no answer count with them where they come next to the others: −2 to 2 is a scale
    whose middle is 0, and not one of which −1 and −2 are no answer.
    """
    odd = [_whole(cell, reading) for cell in unknown]
    numbers = {n for n in (*(_whole(cell, reading) for cell in known), *odd) if n is not None}
    run = {n for n in numbers if str(n) not in MISSING_NUMBERS}
    while run and min(run) - 1 in numbers:
        run.add(min(run) - 1)
    if not run.issuperset(odd) or len(run) < max(run) - min(run) + 1:
        return ""
    low, high, span = min(run), max(run), scale.last - scale.first
    by = (scale.first + scale.last) // 2 if low == -high else scale.first - low
    if high - low > span or (high - low < span and low not in (0, -high)):
        return ""
    how = {1: "one more", -1: "one less"}.get(by, f"{abs(by)} {'more' if by > 0 else 'less'}")
    missing = f"; if {low} is no answer, put it under `missing`" if low == 0 else ""
    return (
        f"its cells run from {low} to {high} and its scale from {scale.first} to {scale.last}: if "
        f"each stands for {how}, say `shift: {by}`{missing}"
    )


def _whole(cell: str, reading: Reading) -> int | None:
    code = _ANSWER_CODE.fullmatch(cell) if reading.answer_codes else None
    number = code or _NUMBER.fullmatch(cell)
    return int(number[1]) if number else None


def _is_plain(cell: str) -> bool:
    """Whether a cell is digits alone, and no more of them than a number has."""
    return cell.isdecimal() and len(cell) < 19


def _shown(cell: str, n: int, reading: Reading) -> str:
    label = reading.labels.get(cell, "")
    return f"{cell[:40]!r}{f', labelled {label[:40]!r}' if label else ''} ({n}×)"


FEWEST_TO_REMARK = 30
"""Answers below which an end of a scale that nobody chose is not remarked."""


def _remark(
    cells: Mapping[str, int],
    values: Mapping[str, int | None],
    scale: ResponseScale,
    reading: Reading,
) -> str:
    points = sorted({point for point in values.values() if point is not None})
    answers = sum(n for cell, n in cells.items() if values.get(cell) is not None)
    other_way = [
        f"{cell} = {point}"
        for cell, point in values.items()
        if point is not None and _is_plain(cell) and int(cell) in {*scale.values} - {point}
    ]
    if other_way:
        return (
            f"its codes were read by their labels or as the map says ({', '.join(other_way[:8])})"
        )
    own = {_plain(label) for label in scale.labels}
    strange = [label for label in reading.labels.values() if _plain(label) not in own]
    if len(strange) == len(reading.labels) > 0:
        return (
            f"the table calls its points {strange[0]!r} … {strange[-1]!r}, and the study "
            f"{scale.labels[0]!r} … {scale.labels[-1]!r}: its numbers were taken as they stand"
        )
    other_name = [
        f"{cell} {label!r}, and the study {scale.labels[scale.values.index(point)]!r}"
        for cell, label in reading.labels.items()
        if label in strange and (point := values.get(cell)) is not None
        if scale.labels[scale.values.index(point)] and cell not in reading.given
    ]
    if other_name:
        return f"the table calls {'; '.join(other_name[:4])}: its number was taken as it stands"
    if (
        points
        and answers >= FEWEST_TO_REMARK
        and (points[0], points[-1]) != (scale.first, scale.last)
    ):
        return (
            f"its answers run from {points[0]} to {points[-1]} and its scale from {scale.first} to "
            f"{scale.last}: was it asked on that scale?"
        )
    return ""


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
