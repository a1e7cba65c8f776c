"""Labels and the lines that use them: every name must be known, and no definition made twice."""

from __future__ import annotations

from typing import NoReturn

from vaar.errors import ModelSyntaxError
from vaar.sem.model.expressions import Expression
from vaar.sem.model.label_equations import read_equations
from vaar.sem.model.syntax import Definition, Syntax


def check_labels(syntax: Syntax) -> None:
    """Look up every name in ``:=``, ``==``, ``>`` and ``<`` lines.

    Raises
    ------
    ModelSyntaxError
        A name that no parameter is labelled with, a definition of a name that is taken, or a line
        of ``==``, ``>`` or ``<`` that is not linear.
    """
    known = {label for term in syntax.terms for label in term.modifier.labels if label}
    for line in syntax.defined:
        if line.name in known:
            _fail(line, f"{line.name!r} is a label, or defined above: give this one another name")
        _look_up(line, Expression(line.expression).names, known)
        known.add(line.name)
    related = (*syntax.equalities, *syntax.inequalities)
    for line in related:
        for side in (line.name, line.expression):
            _look_up(line, Expression(side).names, known)
    list(read_equations(related, syntax.defined))


def _look_up(line: Definition, names: tuple[str, ...], known: set[str]) -> None:
    for name in names:
        if name not in known:
            _fail(
                line,
                f"{name!r} is no label of the model; its labels are "
                f"{', '.join(sorted(known)) or 'none'}: label a parameter, as in 'y ~ {name}*x'",
            )


def _fail(line: Definition, message: str) -> NoReturn:
    raise ModelSyntaxError(f"line {line.line}, column {line.column}: {message}")
