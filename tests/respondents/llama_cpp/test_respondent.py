import asyncio
import sys
from contextlib import closing

import pytest

from support.scripted import tiny_study
from vaar.errors import RespondentError
from vaar.journal.journal import Journal
from vaar.respondents.llama_cpp.model_config import LlamaModel
from vaar.respondents.llama_cpp.respondent import LlamaRespondent
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.run import run_sessions


def respondent(file, **others):
    return LlamaRespondent(LlamaModel("gguf/tiny", str(file), **others))


def test_what_is_recorded_of_it(tiny_gguf, say, tmp_path):
    record = respondent(tiny_gguf, context=512).sent(say("?", temperature=0.7))
    assert {key: record[key] for key in ("provider", "file", "quantisation")} == {
        "provider": "gguf",
        "file": "tiny.gguf",
        "quantisation": "F32",
    }
    assert (record["context"], record["temperature"]) == (512, 0.7)
    assert len(record["sha256"]) == 64 and "<|assistant|>" in record["template"]
    copy = tmp_path / "tiny.gguf"
    copy.write_bytes(tiny_gguf.read_bytes())
    assert respondent(copy, context=512).sent(say("?", temperature=0.7)) == record
    assert respondent(copy, temperature=0.1).sent(say("?"))["temperature"] == 0.1


def test_the_extra_is_not_installed(tiny_gguf, monkeypatch):
    monkeypatch.delitem(sys.modules, "vaar.respondents.llama_cpp.loading", raising=False)
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(RespondentError, match=r"gguf/tiny: .*pip install 'vaar\[gguf\]'"):
        respondent(tiny_gguf).prepare()


def test_sessions_side_by_side_and_their_replies(tiny_gguf, tmp_path):
    study = tiny_study()
    one = respondent(tiny_gguf, slots=3, context=1024)
    assert one.capacity == 3
    sessions = plan_sessions(study, [one.name], 5, 1)

    async def run():
        with closing(Journal(tmp_path / "journal.sqlite")) as journal:
            journal.plan(sessions)
            await run_sessions(study, sessions, {one.name: one}, journal)
            await one.close()
            return [status for _, status, _ in journal.sessions()], list(journal.turns())

    states, turns = asyncio.run(run())
    assert len(states) == 5 and "pending" not in states
    assert len({turn.session for turn in turns}) == 5
    assert all(turn.reply.latency > 0 and not turn.reply.simulated for turn in turns)
