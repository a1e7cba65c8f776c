import numpy as np

from vaar.sem.model.matrices import imply, structure_of
from vaar.sem.model.parameters import specify
from vaar.sem.solution.standardise import standardised

MODEL = "f =~ x1 + x2 + x3\ng =~ x4 + x5\ng ~ f\ny ~ g + z\nx1 ~~ x2"


def test_the_jacobian_is_the_derivative() -> None:
    spec = specify(MODEL)
    structure = structure_of(spec)
    rng = np.random.default_rng(3)
    theta = 0.3 * rng.normal(size=(2, len(spec.rows)))
    theta[:, [row.op == "~~" and row.lhs == row.rhs for row in spec.rows]] = 1.4
    _, jacobian = standardised(theta, imply(theta, structure), structure)
    for j in range(theta.shape[1]):
        shift = np.zeros_like(theta)
        shift[:, j] = 1e-6
        above, _ = standardised(theta + shift, imply(theta + shift, structure), structure)
        below, _ = standardised(theta - shift, imply(theta - shift, structure), structure)
        np.testing.assert_allclose(jacobian[:, :, j], (above - below) / 2e-6, atol=1e-7)


def test_standardised_variables_have_unit_variance() -> None:
    spec = specify(MODEL)
    structure = structure_of(spec)
    theta = np.full((1, len(spec.rows)), 0.4)
    theta[:, [row.op == "~~" and row.lhs == row.rhs for row in spec.rows]] = 1.4
    values, _ = standardised(theta, imply(theta, structure), structure)
    diagonal = [i for i, row in enumerate(spec.rows) if row.op == "~~" and row.lhs != row.rhs]
    values[:, diagonal] = 0.0
    theta[:, diagonal] = 0.0
    values, _ = standardised(theta, imply(theta, structure), structure)
    again = imply(values, structure)
    np.testing.assert_allclose(np.diagonal(again.cov[0]), 1.0)
    np.testing.assert_allclose(np.diagonal(again.phi[0]), 1.0)


def test_no_standardised_value_without_a_variance() -> None:
    spec = specify("f =~ x1 + x2")
    structure = structure_of(spec)
    theta = np.array([[1.0, 1.0, 1.0, 1.0, -0.1, 0.0, 0.0, 0.0]])
    values, _ = standardised(theta, imply(theta, structure), structure)
    assert np.isnan(values[0, 0]) and np.isfinite(values[0, 2])
