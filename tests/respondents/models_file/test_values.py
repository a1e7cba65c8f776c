import pytest

from vaar.respondents.models_file import values


@pytest.mark.parametrize(
    "name",
    [
        *("messages", "model", "stream", "n", "seed", "max_tokens", "max_completion_tokens"),
        *("temperature", "top_p", "logprobs", "response_format", "input", "contents", "system"),
        *("tools", "random_seed", "max_output_tokens", "models", "prompt", "store"),
    ],
)
def test_fields_that_have_a_place_of_their_own(name):
    with pytest.raises(ValueError, match=f"may not set '{name}': that is set by "):
        values.body({name: 1})


@pytest.mark.parametrize("name", ["maxOutputTokens", "seed", "temperature", "candidateCount"])
def test_also_in_the_configuration_of_gemini(name):
    with pytest.raises(ValueError, match="may not set"):
        values.body({"generationConfig": {name: 1}})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"top_k": 5},
        {"chat_template_kwargs": {"enable_thinking": False, "model": "x"}},
        {"reasoning": {"max_tokens": 9}},
        {"provider": {"only": ["a"], "order": ["b", None]}},
        {"generationConfig": {"thinkingConfig": {"thinkingBudget": 0}}},
    ],
)
def test_what_a_body_may_hold(body):
    assert values.body(body) == body


def test_what_json_cannot_hold():
    deep: object = 1
    for _ in range(40):
        deep = {"a": deep}
    for body in ({"a": {1, 2}}, {"a": float("nan")}, {"a": deep}):
        with pytest.raises(ValueError):
            values.body(body)


SECRETS = [
    "sk-proj-0123456789abcdefghij",
    "sk-ant-api03-0123456789abcdef",
    "gsk_0123456789abcdefghij",
    "xai-0123456789abcdefghij",
    "AIzaSyA0123456789abcdefghijklmnopqrstu",
    "Bearer abcdefghijkl",
    "hf_0123456789abcdefghij",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_stands_in_a_models_file(secret):
    for check in (
        lambda: values.headers({"X-Note": secret}),
        lambda: values.query({"note": secret}),
        lambda: values.body({"note": [secret]}),
        lambda: values.address(f"http://127.0.0.1/{secret}"),
    ):
        with pytest.raises(ValueError) as raised:
            check()
        assert secret not in str(raised.value)


@pytest.mark.parametrize(
    "name",
    [
        *("Authorization", "x-api-key", "api-key", "X-Auth-Token", "Cookie", "Proxy-Authorization"),
        *("X-Amz-Security-Token", "x-goog-api-key", "Ocp-Apim-Subscription-Key", "X-Secret"),
    ],
)
def test_no_header_that_is_made_for_a_secret(name):
    with pytest.raises(ValueError, match="looks like a secret"):
        values.headers({name: "x"})


@pytest.mark.parametrize("name", ["key", "api_key", "token", "sig", "code", "subscription-key"])
def test_no_query_that_is_made_for_a_secret(name):
    with pytest.raises(ValueError, match="looks like a secret"):
        values.query({name: "x"})


@pytest.mark.parametrize("name", ["Host", "Content-Length", "a b", "a\nb", "", "é"])
def test_headers_that_cannot_be_set(name):
    with pytest.raises(ValueError):
        values.headers({name: "x"})
    with pytest.raises(ValueError):
        values.header_name(name)


@pytest.mark.parametrize("value", ["a\nb", "é", "\x00"])
def test_values_that_no_header_holds(value):
    with pytest.raises(ValueError, match="no header can hold"):
        values.headers({"X-A": value})


def test_what_passes():
    told = {
        "anthropic-beta": "interleaved-2025",
        "HTTP-Referer": "https://a.example",
        "X-Title": "t",
    }
    assert values.headers(told) == told
    assert values.query({"api-version": "2024-10-21"}) == {"api-version": "2024-10-21"}
    for address in (
        "https://my-resource.openai.azure.com/openai/deployments/gpt-4o",
        "https://a.example/v1/8f14e45f-ceea-467f-a83c-0123456789ab",
    ):
        assert values.address(address) == address


@pytest.mark.parametrize(
    ("written", "meant"), [("none", "none"), (False, "none"), ("low", "low"), ("xhigh", "xhigh")]
)
def test_efforts(written, meant):
    assert values.effort(written) == meant


@pytest.mark.parametrize("written", [True, 3, "", "Very high", "low\n", None])
def test_what_is_no_effort(written):
    with pytest.raises(ValueError, match="is no effort"):
        values.effort(written)
