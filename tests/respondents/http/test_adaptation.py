from dataclasses import replace

import pytest

from vaar.respondents.base import Message, Request
from vaar.respondents.http.adaptation import Adaptations
from vaar.respondents.http.call_options import CallOptions
from vaar.respondents.http.dialects.gemini import GOOGLE
from vaar.respondents.http.dialects.own_servers import LLAMA_CPP
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.refused_fields import Call, Change, Refused, adapt
from vaar.respondents.http.request_form import RequestWriter, Taken
from vaar.respondents.wire.error_reading import read_error

MESSAGES: list[Message] = [
    {"role": "system", "content": "Hello."},
    {"role": "user", "content": "One?"},
]
ENDPOINT = Endpoint("openai/m", "m", "http://127.0.0.1:8000/v1")
REQUEST = Request(MESSAGES, 1, 0.7, 64, schema={"type": "object"}, choices=("1", "2"))


def extra(name):
    """What pydantic says of a field that it does not have."""
    return {
        "type": "extra_forbidden",
        "loc": ["body", name],
        "msg": "Extra inputs are not permitted",
    }


def everywhere(name):
    """A refusal of a field in the forms of six servers."""
    said = f"Unsupported parameter: '{name}' is not supported with this model."
    return [
        {"error": {"message": said, "type": "invalid_request_error", "param": name}},
        [{"error": {"code": 400, "message": said, "status": "INVALID_ARGUMENT"}}],
        {"object": "error", "message": {"detail": [extra(name) | {"input": 1}]}},
        {"detail": [extra(name)]},
        {"error": f'Unknown name "{name}": Cannot find field.'},
        {"message": [{"message": f"{name} is not permitted"}], "detail": [extra(name)]},
        {
            "error": {
                "message": "Provider returned error",
                "metadata": {"raw": f'{{"error": "{said}"}}'},
            }
        },
    ]


def call(endpoint=ENDPOINT, request=REQUEST):
    writer = RequestWriter(endpoint)
    return Call(writer.resolved(request), writer.taken, has_system=True)


def found(payload, status=400, endpoint=ENDPOINT, request=REQUEST):
    sent = call(endpoint, request)
    return adapt(status, read_error(payload), sent, endpoint.options)


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize("payload", everywhere("seed"))
def test_the_seed_is_left_out(payload, status):
    assert found(payload, status).taken.seed_field == ""


@pytest.mark.parametrize("payload", everywhere("max_tokens"))
def test_the_ceiling_gets_its_other_name(payload):
    assert found(payload).taken.ceiling_field == "max_completion_tokens"


@pytest.mark.parametrize("payload", everywhere("max_completion_tokens"))
def test_and_back(payload):
    newer = CallOptions(max_tokens_field=None)
    endpoint = replace(
        ENDPOINT,
        options=newer,
        provider=replace(ENDPOINT.provider, ceiling_field="max_completion_tokens"),
    )
    assert found(payload, endpoint=endpoint).taken.ceiling_field == "max_tokens"


@pytest.mark.parametrize("payload", [*everywhere("logprobs"), *everywhere("top_logprobs")])
def test_fewer_probabilities_then_none(payload):
    assert found(payload).taken.top_logprobs == 5
    few = replace(ENDPOINT, options=CallOptions(top_logprobs=5))
    assert found(payload, endpoint=few).taken.top_logprobs == 0
    without = replace(REQUEST, choices=())
    assert not isinstance(found(payload, request=without), Change)


SCHEMA_REFUSALS = [
    *everywhere("response_format"),
    {"error": {"message": "This response_format type is unavailable now"}},
    {"error": {"message": "'response_format.type' must be one of text, json_object"}},
    {"error": {"message": "Invalid value at 'response_schema.properties[0].value.enum[0]', 3"}},
    {"error": {"message": "enum: only allowed for STRING type"}},
    {"error": {"message": "Invalid schema for response_format 'answers': integer enum"}},
    {"error": {"message": "json mode is not supported for this model"}},
]


@pytest.mark.parametrize("payload", SCHEMA_REFUSALS)
def test_the_schema_is_left_out(payload):
    assert found(payload).taken.schema is False
    always = replace(ENDPOINT, options=CallOptions(structured="always"))
    assert not isinstance(found(payload, endpoint=always), Change)
    assert not isinstance(found(payload, request=replace(REQUEST, schema=None)), Change)


SYSTEM_REFUSALS = [
    (400, "Unsupported value: 'messages[0].role' does not support 'system' with this model."),
    (500, "System role not supported"),
    (400, "Only user and assistant roles are supported!"),
    (400, "Conversation roles must alternate user/assistant/user/assistant/..."),
    (400, "Developer instruction is not enabled for models/gemma-3-1b-it"),
    (422, "Input should be 'user' or 'assistant': the role 'system' is unknown"),
    (500, "TemplateError: System messages are not allowed"),
    (400, "The model does not support a system prompt."),
]


@pytest.mark.parametrize(("status", "said"), SYSTEM_REFUSALS)
def test_the_system_text_goes_in_front_of_the_first_question(status, said):
    payload = {"error": {"message": said}}
    assert found(payload, status).taken.system == "user"
    alone = Call({"model": "m"}, RequestWriter(ENDPOINT).taken, has_system=False)
    assert adapt(status, read_error(payload), alone, CallOptions()) is None


@pytest.mark.parametrize("name", ["top_k", "top_p", "min_p", "typical_p", "repeat_penalty"])
def test_what_only_makes_sampling_plain_is_left_out(name):
    endpoint = replace(ENDPOINT, provider=LLAMA_CPP)
    for payload in everywhere(name):
        assert found(payload, endpoint=endpoint).taken.left_out == {name}


def test_also_where_it_lies_deeper():
    endpoint = replace(ENDPOINT, provider=GOOGLE)
    (change,) = {found(payload, endpoint=endpoint) for payload in everywhere("topP")[:1]}
    assert change.taken.left_out == {"generationConfig.topP"}
    writer = RequestWriter(endpoint)
    writer.taken = change.taken
    assert "topP" not in writer.resolved(REQUEST)["generationConfig"]


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize(
    "payload",
    [
        *everywhere("temperature"),
        {"error": {"message": "'temperature' does not support 0.7; only the default (1) is"}},
        {"error": "Input validation error: `temperature` must be strictly positive"},
        {"error": {"message": "temperature, top_p and seed are not supported by this model"}},
    ],
)
def test_the_temperature_is_never_left_out(payload, status):
    assert found(payload, status) == Refused("temperature")


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"top_p": 0.9}, "top_p"),
        ({"reasoning_effort": "low"}, "reasoning_effort"),
        ({"service_tier": "flex"}, "service_tier"),
        ({"extra_body": {"chat_template_kwargs": {"a": 1}}}, "chat_template_kwargs"),
        ({"extra_body": {"top_k": 1}}, "top_k"),
    ],
)
def test_what_a_models_file_asks_for_is_never_left_out(options, name):
    endpoint = replace(ENDPOINT, options=CallOptions(**options))
    for payload in everywhere(name):
        assert found(payload, endpoint=endpoint) == Refused(name)


@pytest.mark.parametrize("status", [401, 409, 429, 503])
def test_other_errors_are_no_refusals_of_a_field(status):
    assert found(everywhere("seed")[0], status) is None


def test_a_field_that_nobody_sent_is_no_reason():
    assert found({"error": {"message": "unknown parameter: banana"}}) is None
    without = replace(ENDPOINT, options=CallOptions(sends_seed=False))
    assert found(everywhere("seed")[0], endpoint=without) is None


def test_what_was_accepted_once_is_not_left_out_later():
    taken = RequestWriter(ENDPOINT).taken
    adaptations = Adaptations(CallOptions())
    adaptations.accepted(taken, replace(REQUEST, choices=(), schema=None))
    seed, logprobs = (read_error(everywhere(name)[0]) for name in ("seed", "logprobs"))
    assert adaptations.find(400, seed, call(), "no") is None
    assert adaptations.find(400, logprobs, call(), "no").top_logprobs == 5
    assert [made.field for made in adaptations.made] == ["logprobs"]


def test_a_server_that_refuses_both_names_is_not_asked_for_ever():
    adaptations, writer = Adaptations(CallOptions()), RequestWriter(ENDPOINT)
    for name in ("max_tokens", "max_completion_tokens"):
        sent = Call(writer.resolved(REQUEST), writer.taken, True)
        said = read_error(everywhere(name)[0])
        changed = adaptations.find(400, said, sent, "no")
        writer.taken = changed if not isinstance(changed, Refused | None) else writer.taken
    assert writer.taken.ceiling_field == "max_completion_tokens"
    assert len(adaptations.made) == 1


def test_what_was_recorded_is_adapted_to_again():
    endpoint = replace(ENDPOINT, provider=LLAMA_CPP)
    first, taken = Adaptations(CallOptions()), RequestWriter(endpoint).taken
    refused = ["seed", "max_tokens", "logprobs", "logprobs", "response_format", "top_k"]
    for name in refused:
        writer = RequestWriter(endpoint)
        writer.taken = taken
        sent = Call(writer.resolved(REQUEST), taken, True)
        changed = first.find(400, read_error(everywhere(name)[0]), sent, "no")
        assert isinstance(changed, Taken)
        taken = changed
    said = read_error({"error": "the system role is not supported"})
    last = first.find(400, said, Call({}, taken, True), "no")
    records = [vars(made) for made in first.made]
    again = Adaptations(CallOptions())
    assert again.adopt(records, RequestWriter(endpoint).taken) == last
    assert again.made == first.made


@pytest.mark.parametrize("record", [{}, {"field": "x", "change": "y"}, {"field": "", "change": ""}])
def test_a_record_that_says_nothing_changes_nothing(record):
    taken = RequestWriter(ENDPOINT).taken
    assert Adaptations(CallOptions()).adopt([record], taken) == taken
