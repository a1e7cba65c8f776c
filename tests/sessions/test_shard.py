from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.scripted import tiny_study
from vaar.errors import VaarError
from vaar.sessions.plan import plan_sessions
from vaar.sessions.shard import Shard

counts = st.integers(1, 7)


def planned(groups, sessions, conditions=1):
    study = tiny_study()
    first = study.conditions[0]
    study = replace(
        study, conditions=tuple(replace(first, name=f"c{k}") for k in range(conditions))
    )
    return plan_sessions(study, [f"model-{k}" for k in range(groups)], sessions, seed=1)


@given(groups=counts, sessions=st.integers(1, 30), conditions=st.integers(1, 3), count=counts)
def test_every_session_is_in_one_shard_and_no_group_is_favoured(
    groups, sessions, conditions, count
):
    everyone = planned(groups, sessions, conditions)
    shares = [Shard(number, count).share(everyone) for number in range(1, count + 1)]
    assert sorted(s.number for share in shares for s in share) == [s.number for s in everyone]
    for share in shares:
        by_group = Counter(session.group for session in share)
        for group in {session.group for session in everyone}:
            assert sessions // count <= by_group[group] <= -(-sessions // count)
    sizes = [len(share) for share in shares]
    assert max(sizes) - min(sizes) <= groups * conditions


def test_single_sessions_are_spread_over_the_shards():
    assert [len(Shard(number, 3).share(planned(6, 1))) for number in (1, 2, 3)] == [2, 2, 2]


def test_a_shard_is_read_and_written_alike():
    assert Shard.parse("2/8") == Shard(2, 8)
    assert str(Shard(2, 8)) == "2/8"


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "1/2/3", "a/b", "-1/2", "1/0", " 1/2", "²/3"])
def test_what_is_no_shard_is_refused(text):
    with pytest.raises(VaarError, match="write i/N"):
        Shard.parse(text)
