import numpy as np
import pandas as pd
import pytest

from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.contrasts.people import FEWEST_TO_SPLIT, ceiling_table, people_table
from vaar.study.model import Hypothesis

HYPOTHESES = (Hypothesis("y", "x", -1),)


@pytest.mark.parametrize(
    ("b", "se", "df", "finding"),
    [
        (-0.3, 0.1, np.nan, "as expected"),
        (0.3, 0.1, np.nan, "against"),
        (-0.195, 0.1, np.nan, "undecided"),
        (-0.197, 0.1, np.nan, "as expected"),
        (-0.197, 0.1, 20.0, "undecided"),
        (np.nan, np.nan, np.nan, "not estimable"),
    ],
)
def test_what_people_show(b, se, df, finding):
    row = {"group": "human", "path": "y ~ x", "std_estimate": b, "std_se": se, "df": df}
    table = people_table(pd.DataFrame([row, {**row, "group": "m"}]), 80, HYPOTHESES)
    assert table["finding"].tolist() == [finding]
    assert table["n"].tolist() == [80]


def people(n, path):
    rng = np.random.default_rng(2)
    f = rng.normal(size=n)
    g = path * f + np.sqrt(1 - path**2) * rng.normal(size=n)
    items = {f"x{k}": f + 0.6 * rng.normal(size=n) for k in range(3)}
    items |= {f"y{k}": g + 0.6 * rng.normal(size=n) for k in range(3)}
    return pd.DataFrame(items).assign(group="human")


def ceiling(n, path, splits=3):
    model = "f =~ x0 + x1 + x2\ng =~ y0 + y1 + y2\ng ~ f"
    options = AlignmentOptions(replicates=0)
    hypotheses = (Hypothesis("g", "f", -1),)
    return ceiling_table(people(n, path), model, hypotheses, 0.1, options, splits, 1)


def test_people_of_one_mind_agree_with_each_other_and_others_do_not():
    strong, none = ceiling(300, -0.5), ceiling(300, 0.0)
    assert strong["n"].tolist() == [150] * 3
    assert strong["vaar"].min() > 0.97
    assert none["vaar"].max() < 0.9


def test_too_few_people_are_not_split():
    assert len(ceiling(FEWEST_TO_SPLIT, -0.5, splits=1)) == 1
    assert ceiling(FEWEST_TO_SPLIT - 2, -0.5, splits=1).empty
