import pytest

from vaar.analyses.social_value_orientation.payoffs import allocations
from vaar.study.load import load_study


@pytest.fixture(scope="session")
def svo():
    return load_study("social_value_orientation")


@pytest.fixture(scope="session")
def primary(svo):
    return allocations(svo, "primary")


@pytest.fixture(scope="session")
def secondary(svo):
    return allocations(svo, "secondary")
