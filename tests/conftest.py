"""What the tests of several floors share."""

import pytest

from support.scripted import tiny_study
from vaar.study.model import Study


@pytest.fixture
def study() -> Study:
    """Two instruments of two and three items, five-point, one carried condition."""
    return tiny_study()
