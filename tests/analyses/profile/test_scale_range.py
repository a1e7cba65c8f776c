from __future__ import annotations

import pytest

from support.made_up_run import MadeUp
from vaar.analyses.profile.scale_range import normalised, scale_of, subscales, whole_scales
from vaar.study.model import ResponseScale


@pytest.mark.parametrize(("value", "place"), [(0, 0.0), (2, 0.5), (4, 1.0)])
def test_normalised_counts_from_the_first_point(value: float, place: float) -> None:
    assert normalised(value, ResponseScale(tuple("abcde"), first=0)) == place


def test_subscales_have_the_scale_of_their_instrument(made: MadeUp) -> None:
    scales = scale_of(made.study)
    assert len(scales["privacy_control"].labels) == 7
    assert len(scales["aods_health"].labels) == 5


def test_a_row_is_of_a_whole_scale_or_of_a_part(made: MadeUp) -> None:
    whole, parts = whole_scales(made.profile, made.study), subscales(made.profile, made.study)
    assert set(whole["scale"]) == {"privacy", "psa", "aods"}
    assert set(parts["scale"]) == {"privacy_control"}
    assert len(whole) + len(parts) == len(made.profile)
