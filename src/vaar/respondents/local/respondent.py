"""A chat model on this machine, through Hugging Face transformers."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from vaar.errors import RespondentError
from vaar.respondents.base import Reply, Request
from vaar.respondents.local.batching import Batching
from vaar.respondents.local.model_config import LocalModel
from vaar.respondents.local.value_shift.sentences import pairs_of
from vaar.respondents.price import Price

if TYPE_CHECKING:
    from vaar.respondents.local.engine import LoadedModel

_BATCHES_OPEN = 2  # while one is computed, the other's replies are coded and stored


class LocalRespondent:
    """A chat model on this machine.

    A reply is drawn from the model's own probabilities at the request's temperature, nothing cut
    off, with random numbers that depend on the respondent's name, the session's seed and the
    messages alone. So it does not depend on the conversations that share its batch, on what was
    kept of earlier turns, or on whether the run was interrupted, as far as rounding goes:
    a matrix product of another shape may differ in its last digits, which tips a draw: hardly ever
    in float32, often in bfloat16 and float16. ``request.schema`` changes nothing.

    Attributes
    ----------
    price : Price
        Its tokens cost nothing.

    Raises
    ------
    RespondentError
        In ``prepare``, which loads the model: the extra is not installed, or the model cannot be
        used.
    """

    simulated = False
    price = Price(0.0, 0.0, 0.0)

    def __init__(self, wanted: LocalModel) -> None:
        self.name = wanted.name
        self.faults: Counter[str] = Counter()
        self._wanted = wanted
        self._loaded: LoadedModel | None = None
        self._batching: Batching | None = None
        self._measured: dict[str, Any] = {}

    @property
    def capacity(self) -> int:
        """Conversations that it takes side by side: two batches."""
        return _BATCHES_OPEN * (self._loaded.batch if self._loaded else self._wanted.batch)

    def prepare(self) -> None:
        """Load the model, once.

        Raises
        ------
        RespondentError
        """
        if self._loaded is None:
            self._loaded = _load(self._wanted)
            self._loaded.faults = self.faults

    async def reply(self, request: Request) -> Reply:
        """Answer one turn; see :class:`vaar.respondents.base.Respondent`."""
        self.prepare()
        if self._batching is None:
            loaded = self._loaded
            assert loaded is not None
            self._batching = Batching(loaded.answer, lambda: loaded.batch, loaded.memory.together)
        started = time.perf_counter()
        reply = await self._batching.ask(request)
        return replace(reply, latency=time.perf_counter() - started)

    async def close(self) -> None:
        """Stop what is under way, and let go of the model."""
        if self._loaded is not None:
            self._measured = self._loaded.measured()
            self._loaded.stopping = True
        if self._batching is not None:
            self._batching.close()
        self._loaded = self._batching = None

    def measured(self) -> dict[str, Any]:
        """What was measured of its shifts: see :class:`vaar.respondents.base.Shiftable`.

        Returns
        -------
        dict
            ``probes``: by value, how well each layer tells it; ``sums``: by shift, see
            :class:`vaar.respondents.local.value_shift.tally.Tally`.
        """
        if self._loaded is not None:
            self._measured = self._loaded.measured()
        return self._measured

    def sent(self, request: Request) -> dict[str, Any]:
        """What is asked and how, for the record of a run; nothing is loaded for it."""
        own = self._wanted.temperature
        return {
            "provider": "hf",
            "model": self._wanted.path,
            "device": self._wanted.device,
            "dtype": self._wanted.dtype,
            "temperature": request.temperature if own is None else own,
            **self._shifted(),
        }

    def _shifted(self) -> dict[str, Any]:
        """The shift, and what it is found with; nothing where none is asked for."""
        wanted = self._wanted
        if not wanted.shifts:
            return {}
        files = dict(wanted.value_pairs)
        values = sorted({shift.value for shift in wanted.shifts})
        return {
            **({"shift": vars(wanted.shift).copy()} if wanted.shift else {}),
            "probe_accuracy": wanted.probe_accuracy,
            "value_pairs": {value: pairs_of(value, files).digest for value in values},
        }

    def adaptations(self) -> list[dict[str, str]]:
        """None: what the template does not take is found out while the model is loaded."""
        return []

    def adopt(self, adaptations: Iterable[Mapping[str, str]]) -> None:
        """Nothing is to be adopted."""


def _load(wanted: LocalModel) -> LoadedModel:
    try:
        from vaar.respondents.local.loading import load
    except ImportError as error:
        raise RespondentError(
            f"{wanted.name}: a model on this machine needs torch and transformers, which are not "
            f"installed or too old ({error}); pip install 'vaar[hf]'"
        ) from None
    return load(wanted)
