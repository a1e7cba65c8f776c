"""Deciding, for every parameter of every group, whether it is free, fixed or equal to another."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np

from vaar.sem.arrays import Bools, Ints
from vaar.sem.model.effect_coding import effect_equations
from vaar.sem.model.equality import Equality
from vaar.sem.model.group_rules import Boundary, Cell, GroupRules, written_values
from vaar.sem.model.label_equations import Fixing, Ties, read_equations, ties_of
from vaar.sem.model.linear_equations import Linear
from vaar.sem.model.parameter_map import Equation, Layout, number, solved_for
from vaar.sem.model.parameters import ModelSpec

_OWN = object()


def layout_of(
    spec: ModelSpec,
    equality: Equality,
    names: Sequence[str],
    kept: Sequence[int],
    present: Bools,
    boundaries: Sequence[Mapping[str, Boundary]] = (),
) -> Layout:
    """Lay out the parameters of the groups that are fitted.

    Parameters
    ----------
    names : sequence of str
        All groups of the data: entries of ``c(…)`` count these.
    kept : sequence of int
        Those fitted, ascending.
    present : (len(kept), p) array
        False where an item is masked in a group.
    boundaries : sequence of mapping
        For each group, what is known of the thresholds named there; the others do not exist.

    Raises
    ------
    ModelSyntaxError, DataError
        Entries that are not as many as the groups, or equalities that contradict each other.
    """
    first = present.argmax(axis=0)
    anywhere = _available(spec, np.asarray(present.any(axis=0))) | frozenset(spec.latents)
    groups = [
        GroupRules(
            spec,
            equality,
            len(names),
            group,
            place == 0 or equality.apart,
            _available(spec, present[place]),
            _available(spec, present[place] & ((first == place) | equality.apart)),
            anywhere,
            boundaries[place] if boundaries else {},
        )
        for place, group in enumerate(kept)
    ]
    distinct = {group.alike: group for group in groups}
    made = {alike: group.cells() for alike, group in distinct.items()}
    ties = _ties(spec, equality, names, list(made.values()))
    settled = {alike: _Settled.of(line, ties) for alike, line in made.items()}
    lines = [settled[group.alike] for group in groups]
    keys = [line.keys(place) for place, line in enumerate(lines)]
    index = number(keys)
    layout = Layout(
        tuple(names[group] for group in kept),
        index,
        np.array([line.value for line in lines]),
        np.array([line.exists for line in lines]),
        tuple(line.label for line in lines),
    )
    equations = list(_label_equations(ties, keys, index))
    if equality.identify == "effects":
        equations += effect_equations(spec, layout)
    return replace(layout, constraints=solved_for(equations)) if equations else layout


def _available(spec: ModelSpec, present: Bools) -> frozenset[str]:
    return frozenset(compress(spec.observed, present.tolist()))


def _ties(
    spec: ModelSpec, equality: Equality, names: Sequence[str], cells: Sequence[tuple[Cell, ...]]
) -> Ties:
    """What the text, the defaults and the ``==`` lines make of sets of equal parameters."""
    named = [cell for line in cells for cell in line if cell.tie is not None]
    fixings = list(written_values(spec, equality, names))
    for line in cells:
        fixings += [
            Fixing(cell.tie, cell.value, row.name)
            for cell, row in zip(line, spec.rows, strict=True)
            if cell.tie is not None and cell.value is not None
        ]
    free = dict.fromkeys(cell.tie for cell in named)
    equations = list(read_equations(spec.equalities, spec.defined))
    if equality.apart:
        equations = [
            (line, Linear({(g, key): w for key, w in each.weights.items()}, each.constant))
            for g in range(len(names))
            for line, each in equations
        ]
    return ties_of(equations, fixings, free)


@dataclass(frozen=True)
class _Settled:
    """What became of every parameter, in all groups that are alike.

    ``key`` is None where a parameter is fixed, ``_OWN`` where each group has its own, and else what
    it has in common with the parameters that equal it.
    """

    exists: tuple[bool, ...]
    value: tuple[float, ...]
    label: tuple[str, ...]
    key: tuple[Hashable | None, ...]

    @staticmethod
    def of(cells: tuple[Cell, ...], ties: Ties) -> _Settled:
        held = [cell.value if cell.tie is None else ties.value.get(cell.tie) for cell in cells]
        return _Settled(
            tuple(cell.exists for cell in cells),
            tuple(0.0 if value is None else value for value in held),
            tuple(cell.label for cell in cells),
            tuple(
                None
                if value is not None
                else (_OWN if cell.tie is None else ties.same.get(cell.tie, cell.tie))
                for cell, value in zip(cells, held, strict=True)
            ),
        )

    def keys(self, place: int) -> list[Hashable | None]:
        """What tells the free parameters of one group from others."""
        return [(place, i) if key is _OWN else key for i, key in enumerate(self.key)]


def _label_equations(
    ties: Ties, keys: Sequence[Sequence[Hashable | None]], index: Ints
) -> Iterator[Equation]:
    """Those ``==`` lines that relate several free parameters, as equations among these."""
    if not ties.equations:
        return
    known = {
        key: int(free)
        for line, numbers in zip(keys, index, strict=True)
        for key, free in zip(line, numbers, strict=True)
    }
    for tie, function in ties.equations.items():
        others = {known[other]: -weight for other, weight in function.weights.items()}
        yield Equation(Linear({known[tie]: 1.0} | others, -function.constant), known[tie])
