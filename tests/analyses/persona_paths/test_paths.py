"""Paths within and between personas, against the populations that were drawn."""

import pandas as pd
import pytest
from scipy import stats

from vaar.analyses.persona_paths.paths import FEWEST_PERSONAS, persona_paths, too_few

WITHIN, BETWEEN = (-0.4, 0.3), (0.5, -0.3)


@pytest.fixture(scope="module")
def found(drawn, bundled):
    table = persona_paths(drawn(1, 400, 6, WITHIN, BETWEEN), bundled, "MLR")
    return table.set_index(["path", "level"])


def test_each_level_has_its_own_paths(found):
    for level, true in (("within", WITHIN), ("between", BETWEEN)):
        for path, value in zip(("aods ~ privacy", "aods ~ prosocial"), true, strict=True):
            row = found.loc[(path, level)]
            assert abs(row["std_estimate"] - value) < 4 * row["std_se"]
            assert row["std_se"] < 0.09 and row["why_not"] == ""


def test_intervals_are_those_of_t(found):
    reach = stats.t.ppf(0.975, 399) * found["std_se"]
    assert found["lower"].to_numpy() == pytest.approx(found["std_estimate"] - reach)
    assert found["upper"].to_numpy() == pytest.approx(found["std_estimate"] + reach)
    assert set(found["n_personas"]) == {400} and set(found["n_sessions"]) == {2400}


def test_few_personas_or_few_sessions_of_each_carry_nothing(drawn, bundled):
    few = persona_paths(drawn(2, FEWEST_PERSONAS - 1, 5, WITHIN, BETWEEN), bundled, "ML")
    assert few["why_not"].str.contains(f"{FEWEST_PERSONAS} are needed").all()
    assert few["std_se"].isna().all()
    single = persona_paths(drawn(2, 90, 1, WITHIN, BETWEEN), bundled, "ML")
    assert single["why_not"].str.contains("two of each").all()
    assert "two of each" in too_few(drawn(2, 90, 1, WITHIN, BETWEEN))
    enough = drawn(3, FEWEST_PERSONAS, 10, WITHIN, WITHIN, 0.5)
    assert too_few(enough) == ""
    enough = persona_paths(enough, bundled, "ML")
    assert not enough["why_not"].str.contains("are needed").any()


def test_sessions_without_a_persona_are_left_out(drawn, bundled):
    data = drawn(4, 60, 5, WITHIN, BETWEEN)
    nobody = pd.concat([data.head(40).assign(persona=""), data.head(9).assign(persona=None)])
    found = persona_paths(pd.concat([data, nobody], ignore_index=True), bundled, "ML")
    alone = persona_paths(data, bundled, "ML")
    assert found["std_estimate"].to_numpy() == pytest.approx(alone["std_estimate"])


def test_groups_are_fitted_alone(drawn, bundled):
    one = drawn(5, 60, 5, WITHIN, BETWEEN, group="one")
    other = drawn(6, 10, 5, WITHIN, BETWEEN, group="other")
    table = persona_paths(pd.concat([one, other], ignore_index=True), bundled, "ML")
    alone = persona_paths(one, bundled, "ML")
    assert table.head(4)["std_estimate"].to_numpy() == pytest.approx(alone["std_estimate"])
    assert table.tail(4)["why_not"].str.contains("10 personas").all()


def test_groups_that_were_left_out_before_are_told(drawn, bundled):
    refused = pd.DataFrame(
        {"group": ["cell"], "n_sessions": [140], "n_personas": [28], "why_not": ["too small"]}
    )
    table = persona_paths(drawn(7, 30, 5, WITHIN, BETWEEN), bundled, "ML", refused)
    rows = table[table["group"] == "cell"]
    assert list(rows["level"]) == ["within", "between"] * 2
    assert set(rows["why_not"]) == {"too small"} and set(rows["n_personas"]) == {28}
    assert rows["std_estimate"].isna().all()
