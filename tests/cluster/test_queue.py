from hypothesis import given
from hypothesis import strategies as st

from support.scripted import tiny_study
from vaar.cluster.queue import Load, Queue
from vaar.sessions.plan import plan_sessions

MODELS = ["a", "b"]


def planned(sessions):
    return plan_sessions(tiny_study(), MODELS, sessions, seed=1)


def load(capacity=4):
    return Load(dict.fromkeys(MODELS, capacity))


def test_a_worker_gets_no_more_than_it_takes():
    queue, one = Queue(planned(20), {"a": None, "b": None}), load(capacity=4)
    assert [s.number for s in queue.grant(one, workers=1)] == [1, 3, 5, 7, 2, 4, 6, 8]
    assert not queue.grant(one, workers=1)
    queue.leave(one, 3)
    assert [s.number for s in queue.grant(one, workers=1)] == [9]


def test_a_bound_holds_over_all_workers_and_is_divided():
    queue, loads = Queue(planned(20), {"a": 3, "b": None}), [load(9), load(9)]
    granted = [[s.respondent for s in queue.grant(each, workers=2)].count("a") for each in loads]
    assert granted == [2, 1]


def test_few_sessions_are_spread():
    queue, loads = Queue(planned(2), {"a": None, "b": None}), [load(9), load(9)]
    assert [len(queue.grant(each, workers=2)) for each in loads] == [2, 2]


def test_sessions_of_a_lost_worker_go_before_others():
    queue, lost = Queue(planned(6), {"a": None, "b": None}), load(2)
    held = queue.grant(lost, workers=1)
    assert sorted(s.number for s in queue.give_back(lost)) == [1, 2, 3, 4]
    assert queue.grant(load(2), workers=1) == held


def test_sessions_of_a_halted_respondent_do_not_begin():
    queue = Queue(planned(6), {"a": None, "b": None})
    queue.drop(["a"])
    assert {s.respondent for s in queue.grant(load(), workers=1)} == {"b"}


@given(
    st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=60),
    st.integers(1, 5),
    st.one_of(st.none(), st.integers(1, 6)),
)
def test_no_session_is_lost_or_doubled_and_every_bound_holds(steps, capacity, bound):
    """Workers come to ask, end one session, or are lost, in any order."""
    everyone = planned(8)
    queue = Queue(everyone, {"a": bound, "b": None})
    loads = [load(capacity) for _ in range(3)]
    ended = []
    for at, lost in steps:
        if lost:
            queue.give_back(loads[at])
        elif loads[at].running:
            number = next(iter(loads[at].running))
            queue.leave(loads[at], number)
            ended.append(number)
        queue.grant(loads[at], len(loads))
        running = [s for each in loads for s in each.running.values()]
        assert len({s.number for s in running}) == len(running)
        assert len(queue) + len(running) + len(ended) == len(everyone)
        assert bound is None or sum(s.respondent == "a" for s in running) <= bound
    while len(queue) or any(each.running for each in loads):
        for each in loads:
            queue.grant(each, len(loads))
            for number in list(each.running):
                queue.leave(each, number)
                ended.append(number)
    assert sorted(ended) == [s.number for s in everyone]
