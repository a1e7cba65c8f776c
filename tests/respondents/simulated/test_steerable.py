import asyncio
from dataclasses import replace

import pytest

from vaar.respondents.base import Request, Shiftable
from vaar.respondents.resolve import resolve
from vaar.respondents.simulated.population_paths import true_paths
from vaar.respondents.simulated.populations import STEERABLE
from vaar.respondents.simulated.respondent import SimulatedRespondent
from vaar.respondents.simulated.steerable import MOVED, PATH_LEFT, under
from vaar.sessions.prompts import item_question
from vaar.study.conditions import Shift
from vaar.study.load import load_study

PRIVACY, PROSOCIAL = "aods ~ privacy", "aods ~ prosocial"
UNSHIFTED = {PRIVACY: -0.40, PROSOCIAL: 0.45}


@pytest.fixture(scope="module")
def study():
    return load_study("privacy_prosocial")


@pytest.mark.parametrize(
    ("shift", "paths"),
    [
        (None, UNSHIFTED),
        (Shift("privacy"), {**UNSHIFTED, PRIVACY: -0.40 * PATH_LEFT}),
        (Shift("privacy", "lower", 0.05), {**UNSHIFTED, PRIVACY: -0.40 * PATH_LEFT}),
        (Shift("prosociality", gate=True), {**UNSHIFTED, PROSOCIAL: 0.45 * PATH_LEFT}),
        (Shift("privacy", random=1), UNSHIFTED),
        (Shift("power"), UNSHIFTED),
    ],
)
def test_a_shift_leaves_a_known_share_of_the_path_of_the_value_it_names(study, shift, paths):
    assert true_paths(under(shift, STEERABLE, study), study) == pytest.approx(paths)


@pytest.mark.parametrize(
    ("shift", "predictors", "outcome"),
    [
        (Shift("privacy"), (MOVED, 0), -MOVED),
        (Shift("privacy", "lower", 0.05), (-MOVED, 0), MOVED),
        (Shift("prosociality"), (0, MOVED), MOVED),
    ],
)
def test_it_moves_the_value_and_what_depends_on_it(study, shift, predictors, outcome):
    moved = under(shift, STEERABLE, study)
    assert moved.predictor_means == predictors and moved.outcome_mean == outcome


def test_the_name_and_with_it_the_random_numbers_stay(study):
    assert under(Shift("privacy"), STEERABLE, study).name == STEERABLE.name
    assert under(Shift("privacy", random=3), STEERABLE, study) is STEERABLE


def replies(respondent, study, shift):
    part = study.instrument["aods_balanced"]
    question = item_question(part, part.items[0], True)
    said = [
        asyncio.run(
            respondent.reply(
                Request([{"role": "user", "content": question}], seed, 1.0, 64, shift=shift)
            )
        )
        for seed in range(200)
    ]
    return [reply.text for reply in said]


def test_only_a_request_under_a_shift_is_answered_otherwise(study):
    shift = Shift("privacy")
    plain = study.conditions[0]
    both = replace(study, conditions=(plain, replace(plain, name="pushed", shift=shift)))
    (respondent,) = resolve(["simulated/steerable"], both)
    unshifted = replies(SimulatedRespondent(STEERABLE, study), study, None)
    assert replies(respondent, both, None) == unshifted
    pushed = replies(respondent, both, shift)
    told = [(int(a), int(b)) for a, b in zip(unshifted, pushed, strict=True) if (a + b).isdigit()]
    assert len(told) > 100 and sum(b - a for a, b in told) < 0
    assert respondent.simulated


def test_it_alone_of_the_simulated_says_that_it_can_be_shifted(study):
    steerable, human = resolve(["simulated/steerable", "simulated/human-like"], study)
    assert isinstance(steerable, Shiftable) and not isinstance(human, Shiftable)
    assert steerable.measured() == {}
