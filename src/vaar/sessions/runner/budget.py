"""Caps on a whole run: tokens, money, time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vaar.errors import RespondentError
from vaar.respondents.base import Reply, Respondent
from vaar.respondents.price import Price
from vaar.sessions.records import ModelUsage

FREE = Price(0.0, 0.0, 0.0)
"""What a simulated respondent costs."""


@dataclass(frozen=True)
class Caps:
    """What a run may spend; None sets no bound.

    Attributes
    ----------
    tokens : int or None
        Tokens in and out, over the whole life of the run directory.
    cost : float or None
        Money, likewise, in the currency of the models' prices.
    minutes : float or None
        Wall time of one call.
    """

    tokens: int | None = None
    cost: float | None = None
    minutes: float | None = None


def price_of(respondent: Respondent) -> Price | None:
    """The price of a respondent's tokens; None where it is not known."""
    price: Price | None = getattr(respondent, "price", None)
    return FREE if price is None and respondent.simulated else price


class Budget:
    """What a run has spent, set against its caps.

    Parameters
    ----------
    caps : Caps
    prices : mapping of str to Price or None
        By respondent.
    spent : iterable of ModelUsage
        What the journal holds already.

    Raises
    ------
    RespondentError
        Money is capped, and a model has no price, or two have prices in different currencies.
    """

    def __init__(
        self,
        caps: Caps,
        prices: Mapping[str, Price | None],
        spent: Iterable[ModelUsage] = (),
    ) -> None:
        self.caps = caps
        self._prices = prices
        self._currency = _one_currency(prices) if caps.cost is not None else ""
        self.tokens = 0
        self.cost = 0.0
        for part in spent:
            self._take(part.respondent, part.input_tokens, part.output_tokens, part.cached_tokens)

    def add(self, respondent: str, reply: Reply) -> None:
        """Count one reply."""
        self._take(respondent, reply.input_tokens, reply.output_tokens, reply.cached_tokens)

    def _take(self, respondent: str, sent: int, received: int, cached: int) -> None:
        self.tokens += sent + received
        price = self._prices.get(respondent)
        if price is not None:
            self.cost += price.of(sent, received, cached)

    def reached(self) -> str | None:
        """The cap on tokens or money that is reached, in words; None while none is."""
        caps = self.caps
        if caps.tokens is not None and self.tokens >= caps.tokens:
            return f"--max-tokens {caps.tokens:,} is reached: {self.tokens:,} tokens are spent"
        if caps.cost is not None and self.cost >= caps.cost:
            return (
                f"--max-cost {caps.cost:g} is reached: {self.cost:.2f} {self._currency} are spent"
            )
        return None


def _one_currency(prices: Mapping[str, Price | None]) -> str:
    unknown = [name for name, price in prices.items() if price is None]
    if unknown:
        raise RespondentError(
            f"--max-cost needs the price of every model, and that of {', '.join(unknown)} is not "
            "known. Write it in a models file, per million tokens "
            "(price: {input: 2.5, output: 10}), and give that file as --model; or cap tokens "
            "(--max-tokens)."
        )
    priced = (price for price in prices.values() if price is not None and price != FREE)
    currencies = sorted({price.currency for price in priced})
    if len(currencies) > 1:
        raise RespondentError(
            f"--max-cost is one sum, and the models' prices are in {' and '.join(currencies)}. "
            "Write all prices in one currency, or run the models in directories of their own."
        )
    return currencies[0] if currencies else ""
