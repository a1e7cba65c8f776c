import numpy as np
import pytest
from scipy import stats

from vaar.analyses.alignment.rate.verdicts import Verdict
from vaar.calibration.tally import binomial, tables_of, true_rate, wilson, wrong_verdicts

PEOPLE, AGAINST = Verdict.AS_IN_PEOPLE, Verdict.AGAINST
NEGLIGIBLE, UNDECIDED, NOTHING = Verdict.NEGLIGIBLE, Verdict.UNDECIDED, Verdict.NOT_ESTIMABLE


@pytest.mark.parametrize(
    ("truth", "wrong"),
    [
        (0.0, {PEOPLE, AGAINST}),
        (-0.0999, {PEOPLE}),
        (0.0999, {AGAINST}),
        (0.1, {AGAINST, NEGLIGIBLE}),
        (0.3, {AGAINST, NEGLIGIBLE}),
        (-0.1, {PEOPLE, NEGLIGIBLE}),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_which_verdicts_are_wrong(truth, wrong, sign):
    verdicts = np.array([[verdict] for verdict in Verdict], object)
    found = wrong_verdicts(verdicts, [sign * truth], [sign], 0.1)
    assert {v for v, one in zip(Verdict, found[:, 0], strict=True) if one} == wrong


@pytest.mark.parametrize(("hits", "n"), [(0, 50), (3, 50), (50, 50), (40, 500)])
def test_intervals_of_shares(hits, n):
    drawn = np.arange(n) < hits
    bounds = stats.binomtest(hits, n).proportion_ci(method="wilson")
    assert wilson(drawn) == pytest.approx((bounds.low, bounds.high), abs=1e-12)
    share, error = binomial(drawn)
    posterior = stats.beta(hits + 1, n - hits + 1)  # of a share of which nothing was known
    assert share == pytest.approx(hits / n)
    assert error == pytest.approx(posterior.std(), rel=1.6 / n + 0.01)  # √((n + 3) / n) apart


def test_nothing_has_no_share():
    assert np.isnan(binomial(np.array([], bool))).all()


def test_the_true_rate(replay):
    assert true_rate(replay, (0.0, 0.0)) == pytest.approx(0.5)
    p = stats.norm.cdf([2.0, 3.0])  # .2 and .3 over κ = .1, in the expected directions
    assert true_rate(replay, (-0.2, 0.3)) == pytest.approx(np.sqrt(p.prod()))


def test_false_decisions_keep_within_chance(replay, null):
    """A direction is called in 5 % of null paths; binomial bounds at .9995 of 30 × 2 of them."""
    cell, judged = null
    paths, groups = tables_of(replay, [cell], [judged])
    wrong = paths["wrong"].sum() * len(judged)
    assert wrong <= stats.binom(60, 0.05).ppf(0.9995)
    shares = paths[["as_in_people", "against", "negligible", "undecided", "not_estimable"]]
    assert shares.sum(axis=1).tolist() == pytest.approx([1, 1])
    assert (paths["wrong"] == paths["as_in_people"] + paths["against"]).all()
    assert (paths["truth"] == 0).all()
    assert (paths["coverage"] >= stats.binom(30, 0.95).ppf(0.0005) / 30).all()
    assert groups["true_vaar"].tolist() == pytest.approx([0.5])
    assert groups["bias"].iloc[0] == groups["median_vaar"].iloc[0] - groups["true_vaar"].iloc[0]
    assert groups["coverage"].iloc[0] >= stats.binom(30, 0.95).ppf(0.0005) / 30


def test_the_chance_to_find_an_effect_is_that_of_a_z_test(effect, study):
    """Beside the z-test of the correlation of composites, whose true size is from a large sample.

    Errors: binomial, √(.25 / 60) = .065 at most; the latent path's test differs from that of
    composites by less than .03, as its weights are nearer to the best ones.
    """
    from vaar.respondents.simulated.answer_model import AnswerModel

    more, cell, judged = effect
    (paths, _) = tables_of(more, [cell], [judged])
    model = AnswerModel(cell.population, study)
    normals = np.random.default_rng(1).standard_normal((60_000, model.n_normals))
    columns = dict(zip(model.codes, model.values(normals).T, strict=True))

    def composite(part):
        items = [item for item in part.coded_items]
        return sum(item.keying * columns[item.code] for item in items)

    of = {part.code.split("_")[0]: part for part in study.instruments}
    r = np.corrcoef(composite(of["iuipc8"]), composite(of["aods"]))[0, 1]
    power = stats.norm.cdf(abs(np.arctanh(r)) * np.sqrt(150 - 3) - stats.norm.ppf(0.975))
    assert 0.5 < power < 0.97
    assert paths["as_in_people"].iloc[0] == pytest.approx(power, abs=3 * 0.065 + 0.03)
    assert paths["median_estimate"].tolist() == pytest.approx([-0.3, 0.0], abs=0.05)
