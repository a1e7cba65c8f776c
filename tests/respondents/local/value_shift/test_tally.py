import pytest
import torch

from vaar.respondents.local.value_shift.steering import Directions, RowShift
from vaar.respondents.local.value_shift.tally import Tally, label_of
from vaar.study.conditions import Shift

SHIFT = Shift("privacy")


@pytest.mark.parametrize(
    ("shift", "label"),
    [
        (None, "none"),
        (SHIFT, "privacy raised to 0.95"),
        (Shift("care", "lower", 0.05, gate=True), "care lowered to 0.05, gated"),
        (Shift("care", random=2), "care raised to 0.95, random direction 2"),
        (Shift("care", timing="turn"), "care raised to 0.95, found anew every turn"),
    ],
)
def test_the_words_by_which_a_shift_is_known(shift, label):
    assert label_of(shift) == label


def test_sums_by_layer_over_shifted_replies():
    directions = Directions((2, 5), torch.zeros(2, 3), torch.zeros(2))
    found = RowShift(
        directions, torch.zeros(2, 3), (1.0, 0.5), (0.3, 0.9), (0.95, 0.95), (10.0, 20.0)
    )
    tally = Tally()
    tally.reply(SHIFT, found, [[0.95, 0.94], [0.8, 0.7], [0.6, 0.5]])
    tally.reply(SHIFT, found, [[0.95, 0.94]])
    tally.reply(SHIFT, None, [])
    tally.reply(None, None, [])
    tally.words(SHIFT, -6.0, 3)
    own = tally.sums["privacy raised to 0.95"]
    assert (own["replies"], own["shifted"], own["tokens"]) == (3, 2, 3)
    assert own["log_probability"] == -6.0
    assert own["layers"]["3"] == pytest.approx(
        {
            "distance": 2.0,
            "stream": 20.0,
            "before": 0.6,
            "after": 1.9,
            "asked": 1.9,
            "writing": 1.4,
            "written": 2,
        }
    )
    assert own["layers"]["6"]["distance"] == 1.0
    assert tally.sums["none"]["replies"] == 1 and not tally.sums["none"]["layers"]
