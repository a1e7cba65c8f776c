"""Seeds of sessions and turns, against vectors written out by hand with hashlib."""

import hashlib
import subprocess
import sys
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.sessions.records import Session
from vaar.sessions.seeds import SEEDS, session_seed, turn_seed


def session(group="openai/m [carried]", replicate=3, run_seed=7, earlier=0):
    return Session(
        1, group, "openai/m", "carried", replicate, 99, run_seed=run_seed, earlier=earlier
    )


@pytest.mark.parametrize(
    ("asked", "turn", "attempt", "canonical"),
    [
        (session(), 0, 0, b'[7,"openai/m [carried]",3,0,0]'),
        (session(), 12, 2, b'[7,"openai/m [carried]",3,12,2]'),
        (
            session('a "b"\n\u00e9\U0001f642', 1, 0),
            1,
            0,
            rb'[0,"a \"b\"\n\u00e9\ud83d\ude42",1,1,0]',
        ),
        (session(replicate=103, earlier=100), 0, 0, b'[7,"openai/m [carried]",3,0,0]'),
    ],
)
def test_the_seed_of_a_turn_is_the_head_of_a_hash(asked, turn, attempt, canonical):
    expected = int(hashlib.sha256(canonical).hexdigest()[:8], 16) % 2147483648
    assert turn_seed(asked, turn, attempt) == expected


def test_a_vector_that_does_not_move():
    """Printed once by ``printf '[7,"g",1,0,0]' | sha256sum`` (GNU coreutils)."""
    head = 0xCAA405D2
    assert turn_seed(session("g", 1), 0, 0) == head % 2**31


def test_another_process_draws_the_same():
    code = (
        "from vaar.sessions.records import Session; from vaar.sessions.seeds import turn_seed; "
        "print(turn_seed(Session(1, 'g', 'r', 'c', 1, 99, run_seed=7), 4, 1))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": salt, "PYTHONPATH": ":".join(sys.path)},
        ).stdout.strip()
        for salt in ("1", "2")
    }
    assert found == {str(turn_seed(session("g", 1), 4, 1))}


def test_turns_attempts_groups_and_replicates_have_seeds_of_their_own():
    drawn = {
        turn_seed(session(group, replicate, run_seed), turn, attempt)
        for group, replicate, run_seed, turn, attempt in product(
            ("a", "b"), range(1, 11), (1, 2), range(20), range(3)
        )
    }
    assert len(drawn) == 2 * 10 * 2 * 20 * 3  # one in 2^31 for each of 3 million pairs: .0013
    assert all(0 <= seed < SEEDS for seed in drawn)


def test_a_run_of_the_earlier_rule_keeps_its_one_seed():
    asked = session(run_seed=None)
    assert {turn_seed(asked, turn, attempt) for turn in range(5) for attempt in range(3)} == {99}


@given(st.integers(0, 2**63), st.integers(1, 10**6), st.integers(1, 10**6))
def test_session_seeds_fit_31_bits_and_never_repeat_within_a_run(run, first, second):
    seeds = session_seed(run, first), session_seed(run, second)
    assert all(0 <= seed < SEEDS for seed in seeds)
    assert (seeds[0] == seeds[1]) == (first == second)
