"""What a call of a run leaves in the run's record, however it ends."""

import json
from contextlib import closing

import pytest

import vaar
from support.scripted import Scripted
from vaar.errors import (
    CapReachedError,
    DataError,
    MissingKeyError,
    OptionError,
    RespondentHaltedError,
    RunDirectoryError,
)
from vaar.journal.journal import Journal
from vaar.journal.lock import locked
from vaar.pipeline.ask import CollectionOptions
from vaar.pipeline.plan import RunPlan
from vaar.pipeline.run import carry_out
from vaar.respondents.price import Price
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.budget import Caps


def planned(study, respondent, sessions=4):
    sessions_ = tuple(plan_sessions(study, [respondent.name], sessions, seed=1))
    return RunPlan(study, (respondent,), sessions_, sessions, 1, None)


def record(directory):
    return json.loads((directory / "run.json").read_text(encoding="utf-8"))


class Faulty(Scripted):
    """Counts a fault at every call; stops the run at the given one."""

    def __init__(self, stops_at=None, with_what=KeyboardInterrupt):
        super().__init__("m", lambda m: "2")
        self.stops_at = stops_at
        self.with_what = with_what

    async def reply(self, request):
        self.faults["rate_limited"] += 1
        if len(self.asked) == self.stops_at:
            raise self.with_what
        return await super().reply(request)


def test_faults_add_up_over_calls_also_when_one_is_stopped(study, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        carry_out(planned(study, Faulty(stops_at=7)), tmp_path, CollectionOptions(1))
    assert record(tmp_path)["faults"] == {"m": {"rate_limited": 8}}
    assert record(tmp_path)["finished"] is None
    carry_out(planned(study, Faulty()), tmp_path)
    assert record(tmp_path)["faults"] == {"m": {"rate_limited": 8 + 20 - 7}}
    assert record(tmp_path)["finished"]


@pytest.mark.parametrize("then", ["same", "other"])
def test_a_call_that_adds_sessions_may_be_stopped_and_another_given(study, tmp_path, then):
    carry_out(planned(study, Faulty(), 2), tmp_path)
    with pytest.raises(KeyboardInterrupt):
        carry_out(planned(study, Faulty(stops_at=3), 4), tmp_path, CollectionOptions(1))
    assert "grown_from" in record(tmp_path)  # as where it was killed
    other = Scripted("other", lambda m: "3")
    carry_out(planned(study, other if then == "other" else Faulty(), 4), tmp_path)
    assert "grown_from" not in record(tmp_path) and "repairs" not in record(tmp_path)
    carry_out(planned(study, Faulty(), 4), tmp_path)
    with closing(Journal.existing(tmp_path / "journal.sqlite")) as journal:
        asked = [(session.respondent, status) for session, status, _ in journal.sessions()]
    assert asked.count(("m", "complete")) == 4
    assert len(asked) == (8 if then == "other" else 4)


def test_one_plan_carried_out_twice_counts_its_faults_once(study, tmp_path):
    settled = planned(study, Faulty())
    for _ in range(2):
        carry_out(settled, tmp_path)
    assert record(tmp_path)["faults"] == {"m": {"rate_limited": 20}}


def test_prices_are_those_of_the_last_call(study, tmp_path):
    respondent = Scripted("m", lambda m: "2")
    respondent.simulated = False
    carry_out(planned(study, respondent), tmp_path)
    assert record(tmp_path)["prices"] == {"m": None}
    respondent.price = Price(1.0, 2.0, 0.5)
    carry_out(planned(study, respondent), tmp_path)
    said = {"input": 1.0, "output": 2.0, "cached": 0.5, "currency": "USD"}
    assert record(tmp_path)["prices"] == {"m": said}


def test_what_would_fail_every_call_is_settled_before_a_directory_is_made(
    study, tmp_path, monkeypatch
):
    keyless = Scripted("m", lambda m: "2")

    def no_key():
        raise MissingKeyError("no key")

    monkeypatch.setattr(keyless, "prepare", no_key)
    with pytest.raises(MissingKeyError):
        carry_out(planned(study, keyless), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_run_that_is_refused_leaves_the_directory_of_the_other_alone(study, tmp_path):
    carry_out(planned(study, Scripted("m", lambda m: "2")), tmp_path)
    before = (tmp_path / "run.json").read_bytes()
    with locked(tmp_path), pytest.raises(RunDirectoryError, match="another vaar process"):
        carry_out(planned(study, Scripted("n", lambda m: "2")), tmp_path)
    assert (tmp_path / "run.json").read_bytes() == before


def test_a_model_that_halts_at_once_is_an_error_and_keeps_the_run(study, tmp_path):
    halted = Faulty(stops_at=0, with_what=RespondentHaltedError("no such model"))
    with pytest.raises(RespondentHaltedError, match="no such model"):
        carry_out(planned(study, halted), tmp_path)
    _, asked = carry_out(planned(study, Scripted("m", lambda m: "2")), tmp_path)
    assert asked.progress.complete == 4


def test_from_python_a_cap_is_an_error_that_keeps_everything(tmp_path):
    run = {"models": ["simulated/noisy"], "sessions": 30, "out": tmp_path / "r"}
    with pytest.raises(CapReachedError, match=r"--max-tokens 9,000 is reached.*vaar analyze"):
        vaar.run(**run, caps=Caps(tokens=9_000))
    assert not (tmp_path / "r" / "report.html").exists()
    done = vaar.run(**run, options=vaar.AnalysisOptions(replicates=5, subsamples=2))
    assert done.asked.pending == 0
    assert done.report.is_file()


def test_a_lost_journal_is_not_quietly_begun_anew(study, tmp_path):
    carry_out(planned(study, Scripted("m", lambda m: "2")), tmp_path)
    (tmp_path / "journal.sqlite").unlink()
    again = Scripted("m", lambda m: "2")
    with pytest.raises(RunDirectoryError, match=r"journal\.sqlite: there is no such file"):
        carry_out(planned(study, again), tmp_path)
    assert not again.asked


def test_a_cap_that_came_with_the_last_reply_stopped_nothing(study, tmp_path):
    plan = planned(study, Scripted("m", lambda m: "2"))
    _, asked = carry_out(plan, tmp_path, CollectionOptions(1, caps=Caps(tokens=4 * 5 * 11)))
    assert (asked.pending, asked.progress.stopped) == (0, "")


def test_options_given_later_are_kept_for_the_first_analysis(study, tmp_path):
    def go(options):
        carry_out(planned(study, Scripted("m", lambda m: "2")), tmp_path / "r", options=options)
        return record(tmp_path / "r")["options"]

    assert go(None) == {}
    assert go({"alignment": {"replicates": 3}}) == {"alignment": {"replicates": 3}}
    assert go({"groups": {"by": ["order"]}, "alignment": {"estimator": "ML"}}) == {
        "alignment": {"replicates": 3, "estimator": "ML"},
        "groups": {"by": ["order"]},
    }
    with pytest.raises(OptionError, match="no option 'replicate'"):
        go({"alignment": {"replicate": 3}})
    with pytest.raises(DataError, match="no factor 'mood'"):
        go({"groups": {"by": ["mood"]}})
