"""Deciding, for every parameter of every group, whether it is free, fixed or equal to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from itertools import compress
from typing import TypeVar

import numpy as np

from vaar.errors import DataError, ModelSyntaxError
from vaar.sem.arrays import Bools
from vaar.sem.model.effect_coding import effect_constraints
from vaar.sem.model.parameter_map import Layout, number
from vaar.sem.model.parameters import KINDS, ModelSpec, Row

Entry = TypeVar("Entry", float, str)
_OWN = object()
_LEVELS = frozenset(("intercepts", "thresholds"))  # with ordinal items, either word means both


class Boundary(Enum):
    """What a group's answers say of a threshold."""

    EXACT = "between two neighbouring categories"
    SPANNING = "between categories with others in between that nobody in the group chose"


@dataclass(frozen=True)
class Equality:
    """How groups are tied together, and how the scale of latent variables is set.

    Attributes
    ----------
    kinds : tuple of str
        Kinds of parameters equal across groups, in lavaan's words.
    partial : tuple of str
        Parameters excepted, written ``f=~x1`` or ``x1~1``.
    identify : {'marker', 'std_lv', 'effects'}
    """

    kinds: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()
    identify: str = "marker"


def equality_of(
    spec: ModelSpec, kinds: Sequence[str], partial: Sequence[str], identify: str
) -> Equality:
    """Check and normalise ``group_equal`` and ``group_partial``.

    Raises
    ------
    DataError
        A word that is not a kind of parameter, or a parameter that is not in the model.
    """
    kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    partial = (partial,) if isinstance(partial, str) else tuple(partial)
    words = tuple(word.replace("_", ".") for word in kinds)
    unknown = [word for word in words if word not in KINDS[:-1]]
    if unknown:
        raise DataError(
            f"group_equal got {unknown[0]!r}; allowed are {', '.join(KINDS[:-1])}: correct the word"
        )
    if spec.ordered and not _LEVELS.isdisjoint(words):
        words = tuple(dict.fromkeys((*words, *sorted(_LEVELS))))
    names = tuple(_canonical(name, spec) for name in partial)
    return Equality(words, names, identify)


def _canonical(name: str, spec: ModelSpec) -> str:
    bare = "".join(name.split())
    for row in spec.rows:
        swapped = f"{row.rhs}{row.op}{row.lhs}" if row.op == "~~" else row.name
        if bare in (row.name, swapped):
            return row.name
    raise DataError(
        f"group_partial got {name!r}, which is no parameter of the model; write it as in "
        f"{spec.rows[0].name!r}"
    )


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
    """
    first = present.argmax(axis=0)
    anywhere = _available(spec, np.asarray(present.any(axis=0))) | frozenset(spec.latents)
    groups = [
        _Group(
            spec,
            equality,
            len(names),
            group,
            place == 0,
            _available(spec, present[place]),
            _available(spec, present[place] & (first == place)),
            anywhere,
            boundaries[place] if boundaries else {},
        )
        for place, group in enumerate(kept)
    ]
    merged = _merged_labels(spec)
    distinct = {group.alike: group for group in groups}
    made = {alike: group.cells(merged) for alike, group in distinct.items()}
    cells = [made[group.alike] for group in groups]
    layout = Layout(
        tuple(names[group] for group in kept),
        number([line.keys(place) for place, line in enumerate(cells)]),
        np.array([line.value for line in cells]),
        np.array([line.exists for line in cells]),
        tuple(line.label for line in cells),
    )
    if equality.identify == "effects":
        return replace(layout, constraints=effect_constraints(spec, layout))
    return layout


def _available(spec: ModelSpec, present: Bools) -> frozenset[str]:
    return frozenset(compress(spec.observed, present.tolist()))


def _merged_labels(spec: ModelSpec) -> dict[str, str]:
    """Each label named in a ``==`` line, to the one that stands for its set."""
    out: dict[str, str] = {}
    for line in spec.equalities:
        one, other = (out.get(name, name) for name in (line.name, line.expression))
        out = {name: one if kept == other else kept for name, kept in out.items()}
        out |= {line.name: one, line.expression: one, other: one}
    return out


@dataclass(frozen=True)
class _Cells:
    """What the rules make of every parameter, in all groups that are alike.

    ``tie`` is None where a parameter is fixed, ``_OWN`` where each group has its own, and else what
    it has in common with the parameters that equal it.
    """

    exists: tuple[bool, ...]
    value: tuple[float, ...]
    label: tuple[str, ...]
    tie: tuple[object, ...]

    def keys(self, place: int) -> list[object]:
        """What tells the free parameters of one group from others."""
        return [(place, i) if tie is _OWN else tie for i, tie in enumerate(self.tie)]


@dataclass(frozen=True)
class _Group:
    """The rules as they apply in one group."""

    spec: ModelSpec
    equality: Equality
    n_names: int
    group: int
    is_reference: bool
    available: frozenset[str]
    leads: frozenset[str]
    anywhere: frozenset[str]
    boundaries: Mapping[str, Boundary]

    @cached_property
    def _variables(self) -> frozenset[str]:
        return self.available | frozenset(self.spec.latents)

    @cached_property
    def alike(self) -> object:
        """Equal for groups in which the rules have the same outcome."""
        return (
            self.group if self.spec.names_groups else None,
            self.is_reference,
            self.available,
            self.leads,
            frozenset(self.boundaries.items()),
        )

    def cells(self, merged: Mapping[str, str]) -> _Cells:
        """Apply the rules to every row; ``merged`` are labels that stand for others."""
        rows = self.spec.rows
        exists, values, labels = zip(*(self.cell(row) for row in rows), strict=True)
        ties = [
            self._tie(i, merged.get(label, label)) if here and value is None else None
            for i, (here, value, label) in enumerate(zip(exists, values, labels, strict=True))
        ]
        return _Cells(exists, tuple(value or 0.0 for value in values), labels, tuple(ties))

    def _tie(self, place: int, label: str) -> object:
        row = self.spec.rows[place]
        if self.boundaries.get(row.name) is Boundary.SPANNING:
            return _OWN  # cannot be compared with a threshold of any other group
        if label:
            return label
        shared = row.kind in self.equality.kinds and row.name not in self.equality.partial
        return place if shared and not row.exogenous else _OWN

    def exists(self, row: Row) -> bool:
        if row.kind == "thresholds":
            return row.name in self.boundaries
        names = {row.lhs} if row.op == "~1" else {row.lhs, row.rhs}
        return names <= self._variables

    def label(self, row: Row) -> str:
        return self._entry(row, row.modifier.labels) or ""

    def _entry(self, row: Row, entries: tuple[Entry | None, ...]) -> Entry | None:
        if not entries:
            return None
        if len(entries) not in (1, self.n_names):
            raise ModelSyntaxError(
                f"{row.name}: c(…) has {len(entries)} entries and the data have {self.n_names} "
                "groups; give one entry for all, or one for each group"
            )
        return entries[0] if len(entries) == 1 else entries[self.group]

    def cell(self, row: Row) -> tuple[bool, float | None, str]:
        """Whether a place exists, the value it is fixed at (None where free), and its label.

        A masked item has unit variance and nothing else.
        """
        label = self.label(row)
        if not self.exists(row):
            return False, 1.0 if row.kind in ("residuals", "scalings") else 0.0, label
        return True, 0.0 if row.from_data else self._fixed(row), label

    def _fixed(self, row: Row) -> float | None:
        written = self._entry(row, row.modifier.values)
        if written is not None:
            return None if np.isnan(written) else float(written)
        return self._default(row)

    def _default(self, row: Row) -> float | None:
        """The value lavaan's defaults fix a parameter at, None where they leave it free."""
        equal, identify = self.equality.kinds, self.equality.identify
        if row.lhs in self.spec.ordered:
            return self._ordinal_default(row)
        if row.kind == "loadings" and identify == "marker":
            return 1.0 if row.rhs == self._marker(row.lhs) else None
        if row.kind == "lv.variances" and identify == "std_lv":
            released = "loadings" in equal and row.kind not in equal and not self.is_reference
            return None if released else 1.0
        if row.kind == "residuals" and not row.written and self._is_single(row.lhs):
            return 0.0
        if row.kind == "means" and not row.written:
            if identify == "effects":
                return None
            released = self._levels_equal and "means" not in equal and not self.is_reference
            return None if released else 0.0
        return None

    @property
    def _levels_equal(self) -> bool:
        """Whether what an item's answers start from is equal, so that means can differ."""
        equal = self.equality.kinds
        return "intercepts" in equal or (bool(self.spec.ordered) and "thresholds" in equal)

    def _ordinal_default(self, row: Row) -> float | None:
        """The same for a parameter of an ordinal item, whose scale its first group sets."""
        theta = self.spec.parameterization == "theta"
        released = self._levels_equal and row.lhs not in self.leads
        if row.kind == "intercepts":
            return None if row.written else 0.0
        if row.kind == "scalings":
            return None if released and not theta else 1.0
        if row.kind == "residuals":
            free = row.written or (released and "residuals" not in self.equality.kinds)
            return None if theta and free else 1.0
        return None

    def _marker(self, latent: str) -> str | None:
        """The indicator that sets a latent variable's scale in this group."""
        names = [name for name in self.spec.indicators[latent] if name in self.anywhere]
        if "loadings" in self.equality.kinds:
            return names[0] if names else None
        return next((name for name in names if name in self._variables), None)

    def _is_single(self, observed: str) -> bool:
        return any(names == (observed,) for names in self.spec.indicators.values())
