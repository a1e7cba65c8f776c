"""What lavaan said, as recorded by tests/reference/make_lavaan.R."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

RECORD = Path(__file__).parents[1] / "reference"


@pytest.fixture
def hs() -> pd.DataFrame:
    """Nine ability tests in two schools (Holzinger & Swineford 1939)."""
    return pd.read_csv(RECORD / "sem_data_hs.csv")


@pytest.fixture
def likert() -> pd.DataFrame:
    """Simulated five-point answers to eleven items, of three models."""
    return pd.read_csv(RECORD / "sem_data_likert.csv")


@pytest.fixture
def gaps() -> pd.DataFrame:
    """The same with missing answers."""
    return pd.read_csv(RECORD / "sem_data_gaps.csv")
