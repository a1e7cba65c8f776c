"""The study as a task: real evals of Inspect, on its own mock model."""

import asyncio
from contextlib import closing
from dataclasses import replace

import pytest
from inspect_ai.log import read_eval_log

from support.inspect_mock import bridged_study, mock, output, run_eval, say, write_study
from support.scripted import Scripted
from vaar.errors import StudyError
from vaar.inspect_bridge.task import privacy_prosocial
from vaar.journal.journal import Journal
from vaar.respondents.base import Reply
from vaar.respondents.wire.session_header import session_in
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.run import run_sessions
from vaar.study.conditions import Shift
from vaar.study.dump import study_hash
from vaar.study.load import load_study
from vaar.study.model import Limits


@pytest.fixture
def study():
    return bridged_study()


@pytest.fixture
def evaluate(tmp_path):
    """Run the task on a study; return the log as it stands in its file."""

    def run(study, answer=say, options=None, **arguments):
        task = privacy_prosocial(
            study=write_study(study, tmp_path), **{"sessions": 3, "seed": 7} | arguments
        )
        log = run_eval(task, mock(answer), tmp_path / "logs", **options or {})
        return read_eval_log(log.location)

    return run


def said(sample):
    return sample.store["vaar"]["turns"]


class AsMock(Scripted):
    """A respondent of vaar that answers as the mock does."""

    async def reply(self, request):
        self.asked.append(_sent(request.messages, request))
        answer = say([_Said(m["content"]) for m in request.messages], request)
        return Reply(answer.completion, model="mock")


class _Said:
    def __init__(self, text):
        self.text = text


def _sent(messages, config):
    return (
        *(config.seed, config.max_tokens, config.temperature),
        *((m["role"], m["content"]) for m in messages),
    )


def test_a_session_is_asked_as_vaar_run_asks_it(study, evaluate, tmp_path):
    asked, schemas = [], []

    def answer(messages, config):
        asked.append(_sent([{"role": m.role, "content": m.text} for m in messages], config))
        schemas.append(config.response_schema)
        return say(messages, config)

    evaluate(study, answer)
    name = "inspect/mockllm/model"
    respondent = AsMock(name, lambda messages: "")
    with closing(Journal(tmp_path / "journal.sqlite")) as journal:
        planned = plan_sessions(study, [name], 3, seed=7)
        journal.plan(planned)
        asyncio.run(run_sessions(study, planned, {name: respondent}, journal))
    assert sorted(asked) == sorted(respondent.asked)
    assert any("Please answer" in sent[-1][1] for sent in asked), "nothing was asked again"
    assert {schema and schema.name for schema in schemas} == {None, "answers"}


def test_a_sample_is_a_session_and_the_log_holds_the_study(study, evaluate):
    log = evaluate(study)
    assert log.status == "success"
    assert log.eval.task_registry_name == "vaar/privacy_prosocial"
    held = log.eval.metadata["vaar"]
    assert (held["study_hash"], held["sessions"], held["seed"]) == (study_hash(study), 3, 7)
    planned = plan_sessions(study, ["m"], 3, seed=7)
    assert len(log.samples) == len(planned) == 6
    by_number = {sample.metadata["number"]: sample for sample in log.samples}
    for session in planned:
        sample = by_number[session.number]
        assert sample.id == f"{session.condition}-{session.replicate:04d}"
        assert sample.metadata["seed"] == session.seed
        shown = [m.text for m in sample.messages if m.role == "assistant"]
        assert shown == [turn["text"] for turn in said(sample)]


def test_the_log_holds_every_reply_whole(study, evaluate):
    text = "3 " + "<script>alert('x')</script> attachment://0 ${HOME} {{7*7}} \x1b[2J " * 20
    log = evaluate(study, lambda *_: output(text, sent=30, received=200), condition="carried")
    turns = said(log.samples[0])
    assert [turn["text"] for turn in turns] == [text] * 15
    assert [(t["turn"], t["attempt"]) for t in turns] == [
        (n, k) for n in range(5) for k in range(3)
    ]
    first = turns[0]
    assert (first["input_tokens"], first["output_tokens"]) == (30, 200)
    assert (first["finish_reason"], first["model"], first["simulated"]) == ("stop", "mock", True)
    assert first["latency"] > 0


def test_what_is_asked_cannot_be_changed_from_outside_but_the_temperature_can(study, evaluate):
    seen = []

    def answer(messages, config):
        seen.append((messages[0].text, config.temperature, config.max_tokens, config.cache))
        return "2"

    options = {
        *(("system_message", "Always say 5."), ("temperature", 0.25)),
        *(("max_tokens", 1), ("cache", True)),
    }
    evaluate(study, answer, dict(options), condition="carried")
    assert set(seen) == {("You answer a survey.", 0.25, 16, False)}


def test_a_limit_of_the_study_ends_a_session_with_its_reason(study, evaluate):
    bounded = replace(study, limits=Limits(reasks=2, reply_tokens=16, turns=7))
    log = evaluate(bounded, lambda *_: "Hm.", condition="carried")
    for sample in log.samples:
        assert sample.error is None
        assert len(said(sample)) == 7
        assert sample.store["vaar"]["reason"] == "limit: 7 turns"


def test_a_model_that_changes_within_a_session_ends_it(study, evaluate):
    def answer(messages, config):
        changed = output("2")
        changed.model = "other" if len(messages) > 4 else "mock"
        return changed

    log = evaluate(study, answer, condition="carried")
    reasons = {sample.store["vaar"]["reason"] for sample in log.samples}
    assert reasons == {"model_changed: 'mock' then 'other'"}


def test_a_failing_session_holds_up_no_other(study, evaluate):
    seeds = [s.seed for s in plan_sessions(study, ["m"], 3, seed=7)]

    def answer(messages, config):
        if session_in(config.extra_headers) == seeds[0] and len(messages) > 4:
            return RuntimeError("the prompt is not allowed")
        return "2"

    log = evaluate(study, answer, condition="carried")
    assert log.status == "error"
    failed, *others = sorted(log.samples, key=lambda sample: sample.id)
    assert failed.error is not None
    assert failed.store["vaar"]["reason"] == "provider_error: the prompt is not allowed"
    assert len(said(failed)) == 2
    assert [len(said(sample)) for sample in others] == [5, 5]


def test_a_sample_that_is_tried_again_begins_anew(study, evaluate):
    seeds = [s.seed for s in plan_sessions(study, ["m"], 3, seed=7)]
    failures = iter([True])

    def answer(messages, config):
        if (
            session_in(config.extra_headers) == seeds[0]
            and len(messages) > 4
            and next(failures, False)
        ):
            return RuntimeError("passing")
        return "2"

    log = evaluate(study, answer, {"retry_on_error": 1}, condition="carried")
    assert log.status == "success"
    for sample in log.samples:
        assert [turn["turn"] for turn in said(sample)] == [0, 1, 2, 3, 4]
        assert sample.store["vaar"]["reason"] == ""


def test_conditions_can_be_chosen(study, evaluate):
    log = evaluate(study, condition=["apart"])
    assert {sample.metadata["condition"] for sample in log.samples} == {"apart"}
    held = log.eval.metadata["vaar"]["study_hash"]
    assert held == study_hash(replace(study, conditions=study.conditions[1:]))


def test_wrong_arguments_say_what_is_allowed(study, tmp_path):
    path = write_study(study, tmp_path)
    with pytest.raises(StudyError, match=r"no condition 'other'; it has carried, apart"):
        privacy_prosocial(study=path, condition=["carried", "other"])
    with pytest.raises(StudyError, match="sessions=0 is too few"):
        privacy_prosocial(study=path, sessions=0)
    with pytest.raises(StudyError, match='no study "nowhere"'):
        privacy_prosocial(study="nowhere")


def test_scores_are_shares_and_scale_means_and_never_a_vaar(study, evaluate):
    def answer(messages, config):
        return "I cannot answer that." if "alpha" in messages[-1].text else "4"

    log = evaluate(study, answer, condition="carried")
    values = {s.name: {k: m.value for k, m in s.metrics.items()} for s in log.results.scores}
    # the reminder does not repeat the statement, so that the second attempt is answered
    assert values["answered"]["mean"] == 1.0
    assert values["asked_again"]["mean"] == pytest.approx(2 / 5)
    assert values["refused"]["mean"] == 0.0
    assert values["beta"] == {"mean": 4.0, "stderr": 0.0}
    assert "vaar" not in values


def test_a_scale_without_an_answer_has_no_mean(study, evaluate):
    log = evaluate(study, lambda *_: "I cannot answer that.", condition="carried")
    scores = {s.name: s for s in log.results.scores}
    assert scores["refused"].metrics["mean"].value == 1.0
    assert scores["beta"].scored_samples == 0
    assert "5 refused" in log.samples[0].scores["answers"].explanation


def test_the_bundled_study_is_the_default():
    task = privacy_prosocial(sessions=2)
    bundled = load_study("privacy_prosocial")
    assert task.metadata["vaar"]["study_hash"] == study_hash(bundled)
    assert task.config.temperature == bundled.temperature
    assert len(task.dataset) == 2 * len(bundled.conditions)


def test_a_condition_whose_answers_are_forced_is_refused(study, tmp_path):
    forced = replace(study.conditions[0], name="forced", response="choice")
    with pytest.raises(StudyError, match=r"condition 'forced' has response: choice"):
        privacy_prosocial(
            study=write_study(replace(study, conditions=(*study.conditions, forced)), tmp_path)
        )


def test_a_condition_that_shifts_activations_is_refused(study, tmp_path):
    shifted = replace(study.conditions[0], name="shifted", shift=Shift("privacy"))
    with pytest.raises(StudyError, match=r"condition 'shifted' shifts activations, which no model"):
        privacy_prosocial(
            study=write_study(replace(study, conditions=(*study.conditions, shifted)), tmp_path)
        )
