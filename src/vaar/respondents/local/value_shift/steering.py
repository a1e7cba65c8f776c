"""Shifts of the residual streams of a batch: found in one pass, then added at every position."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import torch
from scipy.special import expit, logit

from vaar.respondents.local.value_shift.decoder import changed


@dataclass(frozen=True)
class Directions:
    """The probes of a value's layers, as the model's device holds them.

    Attributes
    ----------
    layers : tuple of int
        Positions of the blocks, ascending.
    weights : tensor (layers, width)
    bias : tensor (layers,)
    """

    layers: tuple[int, ...]
    weights: Any
    bias: Any

    def probability(self, at: int, states: Any) -> Any:
        """P of the value in streams (…, width) that leave the block with the number `at`."""
        return torch.sigmoid(self.score(at, states))

    def score(self, at: int, states: Any) -> Any:
        """Its logit."""
        return states.to(self.weights.dtype) @ self.weights[at] + self.bias[at]


@dataclass(frozen=True)
class RowShift:
    """What is added to one conversation's stream.

    Attributes
    ----------
    vectors : tensor (layers, width)
        Single precision.
    distances : tuple of float
        How far along the probe's direction each layer is moved.
    before, after : tuple of float
        P of each layer at the last token, in the pass that found the shift; earlier layers moved.
    stream : tuple of float
        Length of each layer's stream there.
    """

    directions: Directions
    vectors: Any
    distances: tuple[float, ...] = ()
    before: tuple[float, ...] = ()
    after: tuple[float, ...] = ()
    stream: tuple[float, ...] = ()

    def along(self, ways: Any) -> RowShift:
        """As long in every layer, along other ways, unit vectors of shape (layers, width)."""
        lengths = torch.tensor(self.distances, dtype=ways.dtype, device=ways.device)
        return RowShift(
            self.directions,
            (lengths[:, None] * ways).float(),
            self.distances,
            self.before,
            self.after,
            self.stream,
        )


class Steering:
    """Adds to each row its shift, at every position, and notes what P becomes.

    Attributes
    ----------
    noted : list of list
        For each pass: for each row None, or P by layer at its last token. Clear it once it is read.
    """

    def __init__(self, rows: Sequence[RowShift | None]) -> None:
        self.rows = list(rows)
        self.noted: list[list[list[float] | None]] = []
        self._layers = sorted({at for row in rows if row for at in row.directions.layers})

    def active(self, model: Any) -> AbstractContextManager[None]:
        """Let one pass through a model be shifted."""
        self.noted.append([[] if row else None for row in self.rows])
        return changed(model, {at: self._change(at) for at in self._layers})

    def _change(self, layer: int) -> Any:
        def change(hidden: Any) -> Any:
            added = hidden.new_zeros((hidden.shape[0], 1, hidden.shape[2]), dtype=torch.float32)
            for number, row in enumerate(self.rows):
                if row and layer in row.directions.layers:
                    added[number, 0] = row.vectors[row.directions.layers.index(layer)]
            moved = (hidden.float() + added).to(hidden.dtype)
            self._note(layer, moved)
            return moved

        return change

    def _note(self, layer: int, moved: Any) -> None:
        for number, row in enumerate(self.rows):
            told = self.noted[-1][number]
            if row and told is not None and layer in row.directions.layers:
                at = row.directions.layers.index(layer)
                told.append(float(row.directions.probability(at, moved[number, -1])))


class Finding:
    """Finds the least shift of every row in one pass, layer by layer, earlier shifts active.

    What is found for a layer is added at every position, as it is later.

    Parameters
    ----------
    wanted : sequence of (Directions, float, bool)
        Of each row: the probes, what P is to reach, and whether it is to come down to it.
    """

    def __init__(self, wanted: Sequence[tuple[Directions, float, bool]]) -> None:
        self._wanted = wanted
        self._rows: list[dict[str, list[Any]]] = [
            {"vectors": [], "distances": [], "before": [], "after": [], "stream": []}
            for _ in wanted
        ]

    def active(self, model: Any) -> AbstractContextManager[None]:
        """Let one pass through a model be shifted."""
        layers = sorted({at for directions, _, _ in self._wanted for at in directions.layers})
        return changed(model, {at: self._change(at) for at in layers})

    def found(self) -> list[RowShift]:
        """The shift of every row, once the pass is done."""
        return [
            RowShift(
                directions,
                torch.stack(row["vectors"]),
                *(tuple(row[name]) for name in ("distances", "before", "after", "stream")),
            )
            for (directions, _, _), row in zip(self._wanted, self._rows, strict=True)
        ]

    def _change(self, layer: int) -> Any:
        def change(hidden: Any) -> Any:
            moved = hidden.clone()
            for number, (directions, target, lowers) in enumerate(self._wanted):
                if layer in directions.layers:
                    at = directions.layers.index(layer)
                    vector = self._find(number, at, hidden[number, -1], target, lowers)
                    moved[number] = (hidden[number].float() + vector).to(hidden.dtype)
                    after = directions.probability(at, moved[number, -1])
                    self._rows[number]["after"].append(float(after))
            return moved

        return change

    def _find(self, number: int, at: int, state: Any, target: float, lowers: bool) -> Any:
        directions = self._wanted[number][0]
        weights = directions.weights[at]
        norm = float(weights.norm())
        score = float(directions.score(at, state))
        away = (float(logit(target)) - score) / norm
        distance = min(away, 0.0) if lowers else max(away, 0.0)
        vector = (distance / norm * weights).float()
        row = self._rows[number]
        row["vectors"].append(vector)
        row["distances"].append(distance)
        row["before"].append(float(expit(score)))
        row["stream"].append(float(state.float().norm()))
        return vector
