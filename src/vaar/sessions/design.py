"""How the sessions of a group differ: factors that are crossed and balanced over replicates.

Replicate t (counted from 0) takes of the k-th factor, with L levels, the level

    (u + ⌊u / m⌋) mod L,    u = t mod N·L,    m = lcm(N, L),

where N is the product of the numbers of levels before it. So each level of each factor comes once
in every L replicates, whatever the number of sessions; and in N·L replicates every combination of
levels comes exactly once. Personas, of which there may be many, come in rounds of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count, permutations
from math import lcm, prod
from typing import TypeVar

from vaar.study.model import Condition, Study

MOST_PERMUTED = 4
"""Instruments of which all orders are used; more of them get a Williams design."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Variant:
    """What one session is given of all that varies."""

    instrument_order: tuple[str, ...]
    scale_direction: str
    paraphrase: str
    persona: str
    facts: tuple[tuple[str, str], ...] = ()


def variants(study: Study, condition: Condition, sessions: int, seed: int) -> Iterator[Variant]:
    """The variants of the first so many replicates; fewer of them are the beginning of more.

    Parameters
    ----------
    seed : int
        Seed of the run: it draws the sequence of orders, that of each fact's levels, and that of
        the personas anew in every round through their table, so that nothing ties a persona to the
        other factors but chance.
    """
    options, wordings = _options(study), study.variation.wordings
    facts = [
        [(fact.name, level) for level in shuffled(fact.levels, f"{seed}\0fact {fact.name}")]
        for fact in study.variation.facts
    ]
    orders = shuffled(_orders(study, condition), f"{seed}\0orders")
    sizes = [len(factor) for factor in (options, wordings, *facts, orders)]
    personas = _in_rounds([persona.id for persona in study.personas] or [""], seed)
    for replicate, persona in zip(range(sessions), personas, strict=False):
        a, b, *drawn, c = levels(replicate, sizes)
        given = tuple(fact[level] for fact, level in zip(facts, drawn, strict=True))
        yield Variant(orders[c], options[a], wordings[b], persona, given)


def _in_rounds(personas: Sequence[str], seed: int) -> Iterator[str]:
    """All personas, again and again, each time in another order drawn from the run's seed."""
    return (
        persona for number in count() for persona in shuffled(personas, f"{seed}\0round {number}")
    )


def combinations(study: Study, condition: Condition) -> int:
    """How many sessions cross everything that varies, personas left out."""
    facts = prod(len(fact.levels) for fact in study.variation.facts)
    varied = len(_options(study)) * len(study.variation.wordings) * facts
    return varied * len(_orders(study, condition))


_OPTIONS = {"alternating": ("ascending", "descending"), "drawn": ("drawn", "drawn_mirrored")}


def _options(study: Study) -> tuple[str, ...]:
    rule = study.variation.options
    return _OPTIONS.get(rule, (rule,))


def _orders(study: Study, condition: Condition) -> list[tuple[str, ...]]:
    fixed = study.variation.order == "fixed"
    return [condition.order] if fixed else balanced_orders(condition.order)


def levels(replicate: int, sizes: Sequence[int]) -> tuple[int, ...]:
    """The level of each factor, factors having so many levels, in a replicate counted from 0."""
    found = []
    before = 1
    for size in sizes:
        within = replicate % (before * size)
        found.append((within + within // lcm(before, size)) % size)
        before *= size
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
