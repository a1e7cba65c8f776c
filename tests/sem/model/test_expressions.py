import math

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
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


LABELS = {"a": 1.3, "b": 0.7}


@pytest.mark.parametrize(
    "text",
    [
        "a*b - b/a",
        "(a + 2)^3 - 2^b",
        "a^b",
        "(b - a)^2",
        "sqrt(a*b) + exp(-a) + log(b) + abs(b - a)",
        "1/(1 + exp(-(a - b)))",
        "+a - -b + 3",
    ],
)
def test_derivatives_are_those_of_small_steps(text: str) -> None:
    expression, step = Expression(text), 1e-6

    def difference(name: str) -> float:
        ends = [expression.value({**LABELS, name: LABELS[name] + sign * step}) for sign in (1, -1)]
        return (ends[0] - ends[1]) / (2 * step)

    found = jacobian([("q", expression)], LABELS)[0]
    np.testing.assert_allclose(found, [difference("a"), difference("b")], rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("text", ["log(0*a)", "sqrt(a - a*1.0 - 1)", "a/(b - b)", "exp(1000*a)"])
def test_no_derivative_where_there_is_no_value(text: str) -> None:
    assert np.isnan(jacobian([("q", Expression(text))], LABELS)).all()


def test_what_no_label_moves_has_no_slope() -> None:
    np.testing.assert_array_equal(jacobian([("q", Expression("sqrt(0)"))], LABELS), [[0, 0]])
    np.testing.assert_array_equal(jacobian([("q", Expression("2^3"))], {}), np.empty((1, 0)))


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_errors_of_defined_parameters_do_not_depend_on_units(hs: pd.DataFrame, unit: float) -> None:
    model = "x1 ~ a*x2 + b*x3\nratio := a/b\nlogarithm := log(a)"
    plain = sem.fit(model, hs).params["se"].iloc[-2:]
    other = sem.fit(model, hs.assign(x2=hs["x2"] * unit, x3=hs["x3"] * unit)).params["se"].iloc[-2:]
    np.testing.assert_allclose(other, plain, rtol=1e-6)
    assert all(map(math.isfinite, plain))
