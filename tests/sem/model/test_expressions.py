import math

import numpy as np
import pytest

from vaar.errors import ModelSyntaxError
from vaar.sem.model.expressions import Expression, chained, jacobian


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a*b", 6.0),
        ("a + b - 1", 4.0),
        ("-a^2", -4.0),
        ("(a + b)/2", 2.5),
        ("sqrt(a*2) + exp(0) + log(1) + abs(-b)", 6.0),
        ("a/0", math.nan),
        ("log(0 - a)", math.nan),
    ],
)
def test_values(text: str, value: float) -> None:
    assert Expression(text).value({"a": 2.0, "b": 3.0}) == pytest.approx(value, nan_ok=True)


def test_labels_may_have_dots_and_be_words_that_python_keeps() -> None:
    expression = Expression("ind.a*lambda - 1.5*.x + 1e1*exp (is)")
    assert expression.names == ("ind.a", "lambda", ".x", "is")
    labels = {"ind.a": 2.0, "lambda": 3.0, ".x": 4.0, "is": 0.0}
    assert expression.value(labels) == pytest.approx(10.0)


@pytest.mark.parametrize(
    "text",
    [
        "a +",
        "__import__('os')",
        "open(a)",
        "a if b else c",
        "[a]",
        "sqrt(a, b)",
        "'a'",
        "a(b)",
    ],
)
def test_anything_but_arithmetic_is_refused(text: str) -> None:
    with pytest.raises(ModelSyntaxError, match="the expression"):
        assert Expression(text).names


def test_names_leave_functions_out() -> None:
    assert Expression("sqrt(a) + b*a").names == ("a", "b")


def test_later_definitions_use_earlier_ones() -> None:
    lines = [("d", Expression("a*b")), ("e", Expression("d + 1"))]
    np.testing.assert_allclose(chained(lines, {"a": 2.0, "b": 3.0}), [6, 7])
    np.testing.assert_allclose(jacobian(lines, {"a": 2.0, "b": 3.0}), [[3, 2], [3, 2]], rtol=1e-8)


def test_an_unknown_label_is_named() -> None:
    with pytest.raises(ModelSyntaxError, match=r"'c' in 'a\*c' is no label.*labels are a, b"):
        chained([("d", Expression("a*c"))], {"a": 1.0, "b": 1.0})


@pytest.mark.parametrize("text", ["-" * 50_000 + "a", "a" + "^1" * 20_000, " + ".join(["a"] * 600)])
def test_what_is_nested_too_deep_is_refused(text: str) -> None:
    with pytest.raises(ModelSyntaxError, match="nested more than 500 deep"):
        assert Expression(text).names


def test_a_long_sum_is_read() -> None:
    assert Expression(" + ".join(["a"] * 450)).value({"a": 1.0}) == 450
