"""Which effects a design would find, and with how many sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vaar.analyses.alignment.rate.verdicts import Verdict
from vaar.calibration.data_sets import Cell, Judge, Replay
from vaar.calibration.judge import Judged
from vaar.calibration.populations import Effect
from vaar.calibration.search import Root, Tried, first_guess, root
from vaar.calibration.table_specs import NEEDED
from vaar.respondents.simulated.populations import Population

ALL = "all"
"""Stands for all paths at once."""

FEWEST = 60
"""Sessions below which no number is tried: a group needs 50 patterns of answers."""

ROUNDS = 4
_STEP = 10
"""Numbers of sessions are tried in tens."""

Counting = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Target:
    """A verdict on one path, or the right verdicts on all paths, in one group."""

    group: int
    paths: tuple[int, ...]
    verdicts: tuple[Verdict, ...]

    def right(self, judged: Sequence[Judged]) -> int:
        """In how many data sets all of its verdicts came about."""
        found = np.array([one.verdict[self.group, list(self.paths)] for one in judged], object)
        return int((found == np.array(self.verdicts, object)).all(axis=1).sum())


@dataclass(frozen=True)
class Search:
    """What was tried, and what it says.

    Attributes
    ----------
    cells : tuple of Cell
        In the order of the numbers of sessions.
    judged : tuple of list of Judged
        The data sets of each cell.
    needed : DataFrame
        The table :data:`NEEDED`.
    """

    cells: tuple[Cell, ...]
    judged: tuple[list[Judged], ...]
    needed: pd.DataFrame


def right_verdict(effect: Effect, sign: int, delta: float) -> Verdict:
    """What should be said of a path of this size."""
    if abs(effect.value) < delta:
        return Verdict.NEGLIGIBLE
    return Verdict.AS_IN_PEOPLE if effect.value * sign > 0 else Verdict.AGAINST


def search(
    judge: Judge,
    replay: Replay,
    population: Population,
    effects: Sequence[Effect],
    sessions: int,
    chance: float,
    most: int,
    on_progress: Counting = lambda stage, done, total: None,
) -> Search:
    """Try the design's own number of sessions, then look for the one that gives the chance.

    Parameters
    ----------
    judge : callable
        Of :func:`vaar.calibration.data_sets.judging`.
    chance : float
        Of the right verdict on a path.
    most : int
        No more sessions are tried.
    on_progress : callable
        Told what is tried, and how many of its data sets are done.
    """
    tried: dict[int, list[Judged]] = {}

    def try_out(numbers: Iterable[int]) -> None:
        new = sorted({n for n in numbers if n not in tried})
        cells = [Cell(population, n) for n in new]
        stage = f"{' and '.join(f'{n:,}' for n in new)} sessions"
        judged = judge(cells, lambda done, total: on_progress(stage, done, total))
        tried.update(zip(new, judged, strict=True))

    targets = _targets(replay, effects, sessions)
    try_out([sessions])
    try_out(_guesses(tried[sessions], targets, effects, sessions, chance, most))
    for _ in range(ROUNDS - 1):
        roots = [root(_counted(tried, target), chance).sessions for target in targets]
        following = [_allowed(n, most) for n in roots if np.isfinite(n)]
        if not set(following) - set(tried):
            break
        try_out(following)
    numbers = sorted(tried)
    rows = [_row(replay, effects, target, tried, chance, most) for target in targets]
    return Search(
        tuple(Cell(population, n) for n in numbers),
        tuple(tried[n] for n in numbers),
        NEEDED.checked(NEEDED.filled(rows)),
    )


def _targets(replay: Replay, effects: Sequence[Effect], sessions: int) -> list[Target]:
    hypotheses, delta = replay.study.hypotheses, replay.analysis.delta
    right = tuple(
        right_verdict(effect, h.sign, delta) for effect, h in zip(effects, hypotheses, strict=True)
    )
    found: list[Target] = []
    for g in range(len(replay.design(sessions).groups)):
        found += [Target(g, (k,), (one,)) for k, one in enumerate(right)]
        if len(right) > 1:
            found.append(Target(g, tuple(range(len(right))), right))
    return found


def _guesses(
    judged: Sequence[Judged],
    targets: Sequence[Target],
    effects: Sequence[Effect],
    sessions: int,
    chance: float,
    most: int,
) -> Iterator[int]:
    """Numbers of sessions that should give the chance, by the standard errors that were found."""
    for target in targets:
        if len(target.paths) > 1:
            continue
        (k,) = target.paths
        errors = np.array([one.se[target.group, k] for one in judged])
        known = errors[np.isfinite(errors)]
        if known.size and target.verdicts != (Verdict.NEGLIGIBLE,):
            size = effects[k].value
            yield _allowed(first_guess(size, float(np.median(known)), sessions, chance), most)
        else:
            yield _allowed(4 * sessions, most)


def _allowed(sessions: float, most: int) -> int:
    rounded = _STEP * int(np.ceil(min(sessions, most) / _STEP))
    return int(np.clip(rounded, min(FEWEST, most), most))


def _counted(tried: dict[int, list[Judged]], target: Target) -> list[Tried]:
    return [Tried(n, target.right(judged), len(judged)) for n, judged in sorted(tried.items())]


def _row(
    replay: Replay,
    effects: Sequence[Effect],
    target: Target,
    tried: dict[int, list[Judged]],
    chance: float,
    most: int,
) -> dict[str, Any]:
    counted = _counted(tried, target)
    found = root(counted, chance)
    alone = effects[target.paths[0]] if len(target.paths) == 1 else None
    groups = replay.design(counted[0].sessions).groups["group"]
    row = {
        "group": str(groups.iloc[target.group]),
        "path": alone.path if alone else ALL,
        "size": alone.value if alone else None,
        "source": alone.source if alone else "",
        "verdict": " and ".join(dict.fromkeys(map(str, target.verdicts))),
        "chance": chance,
    }
    numbers = _numbers(found) if FEWEST <= found.sessions <= most else {}
    said = "" if numbers else _unknown(counted, chance, found.sessions, most)
    return (
        row | {"needed": None, "needed_lower": None, "needed_upper": None, "said": said} | numbers
    )


def _numbers(found: Root) -> dict[str, int]:
    whole = {"needed": np.ceil(found.sessions)}
    if np.isfinite(found.upper):
        whole |= {"needed_lower": np.floor(found.lower), "needed_upper": np.ceil(found.upper)}
    return {name: int(value) for name, value in whole.items()}


def _unknown(counted: Sequence[Tried], chance: float, sessions: float, most: int) -> str:
    """Why there is no number."""
    if np.isfinite(sessions) and sessions < FEWEST:
        return f"{FEWEST} sessions give more than that"
    reached = max(one.right / one.data_sets for one in counted)
    if reached >= chance and not np.isfinite(sessions):
        return "every number that was tried gives more than that"
    return f"more than {most:,} sessions"
