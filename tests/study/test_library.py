"""The bundled study keeps the published structure and its own promises."""

import re
from collections import Counter
from itertools import product

import pytest

from vaar.sessions.plan import plan_sessions
from vaar.study.bundle import bundled_directory
from vaar.study.load import load_study
from vaar.study.structural_model import read_structure

DATA = ("health", "location", "communication", "financial")
RECIPIENTS = {
    "agency": "A public-health agency",
    "university": "A university research group",
    "firm": "A commercial firm",
}


@pytest.fixture(scope="module")
def study():
    return load_study("privacy_prosocial_published")


def subscale(instrument, code):
    (found,) = [s for s in instrument.subscales if s.code == f"{instrument.code}_{code}"]
    return found.items


def numbered(code, *numbers):
    return tuple(f"{code}_{number:02}" for number in numbers)


def test_order_items_and_points(study):
    shape = {i.code: (len(i.items), len(i.scale.values)) for i in study.instruments}
    assert shape == {"iuipc8": (8, 7), "psa": (16, 5), "aods": (12, 5)}
    assert study.condition["carried"].order == ("iuipc8", "psa", "aods")


def test_every_item_is_its_own_and_keyed_positively(study):
    items = [item for instrument in study.instruments for item in instrument.items]
    assert len({item.text for item in items}) == study.n_items == 36
    assert {item.keying for item in items} == {1}
    assert {instrument.wording for instrument in study.instruments} == {"parallel"}


def test_privacy_subscales_partition_the_items(study):
    iuipc8 = study.instrument["iuipc8"]
    assert subscale(iuipc8, "control") == numbered("iuipc8", 1, 2)
    assert subscale(iuipc8, "awareness") == numbered("iuipc8", 3, 4)
    assert subscale(iuipc8, "collection") == numbered("iuipc8", 5, 6, 7, 8)


def test_prosocial_facets_partition_the_actions(study):
    psa = study.instrument["psa"]
    assert subscale(psa, "feelings") == numbered("psa", 5, 8, 12, 16)
    assert subscale(psa, "helping") == numbered("psa", 1, 3, 6, 7)
    assert subscale(psa, "sharing") == numbered("psa", 2, 9, 11, 14)
    assert subscale(psa, "caring") == numbered("psa", 4, 10, 13, 15)
    facets = [code for f in ("helping", "sharing", "caring") for code in subscale(psa, f)]
    assert sorted(facets) == sorted(subscale(psa, "actions"))
    assert len(set(facets)) == 12


def test_vignettes_cross_data_and_recipient(study):
    aods = study.instrument["aods"]
    crossed = [f"aods_{data}_{recipient}" for data, recipient in product(DATA, RECIPIENTS)]
    assert list(aods.by_code) == crossed
    for data in DATA:
        assert subscale(aods, data) == tuple(c for c in crossed if f"_{data}_" in c)
    for recipient in RECIPIENTS:
        assert subscale(aods, recipient) == tuple(c for c in crossed if c.endswith(recipient))


def test_vignettes_name_recipient_benefit_and_risk(study):
    for item in study.instrument["aods"].items:
        recipient = RECIPIENTS[item.code.rsplit("_", 1)[1]]
        benefit, risk = item.text.split(". ", 1)
        assert benefit.startswith(f"{recipient} asks for ")
        assert " so that " in benefit
        assert " could " in risk


def test_model_and_hypotheses(study):
    structure = read_structure(study.structural_model)
    assert list(structure.indicators) == ["privacy", "prosocial", "aods"]
    expected = {h.path: h.sign for h in study.hypotheses}
    assert expected == {"aods ~ privacy": -1, "aods ~ prosocial": 1}
    assert set(structure.regressions) == {(h.outcome, h.predictor) for h in study.hypotheses}
    assert all(hypothesis.evidence for hypothesis in study.hypotheses)


@pytest.mark.parametrize("name", ["privacy_prosocial", "privacy_prosocial_published"])
def test_conditions_in_comments_load_when_taken_in(name, tmp_path):
    for path in bundled_directory(name).glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        taken_in = re.sub(r"^#(  (- name|  ).*)$", r"\1", text, flags=re.MULTILINE)
        (tmp_path / path.name).write_text(taken_in, encoding="utf-8")
    conditions = load_study(tmp_path).condition
    ways = {name: (c.history, c.presentation) for name, c in conditions.items()}
    assert ways == {
        "carried": ("carried", "item"),
        "isolated": ("isolated", "item"),
        "block": ("carried", "block"),
    }
    assert conditions["isolated"].framing == conditions["carried"].framing


def test_every_parcel_of_the_study_is_balanced():
    """Agreeing with everything scores in the middle of every indicator."""
    study = load_study("privacy_prosocial")
    keying = {item.code: item.keying for part in study.instruments for item in part.coded_items}
    items = {one.code: one.items for part in study.instruments for one in part.subscales}
    indicators = read_structure(study.structural_model).indicators
    assert list(indicators) == ["privacy", "prosocial", "aods"]
    for parcels in indicators.values():
        assert all(sum(keying[code] for code in items[parcel]) == 0 for parcel in parcels)


def test_the_conflict_is_crossed_and_told_before_vignettes_and_form():
    study = load_study("privacy_prosocial")
    planned = plan_sessions(study, ["m"], 40, seed=3)
    cells = Counter((dict(s.facts)["benefit"], dict(s.facts)["risk"]) for s in planned)
    assert set(cells.values()) == {10} and len(cells) == 4
    told = [part.code for part in study.instruments if "{purpose} {exposure}" in part.instructions]
    assert told == ["aods_balanced", "release"]
