"""The connection to a Ray cluster; everything else of vaar runs without Ray."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from vaar.errors import VaarError

LOCAL = "local"
"""Address that starts a cluster on this machine, for as long as the program runs."""


@contextmanager
def connected(address: str) -> Iterator[ModuleType]:
    """Connect to a cluster, and part from it at the end.

    Parameters
    ----------
    address : str
        ``'local'``; ``'auto'`` for the cluster that this machine belongs to; or ``'HOST:PORT'``.
        Where this process is connected already, that connection is used, and kept.

    Yields
    ------
    module
        Ray itself.

    Raises
    ------
    VaarError
        Ray is not installed, or there is no cluster at this address.
    """
    ray = require_ray()
    if ray.is_initialized():
        yield ray
        return
    own = {"include_dashboard": False} if address == LOCAL else {}
    try:
        ray.init(address=address, log_to_driver=False, logging_level="error", **own)
    except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
        raise VaarError(
            f"--ray {address}: no cluster can be reached there ({_first_line(error)}). Start one "
            "with `ray start --head`, and give its address; or --ray local for one on this machine."
        ) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def require_ray() -> ModuleType:
    """Import Ray.

    Raises
    ------
    VaarError
        It is not installed.
    """
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # else it warns of a change
    try:
        import ray
    except ImportError as error:
        raise VaarError("--ray needs Ray: pip install 'vaar[ray]'") from error
    return ray


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
