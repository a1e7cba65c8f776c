import sys

import pytest

from vaar.cluster.connect import connected
from vaar.errors import VaarError


def test_without_ray_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(VaarError, match=r"pip install 'vaar\[ray\]'"), connected("local"):
        pass
