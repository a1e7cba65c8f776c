"""What lavaan's rules make of the parameters of one group: which are there, fixed, or equal."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np

from vaar.errors import DataError, ModelSyntaxError
from vaar.sem.model.equality import Equality
from vaar.sem.model.label_equations import Fixing
from vaar.sem.model.parameters import ModelSpec, Row

Entry = TypeVar("Entry", float, str)


class Boundary(Enum):
    """What a group's answers say of a threshold."""

    EXACT = "between two neighbouring categories"
    SPANNING = "between categories with others in between that nobody in the group chose"


class Cell(NamedTuple):
    """One parameter of one group.

    Attributes
    ----------
    exists : bool
        False where an item is masked.
    value : float or None
        What it is fixed at; None where it is free.
    label : str
    tie : hashable or None
        What it has in common with the parameters that equal it, a label or its place in the model;
        None where it stands alone.
    """

    exists: bool
    value: float | None
    label: str
    tie: Hashable | None


def entry_of(
    row: Row, entries: tuple[Entry | None, ...], group: int, n_groups: int
) -> Entry | None:
    """What is written for a group of the data, in ``c(…)`` or for all of them."""
    if not entries:
        return None
    if len(entries) not in (1, n_groups):
        raise ModelSyntaxError(
            f"{row.name}: c(…) has {len(entries)} entries and the data have {n_groups} "
            "groups; give one entry for all, or one for each group"
        )
    return entries[0] if len(entries) == 1 else entries[group]


def is_shared(row: Row, equality: Equality) -> bool:
    """Whether ``group_equal`` holds a parameter equal across groups."""
    return row.kind in equality.kinds and row.name not in equality.partial and not row.exogenous


def label_and_tie(
    spec: ModelSpec, equality: Equality, place: int, group: int, n_groups: int
) -> tuple[str, Hashable | None]:
    """The label of a parameter in a group, and what it has in common with those that equal it.

    Where ``group_equal`` holds it equal, the label that any group gives it stands in all of them.

    Raises
    ------
    DataError
        Several labels, and groups without any, though it is to be equal across groups.
    """
    row = spec.rows[place]
    own = entry_of(row, row.modifier.labels, group, n_groups) or ""
    if equality.apart:
        return own, (group, own) if own else None
    if not is_shared(row, equality):
        return own, own or None
    labels = {entry_of(row, row.modifier.labels, g, n_groups) or "" for g in range(n_groups)}
    named = labels - {""}
    if len(named) > 1:
        if "" in labels:
            raise DataError(
                f"{row.name} is to be equal across groups by group_equal, and its labels differ: "
                "label it in every group, or name it in group_partial"
            )
        return own, own
    label = next(iter(named), "")
    return label, label or place


def written_values(spec: ModelSpec, equality: Equality, names: Sequence[str]) -> Iterator[Fixing]:
    """Values at which the text fixes parameters that others are to equal, of all groups."""
    for place, row in enumerate(spec.rows):
        if not row.modifier.values:
            continue
        for group, name in enumerate(names):
            value = entry_of(row, row.modifier.values, group, len(names))
            _, tie = label_and_tie(spec, equality, place, group, len(names))
            if tie is None or value is None or np.isnan(value):
                continue
            where = f"{row.name} in group {name}" if len(names) > 1 else row.name
            ties = [tie]
            if isinstance(tie, tuple):  # groups are apart, and a label has one value all the same
                ties = [(other, tie[1]) for other in range(len(names))]
            for one in ties:
                yield Fixing(one, float(value), where)


@dataclass(frozen=True)
class GroupRules:
    """The rules as they apply in one group.

    Attributes
    ----------
    group : int
        Its number among the ``n_groups`` of the data.
    is_reference : bool
        Whether it is the first that is fitted.
    available : frozenset of str
        Observed variables it has.
    leads : frozenset of str
        Those of which it is the first group.
    anywhere : frozenset of str
        Variables that any group has.
    boundaries : mapping
        What is known of thresholds; the others do not exist.
    """

    spec: ModelSpec
    equality: Equality
    n_groups: int
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
    def alike(self) -> Hashable:
        """Equal for groups in which the rules have the same outcome."""
        return (
            self.group if self.spec.names_groups or self.equality.apart else None,
            self.is_reference,
            self.available,
            self.leads,
            frozenset(self.boundaries.items()),
        )

    def cells(self) -> tuple[Cell, ...]:
        """Apply the rules to every row."""
        return tuple(self._cell(place, row) for place, row in enumerate(self.spec.rows))

    def _cell(self, place: int, row: Row) -> Cell:
        """A masked item has unit variance and nothing else."""
        label, tie = label_and_tie(self.spec, self.equality, place, self.group, self.n_groups)
        if not self._exists(row):
            return Cell(False, 1.0 if row.kind in ("residuals", "scalings") else 0.0, label, None)
        if self.boundaries and self.boundaries.get(row.name) is Boundary.SPANNING:
            # it cannot be compared with a threshold of any other group
            return Cell(True, self._fixed(row), "", None)
        return Cell(True, 0.0 if row.from_data else self._fixed(row), label, tie)

    def _exists(self, row: Row) -> bool:
        if row.kind == "thresholds":
            return row.name in self.boundaries
        names = {row.lhs} if row.op == "~1" else {row.lhs, row.rhs}
        return names <= self._variables

    def _fixed(self, row: Row) -> float | None:
        written = entry_of(row, row.modifier.values, self.group, self.n_groups)
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
            if identify == "effects" and self._sets_level(row.lhs):
                return None
            released = self._levels_equal and "means" not in equal and not self.is_reference
            return None if released else 0.0
        return None

    def _sets_level(self, latent: str) -> bool:
        """Whether effects coding can set the mean of a latent variable: no level is fixed."""
        names = self.spec.indicators[latent]
        rows = [row for row in self.spec.rows if row.op == "~1" and row.lhs in names]
        entries = [entry_of(row, row.modifier.values, self.group, self.n_groups) for row in rows]
        return all(value is None or np.isnan(value) for value in entries)

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
            return None if (row.written or released) and not theta else 1.0
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
