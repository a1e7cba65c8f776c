import asyncio
from contextlib import closing

import pytest

from support.scripted import Scripted, tiny_study
from vaar.journal.journal import Journal
from vaar.respondents.base import Reply
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.budget import Budget, Caps
from vaar.sessions.runner.run import run_sessions
from vaar.sessions.runner.uncounted import count_uncounted


class Silent(Scripted):
    """Tells no count of tokens."""

    simulated = False

    async def reply(self, request):
        reply = await super().reply(request)
        return Reply(reply.text, model="m")


@pytest.fixture
def journal(tmp_path):
    with closing(Journal(tmp_path / "j")) as opened:
        yield opened


def ask(journal, respondent, budget, sessions=3):
    study = tiny_study()
    planned = plan_sessions(study, [respondent.name], sessions, seed=1)
    journal.plan(planned)
    pending = [session for session, status, _ in journal.sessions() if status == "pending"]
    asyncio.run(run_sessions(study, pending, {respondent.name: respondent}, journal, 2, budget))
    return budget


def test_what_came_without_a_count_counts_the_same_when_it_is_read_again(journal):
    live = ask(journal, Silent("m", lambda m: "2"), Budget(Caps(tokens=10**9), {"m": None}))
    assert live.tokens > 0 and live.uncounted == {"m": 15}
    again = Budget(Caps(tokens=10**9), {"m": None}, journal.spent())
    assert again.tokens == 0
    count_uncounted(again, tiny_study(), journal)
    assert (again.tokens, again.uncounted) == (live.tokens, live.uncounted)


def test_a_cap_holds_where_no_tokens_are_told_also_over_several_calls(journal):
    caps, silent = Caps(tokens=3_000), Silent("m", lambda m: "2")
    first = ask(journal, silent, Budget(caps, {"m": None}), sessions=50)
    assert first.tokens <= 3_000 + 600 and len(silent.asked) < 250
    before = len(silent.asked)
    second = Budget(caps, {"m": None}, journal.spent())
    count_uncounted(second, tiny_study(), journal)
    ask(journal, silent, second, sessions=50)
    assert len(silent.asked) - before <= 1


def test_counted_replies_and_uncapped_runs_are_not_read(journal):
    counted = Scripted("m", lambda m: "2")
    ask(journal, counted, Budget(Caps(), {"m": None}))
    for caps in (Caps(tokens=10**9), Caps()):
        budget = Budget(caps, {"m": None}, journal.spent())
        tokens = budget.tokens
        count_uncounted(budget, tiny_study(), journal)
        assert budget.tokens == tokens and not budget.uncounted
