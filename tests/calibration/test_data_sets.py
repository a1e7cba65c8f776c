from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pytest

from vaar.calibration.data_sets import Cell, judging
from vaar.calibration.options import SimulationOptions
from vaar.calibration.populations import without_effects
from vaar.processes.process import Process


def told(judged):
    return [
        (one.verdict.tolist(), one.estimate.tobytes(), one.vaar_lower.tobytes()) for one in judged
    ]


@pytest.mark.slow  # a process of its own imports everything anew
def test_results_are_the_same_however_many_processes_there_are(replay, all_is_shared, monkeypatch):
    monkeypatch.setattr("vaar.calibration.data_sets.CHUNK", 1)
    replay = replace(replay, simulation=SimulationOptions(data_sets=3, seed=9))
    cells = [Cell(one, 60) for one in without_effects(["null", "first-option"], 0.7)]
    seen = []
    ask = Mock(side_effect=Process.ask)
    monkeypatch.setattr(Process, "ask", lambda *of: ask(*of))
    with judging(replay) as judge:
        alone = judge(cells, lambda done, total: seen.append((done, total)))
    with judging(replay, 2) as judge:
        together = judge(cells, lambda done, total: None)
    assert [told(own) for own in alone] == [told(own) for own in together]
    assert ask.called
    assert seen == [(k, 6) for k in range(1, 7)]


def test_data_sets_differ_from_one_another_and_between_seeds(replay, null):
    cell, judged = null
    estimates = np.array([one.estimate for one in judged])
    assert len(np.unique(estimates[..., 0])) == len(judged)
    other = replace(replay, simulation=SimulationOptions(data_sets=2, seed=5))
    with judging(other) as judge:
        (again,) = judge([cell], lambda done, total: None)
    assert told(again) != told(judged[:2])
