import math

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.sem.model.expressions import Expression, jacobian

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
