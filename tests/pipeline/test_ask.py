import json
from dataclasses import replace

import pytest

from support.scripted import Scripted
from vaar.errors import ProviderError, RespondentError, RespondentHaltedError
from vaar.pipeline.ask import CollectionOptions, ask
from vaar.pipeline.rundir import RunDirectory
from vaar.respondents.price import Price
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.budget import Caps


def go(study, respondents, path, sessions=4, **asking):
    planned = plan_sessions(study, [r.name for r in respondents], sessions, seed=1)
    return ask(study, planned, respondents, RunDirectory(path), CollectionOptions(3, **asking))


class Flapping(Scripted):
    """Reports another model from one of its replies on."""

    def __init__(self, name, changes_at, models=("a", "b")):
        super().__init__(name, lambda m: "2")
        self.changes_at = changes_at
        self.models = models

    async def reply(self, request):
        said = await super().reply(request)
        return replace(said, model=self.models[len(self.asked) > self.changes_at])


def test_failed_sessions_are_counted_by_reason_and_kept_failed(study, tmp_path):
    calls = iter(range(1000))
    flaky = Scripted("m", lambda m: ProviderError("HTTP 500") if next(calls) in (3, 7) else "2")
    first = go(study, [flaky], tmp_path)
    assert first.failed == {"provider_error: HTTP 500": 2}
    again = go(study, [Scripted("m", lambda m: "2")], tmp_path)
    assert (again.earlier, again.progress.turns) == (4, 0)
    assert again.failed == first.failed


def test_retry_failed_asks_only_what_is_missing(study, tmp_path):
    calls = iter(range(1000))
    flaky = Scripted("m", lambda m: ProviderError("HTTP 500") if next(calls) in (3, 7) else "2")
    first = go(study, [flaky], tmp_path)
    again = go(study, [Scripted("m", lambda m: "2")], tmp_path, retry_failed=True)
    assert again.failed == {}
    assert again.anew == 0
    assert first.progress.turns + again.progress.turns == 4 * 5


def test_a_halted_respondent_is_asked_again_next_time(study, tmp_path):
    halted = Scripted("m", lambda m: RespondentHaltedError("no such model"))
    first = go(study, [halted], tmp_path)
    assert (first.progress.halted, first.pending) == ({"m": "no such model"}, 4)
    assert go(study, [Scripted("m", lambda m: "2")], tmp_path).progress.complete == 4


def test_error_text_enters_neither_the_conversation_nor_the_replies(study, tmp_path):
    calls = iter(range(1000))
    secret = "internal stack trace of the server"
    flaky = Scripted("m", lambda m: ProviderError(secret) if next(calls) == 3 else "2")
    go(study, [flaky], tmp_path)
    again = Scripted("m", lambda m: "2")
    go(study, [again], tmp_path, retry_failed=True)
    assert secret not in json.dumps([messages for _, messages in flaky.asked + again.asked])


def test_sessions_of_two_models_are_asked_anew_from_their_first_turn(study, tmp_path):
    first = go(study, [Flapping("m", changes_at=10)], tmp_path)
    changed = sum(count for reason, count in first.failed.items() if "model_changed" in reason)
    assert changed == sum(first.failed.values()) >= 1
    assert first.models["m"].keys() == {"a", "b"}
    steady = Flapping("m", changes_at=0)
    again = go(study, [steady], tmp_path, retry_failed=True)
    assert (again.failed, again.anew) == ({}, changed)
    assert again.progress.turns == 5 * changed, "nothing of the old conversation is kept"


def test_a_cap_holds_over_the_whole_life_of_a_directory(study, tmp_path):
    capped = {"caps": Caps(tokens=11 * 7)}
    first = go(study, [Scripted("m", lambda m: "2")], tmp_path, **capped)
    assert "--max-tokens 77 is reached" in first.progress.stopped
    assert 7 <= first.progress.turns < 7 + 3, "at most those under way come on top"
    idle = Scripted("m", lambda m: "2")
    second = go(study, [idle], tmp_path, **capped)
    assert second.progress.stopped and not idle.asked
    rest = go(study, [Scripted("m", lambda m: "2")], tmp_path)
    assert (rest.pending, rest.progress.stopped) == (0, "")
    assert first.progress.turns + rest.progress.turns == 20


def test_money_is_capped_only_where_every_price_is_known(study, tmp_path):
    priced, free = Scripted("m", lambda m: "2"), Scripted("n", lambda m: "2")
    priced.simulated = free.simulated = False
    priced.price = Price(input=10_000, output=100_000, cached=0)
    (tmp_path / "refused").mkdir()
    with pytest.raises(RespondentError, match=r"that of n is not known.*models file"):
        go(study, [priced, free], tmp_path / "refused", caps=Caps(cost=1.0))
    assert not priced.asked + free.asked
    asked = go(study, [priced], tmp_path, caps=Caps(cost=1.0))
    assert "--max-cost 1 is reached: 1." in asked.progress.stopped
    assert 5 <= asked.progress.turns < 8, "a reply costs 0.2"
