"""Runs of earlier versions are compared, or told in a sentence with the command that helps."""

import shutil
from pathlib import Path

import pytest

import vaar
from vaar.errors import RunDirectoryError

RECORD = Path(__file__).parents[2] / "data" / "three_respondents"
Runs = tuple[Path, Path]


@pytest.fixture
def recorded(tmp_path: Path) -> Runs:
    """Two copies of a run of the first format: tables in its directory, a journal of format 3."""
    one, other = (shutil.copytree(RECORD, tmp_path / name) for name in ("spring", "autumn"))
    (other / "fit.json").write_text('{"level": "metric", "why": "", "options": {}}')
    return one, other


def test_a_run_of_the_first_format_is_told_with_the_command(recorded: Runs) -> None:
    with pytest.raises(RunDirectoryError) as told:
        vaar.compare(recorded)
    lines = str(told.value).splitlines()
    assert len(lines) == 2
    for line, run in zip(lines, recorded, strict=True):
        assert str(run) in line and "an earlier version of vaar" in line
        assert "`vaar analyze`" in line or f"`vaar analyze {run}" in line


def test_it_is_compared_once_it_was_analysed(recorded: Runs) -> None:
    for run in recorded:
        vaar.analyze(run, only=["profile"])
    found = vaar.compare(recorded)
    assert len(found.contrasts) and found.contrasts["difference"].eq(0).all()
    assert "alignment" in found.compared[0].lacks
