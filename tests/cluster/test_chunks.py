import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.cluster.chunks import map_on_cluster
from vaar.errors import DataError

pytestmark = pytest.mark.slow


def _refuse(chunk):
    raise DataError(f"{chunk} cannot be computed")


def test_the_bootstrap_is_the_same_wherever_it_is_computed(cluster):
    rng = np.random.default_rng(3)
    factor = rng.normal(size=(240, 1))
    data = pd.DataFrame(factor + rng.normal(size=(240, 4)), columns=[f"x{k}" for k in range(4)])
    fit = sem.fit("f =~ x0 + x1 + x2 + x3", data.assign(g=np.arange(240) % 2), group="g")
    here, there = (
        sem.bootstrap(fit, 30, seed=4, with_errors=True, map_chunks=where).refits
        for where in (None, map_on_cluster)
    )
    for column in ("est", "std_all", "std_all_se", "ok_groups"):
        np.testing.assert_array_equal(getattr(here, column), getattr(there, column))


def test_an_error_comes_back_as_what_it_is(cluster):
    with pytest.raises(DataError, match="7 cannot be computed"):
        map_on_cluster(_refuse, [7])
