from dataclasses import replace

import pytest

from vaar.analyses.groups import AskedGroup, groups_table
from vaar.analyses.shifted_sessions.pairs import ShiftedPair, shifted_pairs
from vaar.study.conditions import Shift
from vaar.study.load import load_study

TOWARDS = Shift("privacy")


@pytest.fixture(scope="module")
def study():
    return load_study("privacy_prosocial")


def test_a_condition_is_held_against_the_one_that_differs_in_the_shift_alone(study):
    plain = study.conditions[0]
    conditions = (
        replace(plain, name="other", framing="Another."),
        plain,
        replace(plain, name="pushed", shift=TOWARDS),
    )
    changed = replace(study, conditions=conditions)
    groups = groups_table(
        [AskedGroup(f"m [{c.name}]", "m", c.name, False) for c in conditions], {}, []
    )
    assert list(shifted_pairs(groups, {}, changed)) == [
        ShiftedPair("m [pushed]", "m [carried]", TOWARDS)
    ]


def test_a_shifted_respondent_is_held_against_the_same_model(study):
    asked = [AskedGroup(name, name, "carried", False) for name in ("other", "m", "pushed")]
    sent = {"provider": "hf", "dtype": "auto"}
    pushed = {**sent, "model": "a", "shift": vars(TOWARDS), "probe_accuracy": 0.9}
    requests: dict[str, dict[str, object]] = {
        "other": {**sent, "model": "b"},
        "m": {**sent, "model": "a", "adaptations": [], "forms": {"choice": {"model": "a"}}},
        "pushed": {**pushed, "forms": {"choice": {"model": "a", "shift": vars(TOWARDS)}}},
    }
    found = list(shifted_pairs(groups_table(asked, {}, []), requests, study))
    assert found == [ShiftedPair("pushed", "m", TOWARDS)]
    hotter = {**requests, "m": {**requests["m"], "dtype": "float32"}}
    assert not list(shifted_pairs(groups_table(asked, {}, []), hotter, study))


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        (TOWARDS, "towards privacy"),
        (Shift("privacy", "lower", 0.05), "away from privacy"),
        (Shift("privacy", random=2), "in random direction 2, as far as towards privacy"),
    ],
)
def test_where_to_in_words(shift, words):
    assert ShiftedPair("a", "b", shift).words == words


def test_a_random_direction_controls_the_shift_that_differs_in_it_alone():
    pushed = ShiftedPair("pushed", "plain", TOWARDS)
    random = ShiftedPair("random", "plain", replace(TOWARDS, random=2))
    assert random.controls(pushed)
    assert not pushed.controls(random) and not pushed.controls(pushed)
    assert not random.controls(ShiftedPair("pushed", "another", TOWARDS))
    assert not random.controls(ShiftedPair("pushed", "plain", Shift("prosociality")))
    assert not random.controls(ShiftedPair("pushed", "plain", replace(TOWARDS, p0=0.9)))
