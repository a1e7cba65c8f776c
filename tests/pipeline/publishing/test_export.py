from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from vaar.errors import RunDirectoryError
from vaar.pipeline.publishing.export import export


def test_tables_figures_and_data_of_every_analysis_are_written(
    run: Path, example: Any, tmp_path: Path
) -> None:
    to = tmp_path / "deep" / "out"
    written = export(run, to, analyses=[example.Extremes()])
    assert sorted(written) == sorted(path for path in to.rglob("*") if path.is_file())
    assert written[0].name == "README.md"
    for name in (
        *("extremes/extremes.svg", "profiles/scale-means.tex", "profiles/scale-means.md"),
        *("data/groups.csv", "data/profile.csv", "data/extremes.csv", "data/COLUMNS.md"),
    ):
        assert (to / name) in written
    assert (to / "data" / "profile.csv").read_bytes() == (run / "profile.csv").read_bytes()
    assert "SIMULATED" in written[0].read_text("utf-8")


def test_a_folder_of_something_else_is_left_alone(run: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("mine")
    for overwrite in (False, True):
        with pytest.raises(RunDirectoryError, match=r"not empty \(thesis.tex, …\). Choose a new"):
            export(run, tmp_path / "mine", overwrite=overwrite)
    assert (tmp_path / "mine" / "thesis.tex").read_text() == "mine"


def test_an_earlier_export_is_replaced_only_when_asked(
    run: Path, example: Any, tmp_path: Path
) -> None:
    export(run, tmp_path / "out", analyses=[example.Extremes()])
    with pytest.raises(RunDirectoryError, match="replace the earlier export with --overwrite"):
        export(run, tmp_path / "out")
    export(run, tmp_path / "out", overwrite=True)
    assert not (tmp_path / "out" / "extremes").exists()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".out")] == []


def test_a_path_that_is_no_folder_is_told(run: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunDirectoryError, match="cannot be used as a folder"):
        export(run, tmp_path / "file")
    with pytest.raises(RunDirectoryError, match="cannot be written"):
        export(run, tmp_path / "file" / "inside")


def test_an_analysis_that_is_not_there_is_told_and_nothing_written(
    run: Path, tmp_path: Path
) -> None:
    with pytest.raises(RunDirectoryError, match="no analysis named 'robust'"):
        export(run, tmp_path / "out", "robust")
    assert not (tmp_path / "out").exists()


def test_what_others_put_beside_an_export_is_not_replaced_with_it(
    run: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    export(run, out)
    for mine in (out / "thesis.tex", out / "data" / "mine" / "notes.txt", out / "link"):
        mine.parent.mkdir(exist_ok=True)
        mine.symlink_to(run) if mine.name == "link" else mine.write_text("mine")
        with pytest.raises(
            RunDirectoryError, match=f"no export wrote .*{mine.name}.*would be lost"
        ):
            export(run, out, overwrite=True)
        assert os.path.lexists(mine)
        mine.unlink()
    export(run, out, overwrite=True)


@pytest.mark.parametrize("to", ["", ".", "..", "below/.."])
def test_a_folder_without_a_name_is_told(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RunDirectoryError, match=r"such as \./tables"):
        export(run, to)


def test_an_index_that_is_a_pipe_holds_nothing_up(run: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    os.mkfifo(tmp_path / "out" / "README.md")
    with pytest.raises(RunDirectoryError, match="is not empty"):
        export(run, tmp_path / "out", overwrite=True)
