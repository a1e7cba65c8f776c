"""Side by side, searches find the minima of quadratic functions, each by its own memory."""

from __future__ import annotations

import numpy as np

from vaar.sem.search.memory import Memory, dot


def test_each_search_learns_its_own_curvature() -> None:
    rng = np.random.default_rng(2)
    root = rng.normal(size=(3, 4, 4))
    curvature = root @ root.transpose(0, 2, 1) + np.eye(4)
    x, memory = rng.normal(size=(3, 4)), Memory((3, 4))
    going = np.array([0, 2])  # the second one waits
    waiting = x[1].copy()

    def pull(which: np.ndarray) -> np.ndarray:
        return -np.einsum("gij,gj->gi", curvature[which], x[which])

    for _ in range(30):
        before = pull(going)
        step = memory.step(before, going, lambda pull, which: pull / 10)
        length = dot(step, before) / np.einsum("gi,gij,gj->g", step, curvature[going], step)
        step *= length[:, None]
        x[going] += step
        memory.remember(going, step, before - pull(going))
        if np.abs(x[going]).max() < 1e-9:
            break
    np.testing.assert_allclose(x[going], 0, atol=1e-9)
    np.testing.assert_array_equal(x[1], waiting)


def test_a_step_against_the_curvature_is_not_remembered() -> None:
    memory, only = Memory((1, 2)), np.zeros(1, dtype=np.int64)
    memory.remember(only, np.array([[1.0, 0.0]]), np.array([[-1.0, 0.0]]))
    pull = np.array([[1.0, 2.0]])
    np.testing.assert_array_equal(memory.step(pull, only, lambda pull, _: pull), pull)
