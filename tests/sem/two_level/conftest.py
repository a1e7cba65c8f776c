"""Simulated rows in clusters."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.sem.two_level.fit import TwoLevelFit
from vaar.sem.two_level.sample import TwoLevelSample

MODEL = "level: 1\nf =~ y1 + y2 + y3\nf ~ x\nlevel: 2\nf =~ y1 + y2 + y3\nf ~ w"


def clustered(seed: int, clusters: int = 40, size: int | None = None) -> pd.DataFrame:
    """y1 to y3 at both levels, x within, w between; clusters of 1 to 7 rows, or of one size."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 8, clusters) if size is None else np.full(clusters, size)
    at = np.repeat(np.arange(clusters), sizes)
    w = rng.normal(size=clusters)
    x = rng.normal(size=len(at))
    inner = 0.6 * x + rng.normal(size=len(at))
    outer = 0.4 * w + 0.7 * rng.normal(size=clusters)
    data = {"x": x, "w": w[at], "cluster": at}
    for j, loading in enumerate((1.0, 0.8, 0.7)):
        residual = 0.6 * rng.normal(size=len(at)) + 0.3 * rng.normal(size=clusters)[at]
        data[f"y{j + 1}"] = j + loading * (inner + outer[at]) + residual
    return pd.DataFrame(data)


def sample_of(fit: sem.Fit) -> TwoLevelSample:
    """The sample of a fit of two levels."""
    assert isinstance(fit, TwoLevelFit)
    return fit.sample


@pytest.fixture
def data() -> pd.DataFrame:
    return clustered(1)
