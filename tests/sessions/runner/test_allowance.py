import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.sessions.runner.allowance import Allowance


def filled(cap, used, done=()):
    allowance = Allowance(cap, used)
    for name, amount in used.items():
        allowance.use(name, amount)
    for name in done:
        allowance.finish(name)
    return allowance


@pytest.mark.parametrize(
    ("used", "done", "level"),
    [
        ({"a": 0, "b": 0}, "", 50),
        ({"a": 30, "b": 0}, "", 50),
        ({"a": 80, "b": 0}, "", 20),
        ({"a": 10, "b": 0}, "a", 90),
        ({"a": 50, "b": 50}, "", float("-inf")),
        ({"a": 70, "b": 20, "c": 5}, "", 10),
        ({"a": 10, "b": 10}, "ab", float("-inf")),
    ],
)
def test_the_level_up_to_which_each_may_use(used, done, level):
    assert filled(100, used, done).level() == level


def test_room_and_what_is_reserved():
    allowance = filled(100, {"a": 40, "b": 0})
    assert allowance.fits("a", 10) and not allowance.fits("a", 11)
    allowance.reserve("a", 10)
    assert not allowance.fits("a", 1) and allowance.has_room("a")
    allowance.reserve("a", -10)
    assert allowance.fits("a", 10)
    allowance.finish("b")
    assert allowance.fits("a", 60)


def test_who_does_not_use_it_is_not_held_back():
    allowance = filled(0, {"a": 1})
    assert not allowance.has_room("a")
    assert allowance.has_room("free") and allowance.fits("free", 10**9)
    allowance.use("free", 5)
    assert allowance.total == 1


@given(
    st.floats(0, 1e6),
    st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 1e5), min_size=1),
    st.sets(st.sampled_from("abcdef")),
)
def test_all_up_to_the_level_is_all_there_is(cap, used, done):
    level = filled(cap, used, done & used.keys()).level()
    active = used.keys() - done
    if level == float("-inf"):
        assert not active or sum(used.values()) >= cap - 1e-6 or level
        return
    together = sum(max(used[n], level) if n in active else used[n] for n in used)
    assert together == pytest.approx(cap, abs=1e-6)
    assert any(used[name] < level for name in active)
