"""Models with a block for each group; their numbers are held against lavaan elsewhere."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import ModelSyntaxError

TWO = "group: 1\n{}\ngroup: 2  # the second\n{}"
ONE = "f =~ x1 + x2 + x3"


def data(groups: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    f = rng.normal(size=(150, 1))
    table = pd.DataFrame(f + rng.normal(size=(150, 4)), columns=["x1", "x2", "x3", "x4"])
    return table.assign(g=[f"g{i % groups}" for i in range(150)])


def test_blocks_that_are_alike_are_the_model_without_blocks() -> None:
    blocks, plain = (
        sem.fit(text, data(), group="g", group_equal=["loadings"])
        for text in (TWO.format(ONE, ONE), ONE)
    )
    np.testing.assert_allclose(blocks.params["est"], plain.params["est"], atol=1e-8)
    assert blocks.measures["df"] == plain.measures["df"]


def test_what_stands_in_one_block_is_c_with_an_entry_for_each_group() -> None:
    by_block = TWO.format(ONE + "\nx1 ~~ x2\nf ~ m*1", "f =~ x1 + 0.7*x2 + b*x3\nx3 ~~ 1*x3")
    by_entry = "f =~ x1 + c(NA, 0.7)*x2 + c(d, b)*x3\nx1 ~~ c(NA, 0)*x2\nx3 ~~ c(NA, 1)*x3\n"
    by_entry += "f ~ c(NA, 0)*1"
    one = sem.fit(by_block, data(), group="g", group_equal=["intercepts"])
    other = sem.fit(by_entry, data(), group="g", group_equal=["intercepts"])
    assert one.measures["df"] == other.measures["df"]
    assert one.measures["chisq"] == pytest.approx(other.measures["chisq"], rel=1e-8)


def test_a_label_and_a_definition_reach_over_blocks() -> None:
    text = TWO.format("f =~ x1 + a*x2 + b*x3", "f =~ x1 + c*x2 + b*x3") + "\ngap := a - c"
    params = sem.fit(text, data(), group="g").params
    est = params.drop_duplicates("label").set_index("label")["est"]
    assert est["gap"] == pytest.approx(est["a"] - est["c"])
    assert params.loc[params["label"] == "b", "est"].nunique() == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("group: 2\n" + ONE, "write 'group: 1'"),
        (f"{ONE}\ngroup: 1\n{ONE}", "before the first 'group:'"),
        (TWO.format(ONE, "f =~ x1 + x2 + x4"), "group 2 has other variables"),
        (TWO.format(ONE, "f =~ x2 + x1 + x3"), "group 2 has other first indicators"),
        (TWO.format(ONE, "f =~ x1 + c(a, b)*x2 + x3"), "this block is of one"),
        ("level: 1\ngroup: 1\ny1 ~~ y2\nlevel: 2\ny1 ~~ y2", "blocks of groups and of levels"),
    ],
)
def test_refusals(text: str, said: str) -> None:
    with pytest.raises(ModelSyntaxError, match=said):
        sem.fit(text, data(), group="g", cluster=None)


def test_blocks_are_as_many_as_the_groups() -> None:
    with pytest.raises(ModelSyntaxError, match="3 groups"):
        sem.fit(TWO.format(ONE, ONE), data(3), group="g")
