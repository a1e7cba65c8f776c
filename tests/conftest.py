"""What the tests of several floors share."""

import pytest
from hypothesis import settings

from support.scripted import tiny_study
from vaar.study.model import Study

settings.register_profile("vaar", deadline=None, derandomize=True)
settings.load_profile("vaar")


@pytest.fixture
def study() -> Study:
    """Two instruments of two and three items, five-point, one carried condition."""
    return tiny_study()
