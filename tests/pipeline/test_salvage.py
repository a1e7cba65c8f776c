import json
from contextlib import closing

import pytest

import vaar
from vaar.errors import RunDirectoryError, StudyError
from vaar.journal.format.schema import PAGE
from vaar.journal.journal import Journal
from vaar.journal.lock import locked
from vaar.pipeline.ask import CollectionOptions
from vaar.pipeline.plan import plan
from vaar.pipeline.run import carry_out
from vaar.pipeline.salvage import salvage


@pytest.fixture
def run(tmp_path):
    settled = plan(models=["simulated/noisy"], sessions=20)
    carry_out(settled, tmp_path / "run")
    return tmp_path / "run"


def replies(run):
    with closing(Journal.existing(run / "journal.sqlite")) as journal:
        return list(journal.turns())


def test_a_damaged_run_names_its_salvage_and_goes_on_after_it(run):
    whole = replies(run)
    path = run / "journal.sqlite"
    content = path.read_bytes()
    middle = len(content) // PAGE // 2 * PAGE
    path.write_bytes(content[:middle] + b"\xff" * PAGE + content[middle + PAGE :])
    settled = plan(models=["simulated/noisy"], sessions=20)
    for refused in (lambda: carry_out(settled, run), lambda: vaar.analyze(run)):
        with pytest.raises(RunDirectoryError, match=f"vaar salvage {run}"):
            refused()
    done = salvage(run)
    assert 0 < done.kept < len(whole)
    assert done.cut > 0
    _, asked = carry_out(settled, run, CollectionOptions(4))
    assert asked.progress.turns == len(whole) - done.kept
    assert replies(run) == whole


def test_what_it_needs_is_told(run):
    with locked(run), pytest.raises(RunDirectoryError, match="another vaar process"):
        salvage(run)
    record = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps(record | {"identity": {}}))
    with pytest.raises(RunDirectoryError, match=r"run\.json: damaged.*sessions"):
        salvage(run)
    (run / "study.yaml").write_text("study: 3")
    with pytest.raises(StudyError):
        salvage(run)
