from __future__ import annotations

import pytest

from support.made_up_run import MadeUp
from vaar.analyses.profile.cautions import MANY_REFUSED, NEAR_AN_END


def labels(run: MadeUp) -> list[str]:
    return [caution.label for caution in run.profiles().cautions]


def changed(made: MadeUp, **own: float) -> MadeUp:
    profile = made.profile.copy()
    here = (profile["group"] == "noisy") & (profile["scale"] == "psa")
    for name, value in own.items():
        profile.loc[here, name] = value
    return made.but(profile=profile)


def test_a_sound_run_needs_none(made: MadeUp) -> None:
    assert labels(made) == []


@pytest.mark.parametrize(("share", "told"), [(0.051, ["refusals"]), (MANY_REFUSED, [])])
def test_refusals_are_told_above_a_twentieth(made: MadeUp, share: float, told: list[str]) -> None:
    run = changed(made, refusal_rate=share)
    assert labels(run) == told


@pytest.mark.parametrize(
    ("missing", "n", "told"),
    [(0.11, 200, ["answers missing"]), (0.09, 200, []), (1.0, 0, [])],
)
def test_answers_that_are_missing_for_other_reasons_are_told_apart(
    made: MadeUp, missing: float, n: int, told: list[str]
) -> None:
    assert labels(changed(made, refusal_rate=0.05, missing_rate=missing, n=n)) == told


@pytest.mark.parametrize(("mean", "told"), [(4.61, True), (4.59, False), (1.39, True)])
def test_answers_at_an_end_are_told(made: MadeUp, mean: float, told: bool) -> None:
    assert NEAR_AN_END == 0.10  # of the four points between the ends
    assert ("answers at the end of the scale" in labels(changed(made, mean=mean))) is told
