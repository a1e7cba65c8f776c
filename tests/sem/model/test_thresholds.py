from __future__ import annotations

import numpy as np
import pytest

from vaar.errors import DataError, ModelSyntaxError
from vaar.sem.model.parameters import specify
from vaar.sem.model.thresholds import ordered_columns, refuse_thresholds, with_thresholds

MODEL = "f =~ x1 + x2 + x3"
THREE = {name: np.array([1.0, 2.0, 5.0]) for name in ("x1", "x2", "x3")}


def test_each_item_has_thresholds_and_a_scaling() -> None:
    spec = with_thresholds(specify(MODEL), THREE, "delta")
    names = [
        row.name for row in spec.rows if row.lhs == "x2" and row.kind in ("thresholds", "scalings")
    ]
    assert names == ["x2|t1", "x2|t2", "x2~*~x2"]


def test_what_the_user_wrote_is_not_added_again() -> None:
    spec = with_thresholds(specify(f"{MODEL}\nx1 | 0.5*t2"), THREE, "delta")
    rows = [row for row in spec.rows if row.name == "x1|t2"]
    assert len(rows) == 1
    assert rows[0].modifier.values == (0.5,)


def test_continuous_variables_have_neither() -> None:
    spec = with_thresholds(specify(MODEL), {"x1": THREE["x1"]}, "theta")
    assert {row.lhs for row in spec.rows if row.op in ("|", "~*~")} == {"x1"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x1 | t3", "3 categories"),
        ("x1 | cut", "t1, t2"),
        ("x1 ~*~ x2", "same item on both sides"),
        ("y ~~ y\ny | t1", "not an ordinal item"),
        ("x1 ~ z", "fixed_x=False"),
        ("y ~ x1", "parameterization='theta'"),
    ],
)
def test_impossible_lines_are_refused(line: str, said: str) -> None:
    with pytest.raises(ModelSyntaxError, match=said):
        with_thresholds(specify(f"{MODEL}\n{line}"), THREE, "delta")


@pytest.mark.parametrize(
    ("line", "parameterization"),
    [
        ("x1 ~~ 0.5*x1", "delta"),
        ("x1 ~~ a*x1\nx2 ~~ a*x2", "delta"),
        ("x1 ~~ c(1, NA)*x1", "delta"),
        ("x1 ~*~ a*x1", "theta"),
        ("x1 ~*~ x1", "theta"),
    ],
)
def test_what_follows_from_other_parameters_is_not_asked_for(
    line: str, parameterization: str
) -> None:
    with pytest.raises(ModelSyntaxError, match="follow from the other parameters"):
        with_thresholds(specify(f"{MODEL}\n{line}"), THREE, parameterization)


def test_a_variance_may_be_named() -> None:
    assert with_thresholds(specify(f"{MODEL}\nx1 ~~ x1"), THREE, "delta").ordered


def test_ordinal_predictors_are_allowed_under_theta() -> None:
    spec = with_thresholds(specify(f"{MODEL}\ny ~ x1"), THREE, "theta")
    assert spec.parameterization == "theta"


@pytest.mark.parametrize(
    ("ordered", "expected"),
    [
        (True, ("x1", "x2", "x3")),
        (False, ()),
        ("x2", ("x2",)),
        (["x3", "x1"], ("x1", "x3")),
        (["x1", "elsewhere"], ("x1",)),
    ],
)
def test_ordered_names_items_of_the_model(
    ordered: bool | str | list[str], expected: tuple[str, ...]
) -> None:
    columns = ["x1", "x2", "x3", "elsewhere"]
    assert ordered_columns(ordered, specify(MODEL), columns) == expected


def test_ordered_must_name_columns() -> None:
    with pytest.raises(DataError, match="'x9', which is no column"):
        ordered_columns(["x9"], specify(MODEL), ["x1", "x2", "x3"])


@pytest.mark.parametrize("line", ["x1 | t1", "x1 | 0.5*t1", "x2 ~*~ 1*x2"])
def test_lines_on_ordinal_items_are_refused_where_all_are_continuous(line: str) -> None:
    with pytest.raises(ModelSyntaxError, match=r"only ordinal items .* estimator='WLSMV'"):
        refuse_thresholds(specify(f"f =~ x1 + x2 + x3\n{line}"))
    refuse_thresholds(specify("f =~ x1 + x2 + x3"))
