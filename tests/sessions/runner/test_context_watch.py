import pytest

from vaar.sessions.runner.context_watch import ContextWatch


def conversation(turns):
    """Every question has 200 characters and every reply one."""
    messages = [{"role": "user", "content": "x" * 200}]
    for _ in range(turns - 1):
        messages += [{"role": "assistant", "content": "4"}, {"role": "user", "content": "x" * 200}]
    return messages


def first_cut(counts):
    """The turn, counted from 1, at which a cut is noticed; None where none is."""
    watch, said = ContextWatch(), []
    for turn, tokens in enumerate(counts, start=1):
        said += conversation(turn)[len(said) :]
        if watch.is_cut(said, tokens):
            return turn
    return None


FULL = [50 * turn for turn in range(1, 40)]


@pytest.mark.parametrize(
    ("counts", "turn"),
    [
        ([min(count, 512) for count in FULL], 12),  # held at the limit
        ([count if count <= 500 else 480 - count % 7 for count in FULL], 11),  # whole messages go
        ([50, 100, 150, 150], 4),
        ([*FULL[:20], 990], 21),
    ],
)
def test_a_count_that_stops_to_grow(counts, turn):
    assert first_cut(counts) == turn


WHOLE = {
    "growing": FULL,
    "not told": [0] * 39,
    "told now and then": [count if n % 3 else 0 for n, count in enumerate(FULL)],
    "the same always": [300] * 39,
    "only what is new": [50, 14, 15, 13, 14, 14, 15, 13, 12, 14, 15, 13, 14, 15, 13],
    "new tokens after a warm start": [50, 100, 150, 20, 21, 19, 22, 20, 20],
    "one step, then the same": [50, 100, 100, 100, 100],
}


@pytest.mark.parametrize("counts", WHOLE.values(), ids=WHOLE)
def test_counts_that_show_no_cut(counts):
    assert first_cut(counts) is None


def test_a_conversation_that_begins_anew_is_another():
    watch = ContextWatch()
    for length in (4, 4, 4):
        said = []
        for turn in range(1, length + 1):
            said += conversation(turn)[len(said) :]
            assert not watch.is_cut(said, 50 * turn)


def test_a_reminder_of_a_few_characters_tells_nothing():
    watch, said = ContextWatch(), []
    for turn in (1, 2, 3):
        said += conversation(turn)[len(said) :]
        watch.is_cut(said, 50 * turn)
    said.append({"role": "user", "content": "x" * 30})
    assert not watch.is_cut(said, 150)
    said.append({"role": "user", "content": "x" * 200})
    assert watch.is_cut(said, 150)
