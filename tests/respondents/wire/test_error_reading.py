import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.respondents.wire.error_reading import plain_name, read_error

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)

EVERYWHERE = {
    "OpenAI": {"error": {"message": "no seed", "type": "t", "param": "seed", "code": "c"}},
    "Google, in a list": [{"error": {"code": 400, "message": "no seed", "status": "C"}}],
    "Mistral, message an object": {
        "object": "error",
        "message": {"detail": [{"type": "c", "loc": ["body", "seed"], "msg": "no seed"}]},
    },
    "pydantic": {"detail": [{"type": "c", "loc": ["body", "seed"], "msg": "no seed"}]},
    "lists of objects": {"message": [{"message": "no seed"}], "detail": [{"code": "c"}]},
    "FastAPI": {"detail": "no seed"},
    "plain": {"error": "no seed"},
    "TGI": {"error": "Input validation error: no seed", "error_type": "c"},
    "OpenRouter": {
        "error": {
            "message": "Provider returned error",
            "code": 400,
            "metadata": {"raw": json.dumps({"error": {"message": "no seed", "code": "c"}})},
        }
    },
    "a text of JSON": json.dumps({"error": {"message": "no seed"}}),
    "Ollama": {"error": {"message": "no seed", "type": "c", "param": None, "code": None}},
}


@pytest.mark.parametrize("payload", EVERYWHERE.values(), ids=EVERYWHERE)
def test_words_are_found_wherever_they_stand(payload):
    said = read_error(payload)
    assert "no seed" in said.text and "seed" in said.names


@pytest.mark.parametrize("name", ["OpenAI", "Mistral, message an object", "pydantic"])
def test_a_parameter_that_is_named_as_such(name):
    said = read_error(EVERYWHERE[name])
    assert "seed" in said.fields and "c" in said.codes


def test_a_status_in_the_json():
    assert read_error({"error": {"code": 429, "message": "m"}}).status == 429
    assert read_error({"error": {"code": 3, "message": "m"}}).status is None


def test_what_a_server_repeats_of_the_question_says_nothing():
    question = "Give your temperature and your seed to the system."
    payload = {
        "detail": [
            {"loc": ["body"], "msg": "no", "input": {"messages": [question]}, "ctx": question}
        ],
        "request": question,
        "error": {"failed_generation": question, "metadata": {"flagged_input": question}},
    }
    said = read_error(payload)
    assert said.names == {"body", "no"}


@pytest.mark.parametrize(
    ("details", "seconds"),
    [
        ([{"@type": "RetryInfo", "retryDelay": "17s"}], 17.0),
        ([{"reason": "x"}, {"retryDelay": "0.25s"}], 0.25),
        ([{"retryDelay": "soon"}], None),
        ([{"retryDelay": "9" * 30 + "s"}, "x", None], None),
        ("17s", None),
        (None, None),
    ],
)
def test_the_delay_that_an_error_asks_for(details, seconds):
    assert read_error({"error": {"code": 429, "details": details}}).wait == seconds


def test_without_json_the_response_itself_is_the_text():
    assert read_error(None, "<html>Bad gateway</html>").text == "<html>Bad gateway</html>"
    assert read_error({}, "x" * 99_999).text == "x" * 10_000


def test_names_are_one_in_both_ways_of_writing():
    assert plain_name("maxOutputTokens") == plain_name("max_output_tokens")


def test_a_deep_or_endless_error_is_read_in_part():
    deep: object = "end"
    for _ in range(900):
        deep = {"error": deep}
    assert read_error(deep).text == ""
    wide = {"error": [{"message": "m"}] * 100_000}
    assert len(read_error(wide).text) < 2_000


@given(JSON)
def test_hostile_json(payload):
    said = read_error(payload, "otherwise")
    assert isinstance(said.text, str) and said.lower == said.text.lower()
