"""What a run is expected to use, and at most, before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vaar.respondents.base import Respondent
from vaar.respondents.price import Price
from vaar.sessions.records import Session
from vaar.sessions.runner.budget import Caps, price_of
from vaar.sessions.workload import REASKED, Workload, expected_total
from vaar.study.model import Study


@dataclass(frozen=True)
class Forecast:
    """What one group is expected to use.

    Attributes
    ----------
    sessions : int
    load, most : Workload
        With the re-asks that are expected, and with all that a study allows.
    price : Price or None
        None where it is not known.
    """

    group: str
    respondent: str
    simulated: bool
    sessions: int
    load: Workload
    most: Workload
    price: Price | None

    @property
    def tokens(self) -> float:
        """Tokens expected, in and out."""
        return self.load.input_tokens + self.load.output_tokens

    @property
    def cost(self) -> float | None:
        """Money expected; None where the price is not known."""
        return _cost(self.price, self.load)

    @property
    def most_cost(self) -> float | None:
        """Money at most; None where the price is not known."""
        return _cost(self.price, self.most)


def forecast(
    study: Study, sessions: Sequence[Session], respondents: Sequence[Respondent]
) -> list[Forecast]:
    """Estimate what each group of a run uses, in the order in which the groups begin."""
    by_name: Mapping[str, Respondent] = {r.name: r for r in respondents}
    groups: dict[str, list[Session]] = {}
    for session in sessions:
        groups.setdefault(session.group, []).append(session)
    found = []
    for group, own in groups.items():
        respondent = by_name[own[0].respondent]
        thoughts = int(getattr(respondent, "thinking_tokens", 0))
        found.append(
            Forecast(
                group=group,
                respondent=respondent.name,
                simulated=respondent.simulated,
                sessions=len(own),
                load=expected_total(study, own, REASKED, thoughts),
                most=expected_total(study, own, study.limits.reasks, thoughts),
                price=price_of(respondent),
            )
        )
    return found


def affordable(found: Sequence[Forecast], caps: Caps) -> float:
    """Share of what is expected that the caps allow; infinite where they set no bound."""
    shares = [float("inf")]
    tokens, cost = sum(f.tokens for f in found), sum(f.cost or 0.0 for f in found)
    if caps.tokens is not None and tokens:
        shares.append(caps.tokens / tokens)
    if caps.cost is not None and cost:
        shares.append(caps.cost / cost)
    return min(shares)


def _cost(price: Price | None, load: Workload) -> float | None:
    if price is None:
        return None
    return price.of(
        round(load.input_tokens),
        round(load.output_tokens),
        reasoning_tokens=round(load.reasoning_tokens),
    )
