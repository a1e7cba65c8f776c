"""Do two runs measure the same? What was asked, and the options of the analyses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from vaar.analyses.options import plain
from vaar.comparison.runs import ComparedRun, Reading
from vaar.study.model import Study
from vaar.tables.text import listing

UNASKED = ("name", "title", "description", "analyses", "sessions")
"""Attributes of a study that change nothing of what is asked or expected."""

PRECISION = ("replicates", "subsamples", "seed", "splits", "batches")
"""Options that change how exactly a figure or its interval is computed, not what it is."""


def same_study(one: Study, other: Study) -> bool:
    """Whether two studies ask the same in the same way and expect the same."""
    return not any(study_differences(one, other))


def study_differences(one: Study, other: Study) -> Iterator[str]:
    """What differs between two studies, in words."""
    for entry in fields(one):
        if entry.name not in UNASKED:
            left, right = getattr(one, entry.name), getattr(other, entry.name)
            if left != right:
                yield f"{entry.name.replace('_', ' ')}{_where(left, right)}"


def _where(left: Any, right: Any) -> str:
    """Which of the named parts differ, in brackets; empty where parts have no names."""
    if not (isinstance(left, tuple) and isinstance(right, tuple)):
        return ""
    names = ({_name(part): part for part in side} for side in (left, right))
    ours, theirs = names
    if None in ours or None in theirs:
        return ""
    changed = [str(n) for n in {**ours, **theirs} if ours.get(n) != theirs.get(n)]
    return f" ({listing(changed)})" if changed else " (their order)"


def _name(part: Any) -> str | None:
    if not is_dataclass(part):
        return None
    own = (getattr(part, name, None) for name in ("code", "name", "id", "path"))
    return next((name for name in own if isinstance(name, str)), None)


def option_differences(one: Reading, other: Reading) -> Iterator[str]:
    """Options that differ and touch what a figure is, in words."""
    for analysis in dict.fromkeys([*one.options, *other.options]):
        left, right = (reading.options.get(analysis, {}) for reading in (one, other))
        for name in dict.fromkeys([*left, *right]):
            if name not in PRECISION and left.get(name) != right.get(name):
                yield f"{analysis}.{name} {left.get(name)!r} and {right.get(name)!r}"


def rests_on(names: Iterable[str], options: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Options in force of these analyses, as values."""
    return {name: plain(options[name]) for name in names if name in options}


def numbered(runs: Sequence[ComparedRun]) -> dict[tuple[str, int], int]:
    """Which definition of its measure each reading has, counted from 1.

    Returns
    -------
    dict
        By label of the run and place of the reading in it. Readings of one analysis, measure and
        facet have one number if and only if their studies and options are the same.
    """
    found: dict[tuple[str, str, str], list[tuple[Study, Reading]]] = {}
    numbers: dict[tuple[str, int], int] = {}
    for run in runs:
        for place, reading in enumerate(run.readings):
            key = reading.analysis, reading.headline.measure, reading.headline.facet
            known = found.setdefault(key, [])
            numbers[run.label, place] = _number(known, run.study, reading)
    return numbers


def _number(known: list[tuple[Study, Reading]], study: Study, reading: Reading) -> int:
    for number, (other, earlier) in enumerate(known, start=1):
        if same_study(study, other) and not any(option_differences(reading, earlier)):
            return number
    known.append((study, reading))
    return len(known)
