"""One further Python process, which computes what it is asked."""

from __future__ import annotations

import os
import pickle
import warnings
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from vaar.processes.worker import begin, compute, know

_ENVIRONMENT = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
) | {
    "PYTHONSAFEPATH": "1",  # a file of the working directory is no module
    "LOKY_MAX_MEMORY_LEAK_SIZE": "1e18",  # data are large, and no leak
}

Chunk = TypeVar("Chunk")


class NotComputedError(Exception):
    """The other process is gone, or cannot have what it would need."""


class Process:
    """A worker of loky's, alone in its executor: no other one is lost with it.

    It does not load the script that is running, which so needs no ``if __name__ == "__main__":``,
    and it ends with the process that began it, however that ends.

    Parameters
    ----------
    function : bytes
        Pickled, to be loaded before it is ready.

    Raises
    ------
    Exception
        It cannot be begun: without semaphores, for instance.
    """

    def __init__(self, function: bytes) -> None:
        from loky import ProcessPoolExecutor

        self._executor = ProcessPoolExecutor(
            1, initializer=begin, initargs=(os.getpid(),), env=_ENVIRONMENT
        )
        self._ready = self._executor.submit(know, function)
        self._function = function
        self._asked: list[Future[bytes | None]] = []

    def is_there(self) -> bool:
        """Whether it can be asked, as far as is known."""
        try:
            self._executor.submit(int)
        except BrokenExecutor:
            return False
        return True

    def ask(self, function: bytes, chunk: Chunk) -> Asked[Chunk]:
        """Have it call a pickled function for a chunk, after what it was asked before.

        Raises
        ------
        NotComputedError
            It is gone.
        """
        known = function is self._function
        try:
            given = pickle.dumps(chunk, pickle.HIGHEST_PROTOCOL)
        except Exception:
            return Asked(chunk, None)
        try:
            future = self._executor.submit(compute, None if known else function, given)
        except BrokenExecutor as error:
            raise NotComputedError from error
        self._function = function
        self._asked.append(future)
        return Asked(chunk, future)

    def takes(self, most: int) -> bool:
        """Whether it is ready, and has been asked for less than so much that is still to come."""
        self._asked = [future for future in self._asked if not future.done()]
        return self._ready.done() and len(self._asked) < most

    def close(self) -> None:
        """End it, whatever it does."""
        self._executor.shutdown(wait=True, kill_workers=not self.takes(1))


class Asked(Generic[Chunk]):
    """A chunk, and the answer that is to come; none if it cannot be sent."""

    def __init__(self, chunk: Chunk, answer: Future[bytes | None] | None) -> None:
        self.chunk = chunk
        self._answer = answer

    def done(self) -> bool:
        """Whether :meth:`result` need not wait."""
        return self._answer is None or self._answer.done()

    def result(self) -> Any:
        """What the function returned, or raises what it raised.

        Raises
        ------
        NotComputedError
            The other process did not compute it.
        """
        try:
            told = self._answer and self._answer.result()
        except (BrokenExecutor, pickle.PicklingError) as error:
            raise NotComputedError from error
        try:
            return pickle.loads(told or b"")
        except Exception as error:
            raise NotComputedError from error


def prepare() -> None:
    """Load loky, and begin the two processes that tidy up after it and after multiprocessing.

    Loky's would tell the terminal of semaphores when this process is killed. Both would let Ctrl-C
    in where they are begun.
    """
    import multiprocessing.resource_tracker

    import loky.backend.resource_tracker

    warnings.filterwarnings("ignore", module=r"loky\b")  # of workers that were killed
    with _environment(PYTHONSAFEPATH="1"):
        multiprocessing.resource_tracker.ensure_running()
        with _environment(PYTHONWARNINGS="ignore:resource_tracker"):
            loky.backend.resource_tracker.ensure_running()


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    """What is begun in the block finds these variables in its environment."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
