"""What the tests of several floors share."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
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
def eager(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    """A pool of two processes that shares whatever is left after the first chunk."""
    monkeypatch.setattr("vaar.processes.pool._WORTH_BEGINNING", -1.0)
    monkeypatch.setattr("vaar.processes.pool._WORTH_SHARING", -1.0)
    with sharing(2) as pool:
        yield pool
