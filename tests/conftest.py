"""What the tests of several floors share."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import wait
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from support.scripted import tiny_study
from vaar.processes.pool import Pool, sharing
from vaar.study.model import Study

if TYPE_CHECKING:
    from support.made_up_run import MadeUp

settings.register_profile(
    "vaar", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("vaar")

# Before any terminal is made: what is shown is the same in that of whoever runs the tests.
for name in ("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
    os.environ.pop(name, None)


@pytest.fixture(autouse=True, scope="session")
def _configuration_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests neither read nor write what whoever runs them has allowed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("configuration")))
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with many slow tests first: no worker waits for the other at the end."""
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: -slow[item.path])


def pytest_collection_finish() -> None:
    """Keep the garbage collector from walking, again and again, what has been loaded by now."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def study() -> Study:
    """Two instruments of two and three items, five-point, one carried condition."""
    return tiny_study()


@pytest.fixture(scope="session")
def made() -> MadeUp:
    """A made-up run of six simulated groups, one of them not estimable."""
    from support.made_up_run import made_up

    return made_up()


@pytest.fixture(scope="session")
def hostile() -> MadeUp:
    """A made-up run in which every name and every reply tries to break out."""
    from support.made_up_run import hostile_run

    return hostile_run()


@pytest.fixture
def all_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pools share whatever is left after the first chunk, once the others are ready."""
    monkeypatch.setattr("vaar.processes.pool._WORTH_BEGINNING", -1.0)
    monkeypatch.setattr("vaar.processes.pool._WORTH_SHARING", -1.0)
    begin = Pool._begin

    def begin_and_wait(pool: Pool, function: bytes, wanted: int) -> None:
        begin(pool, function, wanted)
        if pool._beginning:
            pool._beginning.join()
        wait([other._ready for other in pool._others])

    monkeypatch.setattr(Pool, "_begin", begin_and_wait)


@pytest.fixture
def eager(all_is_shared: None) -> Iterator[Pool]:
    """A pool of two processes that shares whatever is left after the first chunk."""
    with sharing(2) as pool:
        yield pool
