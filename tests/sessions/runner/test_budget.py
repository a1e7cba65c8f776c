import pytest

from support.scripted import Scripted
from vaar.errors import RespondentError
from vaar.respondents.base import Reply
from vaar.respondents.price import Price
from vaar.sessions.records import ModelUsage
from vaar.sessions.runner.budget import FREE, Budget, Caps, price_of

PRICE = Price(input=1.0, output=4.0, cached=0.5)


def test_what_was_spent_before_counts():
    spent = [ModelUsage("g", "m", "m-1", 3, 900, 100, 0), ModelUsage("h", "m", "", 1, 0, 5, 0)]
    budget = Budget(Caps(tokens=1006), {"m": None}, spent)
    assert budget.reached() is None
    budget.add("m", Reply("4", input_tokens=1))
    assert budget.reached() == "--max-tokens 1,006 is reached: 1,006 tokens are spent"


def test_cached_tokens_cost_their_own_price():
    budget = Budget(Caps(cost=4.5), {"m": PRICE})
    budget.add("m", Reply("4", input_tokens=2_000_000, output_tokens=500_000, cached_tokens=10**6))
    assert budget.cost == pytest.approx(1.0 + 0.5 + 2.0)
    assert budget.reached() is None
    budget.add("m", Reply("4", output_tokens=250_000))
    assert budget.reached() == "--max-cost 4.5 is reached: 4.50 USD are spent"


def test_nothing_is_reached_without_a_cap():
    budget = Budget(Caps(), {"m": None})
    budget.add("m", Reply("4", input_tokens=10**12))
    assert budget.reached() is None


def test_prices_in_two_currencies_are_no_sum():
    prices = {"m": PRICE, "n": Price(1.0, 1.0, 1.0, "EUR"), "simulated/x": FREE}
    with pytest.raises(RespondentError, match="EUR and USD"):
        Budget(Caps(cost=1.0), prices)
    Budget(Caps(tokens=1), prices)


def test_a_simulated_respondent_is_free_and_another_has_the_price_it_names():
    one = Scripted("m", lambda m: "2")
    assert price_of(one) == FREE
    one.simulated = False
    assert price_of(one) is None
    one.price = PRICE
    assert price_of(one) == PRICE
