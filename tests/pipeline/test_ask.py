import json

import pytest

from support.scripted import Scripted
from vaar.errors import ProviderError, RespondentHaltedError, RunDirectoryError
from vaar.pipeline.ask import ask
from vaar.pipeline.rundir import RunDirectory
from vaar.session.lock import locked
from vaar.session.plan import plan_sessions


def go(study, respondents, path, retry_failed=False, sessions=4):
    planned = plan_sessions(study, [r.name for r in respondents], sessions, seed=1)
    files = RunDirectory(path)
    return ask(study, planned, respondents, files, 3, retry_failed, lambda progress, earlier: None)


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
    assert first.progress.turns + again.progress.turns == 4 * 5


def test_a_halted_respondent_is_asked_again_next_time(study, tmp_path):
    halted = Scripted("m", lambda m: RespondentHaltedError("no such model"))
    assert go(study, [halted], tmp_path).progress.halted == {"m": "no such model"}
    assert go(study, [Scripted("m", lambda m: "2")], tmp_path).progress.complete == 4


def test_a_second_process_is_refused(study, tmp_path):
    with locked(tmp_path), pytest.raises(RunDirectoryError, match="another vaar process"):
        go(study, [Scripted("m", lambda m: "2")], tmp_path)


def test_error_text_enters_neither_the_conversation_nor_the_replies(study, tmp_path):
    calls = iter(range(1000))
    secret = "internal stack trace of the server"
    flaky = Scripted("m", lambda m: ProviderError(secret) if next(calls) == 3 else "2")
    go(study, [flaky], tmp_path)
    assert secret not in json.dumps([messages for _, messages in flaky.asked])
