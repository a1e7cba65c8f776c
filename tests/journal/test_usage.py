"""What a journal tells of who served its replies, read from the file as it is."""

import asyncio
from dataclasses import replace

from support.scripted import Scripted, tiny_study
from vaar.journal.journal import Journal
from vaar.journal.status import read_status
from vaar.respondents.base import Reply
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.run import run_sessions


class Told(Scripted):
    """Tells all that a server can, one way in the first session and another in the second."""

    def __init__(self, name, *parts):
        super().__init__(name, lambda messages: "4")
        self.parts = parts

    async def reply(self, request):
        reply = await super().reply(request)
        first = min(seed for seed, _ in self.asked)
        return replace(reply, **self.parts[request.respondent_seed != first])


ALL = {
    "cost": 0.5,
    "provider": "One",
    "system_fingerprint": "fp_1",
    "service_tier": "default",
    "reasoning_tokens": 1,
    "cached_tokens": 4,
    "cache_write_tokens": 3,
}


def collected(tmp_path, *parts):
    study = tiny_study()
    respondent = Told("m", *parts)
    sessions = plan_sessions(study, ["m"], 2, 1)
    path = tmp_path / "journal.sqlite"
    journal = Journal(path)
    journal.plan(sessions)
    asyncio.run(run_sessions(study, sessions, {"m": respondent}, journal, concurrency=1))
    return journal, path


def test_all_that_is_told_is_kept_and_summed(tmp_path):
    journal, path = collected(tmp_path, ALL, ALL)
    (used,) = journal.spent()
    assert (used.cost, used.priced, used.replies) == (5.0, 10, 10)
    assert (used.reasoning_tokens, used.cached_tokens, used.cache_write_tokens) == (10, 40, 30)
    kept = next(iter(journal.turns())).reply
    assert {name: getattr(kept, name) for name in ALL} == ALL
    assert isinstance(kept, Reply) and journal.changes() == {}
    served = journal.served()
    assert served.keys() == {"provider", "configuration", "class of service"}
    assert served["provider"] == {"m": {"One": 10}}
    journal.close()
    (group,) = read_status(path).groups
    assert (group.cost, group.priced, group.reasoning_tokens) == (5.0, 10, 10)


def test_a_change_between_sessions_is_told_for_each_thing_that_changed(tmp_path):
    other = ALL | {"provider": "Two", "system_fingerprint": "fp_2"}
    journal, path = collected(tmp_path, ALL, other)
    assert journal.changes() == {
        "provider": {"m": {"One": 5, "Two": 5}},
        "configuration": {"m": {"fp_1": 5, "fp_2": 5}},
    }
    journal.close()
    assert read_status(path).changes.keys() == {"provider", "configuration"}


def test_what_is_not_told_is_no_change(tmp_path):
    journal, _ = collected(tmp_path, ALL, {"provider": "", "service_tier": "default"})
    assert journal.changes() == {}
    assert journal.served()["provider"] == {"m": {"One": 5}}
    journal.close()
