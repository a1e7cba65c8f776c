"""Caps on a whole run: tokens, money, time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from vaar.errors import RespondentError
from vaar.respondents.base import Reply, Request, Respondent
from vaar.respondents.price import Price
from vaar.sessions.records import ModelUsage
from vaar.sessions.runner.allowance import Allowance
from vaar.sessions.runner.token_bounds import TokenBounds, most_received, most_tokens

FREE = Price(0.0, 0.0, 0.0)
"""What a simulated respondent costs."""

DOLLARS = "USD"
"""Currency of what replies themselves say that they cost."""


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


class Verdict(Enum):
    """Whether a call may be made."""

    ENTER = auto()  # it may; what it may use is set aside
    WAIT = auto()  # not before another call has ended, or another respondent is done
    STOP = auto()  # the run has spent what it may


@dataclass(frozen=True)
class Reserved:
    """What is set aside for one call."""

    tokens: float = 0.0
    cost: float = 0.0


NOTHING = Reserved()


def price_of(respondent: Respondent) -> Price | None:
    """The price of a respondent's tokens; None where it is not known."""
    price: Price | None = getattr(respondent, "price", None)
    return FREE if price is None and respondent.simulated else price


def tells_cost(respondent: Respondent) -> bool:
    """Whether a respondent's replies say what they cost."""
    return bool(getattr(respondent, "tells_cost", False))


class Usage(Protocol):
    """Tokens that replies used, and what they told of their cost; see ModelUsage."""

    @property
    def replies(self) -> int: ...
    @property
    def input_tokens(self) -> int: ...
    @property
    def output_tokens(self) -> int: ...
    @property
    def cached_tokens(self) -> int: ...
    @property
    def cache_write_tokens(self) -> int: ...
    @property
    def reasoning_tokens(self) -> int: ...
    @property
    def cost(self) -> float | None: ...
    @property
    def priced(self) -> int: ...


def money_of(price: Price | None, used: Usage) -> tuple[float, str] | None:
    """What replies cost, and in which currency; None where that is not known.

    What they told goes before the price, as far as it is in the same currency; replies that told
    nothing among others that did are taken to have used their share of the tokens.
    """
    tells = used.cost is not None and (price is None or price.currency == DOLLARS)
    told = used.cost if tells and used.cost is not None else 0.0
    if price is None:
        return (told, DOLLARS) if tells else None
    whole = price.of(
        used.input_tokens,
        used.output_tokens,
        used.cached_tokens,
        used.cache_write_tokens,
        used.reasoning_tokens,
    )
    untold = 1 - used.priced / used.replies if tells and used.replies else 1.0
    return told + untold * whole, price.currency


def ceiling_of(respondent: Respondent) -> Callable[[int], int]:
    """From the ceiling that a study asks for to the one that a respondent sends."""
    ceiling: Callable[[int], int] = getattr(respondent, "ceiling", lambda asked: asked)
    return ceiling


class Budget:
    """What a run has spent, set against its caps.

    A capped amount is shared out evenly over the respondents that use it. A call is made only where
    what it can use at most still fits, so that a cap is passed by one call of each respondent at
    most. Replies that come without a count of tokens are counted as the most they can be.

    Parameters
    ----------
    caps : Caps
    prices : mapping of str to Price or None
        By respondent.
    spent : iterable of ModelUsage
        What the journal holds already.
    telling : iterable of str
        Respondents whose replies say what they cost, in US dollars.
    ceilings : mapping of str to callable
        From the ceiling that a study asks for to that which is sent, thoughts included.

    Attributes
    ----------
    tokens : int
    cost : float
    uncounted : Counter
        By respondent, replies that came without a count of tokens.

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
        telling: Iterable[str] = (),
        ceilings: Mapping[str, Callable[[int], int]] | None = None,
    ) -> None:
        self.caps = caps
        self._prices = prices
        self._telling = frozenset(telling)
        self._ceilings = ceilings or {}
        self._currency = self._one_currency() if caps.cost is not None else ""
        self.tokens = 0
        self.cost = 0.0
        self.uncounted: Counter[str] = Counter()
        self._bounds = TokenBounds()
        self._dearest: dict[str, float] = {}
        self._in_flight: Counter[str] = Counter()
        self._shares = dict(self._allowances())
        for part in spent:
            self._take(part.respondent, part.input_tokens + part.output_tokens, self._paid(part))

    def admit(self, name: str, request: Request) -> tuple[Verdict, Reserved]:
        """Whether a respondent may be asked now, and what is set aside for that."""
        if not self._shares:
            return Verdict.ENTER, NOTHING
        needed = self._needed(name, request)
        full = [
            share
            for kind, share in self._shares.items()
            if not share.fits(name, getattr(needed, kind))
        ]
        alone = not self._in_flight[name] and all(share.has_room(name) for share in full)
        if not full or alone:
            self._reserve(name, needed, 1)
            return Verdict.ENTER, needed
        others_go_on = any(self._in_flight.values()) or self._has_room_for_others(name)
        return (Verdict.WAIT if others_go_on else Verdict.STOP), NOTHING

    @property
    def is_capped(self) -> bool:
        """Whether anything is shared out, so that a call must be admitted."""
        return bool(self._shares)

    def settle(self, name: str, reserved: Reserved) -> None:
        """Give back what was set aside for a call that has ended."""
        if reserved is not NOTHING:
            self._reserve(name, reserved, -1)

    def add(self, name: str, reply: Reply, request: Request | None = None) -> None:
        """Count one reply; its request bounds it where it comes without a count of tokens."""
        sent, received = reply.input_tokens, reply.output_tokens
        if request is not None and not reply.simulated:
            if silent := not (sent or received):
                self.uncounted[name] += 1
            if self._shares and silent:
                sent = most_tokens(request)
                received = most_received(reply, self._ceiling(name, request))
            elif self._shares:
                self._bounds.learn(name, request, sent)
        cost = self._cost(name, reply, sent, received)
        if cost > self._dearest.get(name, 0.0):
            self._dearest[name] = cost
        self._take(name, sent + received, cost)

    def finish(self, name: str) -> None:
        """A respondent is asked no more: what it leaves over is for the others."""
        for share in self._shares.values():
            share.finish(name)

    def reached(self) -> str | None:
        """The cap on tokens or money that is reached, in words; None while none is."""
        caps = self.caps
        if caps.tokens is not None and self.tokens >= caps.tokens:
            return self.told("tokens")
        if caps.cost is not None and self.cost >= caps.cost:
            return self.told("cost")
        return None

    def told(self, kind: str = "") -> str:
        """In words, which cap it is that stops the run, and what is spent."""
        if not kind:
            fullest = max(self._shares.items(), key=lambda item: item[1].total / (item[1].cap or 1))
            kind = fullest[0]
        if kind == "tokens":
            said = f"{self.tokens:,} tokens are spent"
            return f"--max-tokens {self.caps.tokens:,} is reached: {said}"
        said = f"{self.cost:.2f} {self._currency} are spent"
        return f"--max-cost {self.caps.cost:g} is reached: {said}"

    def _allowances(self) -> Iterator[tuple[str, Allowance]]:
        if self.caps.tokens is not None:
            yield "tokens", Allowance(self.caps.tokens, self._prices)
        if self.caps.cost is not None:
            paid = [name for name, price in self._prices.items() if price != FREE]
            yield "cost", Allowance(self.caps.cost, paid)

    def _cost(self, name: str, reply: Reply, sent: int, received: int) -> float:
        """What a reply cost: as it says in dollars, else by the price."""
        price = self._prices.get(name)
        if reply.cost is not None and (price is None or price.currency == DOLLARS):
            return reply.cost
        if price is None or price is FREE:
            return 0.0
        cached, written = reply.cached_tokens, reply.cache_write_tokens
        return price.of(sent, received, cached, written, reply.reasoning_tokens)

    def _needed(self, name: str, request: Request) -> Reserved:
        """The most that a call can use: its conversation as counted so far, and its ceiling."""
        sent, received = self._bounds.sent(name, request), self._ceiling(name, request)
        price = self._prices.get(name)
        cost = self._dearest.get(name, 0.0) if price is None else price.of(sent, received)
        return Reserved(sent + received, cost)

    def _ceiling(self, name: str, request: Request) -> int:
        ceiling = self._ceilings.get(name)
        return request.max_tokens if ceiling is None else ceiling(request.max_tokens)

    def _reserve(self, name: str, amount: Reserved, sign: int) -> None:
        self._in_flight[name] += sign
        for kind, share in self._shares.items():
            share.reserve(name, sign * getattr(amount, kind))

    def _has_room_for_others(self, name: str) -> bool:
        return any(
            other != name and all(share.has_room(other) for share in self._shares.values())
            for other in self._prices
        )

    def _take(self, name: str, tokens: int, cost: float) -> None:
        self.tokens += tokens
        self.cost += cost
        for kind, share in self._shares.items():
            share.use(name, tokens if kind == "tokens" else cost)

    def _paid(self, part: ModelUsage) -> float:
        """What earlier replies cost: as they said, or by the price."""
        found = money_of(self._prices.get(part.respondent), part)
        return 0.0 if found is None else found[0]

    def _one_currency(self) -> str:
        unknown = [
            name
            for name, price in self._prices.items()
            if price is None and name not in self._telling
        ]
        if unknown:
            raise RespondentError(
                f"--max-cost needs the price of every model, and that of {', '.join(unknown)} is "
                "not known. Write it in a models file, per million tokens "
                "(price: {input: 2.5, output: 10}), and give that file as --model; or cap tokens "
                "(--max-tokens)."
            )
        prices = self._prices.values()
        currencies = {price.currency for price in prices if price is not None and price != FREE}
        if any(self._prices.get(name) is None for name in self._telling):
            currencies.add(DOLLARS)
        if len(currencies) > 1:
            raise RespondentError(
                f"--max-cost is one sum, and the models' prices are in "
                f"{' and '.join(sorted(currencies))}. Write all prices in one currency, or run the "
                "models in directories of their own."
            )
        return next(iter(currencies), "")
