import json
from contextlib import contextmanager

import pytest

from support.odd_servers import behaving, error, fine, refusing
from support.scripted import tiny_study
from vaar.errors import RunDirectoryError
from vaar.pipeline.plan import plan
from vaar.pipeline.requests import adopt, digests, records_of, require_same, with_adaptations
from vaar.pipeline.run import carry_out
from vaar.respondents.base import Recorded
from vaar.respondents.resolve import resolve
from vaar.study.dump import dump_study

NEAR = "http://127.0.0.1:8000/v1"


@pytest.fixture
def start(tmp_path):
    """Plan and ask the tiny study with one model: (asked, run.json)."""
    study = tmp_path / "study.yaml"
    study.write_text(dump_study(tiny_study()).replace("description: ''", "description: Tiny."))

    def go(base_url, keys="", name="openai/m", **options):
        models = tmp_path / "models.yaml"
        models.write_text(f"models:\n  - {{name: {name}, base_url: '{base_url}'{keys}}}\n")
        files, asked = carry_out(plan(study, [models], sessions=2, **options), tmp_path / "run")
        return asked, files.read_run()

    return go


@contextmanager
def servers(*behaviours):
    if not behaviours:
        yield []
        return
    with behaving(behaviours[0]) as one, servers(*behaviours[1:]) as others:
        yield [one, *others]


def test_what_was_sent_is_recorded_without_the_conversation(start):
    with behaving(fine) as (base_url, sent):
        _, run = start(base_url, ", temperature: 0.5, extra_headers: {X-Title: tiny}")
    record = run["requests"]["openai/m"]
    assert record["body"] == {
        "model": "m",
        "stream": False,
        "temperature": 0.5,
        "seed": "drawn for every turn",
        "max_tokens": 16,
    }
    assert record["address"] == f"{base_url}/chat/completions"
    assert record["headers"] == {"X-Title": "tiny"}
    assert sent[0].keys() - record["body"].keys() == {"messages"}
    assert run["identity"]["requests"].keys() == {"openai/m"}


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (", temperature: 0.5", "body.temperature: there 1.0, asked 0.5"),
        (", temperature: null", "body.temperature: there 1.0, asked None"),
        (", model: other", "body.model"),
        (", top_p: 0.9", "body.top_p"),
        (", extra_body: {x: 1}", "body.x"),
        (", query: {v: '2'}", "address"),
        (", extra_headers: {X-A: b}", "headers.X-A"),
        (", system: user", "system"),
        (", provider: vllm", "provider"),
    ],
)
def test_another_way_of_asking_is_another_run(start, keys, place):
    with behaving(fine) as (base_url, _):
        start(base_url)
        with pytest.raises(RunDirectoryError, match="asked in another way") as raised:
            start(base_url, keys)
    assert f"openai/m: {place}" in str(raised.value)


def test_another_address_is_another_run(start):
    with servers(fine, fine) as [(one, _), (other, _)]:
        start(one)
        with pytest.raises(RunDirectoryError, match="address"):
            start(other)


def test_what_only_says_how_fast_it_goes_is_no_part_of_it(start):
    with behaving(fine) as (base_url, _):
        start(base_url)
        asked, _ = start(base_url, ", concurrency: 3, attempts: 2, price: {input: 1, output: 1}")
    assert asked.earlier == 2


def test_a_run_of_before_these_records_goes_on(start, tmp_path):
    with behaving(fine) as (base_url, _):
        start(base_url)
        path = tmp_path / "run" / "run.json"
        run = json.loads(path.read_text())
        del run["requests"], run["identity"]["requests"]
        path.write_text(json.dumps(run))
        asked, run = start(base_url)
    assert asked.earlier == 2 and run["requests"]


def test_what_was_found_out_is_kept_and_a_resumed_run_begins_with_it(start):
    no_seed = refusing("seed", 422, error(422, "seed is not supported")[1])

    def broken(call, body):
        return error(402, "pay") if call > 5 else no_seed(call, body)

    state = {"server": broken}
    with behaving(lambda call, body: state["server"](call, body)) as (base_url, sent):
        asked, run = start(base_url)
        assert asked.progress.halted and asked.pending
        (made,) = run["requests"]["openai/m"]["adaptations"]
        assert (made["field"], made["change"]) == ("seed", "left out")
        state["server"], before = no_seed, len(sent)
        asked, run = start(base_url)
    assert asked.progress.complete + asked.earlier == 2
    assert not any("seed" in body for body in sent[before:])
    assert run["requests"]["openai/m"]["adaptations"] == [made]


def test_distributions_are_part_of_what_is_sent():
    study = tiny_study()
    respondents = resolve(["openai/m", "simulated/noisy"], study, NEAR)
    without, with_them = (records_of(respondents, study, wanted) for wanted in (False, True))
    assert without.keys() == {"openai/m"}
    assert digests(without) != digests(with_them)
    kept = with_adaptations(without, respondents)
    assert digests(kept) == digests(without)


@pytest.mark.parametrize("there", [None, [], {}, {"other": {}}, "x"])
def test_records_that_cannot_be_compared_are_left_to_the_identity(there):
    require_same("run", there, {"openai/m": {"body": {}}})


@pytest.mark.parametrize("made", [None, 3, [None], [{"field": 3}], ["x"], [{}]])
def test_odd_records_teach_nothing(made):
    respondents = resolve(["openai/m"], tiny_study(), NEAR)
    adopt({"openai/m": {"adaptations": made}}, respondents)
    (respondent,) = respondents
    assert isinstance(respondent, Recorded) and respondent.adaptations() in ([], [{}])
