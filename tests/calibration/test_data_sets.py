import os
import signal
import threading
import time
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import active_children

import numpy as np
import pytest

from vaar.calibration.data_sets import Cell, judging
from vaar.calibration.options import SimulationOptions
from vaar.calibration.populations import without_effects
from vaar.errors import DataError


def told(judged):
    return [
        (one.verdict.tolist(), one.estimate.tobytes(), one.vaar_lower.tobytes()) for one in judged
    ]


@pytest.mark.slow  # a process of its own imports everything anew
def test_results_are_the_same_however_many_processes_there_are(replay):
    replay = replace(replay, simulation=SimulationOptions(data_sets=3, seed=9))
    cells = [Cell(one, 60) for one in without_effects(["null", "first-option"], 0.7)]
    seen = []
    with judging(replay) as judge:
        alone = judge(cells, lambda done, total: seen.append((done, total)))
    with judging(replay, 2) as judge:
        together = judge(cells, lambda done, total: None)
    assert [told(own) for own in alone] == [told(own) for own in together]
    assert seen == [(3, 6), (6, 6)]


def test_data_sets_differ_from_one_another_and_between_seeds(replay, null):
    cell, judged = null
    estimates = np.array([one.estimate for one in judged])
    assert len(np.unique(estimates[..., 0])) == len(judged)
    other = replace(replay, simulation=SimulationOptions(data_sets=2, seed=5))
    with judging(other) as judge:
        (again,) = judge([cell], lambda done, total: None)
    assert told(again) != told(judged[:2])


def test_a_process_that_was_killed_is_told_in_words(replay):
    with pytest.raises(DataError, match="Give fewer workers"), judging(replay, 2):
        raise BrokenProcessPool


def test_an_interrupt_ends_what_is_begun(replay):
    cell = Cell(without_effects(["null"], 0.7)[0], 60)
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), judging(replay, 2) as judge:
        timer = threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGINT])
        timer.start()
        judge([cell] * 2_000, lambda done, total: None)
    assert not active_children()
    assert time.monotonic() - begun < 300  # all of it would take twenty minutes and more
