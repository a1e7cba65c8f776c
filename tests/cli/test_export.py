from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import vaar
from vaar.cli.main import app
from vaar.pipeline.plan import plan
from vaar.pipeline.run import carry_out


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("export") / "run"
    carry_out(plan(models=["simulated/noisy"], sessions=3, seed=2), out)
    vaar.analyze(out, only=["profile"])
    return out


def test_the_number_of_files_and_their_index_are_told(run: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["export", str(run), "--to", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    said = " ".join(done.output.split())
    assert said == f"{len(files)} files: {tmp_path / 'out' / 'README.md'}"
    again = CliRunner().invoke(app, ["export", str(run), "--to", str(tmp_path / "out")])
    assert again.exit_code == 1


def test_a_folder_must_be_named(run: Path) -> None:
    assert CliRunner().invoke(app, ["export", str(run)]).exit_code == 2
