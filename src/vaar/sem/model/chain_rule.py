"""Derivatives of arithmetic expressions, by the chain rule."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from vaar.sem.arrays import Floats

Sloped = tuple[float, Floats]  # a value, and its derivatives by all labels

_DERIVATIVES: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "sqrt": (math.sqrt, lambda x: 0.5 / math.sqrt(x)),
    "exp": (math.exp, math.exp),
    "log": (math.log, lambda x: 1 / x),
    "abs": (abs, lambda x: math.copysign(1.0, x)),
}


def with_slope(node: Any, labels: Mapping[str, Sloped]) -> Sloped:
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
        value, slope = with_slope(node.operand, labels)
        return (-value, -slope) if isinstance(node.op, ast.USub) else (value, slope)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        value, slope = with_slope(node.args[0], labels)
        function, derivative = _DERIVATIVES[node.func.id]
        return function(value), _times(derivative, value, slope)
    return _combined(node.op, with_slope(node.left, labels), with_slope(node.right, labels))


def _width(labels: Mapping[str, Sloped]) -> int:
    return next((len(slope) for _, slope in labels.values()), 0)


def _times(derivative: Callable[[float], float], value: float, slope: Floats) -> Floats:
    """An outer derivative times inner ones; not looked at where these are all 0."""
    return slope * derivative(value) if slope.any() else slope


def _combined(mark: ast.operator, left: Sloped, right: Sloped) -> Sloped:
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
