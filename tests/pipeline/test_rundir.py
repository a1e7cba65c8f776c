import errno
import os

import pytest

from vaar.errors import RunDirectoryError
from vaar.files.write import part_of
from vaar.pipeline.plan import plan
from vaar.pipeline.run import carry_out
from vaar.pipeline.rundir import BEING_MADE, EDITED, RunDirectory, claim

IDENTITY = {"study": "tiny", "seed": 1}


def test_a_new_or_empty_directory_is_taken(tmp_path):
    for path in (tmp_path / "deep" / "new", tmp_path / "empty"):
        (tmp_path / "empty").mkdir(exist_ok=True)
        files, found = claim(path)
        assert (files.path, found) == (path, None)
    assert claim(tmp_path / "empty")[1] is None


def test_the_run_that_is_there_is_told(tmp_path):
    files, _ = claim(tmp_path / "run")
    files.write_run({"identity": IDENTITY})
    assert claim(tmp_path / "run")[1] == IDENTITY
    for damaged, said in (({}, "holds no identity"), ({"identity": "mine"}, "damaged .identity:")):
        files.write_run(damaged)
        with pytest.raises(RunDirectoryError, match=said):
            claim(tmp_path / "run")


def test_a_directory_of_something_else_is_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(RunDirectoryError, match=r"not empty and holds no run \(thesis.txt"):
        claim(tmp_path)
    with pytest.raises(RunDirectoryError, match="holds no run"):
        carry_out(plan(models=["simulated/noisy"], sessions=2), tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_path_that_cannot_be_a_directory_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunDirectoryError, match="cannot be used as output directory"):
        claim(tmp_path / "file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_directory_is_told(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(RunDirectoryError, match="Permission denied"):
        claim(tmp_path / "run")


@pytest.mark.parametrize("content", ["", "{", "[1]", "\x00"])
def test_a_damaged_record_is_told(tmp_path, content):
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(RunDirectoryError, match=r"run\.json"):
        claim(tmp_path)


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    files = RunDirectory(tmp_path)
    files.write_text("report.html", "old")

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunDirectoryError, match="cannot be written"):
        files.write_text("report.html", "new")
    assert files.report.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_directory_whose_making_did_not_end_is_taken_by_the_same_command_only(tmp_path):
    RunDirectory(tmp_path).write_run({"identity": {}, BEING_MADE: "merge"})
    assert claim(tmp_path, "merge")[1] == {}
    for other in ("", "import"):
        with pytest.raises(RunDirectoryError, match="the merge that was to make this run"):
            claim(tmp_path, other)


def test_what_a_writer_left_that_died_is_nobodys_file(tmp_path):
    part_of(tmp_path / "study.yaml").write_text("half")
    (tmp_path / ".analysis.lock").touch()
    assert claim(tmp_path)[1] is None


def test_what_was_left_half_written_goes_and_what_another_process_writes_stays(tmp_path):
    part = "0123456789abcdef.part"
    left = [tmp_path / f".{name}.{part}" for name in ("run.json", "study.yaml", "human.csv")]
    others = [tmp_path / f".{name}.{part}" for name in ("responses.parquet", "report.html")]
    for path in (*left, *others):
        path.write_text("half")
    carry_out(plan(models=["simulated/noisy"], sessions=1), tmp_path)
    assert not any(path.exists() for path in left)
    assert all(path.exists() for path in others)


def test_a_record_that_was_edited_says_so_and_goes_on_saying_so(tmp_path):
    files = RunDirectory(tmp_path)
    files.write_run({"identity": IDENTITY, "seed": 1})
    assert EDITED not in files.read_run()
    record = tmp_path / "run.json"
    record.write_text(record.read_text().replace('"seed": 1', '"seed": 2'))
    assert files.read_run()[EDITED] is True
    files.write_run(files.read_run() | {"finished": "now"})
    assert files.read_run()[EDITED] is True
