"""Functions of chunks that another process can load."""

import os
import time
from pathlib import Path

from vaar.errors import DataError

PATIENCE = 120.0
"""Seconds for which a process waits for another."""


def slow_square(k):
    time.sleep(0.15)
    return k * k, os.getpid()


def blas_threads(k):
    import scipy.linalg  # noqa: F401
    from threadpoolctl import threadpool_info

    time.sleep(0.15)
    return os.getpid(), max(one["num_threads"] for one in threadpool_info())


def as_it_is(chunk):
    return chunk


def slow_as_it_is(chunk):
    time.sleep(0.1)
    return chunk


class Counted:
    """Counts how many were sent."""

    sent = 0

    def __getstate__(self):
        Counted.sent += 1
        return {}


def chatty(k):
    os.write(1, b"said\n")
    print("said", flush=True)
    time.sleep(0.1)
    return k


class Meeting:
    """Squares; every process, after the first chunk, waits until another one computes too.

    Parameters
    ----------
    folder : Path
        Where each process leaves its number; empty.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, k):
        self.meet(k)
        return k * k, os.getpid()

    def meet(self, k):
        end = time.monotonic() + PATIENCE
        (self.folder / str(os.getpid())).touch()
        while k and len(list(self.folder.iterdir())) < 2:
            if time.monotonic() > end:
                raise TimeoutError("no other process came")
            time.sleep(0.01)


class Elsewhere(Meeting):
    """Does something worse in all processes but this one."""

    def __init__(self, folder):
        super().__init__(folder)
        self.here = os.getpid()

    def __call__(self, k):
        self.meet(k)
        if os.getpid() != self.here:
            self.do_worse()
        return k, os.getpid()

    def do_worse(self):
        raise NotImplementedError


class Refusing(Elsewhere):
    def do_worse(self):
        raise DataError("it cannot be computed")


class Demanding(Exception):
    def __init__(self, a, b):
        super().__init__(f"{a} and {b}")


class Demands(Elsewhere):
    """Raises what cannot be made again from its arguments."""

    def do_worse(self):
        raise Demanding("a", "b")


class Dying(Elsewhere):
    def do_worse(self):
        os._exit(3)


class Sleeping(Elsewhere):
    """Never comes to an end in any process but this one."""

    def __call__(self, k):
        (self.folder / str(os.getpid())).touch()
        time.sleep(0.05 if os.getpid() == self.here else 3_600)


class OnlyIn:
    """Can be loaded in one process only."""

    def __init__(self, process):
        self.process = process

    def __setstate__(self, state):
        if os.getpid() != state["process"]:
            raise ValueError("not here")
        self.__dict__.update(state)
