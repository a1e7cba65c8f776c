import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.respondents.base import Request
from vaar.respondents.http.dialects.chat_reply import read_reply
from vaar.respondents.wire.event_stream import is_event_stream, read_event_stream

ANY = Request([], 1, 1.0, 8)


def stream(*payloads, mark="data: ", end="\n\n", done=True):
    lines = [f"{mark}{json.dumps(payload)}{end}" for payload in payloads]
    return "".join([*lines, f"{mark}[DONE]{end}" if done else ""]).encode()


def chunk(delta=None, **others):
    choices = [{"index": 0, "delta": delta or {}, **others}]
    return {"object": "chat.completion.chunk", "model": "m-1", "choices": choices}


USAGE = {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 2}}
WHOLE = [
    chunk({"role": "assistant", "content": ""}),
    chunk({"content": "4"}),
    chunk({"content": "!"}),
]
END = chunk(finish_reason="stop")

STREAMS = {
    "as OpenAI": stream(*WHOLE, END, USAGE),
    "no blank after the colon": stream(*WHOLE, END, USAGE, mark="data:"),
    "carriage returns": stream(*WHOLE, END, USAGE, end="\r\n\r\n"),
    "without the last mark": stream(*WHOLE, END, USAGE, done=False),
    "comments between": b": ping\n\n" + stream(*WHOLE, END, USAGE),
    "usage on the last piece": stream(*WHOLE, END | {"usage": USAGE["usage"]}),
    "named events": b"event: message\n" + stream(*WHOLE, END, USAGE),
    "one whole message": stream(
        {
            "model": "m-1",
            "choices": [{"message": {"content": "4!"}, "finish_reason": "stop"}],
            "usage": USAGE["usage"],
        }
    ),
}


@pytest.mark.parametrize("content", STREAMS.values(), ids=STREAMS)
def test_the_pieces_are_put_together(content):
    assert is_event_stream("", content)
    reply = read_reply(read_event_stream(content), ANY, 0.0)
    assert (reply.text, reply.finish_reason, reply.model) == ("4!", "stop", "m-1")
    assert (reply.input_tokens, reply.output_tokens) == (9, 2)


def test_thoughts_stay_apart_and_a_cut_stream_is_cut():
    content = stream(
        chunk({"reasoning_content": "Maybe "}),
        chunk({"reasoning_content": "2."}),
        chunk({"content": "4"}),
        chunk(finish_reason="length"),
    )
    reply = read_reply(read_event_stream(content), ANY, 0.0)
    assert (reply.text, reply.thoughts, reply.finish_reason) == ("4", "Maybe 2.", "length")


def test_probabilities_of_all_pieces():
    token = {"token": "4", "logprob": -0.1, "top_logprobs": []}
    content = stream(chunk({"content": "4"}, logprobs={"content": [token]}), END)
    request = Request([], 1, 1.0, 8, choices=("3", "4"))
    assert read_reply(read_event_stream(content), request, 0.0).distribution == (0.0, 1.0)


def test_an_error_on_the_way_is_the_answer():
    content = stream(chunk({"content": "4"}), {"error": {"message": "broke", "code": 502}})
    assert read_event_stream(content) == {"error": {"message": "broke", "code": 502}}


def test_a_response_as_a_whole():
    whole = {"output": [], "status": "completed"}
    content = stream(
        {"type": "response.created"}, {"type": "response.completed", "response": whole}
    )
    assert read_event_stream(content) == whole


@pytest.mark.parametrize("content", [b'{"choices": []}', b" \n\n{}", b"<html>", b""])
def test_what_is_no_stream(content):
    assert not is_event_stream("application/json", content)


@given(st.binary() | st.lists(st.binary()).map(lambda parts: b"\ndata: ".join([b"data:", *parts])))
def test_hostile_streams(content):
    read_event_stream(content)
