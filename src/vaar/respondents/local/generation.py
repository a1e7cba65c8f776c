"""Writing the replies of one batch: token by token, until each has come to its end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from vaar.respondents.local.answer_tokens import Spelling, shares
from vaar.respondents.local.forward_passes import Network, Passes, Past
from vaar.respondents.local.sampling import draw, uniform
from vaar.respondents.local.value_shift.steering import RowShift, Steering
from vaar.respondents.wire.answer_probabilities import Told
from vaar.respondents.wire.drawing import choose

_NEGLIGIBLE = 1e-5  # spellings that begin less likely than this are not followed further


class StoppedError(Exception):
    """Nobody waits for the replies any more."""


@dataclass
class Row:
    """One conversation of a batch.

    Attributes
    ----------
    ids : list of int
        Its tokens, up to where the reply begins.
    past : Past or None
        What is known of their beginning.
    stream : bytes
        Key of its random numbers.
    temperature : float
        0 takes the likeliest token.
    most : int
        Ceiling on the reply's tokens; at least 1.
    spellings : list of frozenset
        Of the answers whose probabilities are wanted; empty where they are not.
    forced : bool
        Whether the reply is one of those answers, drawn from their probabilities, and not written.
    shift : RowShift or None
        What is added to its stream at every position.
    chosen : int or None
        Position of the answer that was drawn.
    known : int
        Of its tokens, those that an earlier turn computed.
    written : list of int
        The reply so far, with its closing mark.
    ended : bool
        Whether the model closed the reply itself.
    """

    ids: list[int]
    past: Past | None
    stream: bytes
    temperature: float
    most: int
    spellings: list[frozenset[Spelling]] = field(default_factory=list)
    forced: bool = False
    shift: RowShift | None = None
    chosen: int | None = None
    known: int = 0
    written: list[int] = field(default_factory=list)
    ended: bool = False
    told: Told | None = None

    @property
    def open(self) -> bool:
        """Whether the reply goes on."""
        return not (self.forced or self.ended) and len(self.written) < self.most


def write(
    network: Network,
    rows: Sequence[Row],
    closing: Collection[int],
    stopping: Callable[[], bool],
    passes: Passes | None = None,
) -> Passes:
    """Write every row's reply; return the passes, which know all but each row's last token.

    Parameters
    ----------
    closing : collection of int
        Tokens that end a reply.
    stopping : callable
        Asked before every token.
    passes : Passes, optional
        Of the same rows in the same order, which all go on where they were; ``row.past`` then says
        nothing.

    Raises
    ------
    StoppedError
        ``stopping()`` became true.
    RespondentHaltedError
        The model computes what is no number.
    """
    passes = passes or Passes(network, [row.past for row in rows], steering_of(rows))
    for row, known in zip(rows, passes.ids, strict=True):
        row.known = len(known)
    logits = passes.feed([row.ids[row.known :] for row in rows])
    _weigh(network, rows, passes, logits)
    if any(row.open for row in rows):
        _append(rows, logits, closing)
    while any(row.open for row in rows):
        if stopping():
            raise StoppedError
        logits = passes.feed([row.written[-1:] if row.open else [] for row in rows])
        _append(rows, logits, closing)
    return passes


def steering_of(rows: Sequence[Row]) -> Steering | None:
    """What is added to the rows' streams; None where nothing is."""
    shifts = [row.shift for row in rows]
    return Steering(shifts) if any(shifts) else None


def _append(rows: Sequence[Row], logits: Any, closing: Collection[int]) -> None:
    uniforms = [uniform(row.stream, len(row.written)) for row in rows]
    tokens = draw(logits, [row.temperature for row in rows], uniforms)
    for row, token in zip(rows, tokens, strict=True):
        if row.open:
            row.written.append(token)
            row.ended = token in closing


def _weigh(network: Network, rows: Sequence[Row], passes: Passes, logits: Any) -> None:
    """Set how probable the choices were, in every row that has some."""
    for number, row in enumerate(rows):
        if row.spellings:
            ahead = _Ahead(network, row, partial(passes.past, number), logits[number])
            least = 0.0 if row.forced else None
            row.told = shares(row.spellings, ahead.probability, least)
        if row.forced and row.told:
            place = uniform(row.stream, 0)
            row.chosen = choose(row.told.distribution, row.temperature, place)


class _Ahead:
    """What a conversation may go on with, as far as is asked."""

    def __init__(self, network: Network, row: Row, past: Callable[[], Past], logits: Any) -> None:
        self._network = network
        self._row = row
        self._past = past
        self._after: dict[Spelling, Any] = {(): logits.softmax(-1)}

    def probability(self, ids: Spelling) -> float:
        """That the reply begins with these tokens."""
        if not ids:
            return 1.0
        begins = self.probability(ids[:-1])
        return begins * float(self._next(ids[:-1])[ids[-1]]) if begins > _NEGLIGIBLE else 0.0

    def _next(self, begun: Spelling) -> Any:
        if begun not in self._after:
            past = self._past() if self._network.keeps else None
            passes = Passes(self._network, [past], steering_of([self._row]))
            fresh = list(begun) if past else [*self._row.ids, *begun]
            self._after[begun] = passes.feed([fresh])[0].softmax(-1)
        return self._after[begun]
