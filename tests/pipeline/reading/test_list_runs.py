import json

import pytest

import vaar
from vaar.errors import RunDirectoryError
from vaar.journal.lock import locked
from vaar.pipeline.plan import plan
from vaar.pipeline.reading.list_runs import list_runs
from vaar.pipeline.run import carry_out


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("list")
    for name in ("a", "b"):
        carry_out(plan(models=["simulated/noisy"], sessions=2), folder / name)
    vaar.analyze(folder / "b", only=["profile"])
    (folder / "c").mkdir()
    (folder / "c" / "run.json").write_text('{"identity": []}')
    (folder / "d").mkdir()
    (folder / "e.txt").write_text("")
    return folder


def test_each_run_below_is_listed_and_a_damaged_one_told(runs):
    a, b, c = list_runs(runs)
    assert (a.directory.name, a.complete, a.failed, a.pending) == ("a", 2, 0, 0)
    assert (a.study, a.respondents) == ("privacy_prosocial", ("simulated/noisy",))
    assert (a.analyses, b.analyses, b.report, b.running) == ((), ("default",), False, False)
    assert a.started == json.loads((runs / "a" / "run.json").read_text())["started"]
    assert "run.json: damaged" in c.problem


def test_a_run_directory_itself_can_be_given(runs):
    (found,) = list_runs(runs / "a")
    assert found.complete == 2
    with locked(runs / "a"):
        assert next(list_runs(runs / "a")).running


def test_a_directory_that_is_not_there_is_told(runs):
    with pytest.raises(RunDirectoryError, match="no such directory"):
        next(list_runs(runs / "nothing"))
