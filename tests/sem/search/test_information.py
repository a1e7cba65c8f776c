import numpy as np
import pytest

from vaar.sem.arrays import Floats
from vaar.sem.search.information import Information, information_of, inverse, sandwich

S, Q, G = 3, 4, 5


@pytest.fixture
def columns() -> Floats:
    rng = np.random.default_rng(0)
    half = rng.normal(size=(G, S + Q, 12))
    return half @ half.transpose(0, 2, 1)


def dense(columns: Floats) -> Floats:
    out = np.zeros((S + G * Q, S + G * Q))
    for g in range(G):
        at = np.r_[np.arange(S), S + g * Q + np.arange(Q)]
        out[np.ix_(at, at)] += columns[g]
    return out


def test_solving_is_the_dense_solution(columns: Floats) -> None:
    rng = np.random.default_rng(1)
    shared, own = rng.normal(size=S), rng.normal(size=(G, Q))
    found = information_of(columns, G, S).solve(shared, own)
    expected = np.linalg.solve(dense(columns), np.concatenate([shared, own.ravel()]))
    np.testing.assert_allclose(np.concatenate([found[0], found[1].ravel()]), expected)


@pytest.mark.parametrize("robust", [False, True])
def test_covariances_are_the_dense_ones(columns: Floats, robust: bool) -> None:
    rng = np.random.default_rng(2)
    half = rng.normal(size=(G, S + Q, 20))
    meat = half @ half.transpose(0, 2, 1)
    info = information_of(columns, G, S)
    found = sandwich(inverse(info), meat)[0] if robust else inverse(info)
    bread = np.linalg.inv(dense(columns))
    expected = bread @ dense(meat) @ bread if robust else bread
    for g in range(G):
        for h in range(G):
            rows = np.r_[np.arange(S), S + g * Q + np.arange(Q)]
            cols = np.r_[np.arange(S), S + h * Q + np.arange(Q)]
            np.testing.assert_allclose(found.between(g, h), expected[np.ix_(rows, cols)])


def test_padding_is_left_alone(columns: Floats) -> None:
    columns[1, -1, :] = columns[1, :, -1] = 0.0
    info = information_of(columns, G, S)
    assert info.own_empty[1].tolist() == [False, False, False, True]
    assert info.identified.all()
    assert info.solve(np.ones(S), np.where(info.own_empty, 0.0, 1.0))[1][1, -1] == 0.0


def test_what_cannot_be_told_apart_is_not_identified(columns: Floats) -> None:
    columns[2, S + 1] = columns[2, S]
    columns[2, :, S + 1] = columns[2, :, S]
    assert not information_of(columns, G, S).identified[2]


def test_blocks_that_share_nothing_are_inverted_apart() -> None:
    rng = np.random.default_rng(4)
    own = np.zeros((3, 7, 7))
    for part in ([0, 2, 5], [1, 3, 4, 6]):
        root = rng.standard_normal((3, len(part), 9))
        own[np.ix_(range(3), part, part)] = root @ root.transpose(0, 2, 1)
    columns = [block.copy() for block in own]
    found = information_of(columns, 3, 0)
    np.testing.assert_allclose(found.own_inverse, np.linalg.inv(found.own), atol=1e-10)
    assert (found.own_inverse[:, 0, 1] == 0).all()


def test_information_is_clear_where_no_direction_is_nearly_without_any() -> None:
    def made(correlation: float) -> Information:
        block = np.array([[1.0, correlation], [correlation, 1.0]])
        return information_of([np.block([[block, 0.1 * block], [0.1 * block, block]])], 1, 2)

    assert made(0.5).clear
    assert not made(1 - 1e-5).clear and made(1 - 1e-5).identified.all()


def test_the_information_of_more_rows_has_steps_as_many_times_shorter() -> None:
    rng = np.random.default_rng(5)
    root = rng.normal(size=(3, 5, 5))
    info = information_of(iter(root @ root.transpose(0, 2, 1) + np.eye(5)), 3, 2)
    pull = rng.normal(size=2), rng.normal(size=(3, 3))
    steps = info.solve(*pull)
    for before in (False, True):
        larger = info.of_rows(4.0)
        assert ("schur_inverse" in larger.__dict__) or not before
        for one, other in zip(larger.solve(*pull), steps, strict=True):
            np.testing.assert_allclose(one, other / 4, rtol=1e-12)
    np.testing.assert_allclose(info.shared_step(pull[0]), info.solve(pull[0], 0 * pull[1])[0])
    own = info.own_step(pull[1][1:], np.array([1, 2]))
    np.testing.assert_allclose(own, info.own_step(pull[1])[1:], rtol=1e-12)
