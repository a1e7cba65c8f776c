"""How the sessions of a group differ: factors that are crossed and balanced over replicates.

Replicate t (counted from 0) takes of the k-th factor, with L levels, the level

    (u + ⌊u / m⌋) mod L,    u = t mod N·L,    m = lcm(N, L),

where N is the product of the numbers of levels before it. So each level of each factor comes once
in every L replicates, whatever the number of sessions; and in N·L replicates every combination of
levels comes exactly once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import permutations
from math import lcm
from typing import TypeVar

from vaar.study.model import Condition, Study

MOST_PERMUTED = 4
"""Instruments of which all orders are used; more of them get a Williams design."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Variant:
    """What one session is given of all that varies."""

    order: tuple[str, ...]
    options: str
    wording: str
    persona: str


def variants(study: Study, condition: Condition, sessions: int, seed: int) -> Iterator[Variant]:
    """The variants of the first so many replicates; fewer of them are the beginning of more.

    Parameters
    ----------
    seed : int
        Seed of the run: it draws which persona takes which place in the table, so that what
        personas have in common is not tied to the other factors.
    """
    variation = study.variation
    orders = balanced_orders(condition.order) if variation.order != "fixed" else [condition.order]
    both = ("ascending", "descending")
    options = both if variation.options == "alternating" else (variation.options,)
    personas = shuffled([persona.id for persona in study.personas], f"{seed}") or [""]
    sizes = [len(factor) for factor in (orders, options, variation.wordings, personas)]
    for replicate in range(sessions):
        a, b, c, d = levels(replicate, sizes)
        yield Variant(orders[a], options[b], variation.wordings[c], personas[d])


def levels(replicate: int, sizes: Sequence[int]) -> tuple[int, ...]:
    """The level of each factor, factors having so many levels, in a replicate counted from 0."""
    found = []
    combinations = 1
    for size in sizes:
        within = replicate % (combinations * size)
        found.append((within + within // lcm(combinations, size)) % size)
        combinations *= size
    return tuple(found)


def balanced_orders(codes: Sequence[str]) -> list[tuple[str, ...]]:
    """Orders in which each code takes each place, and follows each other code, equally often.

    All permutations of up to :data:`MOST_PERMUTED` codes, the given order first; of more of them
    a Williams design [1]_: as many orders as codes, or twice as many if their number is odd.

    References
    ----------
    .. [1] Williams (1949), Experimental designs balanced for the estimation of residual effects of
       treatments. Australian Journal of Scientific Research A 2, 149–168.
    """
    if len(codes) <= MOST_PERMUTED:
        return list(permutations(codes))
    size = len(codes)
    zigzag = [(n + 1) // 2 if n % 2 else -(n // 2) % size for n in range(size)]
    rows = [tuple(codes[(place + shift) % size] for place in zigzag) for shift in range(size)]
    return rows if size % 2 == 0 else [*rows, *(row[::-1] for row in rows)]


def shuffled(items: Sequence[T], key: str) -> list[T]:
    """The items in an order drawn from a key; the same on every machine."""

    def drawn(position: int) -> bytes:
        return blake2b(f"{key}\0{position}".encode(), digest_size=16).digest()

    return [items[position] for position in sorted(range(len(items)), key=drawn)]
