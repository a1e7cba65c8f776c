import pytest

from vaar.errors import StudyError
from vaar.respondents.models_file.read import read_models_file
from vaar.respondents.price import Price
from vaar.study.conditions import Shift


@pytest.fixture
def read(tmp_path):
    def write(text):
        path = tmp_path / "models.yaml"
        path.write_text(text, encoding="utf-8")
        return read_models_file(path)

    return write


def test_every_key(read):
    (entry,) = read(
        "models:\n"
        "  - name: mine\n"
        "    base_url: http://127.0.0.1:8000/v1\n"
        "    api_key_env: MY_KEY\n"
        "    model: org/mine-7b\n"
        "    temperature: 1\n"
        "    max_tokens_field: max_completion_tokens\n"
        "    structured: true\n"
        "    concurrency: 4\n"
        "    timeout: 30\n"
        "    attempts: 2\n"
        "    query: {api-version: '2024-10-21'}\n"
        "    key_header: api-key\n"
        "    extra_headers: {X-Title: a study}\n"
        "    top_p: 0.9\n"
        "    max_tokens: 32\n"
        "    thinking_tokens: 2000\n"
        "    reasoning_effort: none\n"
        "    reasoning_history: keep\n"
        "    extra_body: {chat_template_kwargs: {a: 1}}\n"
        "    omit: [seed]\n"
        "    system: developer\n"
        "    seed: none\n"
        "    seed_field: random_seed\n"
        "    service_tier: flex\n"
        "    logprobs: together\n"
        "    price: {input: 2.5, output: 10, cached: 1.25, cache_write: 3, reasoning: 8,\n"
        "      currency: EUR}\n"
    )
    assert entry.model_dump() == {
        "name": "mine",
        "provider": None,
        "base_url": "http://127.0.0.1:8000/v1",
        "query": {"api-version": "2024-10-21"},
        "api_key_env": "MY_KEY",
        "key_header": "api-key",
        "extra_headers": {"X-Title": "a study"},
        "model": "org/mine-7b",
        "temperature": 1.0,
        "top_p": 0.9,
        "max_tokens": 32,
        "thinking_tokens": 2000,
        "reasoning_effort": "none",
        "reasoning_history": "keep",
        "extra_body": {"chat_template_kwargs": {"a": 1}},
        "omit": ["seed"],
        "system": "developer",
        "seed": "none",
        "seed_field": "random_seed",
        "service_tier": "flex",
        "logprobs": "together",
        "max_tokens_field": "max_completion_tokens",
        "structured": "always",
        "concurrency": 4,
        "timeout": 30.0,
        "attempts": 2,
        "price": {
            "input": 2.5,
            "output": 10.0,
            "cached": 1.25,
            "cache_write": 3.0,
            "reasoning": 8.0,
            "currency": "EUR",
        },
        "device": "auto",
        "dtype": "auto",
        "batch": None,
        "context": None,
        "shift": None,
        "value_pairs": {},
        "probe_accuracy": 0.9,
    }


def test_a_price_without_more_is_in_dollars_and_has_no_discount(read):
    (entry,) = read("models:\n  - name: a\n    price: {input: 2, output: 0}\n")
    assert entry.price.as_price() == Price(2.0, 0.0, 2.0, "USD")


def test_a_model_on_this_machine(read):
    named, given = read(
        "models:\n  - name: hf/models/a\n    dtype: bfloat16\n    device: cuda:1\n    batch: 8\n"
        "  - name: mine\n    provider: hf\n    model: /models/b\n"
    )
    assert [entry.reached_by for entry in (named, given)] == ["hf", "hf"]
    assert [entry.served for entry in (named, given)] == ["models/a", "/models/b"]
    assert (named.dtype, named.device, named.batch) == ("bfloat16", "cuda:1", 8)


def test_a_model_that_is_shifted(read):
    raised, lowered = read(
        "models:\n  - name: hf/a\n    shift: {value: privacy}\n    probe_accuracy: 0.7\n"
        "  - name: hf/b\n    shift: {value: power, direction: lower, random: 1}\n"
        "    value_pairs: {power: power.csv}\n"
    )
    assert raised.shift.as_shift() == Shift("privacy", "raise", 0.95)
    assert lowered.shift.as_shift() == Shift("power", "lower", 0.05, random=1)
    assert (raised.probe_accuracy, lowered.value_pairs) == (0.7, {"power": "power.csv"})


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("name: hf/a\n    base_url: http://a/v1\n    concurrency: 3", "no base_url, concurrency; "),
        ("name: mine\n    batch: 3", "provider openai, which has no batch; remove it"),
        ("name: hf/a\n    device: tpu", "device"),
        ("name: hf/a\n    shift: {value: privacy, p0: 1}", "p0"),
        ("name: hf/a\n    shift: {direction: raise}", "value"),
        ("name: hf/a\n    probe_accuracy: 1", "probe_accuracy"),
        ("name: gguf/a\n    shift: {value: privacy}", "provider gguf, which has no shift"),
        ("name: openai/a\n    shift: {value: privacy}", "provider openai, which has no shift"),
        ("name: hf/a\n    dtype: int8", "dtype"),
        ("name: hf/a\n    batch: 0", "batch"),
        ("name: hf/a\n    context: 4096", "provider hf, which has no context; remove it"),
        ("name: gguf/a\n    dtype: float16", "provider gguf, which has no dtype; remove it"),
        ("name: gguf/a\n    device: cuda:1", "device is auto .* or cpu, not cuda:1"),
        (
            "name: gguf/a\n    temperature: null",
            "has temperature: null, but a model on this machine",
        ),
        ("name: gguf/a\n    context: 12", "context"),
        ("name: hf/a\n    temperature: null", "has temperature: null, but a model on this machine"),
        ("name: inspect/p/m\n    system: user", "provider inspect, which has no system"),
        ("name: inspect/p/m\n    extra_headers: {X-A: b}", "which has no extra_headers"),
    ],
)
def test_what_a_model_on_this_machine_does_not_take(read, entry, said):
    with pytest.raises(StudyError, match=said):
        read(f"models:\n  - {entry}\n")


@pytest.mark.parametrize(
    ("written", "structured"), [("false", "never"), ("auto", "auto"), ("true", "always")]
)
def test_structured(read, written, structured):
    assert read(f"models: [{{name: a, structured: {written}}}]")[0].structured == structured


def test_defaults(read):
    first, second = read("models:\n  - name: a\n  - name: b\n")
    assert (first.name, second.name) == ("a", "b")
    assert (first.api_key_env, first.structured, first.base_url) == (None, "auto", None)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("model:\n  - name: a\n", 1, '"models"'),
        ("models: []\n", 1, '"models" is too short'),
        ("models:\n  - a\n", 2, "models"),
        ("models:\n  - name: a\n  - modle: b\n", 3, 'unknown key "modle".*"model"'),
        ("models:\n  - base_url: http://h/v1\n", 2, '"name" is missing'),
        ("models:\n  - name: a\n    structured: maybe\n", 3, "none of true, false and auto"),
        ("models:\n  - name: a\n    structured: 1\n", 3, "none of true, false and auto"),
        ("models:\n  - name: a\n    base_url: h/v1\n", 3, "begins with neither http"),
        (
            "models:\n  - name: a\n    base_url: http://u:hidden@h/v1\n",
            3,
            "user name or a password",
        ),
        ("models:\n  - name: a\n    temperature: hot\n", 3, "a number"),
        ("models:\n  - name: a\n    concurrency: 0\n", 3, "greater than or equal to 1"),
        ("models:\n  - name: a\n    max_tokens_field: tokens\n", 3, "max_completion_tokens"),
        ("models:\n  - name: a\n  - name: b\n  - name: a\n", 4, 'the name "a" stands here again'),
        ("models:\n  - name: 'a\tb'\n    api_key_env: a-b\n", 3, "api_key_env"),
        ("models:\n  - name: a\n    timeout: 0\n", 3, "greater than 0"),
        ("models:\n  - name: a\n    attempts: 0\n", 3, "greater than or equal to 1"),
        ("models:\n  - name: a\n    price: 3\n", 3, "price"),
        ("models:\n  - name: a\n    price: {input: 3}\n", 3, '"output" is missing'),
        ("models:\n  - name: a\n    price: {input: -1, output: 1}\n", 3, "input"),
        ("models:\n  - name: a\n    price: {input: .inf, output: 1}\n", 3, "input"),
        (
            "models:\n  - name: a\n    price: {input: 1, output: 1, currency: $}\n",
            3,
            "currency",
        ),
        ("models: [\n", None, "not YAML"),
    ],
)
def test_wrong_files(read, text, line, message):
    with pytest.raises(StudyError, match=message) as raised:
        read(text)
    assert str(raised.value).startswith(str(raised.value.file))
    if line is not None:
        assert raised.value.line == line
    assert "hidden" not in str(raised.value)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("name: simulated/noisey", 'no population "simulated/noisey".*did you mean'),
        ("name: human", 'the name "human" is kept'),
        ("name: simulated/all", "allowed are simulated/human-like, "),
        ("{name: simulated/noisy, model: m}", "simulated in process and takes no further keys"),
    ],
)
def test_names_with_a_meaning_of_their_own(read, entry, message):
    with pytest.raises(StudyError, match=message) as raised:
        read(f"models:\n  - name: a\n  - {entry}\n")
    assert raised.value.line == 3


def test_problems_of_several_entries_are_told_together(read):
    with pytest.raises(StudyError) as raised:
        read("models:\n  - name: a\n    x: 1\n  - name: b\n    y: 1\n")
    assert len(str(raised.value).splitlines()) == 2


def test_no_such_file(tmp_path):
    with pytest.raises(StudyError, match="cannot be read"):
        read_models_file(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("name: anthropic/m, temperature: 1.5", "takes temperatures from 0 to 1, not 1.5"),
        ("name: anthropic/m, max_tokens_field: max_tokens", "has no max_tokens_field"),
        ("name: google/m, device: cpu", "has no device"),
    ],
)
def test_what_anthropic_and_google_do_not_take(tmp_path, line, problem):
    path = tmp_path / "models.yaml"
    path.write_text(f"models:\n  - {{{line}}}\n", encoding="utf-8")
    with pytest.raises(StudyError, match=problem):
        read_models_file(path)
