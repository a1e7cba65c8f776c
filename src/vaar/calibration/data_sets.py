"""Many simulated data sets, each drawn from a seed of its own and judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from threadpoolctl import threadpool_limits

from vaar.analyses.alignment.options import AlignmentOptions
from vaar.calibration.design import Design, design_of
from vaar.calibration.draw import drawn
from vaar.calibration.judge import Judged, judge
from vaar.calibration.options import SimulationOptions
from vaar.processes.pool import Pool, sharing
from vaar.respondents.simulated.answer_model import AnswerModel
from vaar.respondents.simulated.populations import Population
from vaar.study.model import Study

CHUNK = 10
"""Data sets that one process judges at a time."""


@dataclass(frozen=True)
class Replay:
    """A study, its design and its analysis, to be replayed.

    Attributes
    ----------
    design_seed : int
        Seed of the run, which draws what its sessions are given.
    by : tuple of str
        Design factors that split the groups.
    """

    study: Study
    analysis: AlignmentOptions
    simulation: SimulationOptions
    design_seed: int = 1
    by: tuple[str, ...] = ()

    def design(self, sessions: int) -> Design:
        """The sessions of one respondent, so many of each condition."""
        return design_of(self.study, sessions, self.design_seed, self.by)


@dataclass(frozen=True)
class Cell:
    """What is simulated: a population, and how many sessions of each condition it gives."""

    population: Population
    sessions: int


Judge = Callable[[Sequence[Cell], Callable[[int, int], None]], list[list[Judged]]]
"""Judges the data sets of every cell, and tells how many of how many are done."""


@contextmanager
def judging(replay: Replay, workers: int = 1) -> Iterator[Judge]:
    """Up to so many processes judge data sets until the block ends; they change no result."""
    worker = _Worker(replay)
    with sharing(workers) as pool:
        yield lambda cells, told: _gathered(worker, cells, pool, told)


_Task = tuple[Cell, range]


def _gathered(
    worker: _Worker, cells: Sequence[Cell], pool: Pool, told: Callable[[int, int], None]
) -> list[list[Judged]]:
    """The data sets of every cell, in their order."""
    n = worker.replay.simulation.data_sets
    parts = [range(start, min(start + CHUNK, n)) for start in range(0, n, CHUNK)]
    tasks = [(cell, part) for cell in cells for part in parts]
    found: dict[_Task, list[Judged]] = {}
    done = 0
    for task, judged in zip(tasks, pool(worker, tasks), strict=True):
        found[task] = judged
        done += len(judged)
        told(done, len(cells) * n)
    return [[one for part in parts for one in found[cell, part]] for cell in cells]


@dataclass(frozen=True)
class _Worker:
    """Judges data sets of one cell; alike wherever and in whatever order it does."""

    replay: Replay

    def __call__(self, task: _Task) -> list[Judged]:
        cell, data_sets = task
        with threadpool_limits(1, "blas"):
            design, model = _prepare(_Same(self.replay, cell))
            return [self._one(design, model, cell, k) for k in data_sets]

    def _one(self, design: Design, model: AnswerModel, cell: Cell, number: int) -> Judged:
        simulation = self.replay.simulation
        name = cell.population.name.encode()
        rng = np.random.default_rng([simulation.seed, cell.sessions, number, *name])
        values = drawn(model, design, rng, simulation.persona_share)
        return judge(values, design, self.replay.analysis, rng)


class _Same:
    """A replay and a cell, equal to themselves only: studies are too large to be compared."""

    def __init__(self, replay: Replay, cell: Cell) -> None:
        self.replay, self.cell = replay, cell

    def __hash__(self) -> int:
        return hash((id(self.replay), self.cell))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.replay is other.replay and self.cell == other.cell


@lru_cache(maxsize=2)
def _prepare(same: _Same) -> tuple[Design, AnswerModel]:
    replay, cell = same.replay, same.cell
    return replay.design(cell.sessions), AnswerModel(cell.population, replay.study)
