from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError

RECORD = Path(__file__).parents[2] / "reference"
CASES = pd.read_csv(RECORD / "sem_cases.csv", keep_default_na=False).set_index("name")
INDICES = pd.read_csv(RECORD / "sem_indices.csv")
RELEASES = pd.read_csv(RECORD / "sem_releases.csv", keep_default_na=False)


def fitted(name: str) -> sem.Fit:
    case: Any = CASES.loc[name]
    data = pd.read_csv(RECORD / f"sem_data_{case['data']}.csv")
    return sem.fit(
        case["text"],
        data,
        group=case["group"] or None,
        missing=case["missing"],
        group_equal=[word for word in case["equal"].split("|") if word],
        std_lv=case["ident"] == "std_lv",
    )


def key(row: Mapping[Hashable, Any], group: str) -> str:
    return f"{group}:{row['lhs']}{row['op']}{row['rhs']}"


@pytest.mark.parametrize("name", ["second_ML", "hs_ML_configural", "sem_ML_metric"])
def test_indices_are_lavaans(name: str) -> None:
    fit = fitted(name)
    ours = {key(r, r["group"]): r for r in sem.modification_indices(fit).to_dict("records")}
    said = INDICES[INDICES["name"] == name].to_dict("records")
    compared = 0
    for row in said:
        found = ours.get(key(row, fit.groups[row["group"] - 1]))
        if found is None or row["mi"] < 0.01:
            continue
        assert found["mi"] == pytest.approx(row["mi"], rel=1e-3, abs=1e-3)
        assert found["epc"] == pytest.approx(row["epc"], rel=1e-3, abs=1e-4)
        compared += 1
    assert compared > 0.8 * len(ours) > 40


@pytest.mark.parametrize("name", ["hs_ML_scalar", "sem_ML_metric"])
def test_equality_tests_are_lavaans(name: str) -> None:
    fit = fitted(name)
    ours = {key(r, r["group"]): r["mi"] for r in sem.equality_tests(fit).to_dict("records")}
    said = RELEASES[RELEASES["name"] == name].to_dict("records")
    assert len(said) >= 15
    for row in said:
        found = ours[key(row, fit.groups[row["group"] - 1])]
        assert found == pytest.approx(row["statistic"], rel=1e-3, abs=1e-3)


def test_the_index_foretells_the_drop_of_chi_square(hs: pd.DataFrame) -> None:
    model = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
    fit = sem.fit(model, hs)
    best = sem.modification_indices(fit, minimum=3.84).iloc[0]
    freed = sem.fit(f"{model}\n{best['lhs']} {best['op']} {best['rhs']}", hs)
    drop = fit.measures["chisq"] - freed.measures["chisq"]
    assert drop == pytest.approx(best["mi"], rel=0.15)
    found = freed.params.query(f"lhs == '{best['lhs']}' and rhs == '{best['rhs']}'")["est"].item()
    assert found == pytest.approx(best["epc"], rel=0.3)


def test_releasing_in_two_groups_is_releasing_in_one(hs: pd.DataFrame) -> None:
    fit = fitted("hs_ML_scalar")
    joint = sem.release_tests(fit).set_index("name")["mi"]
    apart = sem.equality_tests(fit)
    names = apart["lhs"] + apart["op"] + apart["rhs"]
    for name, mi in joint.items():
        np.testing.assert_allclose(apart.loc[names == name, "mi"], mi, rtol=1e-4, atol=1e-6)


def test_masked_items_are_not_proposed(likert: pd.DataFrame) -> None:
    likert.loc[likert["model"] == "m2", "x1"] = 1
    fit = sem.fit("f =~ x1 + x2 + x3 + x4\ng =~ x5 + x6 + x7", likert, group="model")
    table = sem.modification_indices(fit).query("group == 'm2'")
    assert len(table) and not (table[["lhs", "rhs"]] == "x1").any(axis=None)


def test_a_failed_fit_has_none(likert: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="score tests need a fit that ended well"):
        sem.modification_indices(sem.fit("f =~ x1 + x2", likert))
