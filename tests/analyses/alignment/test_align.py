import numpy as np
import pandas as pd
import pytest

from vaar.analyses.alignment.align import align
from vaar.analyses.alignment.collect import clusters, collect
from vaar.analyses.alignment.measurement import measure
from vaar.analyses.alignment.options import AnalysisOptions
from vaar.errors import DataError

QUICK = AnalysisOptions(replicates=60, subsamples=8)


def by_group(table):
    return table.set_index("group")


@pytest.fixture(scope="module")
def scores(simulate):
    return pd.concat(
        [
            simulate("human-like", 200),
            simulate("contrarian", 80),
            simulate("privacy-blind", 120),
            simulate("constant", 90),
        ],
        ignore_index=True,
    )


@pytest.fixture(scope="module")
def aligned(scores, bundled):
    return align(scores, bundled, QUICK)


def test_every_group_has_its_row_and_every_path(aligned, bundled):
    assert set(aligned.vaar["group"]) == {
        "human-like",
        "contrarian",
        "privacy-blind",
        "constant",
    }
    assert len(aligned.paths) == 4 * len(bundled.hypotheses)


def test_the_interval_is_that_of_the_bootstrap(aligned):
    rates = by_group(aligned.vaar).drop("constant")
    assert (rates["vaar_lower"] <= rates["vaar"]).all()
    assert (rates["vaar"] <= rates["vaar_upper"]).all()
    blind = rates.loc["privacy-blind"]
    assert blind["vaar_upper"] - blind["vaar_lower"] > 0.2, "one path has no true direction"


def test_vaar_is_what_its_paths_say(aligned):
    paths = aligned.paths.assign(log=lambda t: np.log(t["p_direction"].clip(1e-3, 1 - 1e-3)))
    expected = np.exp(paths.groupby("group")["log"].mean())
    rates = by_group(aligned.vaar)["vaar"]
    pd.testing.assert_series_equal(rates.sort_index(), expected, check_names=False)


def test_a_constant_group_is_flagged_with_one_half_and_no_interval(aligned):
    row = by_group(aligned.vaar).loc["constant"]
    assert row["status"] == "not_estimable"
    assert (row["vaar"], row["n_not_estimable"], row["n_sessions"]) == (0.5, 2, 90)
    assert np.isnan(row[["vaar_lower", "vaar_upper", "vaar_equal_n"]].astype(float)).all()
    assert "constant" not in set(aligned.vaar_by_n["group"])
    paths = aligned.paths[aligned.paths["group"] == "constant"]
    assert paths["std_estimate"].isna().all()
    assert (paths["p_direction"] == 0.5).all()


def test_groups_are_compared_at_the_size_of_the_smallest_estimable_one(aligned):
    assert set(aligned.vaar["equal_n"]) == {80}
    rates = by_group(aligned.vaar)
    assert rates.loc["contrarian", "vaar_equal_n"] == pytest.approx(
        rates.loc["contrarian", "vaar"], abs=0.02
    ), "the smallest group is its own subsample; the others share its loadings"


def test_the_curve_reaches_the_largest_group(aligned):
    sizes = sorted(set(aligned.vaar_by_n["n"]))
    assert sizes[-1] == 200 and 80 in sizes


def test_the_same_seed_gives_the_same_tables(aligned, scores, bundled):
    again = align(scores, bundled, QUICK)
    pd.testing.assert_frame_equal(again.vaar, aligned.vaar)
    pd.testing.assert_frame_equal(again.vaar_by_n, aligned.vaar_by_n)


def test_replicates_may_be_computed_elsewhere(aligned, scores, bundled):
    chunks = []

    def elsewhere(function, ranges):
        chunks.extend(ranges)
        return map(function, ranges)

    again = align(scores, bundled, QUICK, elsewhere)
    pd.testing.assert_frame_equal(again.vaar, aligned.vaar)
    assert [number for chunk in chunks for number in chunk] == list(range(QUICK.replicates))


def test_sessions_of_a_persona_are_drawn_together(simulate, bundled):
    """Every session four times over: drawn alone they seem to be four times the evidence."""
    once = simulate("privacy-blind", 80)
    four = once.loc[np.repeat(once.index, 4)].reset_index(drop=True)
    options = AnalysisOptions(replicates=80, subsamples=2, confidence="bootstrap")
    spread = {}
    for name, persona in {"alone": "", "together": np.repeat(once.index, 4).astype(str)}.items():
        fit = measure(four, bundled.structural_model, options).fit
        assert fit
        scores = four.assign(persona=persona)
        found = collect(fit, bundled.hypotheses, options, clusters(scores))
        spread[name] = found.replicated.std(axis=0)
    assert spread["together"] / spread["alone"] == pytest.approx(2.0, rel=0.4)


def test_without_replicates_there_is_no_interval(scores, bundled):
    rates = align(scores, bundled, AnalysisOptions(replicates=0, subsamples=2)).vaar
    assert rates["vaar"].notna().all()
    assert rates["vaar_lower"].isna().all()


def test_bootstrap_confidence_is_a_share_of_replicates(scores, bundled):
    options = AnalysisOptions(replicates=60, subsamples=2, confidence="bootstrap")
    paths = align(scores, bundled, options).paths
    shares = paths.loc[paths["status"] == "estimated", "p_direction"] * 61 - 0.5
    assert shares.to_numpy() == pytest.approx(shares.round().to_numpy())


def test_a_smallest_effect_of_interest_lowers_the_rate(scores, bundled):
    plain, strict = (
        align(scores, bundled, AnalysisOptions(replicates=0, subsamples=2, smallest_effect=delta))
        for delta in (0.0, 0.3)
    )
    assert (
        by_group(strict.vaar).loc["human-like", "vaar"]
        < by_group(plain.vaar).loc["human-like", "vaar"]
    )


def test_one_group_alone_is_analysed(simulate, bundled):
    aligned = align(simulate("human-like", 100), bundled, QUICK)
    assert aligned.vaar["vaar"].tolist()[0] > 0.9


def test_people_become_the_reference(simulate, bundled):
    scores = pd.concat(
        [simulate("contrarian", 200, group="human"), simulate("human-like", 100)],
        ignore_index=True,
    )
    aligned = align(scores, bundled, QUICK)
    assert aligned.vaar["group"].tolist() == ["human-like"]
    assert aligned.vaar["vaar"].tolist()[0] < 0.1
    assert set(aligned.paths["group"]) == {"human", "human-like"}


def test_people_who_cannot_be_fitted_are_refused(simulate, bundled):
    scores = pd.concat(
        [simulate("constant", 50, group="human"), simulate("human-like", 100)], ignore_index=True
    )
    with pytest.raises(DataError, match="human reference cannot carry the model"):
        align(scores, bundled, QUICK)


def test_where_no_group_can_be_fitted_each_is_told_why(simulate, bundled):
    few = pd.concat([simulate("constant", 50), simulate("noisy", 5)], ignore_index=True)
    found = align(few, bundled, QUICK)
    assert found.measurement.fit is None
    assert found.vaar["status"].tolist() == ["not_estimable"] * 2
    assert found.vaar["vaar"].tolist() == pytest.approx([0.5, 0.5])
    assert found.vaar[["vaar_lower", "equal_n", "vaar_equal_n"]].isna().all(axis=None)
    why = dict(zip(found.vaar["group"], found.vaar["reason"], strict=True))
    assert "constant scale" in why["constant"] and "n below p" in why["noisy"]
    assert set(found.paths["status"]) == {"not_estimable"}
    assert found.vaar_by_n.empty and found.measurement.ladder.empty
    assert not found.measurement.screening.empty


def test_people_alone_can_be_fitted_where_no_model_can(simulate, bundled):
    scores = pd.concat(
        [simulate("human-like", 100, group="human"), simulate("constant", 50)], ignore_index=True
    )
    found = align(scores, bundled, QUICK)
    assert found.vaar["group"].tolist() == ["constant"]
    assert found.vaar["status"].tolist() == ["not_estimable"]


def test_missing_scores_are_used_by_fiml(simulate, bundled):
    scores = simulate("human-like", 150)
    scores.loc[:60, "psa_helping"] = np.nan
    sizes = {
        missing: align(
            scores, bundled, AnalysisOptions(replicates=0, subsamples=2, missing=missing)
        )
        .vaar["equal_n"]
        .tolist()[0]
        for missing in ("fiml", "listwise")
    }
    assert sizes == {"fiml": 150, "listwise": 89}
