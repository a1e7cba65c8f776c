"""Which parameters of which groups are free, fixed or equal: an index map, not a Lagrangian.

Free parameters are numbered 0 … n_free − 1. Those met in several groups, or tied across groups by
an equation, are *shared*; the others are *own* to one group. In each group they are laid out as L
*columns*: the shared ones first, then the group's own, so that the information of the whole model
is bordered block-diagonal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vaar.errors import ModelSyntaxError
from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.model.linear_equations import Contradiction, Linear, System


@dataclass(frozen=True)
class Constraint:
    """Free parameter ``target`` equals ``constant`` plus the sum of ``weights`` times ``others``,
    none of which is the target of a constraint."""

    target: int
    others: tuple[int, ...]
    weights: tuple[float, ...]
    constant: float


@dataclass(frozen=True)
class Equation:
    """A linear function of free parameters that is to be 0, best solved for ``target``."""

    function: Linear[int]
    target: int


def solved_for(equations: Sequence[Equation]) -> tuple[Constraint, ...]:
    """Constraints that say the same as some equations.

    Raises
    ------
    ModelSyntaxError
        Equations that contradict each other.
    """
    wanted = {equation.target for equation in equations}
    system: System[int] = System(lambda free: (free in wanted, free))
    for equation in equations:
        try:
            system.add(equation.function)
        except Contradiction:
            raise ModelSyntaxError(
                "effect coding cannot hold beside the equations of the model: take one of them out"
            ) from None
    return tuple(
        Constraint(target, tuple(f.weights), tuple(f.weights.values()), f.constant)
        for target, f in system.solved.items()
    )


@dataclass(frozen=True, eq=False)
class Layout:
    """The index map of G groups and P parameters a group; equal only to itself.

    Attributes
    ----------
    index : (G, P) array
        The free parameter in each place, −1 where it is fixed.
    value : (G, P) array
        Values of fixed places.
    active : (G, P) array
        False where an item is masked: the place does not exist in that group.
    label : tuple of tuple of str
        The user's labels.
    constraints : tuple of Constraint
        Linear equations among them, of the model or of effects coding.
    n_held : int
        Inequalities that hold as equalities, which save no degree of freedom.
    """

    groups: tuple[str, ...]
    index: Ints
    value: Floats
    active: Bools
    label: tuple[tuple[str, ...], ...]
    constraints: tuple[Constraint, ...] = ()
    n_held: int = 0

    @property
    def n_groups(self) -> int:
        return len(self.groups)

    @cached_property
    def n_free(self) -> int:
        return int(self.index.max(initial=-1)) + 1

    @cached_property
    def n_parameters(self) -> int:
        """Free parameters less constraints: what a degree of freedom is lost to."""
        return self.n_free - len(self.constraints) + self.n_held

    @cached_property
    def _uses(self) -> tuple[Ints, Ints]:
        """Every pair of a group and a free parameter that it uses, by group, then parameter."""
        group, place = np.nonzero(self.index >= 0)
        pairs = np.unique(group * self.n_free + self.index[group, place])
        return pairs // max(self.n_free, 1), pairs % max(self.n_free, 1)

    @cached_property
    def n_users(self) -> Ints:
        """(n_free,) how many groups use each free parameter."""
        return np.bincount(self._uses[1], minlength=self.n_free)

    @cached_property
    def _is_shared(self) -> Bools:
        """(n_free,) which parameters several groups use, or a constraint ties across groups."""
        out = self.n_users > 1
        home = np.full(self.n_free, -1)
        home[self._uses[1]] = self._uses[0]
        reached = bool(self.constraints)
        while reached:
            reached = False
            for constraint in self.constraints:
                tied = [constraint.target, *constraint.others]
                homes = {int(home[free]) for free in tied if not out[free]}
                if len(homes) > 1 or (homes and out[constraint.target]):
                    out[tied] = reached = True
        return out

    @cached_property
    def shared(self) -> Ints:
        """(s,) free parameters that stand in the columns of every group."""
        return np.flatnonzero(self._is_shared)

    @cached_property
    def own(self) -> Ints:
        """(G, q) free parameters of one group alone, padded with −1."""
        group, free = self._uses
        alone = ~self._is_shared[free]
        group, free = group[alone], free[alone]
        count = np.bincount(group, minlength=self.n_groups)
        out = np.full((self.n_groups, count.max(initial=0)), -1)
        out[group, np.arange(len(free)) - (np.cumsum(count) - count)[group]] = free
        return out

    @cached_property
    def alone(self) -> Bools:
        """(G, P) places of free parameters that stand nowhere else, and in no constraint."""
        free = self.index >= 0
        count = np.bincount(self.index[free], minlength=self.n_free + 1)
        for constraint in self.constraints:
            count[[constraint.target, *constraint.others]] = 0
        return np.asarray(free & (count[self.index] == 1))

    @property
    def n_columns(self) -> int:
        """L = s + q."""
        return len(self.shared) + int(self.own.shape[1])

    @cached_property
    def _column_of(self) -> Ints:
        """(n_free,) column of each free parameter, in the groups that have it."""
        out = np.empty(self.n_free, dtype=np.int64)
        out[self.shared] = np.arange(len(self.shared))
        group, position = np.nonzero(self.own >= 0)
        out[self.own[group, position]] = len(self.shared) + position
        return out

    @cached_property
    def column(self) -> Ints:
        """(G, P) column of each place, L where it is fixed."""
        out = np.full(self.index.shape, self.n_columns)
        free = self.index >= 0
        out[free] = self._column_of[self.index[free]]
        return out

    @cached_property
    def _flat(self) -> Ints:
        """(G, P) position of each place in the columns of all groups, laid end to end."""
        return self.column + np.arange(self.n_groups)[:, None] * (self.n_columns + 1)

    @cached_property
    def _repeats(self) -> Bools:
        """(G,) whether a group has one free parameter in several places."""
        free = [row[row < self.n_columns] for row in self.column]
        return np.array([len(np.unique(row)) < len(row) for row in free])

    @cached_property
    def chain(self) -> Floats | None:
        """(G, L, L) effect of each independent column on every column; None without constraints."""
        if not self.constraints:
            return None
        width = self.n_columns + 1
        out = np.broadcast_to(np.eye(width), (self.n_groups, width, width)).copy()
        for constraint in self.constraints:
            here, row = self._has(constraint.target), self._column_of[constraint.target]
            out[here, row] = 0.0
            for other, weight in zip(constraint.others, constraint.weights, strict=True):
                out[here & self._has(other), row, self._column_of[other]] += weight
        return out[:, :-1, :-1]

    def _has(self, free: int) -> Bools:
        """(G,) whether a group has a column for a free parameter: every group for a shared one."""
        return np.asarray(self._is_shared[free] | (self.index == free).any(axis=1))

    def at(self, places: Ints) -> Layout:
        """The same parameters, in some of their places only."""
        return Layout(
            self.groups,
            self.index[:, places],
            self.value[:, places],
            self.active[:, places],
            tuple(tuple(labels[i] for i in places) for labels in self.label),
            self.constraints,
            self.n_held,
        )

    def apart(self, groups: Ints, x: Floats) -> Layout:
        """That of some groups, what they share being fixed at its values among (n_free,)."""
        own = self.own[groups]
        number = np.full(self.n_free + 1, -1)
        number[own[own >= 0]] = np.arange(np.count_nonzero(own >= 0))
        tied = [one for one in self.constraints if number[one.target] >= 0]
        return Layout(
            tuple(self.groups[g] for g in groups),
            number[self.index[groups]],
            self.spread(x)[groups],
            self.active[groups],
            tuple(self.label[g] for g in groups),
            tuple(_held(constraint, number, x) for constraint in tied),
        )

    def filled(self, theta: Floats) -> Floats:
        """(G, P) values, those of masked places as they are held."""
        return np.where(self.active, theta, self.value)

    def spread(self, x: Floats) -> Floats:
        """(n_free,) free parameters to (G, P) values."""
        for constraint in self.constraints:
            others = x[list(constraint.others)]
            x[constraint.target] = constraint.constant + others @ np.array(constraint.weights)
        if not self.n_free:
            return self.value.copy()
        return np.where(self.index >= 0, x[self.index], self.value)

    def collect(self, theta: Floats) -> Floats:
        """(G, P) values to (n_free,): the mean over the places of each free parameter."""
        free = self.index >= 0
        total = np.bincount(self.index[free], weights=theta[free], minlength=self.n_free)
        return total / np.bincount(self.index[free], minlength=self.n_free)

    def gather(self, derivative: Floats) -> Floats:
        """(G, P) derivatives to (G, L) derivatives by column."""
        width = self.n_columns + 1
        flat = np.bincount(
            self._flat.ravel(), weights=derivative.ravel(), minlength=self.n_groups * width
        )
        out: Floats = flat.astype(float).reshape(self.n_groups, width)[:, :-1]
        return out if self.chain is None else np.einsum("gkl,gk->gl", self.chain, out)

    def gather_of(self, groups: Ints, derivative: Floats) -> Floats:
        """The same for some of the groups alone."""
        whole = np.zeros(self.index.shape)
        whole[groups] = derivative
        return self.gather(whole)[groups]

    def squares(self, informations: Iterable[Floats]) -> Iterator[Floats]:
        """The (P, P) second derivatives of each group in turn, to (L, L)."""
        width = self.n_columns + 1
        for group, information in enumerate(informations):
            out, column = np.zeros((width, width)), self.column[group]
            if self._repeats[group]:
                np.add.at(out, (column[:, None], column), information)
            else:
                out[column[:, None], column] = information
            out = out[:-1, :-1]
            yield out if self.chain is None else self.chain[group].T @ out @ self.chain[group]

    def step(self, x: Floats, shared: Floats, own: Floats) -> Floats:
        """Free parameters moved by steps in the shared (s,) and own (G, q) columns."""
        moved = x.copy()
        moved[self.shared] += shared
        mask = self.own >= 0
        moved[self.own[mask]] += own[mask]
        return moved

    def places(self, covariance: Floats, group: int) -> Floats:
        """(L, L) covariances of the columns of a group to (P, P) of its places; 0 where fixed."""
        if self.chain is not None:
            covariance = self.chain[group] @ covariance @ self.chain[group].T
        column, padded = self.column[group], np.zeros((self.n_columns + 1, self.n_columns + 1))
        padded[:-1, :-1] = covariance
        return np.asarray(padded[column[:, None], column])

    def spread_matrix(self, group: int) -> Floats:
        """(P, L) effect of the columns of a group on its places."""
        out = np.eye(self.n_columns + 1)[self.column[group]][:, :-1]
        return np.asarray(out if self.chain is None else out @ self.chain[group])


def _held(constraint: Constraint, number: Ints, x: Floats) -> Constraint:
    """A constraint among free parameters that have new numbers; those without one are held."""
    pairs = list(zip(constraint.others, constraint.weights, strict=True))
    free = [(int(number[other]), weight) for other, weight in pairs if number[other] >= 0]
    held = sum(weight * float(x[other]) for other, weight in pairs if number[other] < 0)
    others, weights = zip(*free, strict=True) if free else ((), ())
    return Constraint(int(number[constraint.target]), others, weights, constraint.constant + held)


def number(keys: Sequence[Sequence[object]]) -> Ints:
    """Number the distinct keys of a (G, P) table in order; None stays −1."""
    known: dict[object, int] = {}
    return np.array(
        [[-1 if key is None else known.setdefault(key, len(known)) for key in row] for row in keys],
        dtype=np.int64,
    )
