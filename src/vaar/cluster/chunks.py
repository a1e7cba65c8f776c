"""Chunks of a computation on a Ray cluster: a map whose calls run anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from threadpoolctl import threadpool_limits

from vaar.cluster.connect import require_ray
from vaar.errors import VaarError

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")


def map_on_cluster(function: Callable[[Chunk], Result], chunks: Sequence[Chunk]) -> list[Result]:
    """Call a function for every chunk on the connected cluster, and return the results in order.

    A chunk whose machine is lost is computed again on another.

    Parameters
    ----------
    function : callable
        Picklable; sent to each machine once.

    Raises
    ------
    VaarError
        The function raised it, or the cluster lost too many machines.
    """
    ray = require_ray()
    shared = ray.put(function)
    call = ray.remote(num_cpus=1)(_call)
    try:
        results: list[Result] = ray.get([call.remote(shared, chunk) for chunk in chunks])
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None
    except ray.exceptions.RayError as error:
        raise VaarError(
            f"the cluster lost a computation ({type(error).__name__}). What was answered is kept: "
            "`vaar analyze` does the analysis again, also without --ray."
        ) from error
    return results


def _call(function: Callable[[Chunk], Result], chunk: Chunk) -> Result:
    with threadpool_limits(1, "blas"):
        return function(chunk)
