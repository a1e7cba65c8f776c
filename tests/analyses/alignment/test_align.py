from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from vaar.analyses.alignment.align import align
from vaar.analyses.alignment.collect import clusters, collect
from vaar.analyses.alignment.measurement import measure
from vaar.analyses.alignment.options import AnalysisOptions
from vaar.analyses.alignment.resample import bootstrapping
from vaar.errors import DataError
from vaar.study.model import PeoplePath, PeopleSummary

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


def test_two_processes_find_what_one_does(scores, bundled, eager, aligned, monkeypatch):
    monkeypatch.setattr("vaar.analyses.alignment.screening.each_group.TOGETHER", 1)
    found = align(scores, bundled, QUICK, eager)
    assert len(eager._others) == 1
    np.testing.assert_array_equal(found.collected.replicated, aligned.collected.replicated)
    for table in ("paths", "vaar", "vaar_by_n"):
        pd.testing.assert_frame_equal(
            getattr(found, table), getattr(aligned, table), check_exact=True
        )
    assert found.group_fits == aligned.group_fits
    assert list(found.group_fits) == list(aligned.group_fits)
    assert found.item_fits == aligned.item_fits


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


def test_the_uncorrected_rate_is_what_its_paths_say(aligned):
    paths = aligned.paths.dropna(subset="std_estimate")
    p = norm.cdf(paths["expected_sign"] * paths["std_estimate"] / 0.10)
    assert paths["p_context"].to_numpy() == pytest.approx(p)
    expected = np.exp(np.log(paths.assign(p=p).set_index("group")["p"]).groupby("group").mean())
    rates = by_group(aligned.vaar)["vaar_uncorrected"].drop("constant")
    pd.testing.assert_series_equal(rates.sort_index(), expected, check_names=False)


def test_verdicts_follow_the_populations(aligned):
    told = aligned.paths.set_index(["group", "path"])["verdict"].astype(str)
    assert set(told["human-like"]) == {"as in people"}
    assert "against" in set(told["contrarian"]) <= {"against", "undecided"}
    assert told["privacy-blind", "aods ~ prosocial"] == "as in people"
    counts = by_group(aligned.vaar)
    assert counts.loc["human-like", "n_as_in_people"] == 2
    assert counts.loc["contrarian", ["n_against", "n_undecided"]].sum() == 2


def test_a_constant_group_has_no_number_at_all(aligned):
    row = by_group(aligned.vaar).loc["constant"]
    assert row["status"] == "not_estimable"
    assert (row["n_not_estimable"], row["n_sessions"]) == (2, 90)
    rates = ["vaar", "vaar_lower", "vaar_upper", "vaar_equal_n", "vaar_divergence", "rank_lower"]
    assert row[rates].isna().all()
    assert "constant" not in set(aligned.vaar_by_n["group"])
    paths = aligned.paths[aligned.paths["group"] == "constant"]
    assert paths[["std_estimate", "confidence", "p_context", "p_same_sign"]].isna().all(axis=None)
    assert set(paths["verdict"].astype(str)) == {"not estimable"}


def test_only_what_the_data_carry_jointly_is_ranked(aligned):
    rates = by_group(aligned.vaar)
    assert rates.loc["contrarian", ["rank_lower", "rank_upper", "ranked"]].tolist() == [3, 3, 3]
    both = rates.loc[["human-like", "privacy-blind"]]
    assert both["rank_lower"].tolist() == [1, 1] or both["rank_upper"].tolist() == [1, 2]


def test_the_band_of_the_curve_stays_open_at_full_size(aligned):
    last = aligned.vaar_by_n.set_index(["group", "n"]).loc[("privacy-blind", 100)]
    assert last["vaar_upper"] - last["vaar_lower"] > 0.1
    own = aligned.vaar_by_n[aligned.vaar_by_n["group"] == "contrarian"]
    assert own["n"].max() <= 80, "no sample is larger than its group"


def test_groups_are_compared_at_the_size_of_the_smallest_estimable_one(aligned):
    assert set(aligned.vaar["equal_n"]) == {80}
    rates = by_group(aligned.vaar)
    assert rates.loc["contrarian", "vaar_equal_n"] == pytest.approx(
        rates.loc["contrarian", "vaar_uncorrected"], abs=0.02
    ), "the smallest group is its own subsample; the others share its loadings"


def test_the_curve_reaches_the_largest_group(aligned):
    sizes = sorted(set(aligned.vaar_by_n["n"]))
    assert sizes == [25, 50, 100, 150, 200]


def test_the_same_seed_gives_the_same_tables(aligned, scores, bundled):
    again = align(scores, bundled, QUICK)
    pd.testing.assert_frame_equal(again.vaar, aligned.vaar)
    pd.testing.assert_frame_equal(again.vaar_by_n, aligned.vaar_by_n)


def test_replicates_and_samples_may_be_computed_elsewhere(aligned, scores, bundled):
    chunks = []

    def elsewhere(function, given):
        chunks.extend(given)
        return map(function, given)

    again = align(scores, bundled, QUICK, elsewhere)
    pd.testing.assert_frame_equal(again.vaar, aligned.vaar)
    numbers = [number for chunk in chunks if isinstance(chunk, range) for number in chunk]
    assert numbers == list(range(QUICK.replicates))
    drawn = [len(rows) for chunk in chunks for rows in chunk if isinstance(rows, np.ndarray)]
    assert len(drawn) == QUICK.subsamples * 6, "at equal N, and at five sizes"


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
        drawn = clusters(scores)
        found = collect(fit, bundled.hypotheses, bootstrapping(options, drawn), drawn)
        spread[name] = found.replicated.std(axis=0)
    assert spread["together"] / spread["alone"] == pytest.approx(2.0, rel=0.4)


def test_without_replicates_there_is_no_interval(scores, bundled):
    rates = align(scores, bundled, AnalysisOptions(replicates=0, subsamples=2)).vaar
    assert by_group(rates)["vaar"].drop("constant").notna().all()
    assert rates[["vaar_lower", "ranked"]].isna().all(axis=None)


def test_bootstrap_confidence_is_a_share_of_replicates(scores, bundled):
    options = AnalysisOptions(replicates=60, subsamples=2, confidence="bootstrap")
    paths = align(scores, bundled, options).paths
    shares = paths.loc[paths["status"] == "estimated", "confidence"] * 61 - 0.5
    assert shares.to_numpy() == pytest.approx(shares.round().to_numpy())


def test_delta_touches_verdicts_and_no_rate_and_kappa_rates_and_no_verdict(scores, bundled):
    quick = AnalysisOptions(replicates=0, subsamples=2)
    plain, wide, far = (
        align(scores, bundled, options)
        for options in (quick, replace(quick, delta=0.9), replace(quick, kappa=0.3))
    )
    assert set(by_group(wide.paths).loc["human-like", "verdict"]) == {"negligible"}
    numbers = ["vaar", "kappa", "vaar_divergence", "vaar_equal_n"]
    pd.testing.assert_frame_equal(wide.vaar[numbers], plain.vaar[numbers])
    rates = by_group(far.vaar)
    assert set(rates["kappa"]) == {0.3}
    assert rates.loc["human-like", "vaar"] < by_group(plain.vaar).loc["human-like", "vaar"]
    assert far.paths["verdict"].tolist() == plain.paths["verdict"].tolist()


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
    assert set(aligned.paths["expected_sign"]) == {-1, 1}, "people turn no hypothesis"
    theirs = aligned.paths[aligned.paths["group"] == "human"]
    assert set(theirs["verdict"]) == {"against"} and (theirs["reference_probability"] < 0.05).all()
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
    assert found.vaar[["vaar", "vaar_lower", "equal_n", "vaar_equal_n"]].isna().all(axis=None)
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


def test_published_people_enter_the_rate_by_how_sure_their_signs_are(scores, bundled):
    paths = (PeoplePath("aods", "privacy", -0.06, -0.158, 0.038),)
    study = replace(bundled, people=PeopleSummary("Nobody (2000).", 0.05, paths))
    found = align(scores[scores["group"] == "human-like"], study, QUICK)
    told = found.paths.set_index("path")
    q = norm.cdf(0.06 / np.hypot(0.05, 0.05))
    privacy = told.loc["aods ~ privacy"]
    assert privacy["reference_probability"] == pytest.approx(q, abs=1e-4)
    assert told.loc["aods ~ prosocial", "reference_probability"] == 1
    p = told["p_context"]
    same = q * p["aods ~ privacy"] + (1 - q) * (1 - p["aods ~ privacy"])
    rate = np.exp((np.log(same) + np.log(p["aods ~ prosocial"])) / 2)
    assert found.vaar["vaar_uncorrected"].item() == pytest.approx(rate, abs=1e-4)
    given = align(scores[scores["group"] == "human-like"], bundled, QUICK)
    wide, narrow = (one.vaar["vaar_upper"] - one.vaar["vaar_lower"] for one in (found, given))
    assert wide.item() > narrow.item(), "that people are known from a study of their own is told"
