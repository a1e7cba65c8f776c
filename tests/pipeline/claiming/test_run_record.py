"""What a record must hold where it holds something."""

import json
from pathlib import Path

import pytest

from vaar.errors import RunDirectoryError
from vaar.pipeline.claiming.run_record import problem_in
from vaar.pipeline.plan import plan
from vaar.pipeline.run import carry_out
from vaar.pipeline.rundir import RunDirectory

RECORDED = Path(__file__).parents[2] / "data" / "three_respondents" / "run.json"
WRONG = (None, True, -1, 1.5, "x", ["x"], [None], {"a": 1}, {"a": {"b": "c"}}, [{"name": 7}])
KINDS = {
    "identity": ({"a": 1}, {"a": {"b": "c"}}),
    "command": (None, "x"),
    "packages": (),
    "respondents": (),
    "prices": (),
    "faults": (),
    "requests": (None,),
    "options": ({"a": 1}, {"a": {"b": "c"}}),
    "human": (None, {"a": 1}, {"a": {"b": "c"}}),
    "calls": ([{"name": 7}],),
    "grown": ([{"name": 7}],),
    "merged": (["x"],),
    "imported": (),
}
"""What of that is right, by key."""


@pytest.mark.parametrize("key", KINDS)
def test_a_value_of_another_kind_is_named(key):
    if key in ("prices", "requests", "faults"):
        assert not problem_in({key: {"a": {"b": 1}}})
    for value in WRONG:
        right = value in KINDS[key] or (key == "requests" and value == {"a": {"b": "c"}})
        right = right or (key == "prices" and value == {"a": {"b": "c"}})
        told = problem_in({key: value})
        assert bool(told) is not right, value
        assert right or told.startswith(key)


def test_records_of_this_version_and_of_earlier_ones_are_sound(tmp_path):
    assert not problem_in(json.loads(RECORDED.read_text(encoding="utf-8")))
    carry_out(plan(models=["simulated/noisy"], sessions=1), tmp_path)
    assert RunDirectory(tmp_path).read_run()["respondents"]


def test_a_damaged_record_is_told_in_a_sentence(tmp_path):
    (tmp_path / "run.json").write_text(json.dumps({"prices": 7}))
    with pytest.raises(RunDirectoryError, match=r"run.json: damaged \(prices: input should be"):
        RunDirectory(tmp_path).read_run()
