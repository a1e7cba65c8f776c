from __future__ import annotations

import numpy as np
import pytest

from vaar.sem.model.latent_response import completed, derived_places, response_scale, with_derived
from vaar.sem.model.matrices import imply, structure_of
from vaar.sem.model.parameters import specify
from vaar.sem.model.thresholds import with_thresholds

MODEL = "f =~ x1 + x2 + x3\nx4 ~ f"
ITEMS = ("x1", "x2", "x4")


@pytest.fixture(params=["delta", "theta"])
def place(request: pytest.FixtureRequest):
    """A structure with one continuous variable, x3, and parameters of two groups."""
    spec = specify(MODEL)
    categories = {name: np.arange(3.0) for name in spec.observed if name in ITEMS}
    structure = structure_of(with_thresholds(spec, categories, request.param))
    theta = np.random.default_rng(2).uniform(0.4, 0.9, size=(2, structure.c.size))
    return structure, theta


def test_completed_parameters_give_the_responses_their_scale(place) -> None:
    structure, theta = place
    implied = imply(completed(theta, structure), structure)
    items, _, _ = derived_places(structure)
    variance = np.einsum("gpp->gp", implied.cov)[:, items]
    np.testing.assert_allclose(variance, implied.matrices.scaling[:, items] ** -2)
    scale = response_scale(implied, structure)
    np.testing.assert_allclose(scale[:, items], implied.matrices.scaling[:, items])
    assert (scale[:, structure.names.index("x3")] == 1).all()


def test_completing_changes_only_what_follows_from_the_rest(place) -> None:
    structure, theta = place
    _, residual, scaling = derived_places(structure)
    derived = scaling if structure.parameterization == "theta" else residual
    rest = np.setdiff1d(np.arange(theta.shape[1]), derived)
    np.testing.assert_array_equal(completed(theta, structure)[:, rest], theta[:, rest])


def test_slopes_of_derived_parameters(place) -> None:
    structure, theta = place
    _, residual, scaling = derived_places(structure)
    derived = scaling if structure.parameterization == "theta" else residual
    at = completed(theta, structure)
    same = np.broadcast_to(np.eye(theta.shape[1]), (2, theta.shape[1], theta.shape[1]))
    found = with_derived(same, at, imply(at, structure), structure)
    free = np.setdiff1d(np.arange(theta.shape[1]), derived)
    for one in free:
        step = np.zeros_like(theta)
        step[:, one] = 1e-6
        up, down = completed(at + step, structure), completed(at - step, structure)
        np.testing.assert_allclose(found[:, :, one], (up - down) / 2e-6, atol=1e-6)
