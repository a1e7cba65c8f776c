"""Two runs of one study with other seeds, and their profiles."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import vaar
from vaar.pipeline.plan import plan
from vaar.pipeline.run import carry_out

MODELS = ["simulated/noisy", "simulated/acquiescent"]


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the runs ``spring`` and ``autumn``."""
    where = tmp_path_factory.mktemp("comparing")
    for seed, name in enumerate(("spring", "autumn")):
        planned = plan("privacy_prosocial_published", models=MODELS, sessions=4, seed=seed)
        carry_out(planned, where / name)
        vaar.analyze(where / name, only=["profile"])
    return where


@pytest.fixture
def runs(asked: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A copy of both, to be changed."""
    there = Path(shutil.copytree(asked, tmp_path / "runs"))
    return there / "spring", there / "autumn"
