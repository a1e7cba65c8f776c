import numpy as np
import pytest
import torch

from vaar.respondents.local.forward_passes import Passes
from vaar.respondents.local.value_shift.decoder import changed
from vaar.respondents.local.value_shift.steering import Directions, Finding, Steering

ROWS = [[5, 9, 3, 77], [8, 1], [300, 2, 2, 41, 7, 19]]
LAYERS = (1, 2, 4)


@pytest.fixture(scope="module")
def directions():
    """Probes of three layers, of which some rows are above any target between."""
    drawn = np.random.default_rng(7)
    weights = torch.tensor(drawn.normal(size=(3, 32)) / 8)
    return Directions(LAYERS, weights, torch.tensor([0.1, -0.2, 0.3]).double())


def found_for(network, directions, target, lowers=False):
    """The logits of the pass that finds the shifts, and the shifts."""
    finding = Finding([(directions, target, lowers)] * len(ROWS))
    logits = Passes(network, [None] * len(ROWS), finding).feed(ROWS)
    return logits, finding.found()


def noted_in(seen):
    """A change that changes nothing and notes what it was given."""

    def note(hidden):
        seen.append(hidden)
        return hidden

    return note


@pytest.mark.parametrize("target", [0.88, 0.975])
def test_p_is_the_target_where_it_was_below_and_else_as_it_was(architecture, directions, target):
    _, rows = found_for(architecture, directions, target)
    moved = 0
    for row in rows:
        for distance, before, after in zip(row.distances, row.before, row.after, strict=True):
            if distance > 0:
                moved += 1
                assert before < target
                assert after == pytest.approx(target, abs=1e-5)
            else:
                assert before >= target
                assert after == before
    assert moved


def test_suppression_brings_p_down_and_never_up(architecture, directions):
    _, rows = found_for(architecture, directions, 0.2, lowers=True)
    for row in rows:
        assert max(row.distances) <= 0
        for distance, before, after in zip(row.distances, row.before, row.after, strict=True):
            assert after == pytest.approx(0.2 if distance else before, abs=1e-5)
    assert any(row.distances[0] < 0 for row in rows)


def test_the_formula_is_that_of_the_least_shift(architecture, directions):
    """The first layer's shift from the stream as it is, by the published formula."""
    _, rows = found_for(architecture, directions, 0.95)
    for ids, row in zip(ROWS, rows, strict=True):
        seen = []
        note = noted_in(seen)
        with (
            torch.inference_mode(),
            changed(architecture.model, {1: note}),
        ):
            architecture.model(input_ids=torch.tensor([ids]))
        state, weights = seen[0][0, -1].double(), directions.weights[0]
        norm = weights.norm()
        epsilon = (np.log(0.95 / 0.05) - directions.bias[0] - weights @ state) / norm
        wanted = max(0.0, float(epsilon))
        assert row.distances[0] == pytest.approx(wanted, abs=1e-4)
        assert row.vectors[0] == pytest.approx((wanted * weights / norm).float(), abs=1e-4)


def test_the_fixed_shift_gives_the_pass_that_found_it_again(architecture, directions):
    """Earlier shifts are in force at every position while later ones are found, as in use."""
    logits, rows = found_for(architecture, directions, 0.9)
    steering = Steering(rows)
    again = Passes(architecture, [None] * 3, steering).feed(ROWS)
    assert torch.allclose(again, logits, atol=1e-3, rtol=1e-3)
    for row, noted in zip(rows, steering.noted[0], strict=True):
        assert noted == pytest.approx(row.after, abs=1e-5)


def test_every_position_is_shifted_also_those_that_are_written(architecture, directions):
    _, rows = found_for(architecture, directions, 0.9)
    whole = Passes(architecture, [None] * 3, Steering(rows)).feed([[*ids, 6, 4] for ids in ROWS])
    steering = Steering(rows)
    passes = Passes(architecture, [None] * 3, steering)
    passes.feed(ROWS)
    passes.feed([[6]] * 3)
    assert torch.allclose(passes.feed([[4]] * 3), whole, atol=1e-3, rtol=1e-3)
    assert len(steering.noted) == 3


def test_rows_without_a_shift_are_as_they_are_alone(architecture, directions):
    _, rows = found_for(architecture, directions, 0.9)
    plain = Passes(architecture, [None] * 3).feed(ROWS)
    mixed = Passes(architecture, [None] * 3, Steering([None, rows[1], None])).feed(ROWS)
    assert torch.equal(mixed[0], plain[0]) and torch.equal(mixed[2], plain[2])
    assert not torch.allclose(mixed[1], plain[1])


def test_another_way_is_as_long_in_every_layer(architecture, directions):
    _, rows = found_for(architecture, directions, 0.95)
    ways = torch.nn.functional.normalize(torch.randn(3, 32, generator=torch.Generator()), dim=1)
    for row in rows:
        turned = row.along(ways)
        assert turned.vectors.norm(dim=1) == pytest.approx(row.vectors.norm(dim=1), abs=1e-4)
        assert turned.distances == row.distances
