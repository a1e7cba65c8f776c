"""Functions of chunks that another process can load."""

import os
import time

from vaar.errors import DataError


def slow_square(k):
    time.sleep(0.15)
    return k * k, os.getpid()


def as_it_is(chunk):
    return chunk


def refuse_seven(chunk):
    if chunk == 7:
        raise DataError("7 cannot be computed")
    time.sleep(0.05)
    return chunk


class Demanding(Exception):
    def __init__(self, a, b):
        super().__init__(f"{a} and {b}")


class Refusing:
    """Raises what cannot be made again from its words, in all processes but one."""

    def __init__(self, spared):
        self.spared = spared

    def __call__(self, k):
        if os.getpid() != self.spared:
            raise Demanding("a", "b")
        time.sleep(0.3)


def chatty(k):
    os.write(1, b"said\n")
    print("said", flush=True)
    time.sleep(0.1)
    return k


class Dying:
    """Kills whatever process computes it, but one."""

    def __init__(self, spared):
        self.spared = spared

    def __call__(self, k):
        if os.getpid() != self.spared:
            os._exit(3)
        time.sleep(0.3)
        return k, os.getpid()


class Sleeping:
    def __call__(self, k):
        if k:
            time.sleep(60)


class OnlyIn:
    """Can be loaded in one process only."""

    def __init__(self, process):
        self.process = process

    def __setstate__(self, state):
        if os.getpid() != state["process"]:
            raise ValueError("not here")
        self.__dict__.update(state)
