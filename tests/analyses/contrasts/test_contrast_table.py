"""Contrasts of all pairs at once are those of each pair by itself."""

import numpy as np
import pandas as pd

from vaar.analyses.contrasts.comparisons import comparisons
from vaar.analyses.contrasts.contrast_table import contrast_table, counted, surest
from vaar.analyses.contrasts.wald import difference, holm
from vaar.analyses.groups import AskedGroup, groups_table

MODELS = ("c", "a", "b", "d")
ABOUT = groups_table([AskedGroup(name, name, "k", False) for name in MODELS], {}, ["human"])


def paths():
    """Two paths of five groups; one is not estimable in a, and b is not there at all."""
    draw = np.random.default_rng(1)
    rows = [(group, path) for group in ("c", "a", "d", "human") for path in ("y ~ x", "z ~ x")]
    table = pd.DataFrame(rows, columns=["group", "path"])
    table["std_estimate"], table["std_se"] = draw.normal(size=8), draw.uniform(0.01, 0.1, 8)
    table["df"] = [np.nan, 12.0, *[np.nan] * 4, 30.0, np.nan]
    table.loc[3, "std_estimate"] = np.nan
    return table


def test_each_pair_and_path_has_its_row_in_the_order_of_the_groups():
    known, found = paths(), contrast_table(ABOUT, paths())
    estimate = {(row["group"], row["path"]): row for row in known.to_dict("records")}
    expected = [
        (str(pair.kind), pair.one, pair.other, path)
        for pair in comparisons(ABOUT)
        for path in ("y ~ x", "z ~ x")
        if "b" not in (pair.one, pair.other)
        and not ("a" in (pair.one, pair.other) and path == "z ~ x")
    ]
    columns = ["kind", "one", "other", "path"]
    assert list(found[columns].itertuples(index=False, name=None)) == expected
    for row in found.to_dict("records"):
        one, other = (estimate[row[name], row["path"]] for name in ("one", "other"))
        alone = difference(
            *(one["std_estimate"], one["std_se"], other["std_estimate"], other["std_se"]),
            *(one["df"], other["df"]),
        )
        for name in ("value", "se", "lower", "upper", "p"):
            assert row["difference" if name == "value" else name] == getattr(alone, name)
    for _, own in found.groupby("kind"):
        assert (own["p_holm"] == holm(own["p"])).all()


def test_where_nothing_can_be_compared_there_are_no_rows():
    assert contrast_table(ABOUT, paths().iloc[:2]).empty
    assert contrast_table(ABOUT, paths().iloc[:0]).empty


def test_of_many_contrasts_the_surest_are_kept_and_all_are_counted():
    every = contrast_table(ABOUT, paths())
    kept = surest(every, 2)
    for kind, own in every.groupby("kind"):
        there = kept[kept["kind"] == kind]
        assert len(there) == 2
        assert there["p"].max() <= own.drop(there.index)["p"].min()
    assert kept.index.is_monotonic_increasing
    assert surest(every).equals(every)
    assert surest(every.iloc[:0]).empty
    told = counted(every)
    assert sum(one["all"] for one in told.values()) == len(every)
    assert sum(one["sure"] for one in told.values()) == (every["p_holm"] < 0.05).sum()
