"""What was measured of shifts while replies were written: sums that further calls add to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from vaar.respondents.local.value_shift.steering import RowShift
from vaar.study.conditions import Shift

UNSHIFTED = "none"
"""Key of replies that were not shifted."""

Sums = dict[str, Any]


def label_of(shift: Shift | None) -> str:
    """The words by which a shift is known: ``privacy raised to 0.95, gated``."""
    if shift is None:
        return UNSHIFTED
    told = f"{shift.value} {'lowered' if shift.lowers else 'raised'} to {shift.p0:g}"
    random = f", random direction {shift.random}" if shift.random else ""
    anew = ", found anew every turn" if shift.timing == "turn" else ""
    return f"{told}{random}{', gated' if shift.gate else ''}{anew}"


class Tally:
    """Sums over replies, by shift.

    Attributes
    ----------
    sums : dict
        By label: ``replies``, ``shifted`` (those whose gate was open), ``layers`` (by the number of
        the layer, from 1: sums of ``distance``, ``stream``, ``before``, ``after``, ``asked`` over
        shifted replies, and of ``writing`` over ``written`` tokens), and of replies in words
        ``tokens`` with their ``log_probability`` in the model as it is without a shift.
    """

    def __init__(self) -> None:
        self.sums: dict[str, Sums] = {}

    def reply(
        self, shift: Shift | None, found: RowShift | None, noted: Sequence[Sequence[float]]
    ) -> None:
        """Count a reply.

        Parameters
        ----------
        noted : sequence of sequence of float
            P by layer, at the last token of the prompt and then at every token written.
        """
        own = self._of(shift)
        own["replies"] += 1
        if found is None:
            return
        own["shifted"] += 1
        prompt, *written = noted
        for at, layer in enumerate(found.directions.layers):
            sums = own["layers"].setdefault(str(layer + 1), {})
            add = {
                "distance": found.distances[at],
                "stream": found.stream[at],
                "before": found.before[at],
                "after": found.after[at],
                "asked": prompt[at],
                "writing": math.fsum(told[at] for told in written),
                "written": len(written),
            }
            for name, value in add.items():
                sums[name] = sums.get(name, 0) + value

    def words(self, shift: Shift | None, log_probability: float, tokens: int) -> None:
        """Count how probable the words of a reply are without a shift."""
        own = self._of(shift)
        own["tokens"] += tokens
        own["log_probability"] += log_probability

    def _of(self, shift: Shift | None) -> Sums:
        empty = {"replies": 0, "shifted": 0, "layers": {}, "tokens": 0, "log_probability": 0.0}
        return self.sums.setdefault(label_of(shift), empty)
