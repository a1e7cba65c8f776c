"""The page for users of lavaan: its Python gives what its R gave, recorded by
tests/reference/make_from_lavaan.R."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "tests" / "reference"
PAGE = (ROOT / "docs" / "from-lavaan.md").read_text()
PYTHON = re.findall(r"^```python\n(.*?)^```", PAGE, re.M | re.S)
R = re.findall(r"^```r\n(.*?)^```", PAGE, re.M | re.S)
SAID = pd.read_csv(RECORD / "from_lavaan.csv").groupby("block")["value"].agg(list)


def test_every_block_of_r_has_one_of_python_and_a_record() -> None:
    assert len(R) == len(PYTHON) > 20
    assert list(SAID.index) == list(range(2, len(R) + 1))


@pytest.mark.parametrize("block", range(2, len(PYTHON) + 1))
def test_python_gives_what_lavaan_gave(block: int) -> None:
    """To the tolerances of the engine's other comparisons: 1e-4, and 1e-3 of standard errors."""
    names: dict[str, Any] = {
        "sem": sem,
        "np": np,
        "data": pd.read_csv(RECORD / "sem_data_hs.csv"),
        "answers": pd.read_csv(RECORD / "sem_data_gaps.csv"),
        "sessions": pd.read_csv(RECORD / "cluster_data.csv"),
        "levels": pd.read_csv(RECORD / "two_level_data.csv"),
    }
    *before, last = ast.parse(PYTHON[block - 1]).body
    assert isinstance(last, ast.Expr)
    exec(compile(ast.Module(before, []), "page", "exec"), names)
    found = np.atleast_1d(eval(compile(ast.Expression(last.value), "page", "eval"), names))
    np.testing.assert_allclose(found.astype(float), SAID[block], rtol=1e-3, atol=2e-4)
