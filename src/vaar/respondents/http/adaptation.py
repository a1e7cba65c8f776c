"""Adapting to a server once: what it refused and can be done without is left out from then on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from vaar.respondents.base import Request
from vaar.respondents.http.call_options import FEW_LOGPROBS, CallOptions
from vaar.respondents.http.refused_fields import CEILINGS, LEFT_OUT, Call, Refused, adapt
from vaar.respondents.http.request_form import Taken
from vaar.respondents.wire.error_reading import ErrorSaid

FEW_FIRST_TOKENS = 4
"""Tokens of a reply that are looked at where the first is only white space."""

_FURTHER = f"looked for in the first {FEW_FIRST_TOKENS} tokens"


@dataclass(frozen=True)
class Adaptation:
    """One thing that is done otherwise because the server refused it.

    Attributes
    ----------
    field : str
        What was refused.
    change : str
        What is done instead, in words.
    because : str
        What the server said; safe to show.
    """

    field: str
    change: str
    because: str

    def __str__(self) -> str:
        return f"{self.field}: {self.change} ({self.because})"


class Adaptations:
    """What was adapted to, and what the server has accepted; the latter is adapted no more.

    Attributes
    ----------
    made : list of Adaptation
    """

    def __init__(self, options: CallOptions) -> None:
        self.made: list[Adaptation] = []
        self._options = options
        self._accepted: set[tuple[Taken, bool, bool, bool]] = set()
        self._tried: set[Taken] = set()
        self._latest: tuple[int, bool, bool] | None = None

    @property
    def any_accepted(self) -> bool:
        """Whether any call was accepted."""
        return bool(self._accepted)

    def accepted(self, taken: Taken, request: Request, forced: bool = False) -> None:
        """A reply came to a call in this form.

        Parameters
        ----------
        forced : bool
            Whether a schema allowed nothing but the answers.
        """
        has_schema = request.schema is not None
        has_choices = bool(request.choices) and not forced
        if self._latest == (id(taken), has_schema, has_choices):
            return
        self._latest = (id(taken), has_schema, has_choices)
        system = bool(request.messages) and request.messages[0]["role"] == "system"
        self._accepted.add((taken, has_schema, has_choices, system))

    def find(self, status: int, said: ErrorSaid, call: Call, told: str) -> Taken | Refused | None:
        """What to do about an error that names what was sent.

        Returns
        -------
        Taken, Refused or None
            What is sent from now on; the field that is never left out unasked; or None where the
            error names nothing that was sent, or what the server took before.
        """
        found = adapt(status, said, call, self._options)
        if found is None or isinstance(found, Refused):
            return found
        if found.taken in self._tried or self._was_accepted(call.taken, found.taken):
            return None
        self._tried |= {call.taken, found.taken}
        self.made.append(Adaptation(found.field, found.change, told))
        return found.taken

    def adopt(self, records: Iterable[Mapping[str, str]], taken: Taken) -> Taken:
        """Adapt at once as was recorded earlier; what is sent from now on."""
        for record in records:
            field, change = record.get("field", ""), record.get("change", "")
            again = _again(taken, field, change)
            if again is not None:
                self.made.append(Adaptation(field, change, record.get("because", "")))
                taken = again
        return taken

    def without_schema(self, taken: Taken, told: str) -> Taken:
        """Leave the schema out: the model does not manage to keep to it."""
        self.made.append(Adaptation("response_format", LEFT_OUT, told))
        return replace(taken, schema=False)

    def without_probabilities(self, taken: Taken) -> Taken:
        """Look further for the probabilities of answers; at last do without them."""
        if taken.first_tokens == 1:
            said = "nothing was told of the first"
            self.made.append(Adaptation("logprobs", _FURTHER, said))
            return replace(taken, first_tokens=FEW_FIRST_TOKENS)
        self.made.append(Adaptation("logprobs", LEFT_OUT, "the server told none"))
        return replace(taken, top_logprobs=0)

    def _was_accepted(self, taken: Taken, narrower: Taken) -> bool:
        """Whether what is to change was taken in the form that it has now."""
        for earlier, schema, choices, system in self._accepted:
            sent = {
                "ceiling_field": True,
                "seed_field": True,
                "top_logprobs": choices,
                "schema": schema,
                "system": system,
                "left_out": True,
            }
            for name, was_sent in sent.items():
                now = getattr(taken, name)
                if was_sent and now != getattr(narrower, name) and now == getattr(earlier, name):
                    return True
        return False


def _again(taken: Taken, field: str, change: str) -> Taken | None:
    """What is sent after a recorded change; None where no such change is made."""
    if field == "logprobs" and change == _FURTHER:
        return replace(taken, first_tokens=FEW_FIRST_TOKENS)
    if field == "logprobs":
        return replace(taken, top_logprobs=FEW_LOGPROBS if change != LEFT_OUT else 0)
    if field == "system":
        return replace(taken, system="user")
    if field == "response_format":
        return replace(taken, schema=False)
    if field == taken.ceiling_field and field in CEILINGS:
        return replace(taken, ceiling_field=CEILINGS[field])
    if field == taken.seed_field:
        return replace(taken, seed_field="")
    return replace(taken, left_out=taken.left_out | {field}) if change == LEFT_OUT else None
