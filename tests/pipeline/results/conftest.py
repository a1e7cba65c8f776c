"""A small run that has been asked, to be analysed quickly: without the structural model."""

import shutil

import pytest

import vaar
from support.own_analysis import Count, Share
from vaar.pipeline.plan import plan
from vaar.pipeline.run import carry_out


@pytest.fixture(scope="session")
def asked(tmp_path_factory):
    out = tmp_path_factory.mktemp("results") / "run"
    carry_out(plan(models=["simulated/noisy", "simulated/human-like"], sessions=4, seed=2), out)
    return out


@pytest.fixture
def run(asked, tmp_path):
    return shutil.copytree(asked, tmp_path / "run")


@pytest.fixture
def analyze(run):
    """Analyse the run quickly; the user's own two analyses are at hand."""

    def analyse(options=None, only=("profile", "share"), **arguments):
        own = (Count(), Share())
        return vaar.analyze(run, options, analyses=own, only=only, **arguments)

    return analyse
