"""The ``==`` lines of a model: which labels they fix, make equal, or relate by an equation."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from vaar.errors import ModelSyntaxError
from vaar.sem.model.expressions import Expression
from vaar.sem.model.linear_equations import Contradiction, Linear, System
from vaar.sem.model.syntax import Definition


@dataclass(frozen=True)
class Fixing:
    """A value that one place of a set of equal parameters is fixed at.

    Attributes
    ----------
    tie : hashable
        The set: a label, or the place of a parameter that is equal across groups.
    place : str
        The parameter that is fixed, as messages name it.
    """

    tie: Hashable
    value: float
    place: str


@dataclass(frozen=True)
class Ties:
    """What equations and fixed places make of sets of equal parameters.

    Attributes
    ----------
    value : mapping
        Of sets that are fixed.
    same : mapping
        A set to the one it equals.
    equations : mapping
        Of other sets, the function of free ones that each equals.
    """

    value: Mapping[Hashable, float]
    same: Mapping[Hashable, Hashable]
    equations: Mapping[Hashable, Linear[Hashable]]


def ties_of(
    equations: Iterable[tuple[Definition, Linear[Hashable]]],
    fixings: Iterable[Fixing],
    free: Iterable[Hashable],
) -> Ties:
    """Solve the equations of a model.

    Parameters
    ----------
    equations : iterable
        Each ``==`` line, and the function that is to be zero.
    fixings : iterable of Fixing
        One fixed place fixes all parameters that are equal to it.
    free : iterable
        Sets with a place in the groups that are fitted, in their order.

    Raises
    ------
    ModelSyntaxError
        Values that contradict each other.
    """
    order = {tie: i for i, tie in enumerate(free)}
    system: System[Hashable] = System(lambda tie: order.get(tie, len(order)))
    first: dict[Hashable, Fixing] = {}
    for fixing in fixings:
        known = first.setdefault(fixing.tie, fixing)
        if known.value != fixing.value:
            raise ModelSyntaxError(
                f"{known.place} is fixed at {known.value:g} and {fixing.place} at "
                f"{fixing.value:g}, and both are to be equal: give them one value, or let them "
                "differ"
            )
        if known is fixing:
            system.add(Linear({fixing.tie: 1.0}, -fixing.value))
    for line, equation in equations:
        try:
            system.add(equation)
        except Contradiction:
            raise ModelSyntaxError(
                f"line {line.line}, column {line.column}: {_text(line)!r} cannot hold beside what "
                "the model fixes or equates elsewhere: take one of them out"
            ) from None
    value, same = dict(system.fixed()), dict(system.equal())
    return Ties(
        value,
        same,
        {
            tie: function
            for tie, function in system.solved.items()
            if tie in order and tie not in value and tie not in same
        },
    )


def _text(line: Definition) -> str:
    return f"{line.name} {line.op} {line.expression}"


def read_equations(
    lines: Iterable[Definition], defined: Iterable[Definition]
) -> Iterator[tuple[Definition, Linear[Hashable]]]:
    """Each ``==`` line as a linear function of labels that is to be zero.

    Raises
    ------
    ModelSyntaxError
        A line that is not linear.
    """
    known: dict[str, Linear[Hashable] | None] = {}
    for line in defined:
        known[line.name] = Expression(line.expression).linear(known)
    for line in lines:
        sides = [Expression(text).linear(known) for text in (line.name, line.expression)]
        if sides[0] is None or sides[1] is None:
            raise ModelSyntaxError(
                f"line {line.line}, column {line.column}: {_text(line)!r} is not linear in the "
                "labels; allowed are sums of labels times numbers, as in 'a + 2*b == 1': test "
                "other hypotheses with wald()"
            )
        yield line, sides[0].plus(sides[1], -1.0)
