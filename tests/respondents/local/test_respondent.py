import asyncio
import sys
from contextlib import closing

import pytest

from support.scripted import tiny_study
from vaar.errors import RespondentError
from vaar.journal.journal import Journal
from vaar.respondents.local import respondent as module
from vaar.respondents.local.model_config import LocalModel
from vaar.respondents.local.respondent import LocalRespondent
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.budget import FREE, Budget, Caps, price_of
from vaar.sessions.runner.run import run_sessions


def respondent(tiny, **others):
    return LocalRespondent(LocalModel("hf/tiny", str(tiny), **others))


def test_nothing_is_loaded_before_it_is_prepared_and_then_once(tiny, monkeypatch):
    one, loads = respondent(tiny), []
    load = module._load

    def noted(wanted):
        loads.append(wanted)
        return load(wanted)

    monkeypatch.setattr(module, "_load", noted)
    assert (one.capacity, one.simulated, loads) == (32, False, [])
    one.prepare()
    one.prepare()
    assert len(loads) == 1


def test_it_takes_as_many_conversations_as_two_batches(tiny):
    one = respondent(tiny, batch=3)
    one.prepare()
    assert one.capacity == 6
    one._loaded.batch = 1
    assert one.capacity == 2


def test_its_tokens_cost_nothing(tiny):
    one = respondent(tiny)
    assert price_of(one) == FREE
    Budget(Caps(cost=1.0), {one.name: price_of(one)})


def test_what_is_recorded_of_it_tells_another_temperature(tiny, say):
    record = respondent(tiny, dtype="float32").sent(say("?", temperature=0.7))
    assert record == {
        "provider": "hf",
        "model": str(tiny),
        "device": "auto",
        "dtype": "float32",
        "temperature": 0.7,
    }
    assert respondent(tiny, temperature=0.2).sent(say("?"))["temperature"] == 0.2


@pytest.mark.parametrize("absent", ["torch", "transformers"])
def test_the_extra_is_not_installed(tiny, monkeypatch, absent):
    for name in [n for n in sys.modules if n.startswith("vaar.respondents.local.")]:
        if name.rpartition(".")[2] not in ("model", "batching", "respondent"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, absent, None)
    with pytest.raises(RespondentError, match=r"hf/tiny: .*pip install 'vaar\[hf\]'"):
        respondent(tiny).prepare()


def test_a_reply_says_how_long_it_took(tiny, say):
    async def run():
        one = respondent(tiny)
        reply = await one.reply(say("Hello?"))
        assert reply.latency > 0
        assert not reply.simulated
        await one.close()

    asyncio.run(run())


def asked(tiny, path, budget=None, batch=4, concurrency=None, count=6):
    """Run sessions with a fresh respondent; what was said, by session, turn and attempt."""
    study = tiny_study()
    one = respondent(tiny, batch=batch)
    sessions = plan_sessions(study, [one.name], count, 1)

    async def run():
        with closing(Journal(path)) as journal:
            journal.plan(sessions)
            pending = [s for s, status, _ in journal.sessions() if status == "pending"]
            await run_sessions(study, pending, {one.name: one}, journal, concurrency, budget)
            await one.close()
            return {(t.session, t.turn, t.attempt): t.reply for t in journal.turns()}

    return asyncio.run(run())


def texts(replies):
    return {place: reply.text for place, reply in replies.items()}


@pytest.mark.slow
def test_a_run_that_was_interrupted_goes_on_as_if_it_had_not_been(tiny, tmp_path):
    unbroken = asked(tiny, tmp_path / "unbroken.sqlite")
    caps = Caps(tokens=5000)
    path = tmp_path / "broken.sqlite"
    half = asked(tiny, path, Budget(caps, {}))
    assert 0 < len(half) < len(unbroken)
    whole = asked(tiny, path)
    assert texts(whole) == texts(unbroken)
    assert len(set(texts(unbroken).values())) > len(unbroken) / 2


@pytest.mark.slow
def test_replies_do_not_depend_on_batch_or_concurrency(tiny, tmp_path):
    together = asked(tiny, tmp_path / "a.sqlite", batch=4)
    alone = asked(tiny, tmp_path / "b.sqlite", batch=1, concurrency=1)
    fewer = asked(tiny, tmp_path / "c.sqlite", batch=3, count=4)
    assert texts(together) == texts(alone)
    assert texts(fewer).items() < texts(together).items()
