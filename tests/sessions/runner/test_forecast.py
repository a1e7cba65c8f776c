import pytest

from support.scripted import Scripted, tiny_study
from vaar.respondents.price import Price
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.budget import Caps
from vaar.sessions.runner.forecast import affordable, forecast

PRICE = Price(input=1.0, output=4.0, cached=0.5, reasoning=8.0)


class Priced(Scripted):
    simulated = False

    def __init__(self, name, price=None, thinking_tokens=0):
        super().__init__(name, lambda m: "2")
        self.price = price
        self.thinking_tokens = thinking_tokens


def expected(*respondents, sessions=10):
    study = tiny_study()
    planned = plan_sessions(study, [r.name for r in respondents], sessions, seed=1)
    return forecast(study, planned, respondents)


def test_each_group_has_its_own_price_and_thoughts():
    quiet, thinking, unknown = expected(
        Priced("a", PRICE), Priced("b", PRICE, thinking_tokens=100), Priced("c")
    )
    assert (quiet.sessions, quiet.load.turns) == (10, pytest.approx(55))
    said = quiet.load.input_tokens * 1.0 + quiet.load.output_tokens * 4.0
    assert quiet.cost == pytest.approx(said / 1e6, rel=0.01)
    assert thinking.cost - quiet.cost == pytest.approx(55 * 100 * 8.0 / 1e6, rel=0.01)
    assert (unknown.cost, unknown.most_cost) == (None, None)


def test_at_most_every_question_is_asked_as_often_as_the_study_allows():
    (group,) = expected(Priced("a", PRICE))
    assert group.most.turns == 150
    assert group.most_cost > 3 * group.cost * 0.9


def test_what_the_caps_allow():
    found = expected(Priced("a", PRICE), Priced("b", PRICE))
    tokens, cost = sum(f.tokens for f in found), sum(f.cost for f in found)
    assert affordable(found, Caps()) == float("inf")
    assert affordable(found, Caps(tokens=round(tokens / 2))) == pytest.approx(0.5, rel=0.01)
    assert affordable(found, Caps(tokens=round(tokens), cost=cost / 4)) == pytest.approx(0.25)
    assert affordable(expected(Scripted("s", lambda m: "2")), Caps(cost=1)) == float("inf")
