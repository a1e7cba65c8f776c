"""Many simulated data sets, each drawn from a seed of its own and judged."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import active_children, get_context

import numpy as np
from threadpoolctl import threadpool_limits

from vaar.analyses.alignment.options import AlignmentOptions
from vaar.calibration.design import Design, design_of
from vaar.calibration.draw import drawn
from vaar.calibration.judge import Judged, judge
from vaar.calibration.options import SimulationOptions
from vaar.calibration.with_parent import end_with_parent
from vaar.errors import DataError
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
    """Processes that judge data sets side by side until the block ends; they change no result.

    Raises
    ------
    DataError
        One of them was ended from without.
    """
    worker = _Worker(replay)
    if workers <= 1:
        yield lambda cells, told: _gathered(replay, cells, _one_by_one(worker), told)
        return
    others = set(active_children())
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _begin, (worker,))
    try:
        yield lambda cells, told: _gathered(replay, cells, _side_by_side(pool), told)
    except KeyboardInterrupt:
        for process in set(active_children()) - others:
            process.terminate()  # what it has begun, or its start, would take seconds
        raise
    except BrokenProcessPool as error:
        raise DataError(
            f"one of {workers} processes side by side ended before its data sets were judged: it "
            "was killed, for want of memory perhaps, or a script has no "
            '`if __name__ == "__main__":`. Give fewer workers, or 1'
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_Task = tuple[Cell, range]
_Done = tuple[_Task, list[Judged]]
_Map = Callable[[Sequence[_Task]], Iterator[_Done]]


def _gathered(
    replay: Replay, cells: Sequence[Cell], mapped: _Map, told: Callable[[int, int], None]
) -> list[list[Judged]]:
    """The data sets of every cell, in their order."""
    n = replay.simulation.data_sets
    parts = [range(start, min(start + CHUNK, n)) for start in range(0, n, CHUNK)]
    found: dict[_Task, list[Judged]] = {}
    done = 0
    for task, judged in mapped([(cell, part) for cell in cells for part in parts]):
        found[task] = judged
        done += len(judged)
        told(done, len(cells) * n)
    return [[one for part in parts for one in found[cell, part]] for cell in cells]


def _one_by_one(worker: _Worker) -> _Map:
    return lambda tasks: ((task, worker(*task)) for task in tasks)


def _side_by_side(pool: ProcessPoolExecutor) -> _Map:
    def mapped(tasks: Sequence[_Task]) -> Iterator[_Done]:
        with _interrupts_later():
            asked = {pool.submit(_do, *task): task for task in tasks}
        return ((asked[future], future.result()) for future in as_completed(asked))

    return mapped


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """Ctrl-C waits until the block ends; processes begun in it leave it to this one for good."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass(frozen=True)
class _Worker:
    """Judges data sets of one cell; alike wherever and in whatever order it does."""

    replay: Replay

    def __call__(self, cell: Cell, data_sets: range) -> list[Judged]:
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


_here: list[_Worker] = []
"""The worker of a process of the pool."""


def _begin(worker: _Worker) -> None:
    end_with_parent()
    _here[:] = [worker]


def _do(cell: Cell, data_sets: range) -> list[Judged]:
    return _here[0](cell, data_sets)
