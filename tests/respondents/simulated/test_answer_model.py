from dataclasses import replace

import numpy as np
import pytest

from vaar.respondents.simulated.answer_model import AnswerModel, answers, identity
from vaar.respondents.simulated.population_paths import true_paths
from vaar.respondents.simulated.populations import POPULATIONS
from vaar.respondents.simulated.traits import read_traits

VARYING = [name for name, population in POPULATIONS.items() if population.varies]


def simulate(name, study, n, seed=1):
    model = AnswerModel(POPULATIONS[name], study)
    normals = np.random.default_rng(seed).standard_normal((n, model.n_normals))
    return dict(zip(model.codes, model.values(normals).T, strict=True))


def parcel_covariance(columns, traits):
    parcels = [
        np.mean([columns[code] for code in indicator], axis=0)
        for indicators in traits.indicators.values()
        for indicator in indicators
    ]
    sizes = [len(indicators) for indicators in traits.indicators.values()]
    return np.cov(parcels), np.repeat(np.arange(len(sizes)), sizes)


def disattenuated(covariance, block):
    """Correlations of the traits: between-block over within-block mean covariances of parcels."""
    off = ~np.eye(len(block), dtype=bool)
    n = block.max() + 1
    phi = np.array(
        [
            [covariance[np.outer(block == a, block == b) & off].mean() for b in range(n)]
            for a in range(n)
        ]
    )
    sd = np.sqrt(np.diag(phi))
    return phi / np.outer(sd, sd)


@pytest.mark.parametrize("name", VARYING)
def test_true_paths_are_recovered_from_points_on_the_scales(bundled, name):
    covariance, block = parcel_covariance(simulate(name, bundled, 200_000), read_traits(bundled))
    r = disattenuated(covariance, block)
    slopes = np.linalg.solve(r[:2, :2], r[:2, 2])
    assert slopes == pytest.approx(list(true_paths(POPULATIONS[name], bundled).values()), abs=0.012)


@pytest.mark.parametrize("name", VARYING)
def test_loadings_of_one_trait_are_in_proportion(bundled, name):
    covariance, block = parcel_covariance(simulate(name, bundled, 100_000), read_traits(bundled))
    acceptance = covariance[np.ix_(block == 2, block == 2)]
    prosocial = covariance[np.ix_(block == 1, block == 2)].mean(axis=0)
    assert prosocial / prosocial.mean() == pytest.approx(np.ones(len(acceptance)), abs=0.06)


@pytest.mark.parametrize("name", VARYING)
def test_both_end_points_are_used_but_do_not_dominate(bundled, name):
    columns = simulate(name, bundled, 20_000)
    for instrument in bundled.instruments:
        for item in instrument.items:
            low = np.mean(columns[item.code] == instrument.scale.first)
            high = np.mean(columns[item.code] == instrument.scale.last)
            assert 0.005 < low < 0.25 and 0.005 < high < 0.25


def test_constant_gives_the_midpoint(bundled):
    columns = simulate("constant", bundled, 5)
    midpoints = {"iuipc8": 4, "psa": 3, "aods": 3}
    for instrument in bundled.instruments:
        for item in instrument.items:
            assert set(columns[item.code]) == {midpoints[instrument.code]}


def test_reversed_items_go_the_other_way(small):
    columns = simulate("human-like", small, 50_000)
    r = np.corrcoef([columns[f"calm_{n}"] for n in (1, 2, 3, 4)])
    assert r[0, 2] > 0.3 and r[1, 3] > 0.3
    assert r[0, 1] < -0.3 and r[2, 3] < -0.3


def test_yes_saying_weakens_reversed_correlations_only(small):
    plain = replace(POPULATIONS["acquiescent"], style_sd=0.0)
    normals = np.random.default_rng(2).standard_normal(
        (50_000, AnswerModel(plain, small).n_normals)
    )
    before, after = (
        np.corrcoef(AnswerModel(population, small).values(normals)[:, :4].T)
        for population in (plain, POPULATIONS["acquiescent"])
    )
    assert after[0, 2] > before[0, 2] + 0.05
    assert after[0, 1] > before[0, 1] + 0.05


def test_items_outside_the_model_share_an_independent_trait(small):
    columns = simulate("human-like", small, 50_000)
    r = np.corrcoef([columns[code] for code in ("spare_1", "spare_2", "calm_1", "brave_1")])
    assert r[0, 1] > 0.2
    assert np.abs(r[:2, 2:]).max() < 0.02


@pytest.mark.parametrize("name", POPULATIONS)
def test_answers_are_points_of_the_scales(small, name):
    columns = simulate(name, small, 2_000)
    for instrument in small.instruments:
        for item in instrument.items:
            assert set(columns[item.code]) <= set(instrument.scale.values)


def test_difficulties_are_the_same_in_all_populations(bundled):
    means = [
        [column.mean() for column in simulate(name, bundled, 50_000).values()]
        for name in ("noisy", "contrarian")
    ]
    position = [item.code for item in bundled.instruments[2].items]
    columns = slice(-len(position), None)
    assert means[0][columns] == pytest.approx(means[1][columns], abs=0.03)


def test_answers_of_a_session_do_not_depend_on_the_others(bundled):
    population = POPULATIONS["human-like"]
    together = answers(population, bundled, range(20))
    assert together.shape == (20, bundled.n_items)
    assert np.array_equal(together[7:8], answers(population, bundled, [7]))
    assert len(np.unique(together, axis=0)) == 20


def test_no_seeds_give_no_rows(bundled):
    assert answers(POPULATIONS["noisy"], bundled, []).shape == (0, bundled.n_items)


def test_identities_differ_in_each_part():
    keys = {
        identity("noisy", 1, "a"),
        identity("noisy", 2, "a"),
        identity("noisy", 1, "b"),
        identity("contrarian", 1, "a"),
        identity("noisy", 11, "a"),
    }
    assert len(keys) == 5


@pytest.mark.parametrize("name", POPULATIONS)
def test_answers_are_draws_from_the_chances(small, name):
    model = AnswerModel(POPULATIONS[name], small)
    normals = np.random.default_rng(5).standard_normal((4_000, model.n_normals))
    answered = model.values(normals)
    leanings = [model.leanings(row) for row in normals]
    for item, code in enumerate(model.codes):
        chances = np.array([model.chances(item, row[item]) for row in leanings])
        assert np.allclose(chances.sum(axis=1), 1) and chances.min() >= 0
        first = next(p.scale.first for p in small.instruments if code in p.by_code)
        drawn = answered[:, item] - first
        for point in range(chances.shape[1]):
            expected, had = chances[:, point], drawn == point
            spread = np.sqrt((expected * (1 - expected)).sum()) + 1e-9
            assert abs((had - expected).sum()) < 4.5 * spread
            assert abs(((had - expected) * expected).sum()) < 4.5 * spread


def test_an_item_of_a_factor_may_stand_in_a_regression_too(small):
    codes = [item.code for part in small.instruments for item in part.items]
    text = f"f =~ {' + '.join(codes)}\n{codes[0]} ~ {codes[1]}"
    study = replace(small, structural_model=text, hypotheses=())
    columns = simulate("human-like", study, 2_000)
    r = np.corrcoef([columns[code] for code in codes[:3]])
    assert np.abs(r).min() > 0.1, "one factor behind all of them, one item reversed"
