"""Arithmetic on labelled parameters: ``:=`` lines and hypotheses."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np

from vaar.errors import ModelSyntaxError
from vaar.sem.arrays import Floats
from vaar.sem.model.linear_equations import Linear

Sloped = tuple[float, Floats]
"""A value, and its derivatives by all labels."""

_FUNCTIONS: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "sqrt": (math.sqrt, lambda x: 0.5 / math.sqrt(x)),
    "exp": (math.exp, math.exp),
    "log": (math.log, lambda x: 1 / x),
    "abs": (abs, lambda x: math.copysign(1.0, x)),
}
"""Functions, each with its derivative."""
_DEEPEST = 500  # operations within operations; each takes a call
_NAME = re.compile(r"(?<![\w.])\.?[^\W\d][\w.\u0300-\u036f]*(?!\s*\()(?![\w.])")


@dataclass(frozen=True)
class Expression:
    """One arithmetic expression, as in ``a*b + c``."""

    text: str

    @cached_property
    def _read(self) -> tuple[ast.expr, dict[str, str]]:
        """The tree, and by label what stands for it there."""
        found = dict.fromkeys(_NAME.findall(self.text))
        marks = {name: f"label_{i}" for i, name in enumerate(found)}
        text = _NAME.sub(lambda match: marks[match.group()], self.text)
        try:
            tree = ast.parse(text.replace("^", "**").strip(), mode="eval").body
        except (SyntaxError, ValueError) as error:
            raise ModelSyntaxError(
                f"the expression {self.text!r} cannot be read: write arithmetic on labels, "
                "as in 'a*b + c'"
            ) from error
        except (RecursionError, MemoryError):
            raise _too_deep(self.text) from None
        if _depth(tree) > _DEEPEST:
            raise _too_deep(self.text)
        for node in ast.walk(tree):
            self._check(node)
        return tree, marks

    @property
    def names(self) -> tuple[str, ...]:
        """Labels in the expression. They may have dots, and be words that Python keeps."""
        return tuple(self._read[1])

    def _check(self, node: ast.AST) -> None:
        allowed = (ast.BinOp, ast.UnaryOp, ast.Name, ast.Constant, ast.Call, ast.Load)
        marks = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.UAdd, ast.USub)
        plain_call = not isinstance(node, ast.Call) or (
            isinstance(node.func, ast.Name)
            and node.func.id in _FUNCTIONS
            and len(node.args) == 1
            and not node.keywords
        )
        number = not isinstance(node, ast.Constant) or type(node.value) in (int, float)
        if not isinstance(node, (*allowed, *marks)) or not plain_call or not number:
            raise ModelSyntaxError(
                f"the expression {self.text!r} has {type(node).__name__}; allowed are labels, "
                f"numbers, + - * / ^, brackets and {', '.join(_FUNCTIONS)}(…)"
            )

    def value(self, labels: Mapping[str, float]) -> float:
        """The value for these values of the labels; NaN where it does not exist."""
        tree, marks = self._read
        none = np.empty(0)
        try:
            return float(
                _sloped(tree, {mark: (labels[name], none) for name, mark in marks.items()})[0]
            )
        except (ZeroDivisionError, OverflowError, ValueError, TypeError):
            return math.nan

    def slope(self, labels: Mapping[str, Sloped]) -> Floats:
        """Derivatives, given values and derivatives of the labels; NaN where there are none."""
        tree, marks = self._read
        try:
            with np.errstate(all="ignore"):
                return _sloped(tree, {mark: labels[name] for name, mark in marks.items()})[1]
        except (ZeroDivisionError, OverflowError, ValueError, TypeError):
            return np.full_like(next(iter(labels.values()))[1], np.nan)

    def linear(self, known: Mapping[str, Linear[Any] | None]) -> Linear[Any] | None:
        """As a linear function of labels; None where it is not one.

        ``known`` are names that stand for functions of other labels, or for ones not linear.
        """
        tree, marks = self._read
        terms = {mark: known.get(name, Linear({name: 1.0})) for name, mark in marks.items()}
        try:
            found = _linear(tree, terms)
        except (ZeroDivisionError, OverflowError, ValueError, TypeError):
            return None
        return found if found is None or math.isfinite(found.constant) else None


def _too_deep(text: str) -> ModelSyntaxError:
    return ModelSyntaxError(
        f"the expression that begins {text.strip()[:40]!r} is nested more than {_DEEPEST} deep: "
        "write it in several ':=' lines"
    )


def _depth(tree: ast.expr) -> int:
    """How many operations stand one within the other."""
    depth, level = 0, [cast("ast.AST", tree)]
    while level:
        depth += 1
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return depth


def _sloped(node: Any, labels: Mapping[str, Sloped]) -> Sloped:
    """Value and derivatives of a tree whose names are labels.

    Raises
    ------
    ArithmeticError, ValueError, TypeError
        There are none.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value), np.zeros(_width(labels))
    if isinstance(node, ast.Name):
        return labels[node.id]
    if isinstance(node, ast.UnaryOp):
        value, slope = _sloped(node.operand, labels)
        return (-value, -slope) if isinstance(node.op, ast.USub) else (value, slope)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        value, slope = _sloped(node.args[0], labels)
        function, derivative = _FUNCTIONS[node.func.id]
        return function(value), _times(derivative, value, slope)
    return _joined(node.op, _sloped(node.left, labels), _sloped(node.right, labels))


def _width(labels: Mapping[str, Sloped]) -> int:
    return next((len(slope) for _, slope in labels.values()), 0)


def _times(derivative: Callable[[float], float], value: float, slope: Floats) -> Floats:
    """An outer derivative times inner ones; not looked at where these are all 0."""
    return slope * derivative(value) if slope.any() else slope


def _joined(mark: ast.operator, left: Sloped, right: Sloped) -> Sloped:
    (a, da), (b, db) = left, right
    if isinstance(mark, ast.Add):
        return a + b, da + db
    if isinstance(mark, ast.Sub):
        return a - b, da - db
    if isinstance(mark, ast.Mult):
        return a * b, a * db + b * da
    if isinstance(mark, ast.Div):
        return a / b, (da - a / b * db) / b
    value = float(a**b)
    by_base = _times(lambda x: b * float(x ** (b - 1)), a, da)
    return value, by_base + _times(lambda _: value * math.log(a), b, db)


def _linear(node: Any, terms: Mapping[str, Linear[Any] | None]) -> Linear[Any] | None:
    if isinstance(node, ast.Name):
        return terms[node.id]
    if isinstance(node, ast.BinOp):
        left, right = _linear(node.left, terms), _linear(node.right, terms)
        return None if left is None or right is None else _combined(node.op, left, right)
    if isinstance(node, ast.Constant):
        return Linear({}, float(cast("Any", node.value)))
    inner = _linear(node.operand if isinstance(node, ast.UnaryOp) else node.args[0], terms)
    if inner is None or isinstance(node, ast.UnaryOp):
        negative = isinstance(getattr(node, "op", None), ast.USub)
        return inner.times(-1.0) if inner is not None and negative else inner
    return None if inner.weights else Linear({}, _FUNCTIONS[node.func.id][0](inner.constant))


def _combined(mark: ast.operator, left: Linear[Any], right: Linear[Any]) -> Linear[Any] | None:
    if isinstance(mark, (ast.Add, ast.Sub)):
        return left.plus(right, 1.0 if isinstance(mark, ast.Add) else -1.0)
    if isinstance(mark, ast.Mult) and not left.weights:
        left, right = right, left
    if right.weights or (left.weights and isinstance(mark, ast.Pow)):
        return None
    if left.weights:
        number = right.constant
        return left.times(number if isinstance(mark, ast.Mult) else 1 / number)
    none = np.empty(0)
    return Linear({}, _joined(mark, (left.constant, none), (right.constant, none))[0])


def chained(definitions: Sequence[tuple[str, Expression]], labels: Mapping[str, float]) -> Floats:
    """Values of definitions in their order; later ones may use earlier ones.

    Raises
    ------
    ModelSyntaxError
        A name that is neither a label nor defined above.
    """
    known = dict(labels)
    out = []
    for name, expression in definitions:
        missing = [used for used in expression.names if used not in known]
        if missing:
            raise ModelSyntaxError(
                f"{missing[0]!r} in {expression.text.strip()!r} is no label of the model; its "
                f"labels are {', '.join(known) or 'none'}: label a parameter, as in "
                f"'y ~ {missing[0]}*x'"
            )
        known[name] = expression.value(known)
        out.append(known[name])
    return np.array(out)


def jacobian(definitions: Sequence[tuple[str, Expression]], labels: Mapping[str, float]) -> Floats:
    """(definitions, labels) derivatives."""
    directions = np.eye(len(labels))
    known: dict[str, Sloped] = {
        name: (value, directions[i]) for i, (name, value) in enumerate(labels.items())
    }
    slopes = []
    for (name, expression), value in zip(
        definitions, chained(definitions, labels).tolist(), strict=True
    ):
        slopes.append(expression.slope(known) if expression.names else np.zeros(len(labels)))
        known[name] = value, slopes[-1]
    return np.array(slopes).reshape(len(definitions), len(labels))
