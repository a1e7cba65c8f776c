"""Simple bounds of single parameters: ``lower(0)*x`` and ``upper(1)*x`` in a model's text, and the
keyword ``bounds``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from vaar.errors import DataError, ModelSyntaxError
from vaar.sem.arrays import Floats
from vaar.sem.model.group_rules import entry_of
from vaar.sem.model.parameter_map import Layout
from vaar.sem.model.parameters import ModelSpec, Row

KEYWORDS = {
    "pos.var": ("residuals", "lv.variances"),
    "pos.ov.var": ("residuals",),
    "pos.lv.var": ("lv.variances",),
}


@dataclass(frozen=True)
class Bound:
    """A parameter of one group is to be at least, or at most, a value.

    Attributes
    ----------
    place : int
        The parameter's row in the model.
    group : int
        Its group's number among those of the data.
    value : float
    sign : int
        1 for a lower bound, −1 for an upper one.
    """

    place: int
    group: int
    value: float
    sign: int

    def written(self, spec: ModelSpec) -> str:
        """The bound as a line, as in ``y1~~y1 > 0``."""
        return f"{spec.rows[self.place].name} {'>' if self.sign > 0 else '<'} {self.value:g}"


def with_positive_variances(spec: ModelSpec, keyword: str | None) -> ModelSpec:
    """Give the variances that a keyword names a lower bound of 0, where none is written.

    Raises
    ------
    DataError
        A word that is not a keyword, or one for variances that are no parameters.
    """
    if keyword is None or keyword == "none":
        return spec
    known = str(keyword).replace("_", ".").lower()
    if known not in KEYWORDS:
        raise DataError(
            f"bounds got {keyword!r}; allowed are {', '.join(KEYWORDS)}: write other bounds into "
            "the model, as in 'x1 ~~ lower(0.1)*x1'"
        )
    kinds = KEYWORDS[known]
    if spec.parameterization == "delta" and "residuals" in kinds:
        raise DataError(
            f"bounds got {keyword!r}, and under parameterization='delta' residual variances of "
            "ordinal items are no parameters: use parameterization='theta', or bounds='pos.lv.var'"
        )
    rows = tuple(_bounded_at_zero(row) if row.kind in kinds else row for row in spec.rows)
    return replace(spec, rows=rows, bounds=known)


def _bounded_at_zero(row: Row) -> Row:
    """What is written stays: a bound, and a value below 0."""
    if row.from_data or row.modifier.lower:
        return row
    values = row.modifier.values or (None,)
    lower = tuple(None if value is not None and value < 0 else 0.0 for value in values)
    return replace(row, modifier=replace(row.modifier, lower=lower))


def bounds_of(spec: ModelSpec, names: Sequence[str]) -> tuple[Bound, ...]:
    """All bounds of a model, one for each group of the data.

    Raises
    ------
    ModelSyntaxError
        Other than one entry, or one for each group; a lower bound above the upper one.
    """
    out: list[Bound] = []
    for place, row in enumerate(spec.rows):
        if not (row.modifier.lower or row.modifier.upper):
            continue
        for group, name in enumerate(names):
            low, high = (
                entry_of(row, entries, group, len(names))
                for entries in (row.modifier.lower, row.modifier.upper)
            )
            where = f"{row.name} in group {name}" if len(names) > 1 else row.name
            _check_order(where, low, high)
            out += [Bound(place, group, low, 1)] if low is not None else []
            out += [Bound(place, group, high, -1)] if high is not None else []
    return tuple(out)


def _check_order(where: str, low: float | None, high: float | None) -> None:
    if low is not None and high is not None and low > high:
        raise ModelSyntaxError(
            f"{where} has the lower bound {low:g} and the upper bound {high:g}, which no value "
            "meets: correct one of them"
        )


def slacks(
    spec: ModelSpec, bounds: Sequence[Bound], theta: Floats, layout: Layout, kept: Sequence[int]
) -> Floats:
    """(B,) by how much each bound is met, negative where it is missed; NaN where the parameter is
    not free, or its group is not fitted.

    Parameters
    ----------
    theta : (G, P) array
    layout : Layout
        In which parameters at their bounds are free.
    kept : sequence of int
        The numbers of the groups that were fitted.

    Raises
    ------
    ModelSyntaxError
        A parameter that is fixed at a value outside its bound.
    """
    position = {group: at for at, group in enumerate(kept)}
    out = np.full(len(bounds), np.nan)
    for i, bound in enumerate(bounds):
        at = position.get(bound.group)
        if at is None or not layout.active[at, bound.place]:
            continue
        value = float(theta[at, bound.place])
        if layout.index[at, bound.place] >= 0:
            out[i] = bound.sign * (value - bound.value)
        elif bound.sign * (value - bound.value) < 0:
            raise ModelSyntaxError(
                f"{spec.rows[bound.place].name} is fixed at {value:g}, outside its bound "
                f"({bound.written(spec)}): take the one or the other out"
            )
    return out


def held_at(spec: ModelSpec, bounds: Iterable[Bound], n_groups: int) -> ModelSpec:
    """The model in which some parameters are fixed at their bounds."""
    rows = list(spec.rows)
    for place, held in _by_place(bounds):
        row = rows[place]
        values = [entry_of(row, row.modifier.values, group, n_groups) for group in range(n_groups)]
        for bound in held:
            values[bound.group] = bound.value
        rows[place] = replace(row, modifier=replace(row.modifier, values=tuple(values)))
    return replace(spec, rows=tuple(rows))


def _by_place(bounds: Iterable[Bound]) -> Iterator[tuple[int, list[Bound]]]:
    found: dict[int, list[Bound]] = {}
    for bound in bounds:
        found.setdefault(bound.place, []).append(bound)
    yield from found.items()
