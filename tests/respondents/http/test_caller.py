"""What real servers were reported to do, asked over HTTP by four sessions of a small study."""

import gzip
import json
from contextlib import closing
from functools import partial

import pytest

from support.odd_servers import (
    Raw,
    always,
    behaving,
    completion,
    error,
    fine,
    once,
    refusing,
)
from support.scripted import tiny_study, with_condition
from vaar.journal.journal import Journal
from vaar.pipeline.ask import CollectionOptions, ask
from vaar.pipeline.rundir import RunDirectory
from vaar.respondents.resolve import resolve
from vaar.respondents.wire import retries
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.run import run_sessions

SESSIONS = 4


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.0)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


class Outcome:
    """How the asking ended."""

    def __init__(self, asked, replies, sent, respondent):
        self.progress, self.failed, self.pending = asked.progress, asked.failed, asked.pending
        self.replies, self.sent = replies, sent
        self.halted = " ".join(asked.progress.halted.values())
        self.adapted = {made["field"]: made["change"] for made in respondent.adaptations()}

    @property
    def all_fours(self):
        return self.progress.complete == SESSIONS and {r.text for r in self.replies} == {"4"}


@pytest.fixture
def run(tmp_path):
    """Ask four sessions of a server that behaves in some way."""

    def go(behaviour, presentation="item", distributions=False, keys=""):
        study = with_condition(tiny_study(), presentation=presentation)
        with behaving(behaviour) as (base_url, sent):
            path = tmp_path / "models.yaml"
            path.write_text(f"models:\n  - {{name: openai/m, base_url: '{base_url}'{keys}}}\n")
            respondents = resolve([path], study)
            planned = plan_sessions(study, ["openai/m"], SESSIONS, seed=1)
            files = RunDirectory(tmp_path)
            files.journal.unlink(missing_ok=True)
            how = partial(run_sessions, distributions=distributions)
            asked = ask(study, planned, respondents, files, CollectionOptions(2), run=how)
        with closing(Journal(files.journal)) as journal:
            replies = [turn.reply for turn in journal.turns()]
        return Outcome(asked, replies, sent, respondents[0])

    return go


def test_a_server_as_it_should_be(run):
    assert run(fine).all_fours


EXTRA = {"type": "extra_forbidden", "msg": "Extra inputs are not permitted"}
SEED = {"detail": [EXTRA | {"loc": ["body", "seed"], "input": 3}]}


@pytest.mark.parametrize(
    ("name", "status", "payload"),
    [
        ("max_tokens", 400, error(400, "Use 'max_completion_tokens' instead of 'max_tokens'")[1]),
        ("seed", 422, SEED),
        ("seed", 422, {"object": "error", "message": SEED}),
        ("seed", 400, [error(400, "Unknown name 'seed'")[1]]),
        ("seed", 400, {"message": [{"msg": "unsupported parameter seed"}]}),
    ],
)
def test_what_can_be_done_without_is_done_without(run, name, status, payload):
    outcome = run(refusing(name, status, payload))
    assert outcome.all_fours and outcome.adapted.keys() == {name}
    assert sum(name in body for body in outcome.sent) == 1  # the first call alone finds it out


@pytest.mark.parametrize(
    "payload",
    [
        error(400, "Unsupported parameter: 'temperature' is not supported with this model.")[1],
        error(400, "only the default (1) is supported", param="temperature")[1],
        {"detail": [EXTRA | {"loc": ["body", "temperature"]}]},
        {"message": "temperature: Extra inputs are not permitted"},
        [error(400, "temperature is deprecated for this model")[1]],
    ],
)
def test_the_temperature_is_asked_about_and_the_advice_works(run, payload):
    server = refusing("temperature", 400, payload)
    outcome = run(server)
    assert "temperature: null" in outcome.halted and outcome.pending == SESSIONS
    assert run(server, keys=", temperature: null").all_fours


def _no_system(status, said):
    def server(call, body):
        if any(message["role"] == "system" for message in body["messages"]):
            return error(status, said)
        return fine(call, body)

    return server


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "'messages[0].role' does not support 'system' with this model."),
        (500, "System role not supported"),
        (500, "Conversation roles must alternate user/assistant/user/assistant/..."),
        (422, "Only user and assistant roles are supported!"),
        (400, "Developer instruction is not enabled for this model"),
    ],
)
def test_a_model_without_a_system_role(run, status, said):
    outcome = run(_no_system(status, said))
    assert outcome.all_fours and outcome.adapted.keys() == {"system"}
    first = outcome.sent[-1]["messages"][0]
    assert first["role"] == "user" and first["content"].startswith("You answer a survey.\n\n")


SCHEMA_REFUSALS = [
    error(400, "response_format is not supported"),
    (400, [error(400, "Invalid schema for response_format")[1]]),
    (422, {"message": [{"m": "x"}], "detail": [EXTRA | {"loc": ["body", "response_format"]}]}),
    (422, {"detail": [EXTRA | {"loc": ["body", "response_format", "json_schema"]}]}),
    error(400, "This response_format type is unavailable now"),
    error(400, "properties.alpha_1.enum[0]: only allowed for STRING type"),
]


@pytest.mark.parametrize(("status", "payload"), SCHEMA_REFUSALS)
def test_a_schema_that_is_refused_anywhere_in_the_error(run, status, payload):
    def server(call, body):
        if "response_format" in body:
            return status, payload
        return completion(json.dumps({f"{c}_{n}": 4 for c in ("alpha", "beta") for n in (1, 2, 3)}))

    outcome = run(server, presentation="block")
    assert outcome.progress.complete == SESSIONS
    assert outcome.adapted == {"response_format": "left out"}


@pytest.mark.parametrize("times", [1, 2, 99])
def test_a_draw_that_did_not_fit_the_schema(run, times):
    def server(call, body):
        if "response_format" in body and call <= times:
            return error(400, "Failed to validate JSON.", code="json_validate_failed")
        return completion(json.dumps({f"{c}_{n}": 4 for c in ("alpha", "beta") for n in (1, 2, 3)}))

    assert run(server, presentation="block").progress.complete == SESSIONS


@pytest.mark.parametrize(
    ("status", "payload"),
    [
        (422, {"detail": [EXTRA | {"loc": ["body", "logprobs"]}]}),
        (422, {"detail": [EXTRA | {"loc": ["body", "top_logprobs"]}]}),
        error(400, "`logprobs` is not supported with this model"),
        error(403, "You are not allowed to request logprobs from this model"),
        (400, [error(400, "logprobs: unsupported")[1]]),
    ],
)
def test_probabilities_that_are_refused(run, status, payload):
    outcome = run(refusing("logprobs", status, payload), distributions=True)
    assert outcome.all_fours and outcome.adapted == {"logprobs": "left out"}
    assert [body.get("top_logprobs") for body in outcome.sent][:3] == [20, 5, None]


def _events(*pieces):
    parts = [{"choices": [{"delta": piece, "index": 0}], "model": "m-1"} for piece in pieces]
    parts.append({"choices": [{"delta": {}, "finish_reason": "stop"}]})
    text = "".join(f"data: {json.dumps(part)}\n\n" for part in parts)
    return f"{text}data: [DONE]\n\n".encode()


FORMS = {
    "events": Raw(_events({"role": "assistant"}, {"content": "4"}), "text/event-stream"),
    "events called JSON": Raw(_events({"content": "4"})),
    "events after a byte order mark": Raw(b"\xef\xbb\xbf" + _events({"content": "4"})),
    "blank lines first": Raw(b"\n" * 40 + json.dumps(completion()).encode()),
    "byte order mark": Raw(b"\xef\xbb\xbf" + json.dumps(completion()).encode()),
    "compressed": Raw(
        gzip.compress(json.dumps(completion()).encode()), headers={"Content-Encoding": "gzip"}
    ),
    "parts": completion([{"type": "text", "text": "4"}]),
    "thoughts before": completion(
        [
            {"type": "thinking", "thinking": [{"type": "text", "text": "2"}]},
            {"type": "text", "text": "4"},
        ]
    ),
    "thoughts with a text": completion(
        [{"type": "reasoning", "text": "Not 2."}, {"type": "text", "text": "4"}]
    ),
    "no usage": {k: v for k, v in completion().items() if k != "usage"},
    "no model": completion(model=""),
    "null probabilities": completion(choice={"logprobs": None}),
    "mad usage": completion(usage={"prompt_tokens": 2**62, "completion_tokens": "many"}),
    "no finish reason": completion(reason=None),
}


@pytest.mark.parametrize("answer", FORMS.values(), ids=FORMS)
def test_replies_in_odd_forms(run, answer):
    assert run(always(answer)).all_fours


PASSING = {
    "an error in a 200": {"error": {"message": "overloaded", "code": 502}},
    "an error on the choice": completion(
        "3 because", "error", choice={"error": {"message": "broke", "code": 502}}
    ),
    "an error on the choice without a code": completion("3", choice={"error": {"message": "x"}}),
    "an error as a text": {"error": "overloaded"},
    "no choices": {"choices": []},
    "429": error(429, "slow"),
    "520": (520, {}),
    "529": (529, {}),
    "half of JSON": Raw(b'{"choices": [{'),
    "3.5 MB": completion("4" * 3_500_000),
    "a page of a gateway": Raw(b"<html>Bad gateway</html>", "text/html", status=502),
    "wait in milliseconds": Raw(b"{}", status=429, headers={"retry-after-ms": "20"}),
    "wait with a fraction": Raw(b"{}", status=429, headers={"Retry-After": "0.02"}),
    "wait until no date": Raw(
        b"{}", status=429, headers={"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}
    ),
    "wait for ever": Raw(b"{}", status=503, headers={"Retry-After": "9" * 14}),
}


@pytest.mark.parametrize("answer", PASSING.values(), ids=PASSING)
def test_failures_that_pass(run, answer):
    outcome = run(once(answer))
    assert outcome.all_fours
    assert sum(outcome.progress.faults["openai/m"].values()) == 1


@pytest.mark.parametrize("content", ["4" * 3_500_000, "no " * 100_000])
def test_replies_without_end_end_their_sessions_and_nothing_else(run, content):
    outcome = run(lambda call, body: completion(content) if call > 12 else fine(call, body))
    assert outcome.progress.failed + outcome.progress.complete == SESSIONS
    assert {reply.text for reply in outcome.replies} == {"4"}


HALTS = {
    "402": (error(402, "Insufficient Balance"), "no quota left"),
    "quota in the type": (
        error(429, "You exceeded your current quota", type="insufficient_quota", code=None),
        "no quota left",
    ),
    "quota in a 200": (
        {"error": {"code": 402, "message": "Insufficient credits"}},
        "no quota left",
    ),
    "quota on the choice": (
        completion("", choice={"error": {"code": 402, "message": "Insufficient credits"}}),
        "no quota left",
    ),
    "an hour": (
        Raw(b'{"error": {"message": "limit"}}', status=429, headers={"Retry-After": "3600"}),
        "will not pass soon",
    ),
    "a day": (error(429, "Rate limit reached on tokens per day (TPD)"), "will not pass soon"),
    "a page": (Raw(b"<!doctype html><p>Hi", "text/html"), "many end in /v1"),
    "a page without a type": (Raw(b"\n<html>", "text/plain"), "many end in /v1"),
    "405": (Raw(b"", "text/plain", status=405), "many end in /v1"),
    "405 with JSON": ((405, {"detail": "Method Not Allowed"}), "many end in /v1"),
    "country": (error(403, "", code="unsupported_country_region_territory"), "location"),
    "key": (error(401, "bad key"), "OPENAI_API_KEY"),
}


@pytest.mark.parametrize(("answer", "said"), HALTS.values(), ids=HALTS)
def test_what_will_not_pass_halts_and_the_sessions_stay_pending(run, answer, said):
    outcome = run(always(answer))
    assert said in outcome.halted and outcome.pending == SESSIONS
    assert outcome.failed == {} and outcome.replies == []
    later = run(lambda call, body: fine(call, body) if call < 7 else answer)
    assert said in later.halted and later.failed == {}
    assert len(later.replies) == 6 and later.pending + later.progress.complete == SESSIONS


BLOCKED = [
    error(403, 'Input flagged for "violence": requires moderation', code=403),
    error(400, "Content Exists Risk"),
    error(403, "content safety: blocked"),
    error(400, "Input data may contain inappropriate content", code="data_inspection_failed"),
    error(400, "filtered", code="content_filter"),
    error(400, "flagged as potentially violating our usage policy", code="invalid_prompt"),
    {"error": {"code": 403, "message": "flagged"}},
]


@pytest.mark.parametrize("answer", BLOCKED)
def test_a_blocked_question_is_that_items_refusal(run, answer):
    def server(call, body):
        return answer if "beta 2" in str(body["messages"][-1]) else fine(call, body)

    outcome = run(server)
    assert outcome.progress.complete == SESSIONS
    withheld = [reply for reply in outcome.replies if not reply.text]
    assert {reply.finish_reason for reply in withheld} == {"content_filter"}
    assert len(withheld) == SESSIONS


EMPTY = {
    "null": completion(None),
    "blank": completion(" \n"),
    "only thoughts": completion(None, message={"reasoning_content": "So 4."}),
    "a tool call": completion(None, "tool_calls", message={"tool_calls": [{"id": "x"}]}),
    "no parts": completion([]),
    "parts of thoughts": completion([{"type": "thinking", "thinking": "So 4."}]),
}


@pytest.mark.parametrize("answer", EMPTY.values(), ids=EMPTY)
def test_an_empty_reply_is_sent_back_as_none(run, answer):
    def server(call, body):
        contents = [message["content"] for message in body["messages"]]
        if not all(content.strip() for content in contents):
            return error(400, "messages must not be empty")
        return answer if call == 3 else fine(call, body)

    outcome = run(server)
    assert outcome.progress.complete == SESSIONS
    assert sum(not reply.text.strip() for reply in outcome.replies) == 1
    assert any("(no reply)" in str(body["messages"]) for body in outcome.sent)
    assert not any("So 4" in str(body["messages"]) for body in outcome.sent)


@pytest.mark.parametrize(
    "reason",
    [
        *("sensitive", "content_filtered", "insufficient_system_resource", "abort"),
        *("model_context_window_exceeded", "max_output_tokens", "MAX_TOKENS", "network_error"),
    ],
)
def test_the_finish_reason_is_the_servers_own_word(run, reason):
    outcome = run(lambda call, body: completion("4", reason) if call > 2 else fine(call, body))
    assert outcome.replies[-1].finish_reason == reason


def test_a_refusal_field_is_a_refusal(run):
    outcome = run(once(completion(None, message={"refusal": "Ich kann das nicht."})))
    assert [r.finish_reason for r in outcome.replies].count("refusal") == 1


def test_a_conversation_that_is_too_long_ends_its_session(run):
    too_long = error(400, "maximum context length", code="context_length_exceeded")
    refused = []

    def server(call, body):
        if len(body["messages"]) > 8 and not refused:
            refused.append(call)
            return too_long
        return fine(call, body)

    outcome = run(server)
    assert outcome.halted == "" and outcome.pending == 0
    assert (outcome.progress.failed, outcome.progress.complete) == (1, SESSIONS - 1)


def test_a_server_that_takes_nothing_at_all_is_left_after_ten_calls(run):
    outcome = run(always(error(400, "Bad request")), keys="")
    assert outcome.progress.failed == SESSIONS  # fewer sessions than calls that must fail


@pytest.mark.parametrize("four", ["4", " 4", "Ġ4", "▁4", "<0x34>", "4\n", "Ċ4"])
def test_token_pieces_as_the_tokenizer_writes_them(run, four):
    top = [{"token": four, "logprob": -0.5}, {"token": "No", "logprob": -1.5}]
    answer = completion(choice={"logprobs": {"content": [{**top[0], "top_logprobs": top}]}})
    outcome = run(always(answer), distributions=True)
    assert {reply.distribution for reply in outcome.replies} == {(0.0, 0.0, 0.0, 1.0, 0.0)}


@pytest.mark.parametrize(
    "said",
    [
        "<think>Not 2, I say</think>4",
        "<think>\nNot 2, I say\n</think>\n\n4",
        "[THINK]Not 2, I say[/THINK]4",
        "Not 2, I say</think>4",
        "<|channel|>analysis<|message|>Not 2, I say<|end|><|start|>assistant<|channel|>final"
        "<|message|>4",
        "&lt;think&gt;Not 2, I say&lt;/think&gt;4",
    ],
)
def test_thoughts_in_the_text_never_enter_the_conversation(run, said):
    outcome = run(always(completion(said)))
    assert outcome.progress.complete == SESSIONS
    assert {reply.text for reply in outcome.replies} == {said}  # kept as it came
    history = [message for body in outcome.sent for message in body["messages"]]
    assert {m["content"] for m in history if m["role"] == "assistant"} == {"4"}


def test_a_thought_that_never_ends_leaves_no_message(run):
    cut = completion("<think>Not 2, I say", "length")
    outcome = run(lambda call, body: cut if call == 3 else fine(call, body))
    assert outcome.progress.complete == SESSIONS
    assert not any("Not 2" in str(body["messages"]) for body in outcome.sent)
    assert any("(no reply)" in str(body["messages"]) for body in outcome.sent)


@pytest.mark.parametrize("keeps", [False, True])
def test_thoughts_of_their_own_field_are_sent_again_only_where_that_is_asked_for(run, keeps):
    answer = completion("4", message={"reasoning_content": "Not 2"})
    keys = ", reasoning_history: keep" if keeps else ""
    outcome = run(always(answer), keys=keys)
    assert outcome.progress.complete == SESSIONS
    history = [m for body in outcome.sent for m in body["messages"] if m["role"] == "assistant"]
    assert {m.get("reasoning_content") for m in history} == ({"Not 2"} if keeps else {None})
