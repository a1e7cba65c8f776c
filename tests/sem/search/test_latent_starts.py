import numpy as np
import pytest

from vaar.sem.arrays import Floats
from vaar.sem.model.matrices import Structure, imply, structure_of
from vaar.sem.model.parameters import specify
from vaar.sem.search.latent_starts import latent_starts

MODEL = """
f =~ x1 + x2 + x3
g =~ x4 + x5 + x6
h =~ x7 + x8 + x9
h ~ f + g
"""
TRUTH = {"f=~x2": 0.8, "g=~x5": 1.3, "h=~x9": 0.7, "h~f": 0.4, "h~g": -0.3, "f~~g": 0.35}


def parameters(model: str) -> tuple[Structure, Floats]:
    spec = specify(model)
    defaults = {"=~": 1.0, "~1": 0.0, "~": 0.0}
    values = [
        TRUTH.get(row.name, defaults.get(row.op, 0.9 if row.lhs == row.rhs else 0.0))
        for row in spec.rows
    ]
    return structure_of(spec), np.array([values, values])


def test_the_moments_of_a_model_give_its_parameters_back() -> None:
    structure, truth = parameters(MODEL)
    implied = imply(truth, structure)
    start = truth.copy()
    start[:, structure.matrix == 2] = np.eye(3)[
        structure.row[structure.matrix == 2], structure.col[structure.matrix == 2]
    ]
    start[:, structure.matrix == 1] = 0.0
    found = latent_starts(start, structure, implied.cov, np.ones((2, 9), dtype=bool))
    np.testing.assert_allclose(found, truth, atol=1e-12)


@pytest.mark.parametrize(
    "model",
    [
        "f =~ x1 + x2 + x3\ng =~ x3 + x4 + x5",
        "f =~ x1 + x2 + x3\ny ~ f",
        "a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6\ng =~ a + b",
        "f =~ x1 + x2\ng =~ x3 + x4\nf ~ g\ng ~ f",
    ],
)
def test_other_models_are_left_alone(model: str) -> None:
    structure, theta = parameters(model)
    p = structure.p
    found = latent_starts(theta, structure, np.eye(p)[None].repeat(2, 0), np.ones((2, p), bool))
    assert found is theta


def test_a_group_whose_factors_cannot_be_told_apart_is_left_alone() -> None:
    structure, theta = parameters(MODEL)
    cov = imply(theta, structure).cov
    cov[1] = 0.5 + 0.5 * np.eye(9)
    found = latent_starts(theta, structure, cov, np.ones((2, 9), dtype=bool))
    np.testing.assert_allclose(found[1], theta[1])
    np.testing.assert_allclose(found[0], theta[0], atol=1e-12)
