"""`vaar run --shard` and `vaar merge`, from outside."""

import pytest

from support.command import vaar

SMALL = ["--model", "simulated/human-like", "--sessions", "20"]


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    cwd = tmp_path_factory.mktemp("shards")
    return cwd, [
        vaar("run", *SMALL, "--shard", f"{n}/2", "--out", f"s{n}", cwd=cwd) for n in (1, 2)
    ]


def test_a_shard_says_what_comes_next_and_analyses_nothing(asked):
    cwd, (first, _) = asked
    assert first.returncode == 0, first.stderr
    assert "This was shard 1/2" in first.stderr
    assert "vaar merge" in first.stderr
    assert not (cwd / "s1/vaar.csv").exists()


def test_merging_tells_what_is_missing_and_what_is_there(asked):
    cwd, _ = asked
    part = vaar("merge", "s1", "--out", "all", cwd=cwd)
    assert part.returncode == 0, part.stderr
    assert "20 sessions, 10 complete, 0 failed, 10 pending" in part.stdout
    assert "Not given: 2/2" in part.stderr
    assert "without --shard" in part.stderr
    whole = vaar("merge", "s1", "s2", "--out", "all", cwd=cwd)
    assert "20 complete" in whole.stdout
    assert "Not given" not in whole.stderr


def test_a_shard_is_not_resumed_as_the_whole_run(asked):
    cwd, _ = asked
    done = vaar("run", *SMALL, "--out", "s1", cwd=cwd)
    assert done.returncode == 1
    assert "shard: there '1/2'" in done.stderr


def test_a_wrong_shard_is_wrong_usage(asked):
    cwd, _ = asked
    done = vaar("run", *SMALL, "--shard", "3/2", cwd=cwd)
    assert done.returncode == 2
    assert "write i/N" in " ".join(done.stderr.replace("│", " ").split())
