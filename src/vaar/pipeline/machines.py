"""Where a run is asked and bootstrapped: in this process, or on a Ray cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from vaar.pipeline.ask import RunSessions
from vaar.pipeline.plan import RunPlan
from vaar.sessions.runner.run import run_sessions

if TYPE_CHECKING:
    from vaar.sem import MapChunks


def connection(address: str | None) -> AbstractContextManager[object]:
    """Stay connected to a cluster over several steps; nothing where the address is None.

    Raises
    ------
    VaarError
        Ray is not installed, or there is no cluster at this address.
    """
    if address is None:
        return nullcontext()
    from vaar.cluster.connect import connected

    return connected(address)


@contextmanager
def runner(settled: RunPlan, address: str | None) -> Iterator[RunSessions]:
    """What runs the sessions of a plan."""
    if address is None:
        yield partial(run_sessions, distributions=settled.distributions)
        return
    from vaar.cluster.connect import connected
    from vaar.cluster.drive import run_on_cluster
    from vaar.cluster.messages import Recipe

    recipe = Recipe.of(settled.models, settled.base_url, settled.distributions)
    with connected(address) as ray:
        yield partial(run_on_cluster, ray=ray, recipe=recipe)


@contextmanager
def mapper(address: str | None) -> Iterator[MapChunks | None]:
    """What computes chunks of bootstrap replicates; None leaves it to this process."""
    if address is None:
        yield None
        return
    from vaar.cluster.chunks import map_on_cluster
    from vaar.cluster.connect import connected

    with connected(address):
        yield map_on_cluster
