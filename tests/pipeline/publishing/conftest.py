"""A small run that has been asked and analysed without the structural model."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import Any

import pytest

import vaar
from vaar.pipeline.plan import plan
from vaar.pipeline.run import carry_out

EXAMPLE = Path(__file__).parents[3] / "examples" / "own_analysis.py"


@pytest.fixture(scope="session")
def example() -> Any:
    """The analysis of the example, as a user has it: from one file."""
    spec = importlib.util.spec_from_file_location("own_analysis", EXAMPLE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def analysed(tmp_path_factory: pytest.TempPathFactory, example: Any) -> Path:
    """Two simulated respondents, their profile, and the example's analysis."""
    out = tmp_path_factory.mktemp("publishing") / "run"
    models = ["simulated/noisy", "simulated/acquiescent"]
    carry_out(plan("privacy_prosocial_published", models=models, sessions=4, seed=2), out)
    vaar.analyze(out, analyses=[example.Extremes()], only=["profile", "extremes"])
    return out


@pytest.fixture
def run(analysed: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copytree(analysed, tmp_path / "run"))
