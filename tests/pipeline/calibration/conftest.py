import pytest

import vaar


@pytest.fixture(scope="session")
def simulated():
    """The smallest calibration there can be."""
    return vaar.calibrate(sessions=60, data_sets=2, populations=["null"])
