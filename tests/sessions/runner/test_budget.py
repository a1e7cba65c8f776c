import pytest

from support.scripted import Scripted
from vaar.errors import RespondentError
from vaar.respondents.base import Reply, Request
from vaar.respondents.price import Price
from vaar.sessions.records import ModelUsage
from vaar.sessions.runner.budget import FREE, Budget, Caps, Verdict, money_of, price_of
from vaar.sessions.runner.token_bounds import AROUND

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


def request(text="x" * 84, ceiling=10):
    return Request([{"role": "user", "content": text}], 1, 1.0, ceiling)


def test_a_call_waits_where_what_it_can_use_does_not_fit_beside_those_under_way():
    budget = Budget(Caps(tokens=350), {"m": None})
    verdicts = [budget.admit("m", request())[0] for _ in range(4)]
    assert verdicts == [Verdict.ENTER] * 3 + [Verdict.WAIT]  # 111 tokens each at most


def test_the_server_shows_how_many_tokens_a_text_has():
    budget = Budget(Caps(tokens=350), {"m": None})
    _, reserved = budget.admit("m", request())
    budget.add("m", Reply("4", input_tokens=25, output_tokens=1), request())
    budget.settle("m", reserved)
    verdicts = [budget.admit("m", request())[0] for _ in range(10)]
    assert verdicts.count(Verdict.ENTER) == (350 - 26) // (25 + 1 + 10)


def test_one_call_may_be_the_last_straw_and_then_it_stops():
    budget = Budget(Caps(tokens=50), {"m": None})
    verdict, reserved = budget.admit("m", request())
    assert verdict is Verdict.ENTER
    budget.add("m", Reply("4", input_tokens=60), request())
    budget.settle("m", reserved)
    assert budget.admit("m", request())[0] is Verdict.STOP
    assert budget.told() == "--max-tokens 50 is reached: 60 tokens are spent"


def test_what_one_model_leaves_over_is_for_the_other():
    budget = Budget(Caps(tokens=1000), {"a": None, "b": None})
    budget.add("a", Reply("4", input_tokens=500))
    assert budget.admit("a", request())[0] is Verdict.WAIT
    assert budget.admit("b", request())[0] is Verdict.ENTER
    budget.finish("b")
    assert budget.admit("a", request())[0] is Verdict.ENTER


def test_it_stops_where_all_have_had_their_share():
    budget = Budget(Caps(tokens=1000), {"a": None, "b": None})
    for name in "ab":
        budget.add(name, Reply("4", input_tokens=500))
    assert budget.admit("a", request())[0] is Verdict.STOP


def test_free_respondents_take_no_share_of_the_money():
    budget = Budget(Caps(cost=1.0), {"m": PRICE, "simulated/x": FREE})
    budget.add("m", Reply("4", input_tokens=900_000))
    assert budget.admit("m", request())[0] is Verdict.ENTER
    budget.add("m", Reply("4", input_tokens=200_000))
    assert budget.admit("simulated/x", request())[0] is Verdict.ENTER


def test_a_reply_without_a_count_is_counted_as_the_most_it_can_be():
    budget = Budget(Caps(tokens=1000), {"m": None}, ceilings={"m": lambda asked: asked + 40})
    budget.add("m", Reply("4"), request())
    assert budget.tokens == 84 + AROUND + 50
    assert budget.uncounted == {"m": 1}
    budget.add("m", Reply("", "content_filter"), request())
    assert budget.tokens == 2 * (84 + AROUND) + 50
    budget.add("m", Reply("4", simulated=True), request())
    assert budget.uncounted == {"m": 2}


def test_every_kind_of_token_has_its_price():
    price = Price(1.0, 4.0, 0.5, "USD", cache_write=1.25, reasoning=8.0)
    budget = Budget(Caps(cost=100), {"m": price})
    budget.add(
        "m",
        Reply(
            "4",
            input_tokens=4_000_000,
            cached_tokens=1_000_000,
            cache_write_tokens=2_000_000,
            output_tokens=3_000_000,
            reasoning_tokens=1_000_000,
        ),
    )
    assert budget.cost == pytest.approx(1.0 + 0.5 + 2 * 1.25 + 2 * 4.0 + 8.0)


def test_what_a_reply_says_it_cost_goes_before_the_price_in_the_same_currency():
    euros = Price(1.0, 1.0, 1.0, "EUR")
    for price, cost in ((PRICE, 0.25), (None, 0.25), (euros, 2.0)):
        budget = Budget(Caps(cost=9), {"m": price}, telling=["m"])
        budget.add("m", Reply("4", input_tokens=2_000_000, cost=0.25))
        assert budget.cost == pytest.approx(cost)


def test_a_model_whose_replies_tell_their_cost_needs_no_price():
    Budget(Caps(cost=1.0), {"m": None}, telling=["m"])
    with pytest.raises(RespondentError, match="price of every model, and that of m"):
        Budget(Caps(cost=1.0), {"m": None})
    with pytest.raises(RespondentError, match="EUR and USD"):
        Budget(Caps(cost=1.0), {"m": None, "n": Price(1, 1, 1, "EUR")}, telling=["m"])


EVERY_KIND = Price(input=1.0, output=4.0, cached=0.5, cache_write=2.0, reasoning=8.0)


def test_earlier_replies_cost_what_every_kind_of_their_tokens_does():
    million = 1_000_000
    used = ModelUsage("g", "m", "m-1", 3, 3 * million, 2 * million, million, million, million)
    amount, currency = money_of(EVERY_KIND, used) or (0.0, "")
    assert amount == pytest.approx(1.0 + 0.5 + 2.0 + 4.0 + 8.0) and currency == "USD"
    assert Budget(Caps(cost=16), {"m": EVERY_KIND}, [used]).cost == pytest.approx(15.5)


def test_what_earlier_replies_told_goes_before_the_price():
    used = ModelUsage("g", "m", "m-1", 4, 4_000_000, 0, 0, cost=0.25, priced=4)
    assert money_of(PRICE, used) == (0.25, "USD")
    assert money_of(None, used) == (0.25, "USD")
    assert Budget(Caps(cost=1), {"m": None}, [used], telling=["m"]).cost == 0.25


def test_replies_that_told_nothing_beside_others_have_their_share_of_the_price():
    used = ModelUsage("g", "m", "m-1", 4, 4_000_000, 0, 0, cost=0.25, priced=1)
    amount, _ = money_of(PRICE, used) or (0.0, "")
    assert amount == pytest.approx(0.25 + 3.0)


def test_dollars_are_no_part_of_a_sum_in_another_currency():
    used = ModelUsage("g", "m", "m-1", 1, 1_000_000, 0, 0, cost=0.25, priced=1)
    assert money_of(Price(1.0, 1.0, 1.0, "EUR"), used) == (1.0, "EUR")
    assert money_of(None, ModelUsage("g", "m", "m-1", 1, 1, 1, 0)) is None
