import pytest

import vaar.sem as sem
from support.scored import scored
from vaar.analyses.specifications.declared import read
from vaar.analyses.specifications.models import METHOD, model_of, not_possible
from vaar.respondents.simulated.populations import POPULATIONS
from vaar.sem.model.parameters import specify
from vaar.study.load import load_study


@pytest.fixture(scope="module")
def balanced():
    return load_study("privacy_prosocial")


@pytest.fixture(scope="module")
def published():
    return load_study("privacy_prosocial_published")


def test_parcels_are_the_model_of_the_study(balanced):
    assert model_of(read("estimator=ML level=metric"), balanced) == balanced.structural_model


def test_facets_are_factors_of_their_items_under_the_predictors(balanced):
    spec = specify(model_of(read("indicators=items higher_order=predictors"), balanced))
    measured = spec.indicators
    assert measured["privacy"] == ("iuipc8b_control", "iuipc8b_awareness", "iuipc8b_collection")
    assert measured["iuipc8b_control"] == ("iuipc8b_01", "iuipc8b_02")
    assert len(measured["aods"]) == 16 and len(spec.observed) == 40


def test_facets_without_a_part_of_their_own_can_be_fitted(balanced):
    # in simulated populations the trait is all that a facet's items share
    keyed = scored(balanced, POPULATIONS["human-like"], range(400))
    model = model_of(read("indicators=items higher_order=predictors"), balanced)
    items = [item.code for part in balanced.instruments for item in part.coded_items]
    fit = sem.fit(model, keyed[items], std_lv=True)
    assert fit.outcome.usable
    rows = fit.params[fit.params["op"] == "~"].set_index("rhs").astype({"std_all": float})
    main = sem.fit(balanced.structural_model, keyed.drop(columns=["aods"], errors="ignore"))
    parcels = main.params[main.params["op"] == "~"].set_index("rhs")
    apart = rows["std_all"] - parcels["std_all"]
    # one truth, items in place of parcels: half a standard error apart at most
    assert (apart.abs() < rows["std_all_se"] / 2).all() and len(apart) == 2
    own = fit.params[(fit.params["op"] == "~~") & (fit.params["lhs"] == fit.params["rhs"])]
    facets = own[own["lhs"].isin(spec_facets(balanced))]
    assert len(facets) == 7 and (facets["est"].abs() < 3.5 * facets["se"]).all()


def spec_facets(study):
    measured = specify(study.structural_model).indicators
    return [name for latent in ("privacy", "prosocial") for name in measured[latent]]


def test_yes_saying_lifts_both_keys_and_covaries_with_nothing(balanced):
    spec = specify(model_of(read("indicators=items method=keys"), balanced))
    loadings = {row.rhs: row for row in spec.rows if row.lhs == METHOD and row.op == "=~"}
    assert len(loadings) == 40
    keys = {i.code: i.keying for part in balanced.instruments for i in part.coded_items}
    values = {name: row.modifier.values[0] or 0.0 for name, row in loadings.items()}
    assert all(values[name] * keys[name] > 0 for name in values)
    assert {abs(v) for n, v in values.items() if n.startswith("iuipc8b")} == {1}
    # five points in place of seven: four steps against six
    assert {round(abs(v), 6) for n, v in values.items() if n.startswith("psab")} == {0.666667}
    apart = [r for r in spec.rows if r.op == "~~" and METHOD in (r.lhs, r.rhs) and r.lhs != r.rhs]
    assert len(apart) == 3 and all(row.modifier.values == (0,) for row in apart)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("indicators=items method=keys", "all items point the same way"),
        ("covariates=yes_saying", "pairs of items of opposite keys, and the study has 0"),
        ("indicators=items higher_order=trust", "no latent variable; there are privacy"),
    ],
)
def test_what_a_study_cannot_have_is_told(published, line, told):
    assert told in not_possible(read(line), published)


def test_what_it_can_have_is_not(balanced):
    for line in ("covariates=yes_saying", "indicators=items method=keys", "estimator=WLSMV"):
        assert not_possible(read(line), balanced) == ""
