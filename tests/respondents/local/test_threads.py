from collections import Counter

import pytest

from vaar.respondents.local.threads import (
    HOPELESS,
    WORTH,
    candidates,
    fewest_worthwhile,
    usable_cores,
)


class Machine:
    """A clock that goes on by what a trial takes with the threads that are set."""

    def __init__(self, seconds):
        self.seconds, self.threads, self.now = seconds, 0, 0.0
        self.trials = Counter()

    def set(self, threads):
        self.threads = threads

    def trial(self):
        self.now += self.seconds[self.threads]
        self.trials[self.threads] += 1

    def best(self, cores=8):
        return fewest_worthwhile(self.trial, self.set, cores, lambda: self.now)


def test_numbers_double_up_to_the_cores():
    assert list(candidates(8)) == [1, 2, 4, 8]
    assert list(candidates(6)) == [1, 2, 4]
    assert list(candidates(1)) == [1]


def test_threads_that_help_are_taken():
    machine = Machine({1: 8.0, 2: 4.2, 4: 2.3, 8: 2.2})
    assert machine.best() == 4
    assert machine.threads == 4


def test_threads_that_spin_are_not():
    machine = Machine({1: 1.0, 2: 100.0, 4: 100.0, 8: 100.0})
    assert machine.best() == 1
    assert machine.threads == 1


@pytest.mark.parametrize(("share", "expected"), [(WORTH - 0.01, 2), (WORTH + 0.01, 1)])
def test_a_small_gain_is_not_worth_a_thread(share, expected):
    assert Machine({1: 1.0, 2: share}).best(cores=2) == expected


@pytest.mark.parametrize(("times", "trials"), [(HOPELESS - 0.1, 4), (HOPELESS + 0.1, 1)])
def test_what_is_hopeless_is_tried_once(times, trials):
    machine = Machine({1: 1.0, 2: times})
    assert machine.best(cores=2) == 1
    assert machine.trials[2] == trials


def test_this_machine_has_a_core():
    assert usable_cores() >= 1
