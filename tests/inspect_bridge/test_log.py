"""Logs read back: whole ones, other ones, damaged ones, hostile ones."""

import json
import sys
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai import Task
from inspect_ai.dataset import Sample
from inspect_ai.log import ProvenanceData, read_eval_log, write_eval_log
from inspect_ai.solver import generate

from support.inspect_mock import bridged_study, mock, output, run_eval, say, write_study
from vaar.errors import LogError, RespondentError
from vaar.inspect_bridge import log
from vaar.inspect_bridge.log import read_study_log
from vaar.inspect_bridge.records import TurnRecord
from vaar.inspect_bridge.task import privacy_prosocial
from vaar.respondents.base import Reply
from vaar.sessions.plan import plan_sessions
from vaar.study.dump import study_hash


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A log of three sessions in each of two conditions."""
    base = tmp_path_factory.mktemp("made")
    task = privacy_prosocial(study=write_study(bridged_study(), base), sessions=3, seed=7)
    return run_eval(task, mock(say), base / "logs").location


@pytest.fixture
def changed(made, tmp_path):
    """The log after a change, in a file of either format."""

    def change(edit, suffix=".json"):
        log = read_eval_log(made)
        edit(log)
        path = tmp_path / f"changed{suffix}"
        write_eval_log(log, str(path))
        return path

    return change


def nothing(log):
    pass


def first(log):
    return log.samples[0]


@pytest.mark.parametrize("suffix", [".eval", ".json"])
def test_every_session_comes_back_as_it_was_said(changed, made, suffix):
    read = read_study_log(changed(nothing, suffix))
    study = bridged_study()
    assert read.study == study
    assert (read.hash, read.sessions, read.seed) == (study_hash(study), 3, 7)
    assert (read.model, read.name) == ("mockllm/model", "inspect/mockllm/model")
    planned = plan_sessions(study, ["inspect/mockllm/model"], 3, seed=7)
    found = sorted((logged.session for logged in read.logged), key=lambda s: s.number)
    assert found == planned
    stored = {s.metadata["number"]: s.store["vaar"]["turns"] for s in read_eval_log(made).samples}
    for logged in read.logged:
        assert (logged.status, logged.reason) == ("complete", None)
        texts = [turn.reply.text for turn in logged.turns]
        assert texts == [turn["text"] for turn in stored[logged.session.number]]
        assert {turn.session for turn in logged.turns} == {logged.session.number}


def test_the_origin_names_the_file_and_who_wrote_it(made):
    origin = read_study_log_path(made).origin
    assert origin["file"].endswith(".eval")
    assert origin["model"] == "mockllm/model"
    assert origin["sampling"] == {"temperature": 1.0}
    assert len(origin["sha256"]) == 64
    json.dumps(origin)


def read_study_log_path(location):
    from pathlib import Path

    return read_study_log(Path(location))


@pytest.mark.parametrize(
    ("edit", "status", "reason"),
    [
        (lambda s: s.store["vaar"].update(reason="provider_error: HTTP 500"), "failed", "provider"),
        (lambda s: _ends(s, error="ValueError('no\\nsuch')"), "failed", "inspect_error: ValueErr"),
        (lambda s: _ends(s, error="CancelledError('by user')"), "pending", None),
        (lambda s: _ends(s, limit=("token", 500)), "failed", "limit: 500 of Inspect (token)"),
        (lambda s: _ends(s), "pending", None),
    ],
)
def test_a_sample_that_did_not_end_is_failed_or_pending(changed, edit, status, reason):
    read = read_study_log(changed(lambda log: edit(first(log))))
    logged = read.logged[0]
    assert logged.status == status
    assert (logged.reason or "").startswith(reason or "") and bool(logged.reason) == bool(reason)
    assert {other.status for other in read.logged[1:]} == {"complete"}


def _ends(sample, error=None, limit=None):
    from inspect_ai.log import EvalError, EvalSampleLimit

    del sample.store["vaar"]["turns"][1:]
    if error:
        sample.error = EvalError(message=error, traceback="", traceback_ansi="")
    if limit:
        sample.limit = EvalSampleLimit(type=limit[0], limit=limit[1])


def test_an_invalidated_sample_is_asked_again(changed):
    def invalidate(log):
        first(log).invalidation = ProvenanceData(author="me", reason="wrong key")

    logged = read_study_log(changed(invalidate)).logged[0]
    assert (logged.status, logged.turns) == ("pending", ())


def _set(log, **values):
    log.eval.metadata["vaar"].update(values)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda log: log.eval.metadata.pop("vaar"), "is the log of another task"),
        (lambda log: _set(log, format=9), "of another version of vaar: format"),
        (lambda log: _set(log, sessions=10**12), "sessions: Input should be less than"),
        (lambda log: _set(log, extra=1), "extra: Extra inputs are not permitted"),
        (lambda log: _set(log, study_hash="0" * 64), "not the one that its hash names"),
        (lambda log: _set(log, study="study: !!python/object:os.system x"), "cannot be read"),
        (lambda log: _set(log, study="[" * 9000), "cannot be read"),
        (lambda log: _set(log, seed=8), "is not a session of the plan"),
        (lambda log: _set(log, sessions=2), "is not a session of the plan"),
        (lambda log: _set(log, sessions=100_001), "tells of 100,001 sessions in each condition"),
        (lambda log: setattr(log.eval.config, "epochs", 2), "was run in 2 epochs"),
        (lambda log: setattr(first(log), "epoch", 2), "was run in 2 epochs"),
        (lambda log: log.samples.clear(), "holds no sample"),
        (lambda log: first(log).store.clear(), "holds no replies of vaar"),
        (lambda log: first(log).metadata.clear(), "is not a session of the plan"),
        (lambda log: first(log).metadata.update(order=["beta"]), "is not a session of the plan"),
        (lambda log: first(log).metadata.update(replicate=[1]), "is not a session of the plan"),
        (lambda log: first(log).store.update(vaar=[1]), "is damaged"),
        (lambda log: _turn(log).update(text=5), r"turns\.0\.text: Input should be a valid string"),
        (lambda log: _turn(log).update(input_tokens=-1), r"turns\.0\.input_tokens"),
        (lambda log: _turn(log).update(turn=3), "holds turn 3, attempt 0, where"),
        (lambda log: first(log).store["vaar"]["turns"].append(_turn(log)), "where the study asks"),
    ],
)
def test_what_is_no_sound_log_of_a_study_is_refused(changed, edit, said):
    path = changed(edit)
    with pytest.raises(LogError, match=said) as raised:
        read_study_log(path)
    assert str(path) in str(raised.value)
    assert "\x1b" not in str(raised.value)


def _turn(log):
    return first(log).store["vaar"]["turns"][0]


def test_a_log_of_another_task_is_refused(tmp_path):
    task = Task(dataset=[Sample(input="?")], solver=generate(), name="other")
    log = run_eval(task, mock(lambda *_: "4"), tmp_path)
    with pytest.raises(LogError, match=r"log of another task \(other\), not of a vaar study"):
        read_study_log_path(log.location)


@pytest.mark.parametrize("suffix", [".eval", ".json"])
def test_damaged_files_are_refused(made, changed, suffix):
    path = changed(nothing, suffix)
    content = path.read_bytes()
    for damaged in (b"", b"junk", content[: len(content) // 2], b"[]", b"[" * 100_000):
        path.write_bytes(damaged)
        with pytest.raises(
            LogError, match=r"cannot be read as an Inspect log|it is nested too deeply"
        ):
            read_study_log(path)


def test_a_log_of_an_eval_that_died_holds_the_samples_that_ended(made, tmp_path):
    path = tmp_path / "died.eval"
    with zipfile.ZipFile(made) as whole, zipfile.ZipFile(path, "w") as died:
        for name in whole.namelist():
            if name.startswith("_journal") or name.endswith("0001_epoch_1.json"):
                died.writestr(name, whole.read(name))
    read = read_study_log(path)
    assert [logged.status for logged in read.logged] == ["complete", "complete"]
    assert read.origin["status"] == "started"


def test_an_archive_with_other_members_is_refused(tmp_path):
    path = tmp_path / "x.eval"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../escaped.txt", "x")
    with pytest.raises(LogError, match="cannot be read as an Inspect log"):
        read_study_log(path)
    assert not list(tmp_path.parent.glob("escaped.txt"))


def test_a_log_that_unpacks_beyond_all_measure_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "SURELY_READ", 2**20)
    path = tmp_path / "bomb.eval"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("samples/1.json", bytes(4 * 2**20))
    with pytest.raises(LogError, match="unpacks to more than 1 MB"):
        read_study_log(path)


def test_what_is_no_log_file_is_refused(tmp_path):
    with pytest.raises(LogError, match="there is no such file"):
        read_study_log(tmp_path / "none.eval")
    (tmp_path / "log.txt").write_text("x")
    with pytest.raises(LogError, match=r"named neither \.eval nor \.json"):
        read_study_log(tmp_path / "log.txt")


def test_without_the_extra_the_way_to_it_is_named(made, monkeypatch):
    monkeypatch.setitem(sys.modules, "inspect_ai.log", None)
    with pytest.raises(LogError, match=r"pip install 'vaar\[inspect\]'"):
        read_study_log_path(made)


def test_hostile_replies_come_back_as_they_were_said(tmp_path):
    text = "attachment://0123 __import__('os').system('x') {{7*7}} \x00\x1b[2J \u202e é"
    text += "z" * 5000
    task = privacy_prosocial(
        study=write_study(bridged_study(), tmp_path), sessions=1, condition="carried"
    )
    log = run_eval(task, mock(lambda *_: output(text)), tmp_path / "logs")
    (logged,) = read_study_log_path(log.location).logged
    assert {turn.reply.text for turn in logged.turns} == {text}


@given(
    st.builds(
        Reply,
        text=st.text(st.characters(exclude_categories=["Cs"])),
        finish_reason=st.sampled_from(["stop", "length", "content_filter", "unknown"]),
        input_tokens=st.integers(0, 2**62),
        output_tokens=st.integers(0, 2**62),
        cached_tokens=st.integers(0, 2**62),
        latency=st.floats(0, 1e6),
        model=st.text(st.characters(exclude_categories=["Cs"])),
        simulated=st.booleans(),
        distribution=st.none() | st.tuples(st.floats(0, 1), st.floats(0, 1)),
    ),
    st.integers(0, 400),
)
def test_a_reply_survives_the_log(reply, turn):
    stored = json.loads(json.dumps(TurnRecord.of(turn, 1, reply).model_dump()))
    back = TurnRecord.model_validate(stored).in_session(9)
    assert (back.session, back.turn, back.attempt) == (9, turn, 1)
    assert back.reply == reply


KEY = "sk-Zq81-hT5vYp0aQx9LmN3bWc7"
OWN = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"  # of no published form
FIELDS = ("text", "provider", "system_fingerprint", "service_tier", "thoughts")


@pytest.mark.parametrize(
    ("told", "key"),
    [
        (f"4 ({KEY})", KEY),
        (f"4, Bearer {OWN[:20]}", OWN[:20]),
        (f"4 ({OWN})", OWN),
        (f"4 ({OWN[::-1].upper()})", OWN[::-1].upper()),
        ("4 (" + "-".join(OWN) + ")", "-".join(OWN)),
    ],
)
def test_a_reply_that_repeats_a_key_is_withheld(changed, monkeypatch, told, key):
    monkeypatch.setenv("AZURE_FOUNDRY_API_KEY", OWN)

    def repeat(log):
        turn = first(log).store["vaar"]["turns"][0]
        turn.update(dict.fromkeys(FIELDS[1:], told))
        first(log).store["vaar"]["turns"][0]["text"] = turn["text"] + f" ({key})"

    logged, *others = read_study_log(changed(repeat)).logged
    assert logged.status == "complete"
    reply = logged.turns[0].reply
    assert all(key not in getattr(reply, field) for field in FIELDS)
    assert all("[key]" in getattr(reply, field) for field in FIELDS)
    assert not any("[key]" in turn.reply.text for other in others for turn in other.turns)


def test_a_key_in_what_a_log_tells_of_itself_is_not_shown(changed):
    def fail(log):
        first(log).store["vaar"].update(reason=f"provider_error: wrong key {KEY}")

    assert "wrong key [key]" in read_study_log(changed(fail)).logged[0].reason

    def rename(log):
        log.eval.model = f"openai/{KEY}"

    path = changed(rename)
    with pytest.raises(RespondentError, match="what looks like a key") as raised:
        read_study_log(path)
    assert KEY not in str(raised.value)
    assert KEY not in str(read_study_log(path, "mine").origin)


def test_a_log_that_is_nested_or_was_changed_beyond_what_inspect_sees_is_refused(changed):
    for suffix in (".json", ".eval"):
        path = changed(lambda log: _set(log, extra="[" * 20), suffix)
        if suffix == ".json":
            path.write_text(path.read_text().replace('"' + "[" * 20 + '"', "[" * 20_000))
            with pytest.raises(LogError, match="it is nested too deeply"):
                read_study_log(path)
            continue
        content = bytearray(path.read_bytes())
        place = content.rfind(b"header.json") - 46 + 16
        content[place] ^= 1
        path.write_bytes(content)
        with pytest.raises(LogError, match=r"header\.json.*is not what was packed"):
            read_study_log(path)
